"""Stacks as the editor and the list see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

from django.db.models import F

from topology import wire
from topology.compose.companions import roles_of
from topology.core.access import GRANTS, Right, Role
from topology.core.bundle import Bundle
from topology.core.design import Design
from topology.core.observed import Observed, from_json
from topology.core.problems import Severity
from topology.core.resources import files_of
from topology.core.revision_diff import node_changes
from topology.core.status import summarize
from topology.models import Op, Stack, StackStatus
from topology.store.files import bundle_of, fetch_texts, good_bundle_of, versions_of
from topology.store.graphs import full_layout, graph, picture, problem_view
from topology.store.guests import for_viewer
from topology.store.readings import good_design, is_readable, problems_of, reading_of

SENT_CHARS = 200_000  # of all companions together; more are got one by one


def stack_view(stack: Stack, *, rights: Sequence[str] = ()) -> wire.StackView:
    """The whole stack, nothing hidden. `rights` are those of the one who will read it; empty in announcements.

    Whoever may not draw gets it through `store.guests.for_viewer`.
    """
    bundle = bundle_of(stack)
    now = reading_of(bundle, project=stack.project)
    valid = is_readable(now)
    good = now if valid or not stack.good_text else reading_of(good_bundle_of(stack), project=stack.project)
    design = good.design or good_design("", project=stack.project)
    return wire.StackView(
        id=str(stack.pk),
        name=stack.name,
        team_id=str(stack.team_id),
        team_name=stack.team.name,
        engine_id=str(stack.engine_id),
        version=stack.version,
        applied_version=stack.applied_version,
        staged=_staged(stack, design),
        layout_version=stack.layout_version,
        text=stack.text,
        file_name=bundle.name,
        files=file_views(bundle, versions=versions_of(stack.tree)),
        overrides=list(bundle.overrides),
        valid=valid,
        graph=graph(design, good.raw or {}),
        layout=full_layout(design, stack.layout),
        problems=[problem_view(problem) for problem in problems_of(bundle, project=stack.project)],
        rights=list(rights),  # type: ignore[arg-type]
        updated_at=stack.updated_at.timestamp(),
        updated_by=stack.updated_by.get_username() if stack.updated_by else "",
        rolls_back=stack.rolls_back,
    )


def view_for(stack: Stack, *, rights: Sequence[str]) -> wire.StackView:
    """The stack as someone with these rights may see it: whoever may not draw sees no values of env files and secrets."""
    view = stack_view(stack, rights=rights)
    return view if Right.DRAW in rights else for_viewer(view, bundle_of(stack))


def view_of_version(stack: Stack, op: Op, *, rights: Sequence[str]) -> wire.StackView:
    """A stack as it was at a version, as someone with these rights may see it; whoever gets it can only look."""
    then = copy(stack)
    then.text, then.tree, then.version = op.text, op.tree, op.version
    then.good_text, then.good_tree = "", {}
    return view_for(then, rights=rights).model_copy(update={"rights": [Right.LOOK.value]})


def _staged(stack: Stack, design: Design) -> list[str]:
    """The nodes that differ from the version last applied; all of them where there is none to compare with."""
    if stack.applied_version == stack.version:
        return []
    op = Op.objects.only("text", "tree").filter(stack_id=stack.pk, version=stack.applied_version).first()
    before = good_design(bundle_of(op), project=stack.project) if op is not None else Design(project=stack.project)
    changed = {one.id for one in node_changes(before, design) if one.change != "removed"}
    changed |= {
        f"service:{name}"  # what its configs and secrets hold: the texts are of other records, or of the stack's files
        for name, service in design.services.items()
        if name in before.services and files_of(design, service) != files_of(before, before.services[name])
    }
    return sorted(one for one in changed if one.startswith(("service:", "network:")))


def file_views(bundle: Bundle, *, versions: Mapping[str, int]) -> list[wire.StackFile]:
    """The companions by path, with their texts while those are not too large to be sent with every change."""
    roles = roles_of(bundle) if bundle.files else {}
    sent = sum(map(len, bundle.files.values())) <= SENT_CHARS
    return [
        file_view(path, text, role=roles[path], version=versions[path], sent=sent) for path, text in sorted(bundle.files.items())
    ]


def file_view(path: str, text: str, *, role: str, version: int, sent: bool = True) -> wire.StackFile:
    return wire.StackFile(
        path=path, role=role, size_bytes=len(text.encode(errors="surrogatepass")), version=version,  # type: ignore[arg-type]
        hidden=False, text=text if sent else None,
    )  # fmt: skip


def stack_card(stack: Stack, *, rights: Sequence[str] = ()) -> wire.StackCard:
    """One stack of the list. `stack.team`, `.updated_by` and `.status` should be fetched with it."""
    design = good_design(good_bundle_of(stack), project=stack.project)
    observed = observed_of(stack)
    summary = summarize(design, observed)
    never = stack.applied_version == 0 and not observed.containers
    problems = problems_of(bundle_of(stack), project=stack.project)
    return wire.StackCard(
        id=str(stack.pk),
        name=stack.name,
        team_id=str(stack.team_id),
        team_name=stack.team.name,
        services=len(design.services),
        networks=len(design.networks),
        running=summary.running,
        wanted=summary.wanted,
        state="never applied" if never else summary.state,
        problems=sum(problem.severity is Severity.ERROR for problem in problems),
        applied_version=stack.applied_version,
        version=stack.version,
        updated_at=stack.updated_at.timestamp(),
        updated_by=stack.updated_by.get_username() if stack.updated_by else "",
        rights=list(rights),  # type: ignore[arg-type]
        picture=picture(design, stack.layout, states={} if never else summary.services),
    )


def observed_of(stack: Stack) -> Observed:
    """What was last seen of the stack on its engine; with `at` 0.0 while it was never looked at."""
    status: StackStatus | None = getattr(stack, "status", None)
    return replace(from_json(Observed, status.observed), at=status.observed_at) if status else Observed()


def friends_of(stack: Stack) -> frozenset[str]:
    """The projects on the stack's engine whose networks and volumes its team may use: its own stacks'."""
    rows = Stack.objects.filter(team_id=stack.team_id, engine_id=stack.engine_id).values_list("project", flat=True)
    return frozenset({*rows, stack.project})


def cards_of(user_id: int) -> list[wire.StackCard]:
    """Every stack of the person's teams, the last changed first; one query however many there are."""
    rows = list(
        Stack.objects.filter(team__memberships__user_id=user_id)
        .select_related("team", "updated_by", "status")
        .annotate(role=F("team__memberships__role"))
        .order_by("-updated_at", "name")
    )
    fetch_texts(rows)
    return [stack_card(row, rights=role_rights(row.role)) for row in rows]


def role_rights(role: str) -> list[str]:
    return sorted(right.value for right in GRANTS[Role(role)])
