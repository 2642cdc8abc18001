"""What an import would give, before anything is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from topology import wire
from topology.actions.authorize import Actor, require_login
from topology.actions.create_stack import make_files
from topology.compose.companions import Need, is_found, needs_of
from topology.compose.examples import EXAMPLES
from topology.core.bundle import Bundle
from topology.core.design import Design
from topology.core.slug import project_name
from topology.store.graphs import picture, problem_view
from topology.store.readings import good_design, problems_of, reading_of


def check_compose(
    actor: Actor,
    *,
    text: str,
    name: str = "stack",
    files: Mapping[str, str] | None = None,
    overrides: Sequence[str] | None = None,
    file_name: str = "",
) -> wire.Checked:
    """What the text with these companions would draw, what is wrong, and which files it names."""
    require_login(actor)
    bundle = make_files(text, files=files or {}, overrides=overrides, file_name=file_name)
    project = project_name(name, taken=())
    design = reading_of(bundle, project=project).design
    shown = design or Design(project=project)
    problems = problems_of(bundle, project=project)
    return wire.Checked(
        valid=design is not None,
        services=list(shown.services),
        networks=[key for key, network in shown.networks.items() if not network.implicit],
        volumes=list(shown.volumes),
        problems=[problem_view(problem) for problem in problems],
        picture=picture(shown, {}),
        needs=[_need(need, bundle) for need in needs_of(bundle)],
        overrides=list(bundle.overrides),
        is_first_form=any(problem.code == "legacy-v1" and not problem.file for problem in problems),
    )


def _need(need: Need, bundle: Bundle) -> wire.FileNeed:
    return wire.FileNeed(
        path=need.path, role=need.role, named_in=need.named_in, found=is_found(need, bundle), required=need.required,  # type: ignore[arg-type]
    )  # fmt: skip


def list_examples(actor: Actor) -> list[wire.Example]:
    require_login(actor)
    return [
        wire.Example(
            id=one.id, title=one.title, teaches=one.teaches, text=one.text,
            picture=picture(good_design(one.text, project=project_name(one.id, taken=())), {}),
        )
        for one in EXAMPLES
    ]  # fmt: skip
