"""Read a stack and what belongs to it."""

from __future__ import annotations

from uuid import UUID

from topology import wire
from topology.actions.authorize import Actor, find_run, find_shared, find_stack, require_login, rights_in
from topology.core.access import Right
from topology.models import Run, Stack
from topology.store import runs, stacks, status
from topology.store.engines import engine_view
from topology.store.guests import for_guest, snapshot_for_guest
from topology.store.readings import good_design

RUNS_SHOWN = 50


def list_stacks(actor: Actor) -> list[wire.StackCard]:
    require_login(actor)
    assert actor.user_id is not None
    return stacks.cards_of(actor.user_id)


def read_stack(actor: Actor, *, stack_id: UUID) -> wire.StackView:
    stack = find_stack(actor, stack_id, Right.LOOK, action="read_stack")
    return stacks.stack_view(stack, rights=rights_in(actor, stack.team_id))


def export_stack(actor: Actor, *, stack_id: UUID) -> tuple[str, str]:
    """The file's name and the text, byte for byte."""
    stack = find_stack(actor, stack_id, Right.LOOK, action="export_stack")
    return f"{stack.project}.compose.yaml", stack.text


def read_status(actor: Actor, *, stack_id: UUID) -> wire.StatusView:
    return status_of(find_stack(actor, stack_id, Right.LOOK, action="read_status"))


def status_of(stack: Stack) -> wire.StatusView:
    """What runs, as last folded; networks under the keys of the design as it is now."""
    design = good_design(stack.good_text, project=stack.project)
    return status.status_view(status.load(stack.pk), design=design, engine_error=stack.engine.error)


def read_timeline(actor: Actor, *, stack_id: UUID) -> list[wire.TimelineEntry]:
    find_stack(actor, stack_id, Right.LOOK, action="read_timeline")
    return status.recent_timeline(stack_id)


def list_revisions(actor: Actor, *, stack_id: UUID) -> list[wire.Revision]:
    find_stack(actor, stack_id, Right.LOOK, action="list_revisions")
    return stacks.revisions_of(stack_id)


def list_runs(actor: Actor, *, stack_id: UUID) -> list[wire.RunView]:
    find_stack(actor, stack_id, Right.LOOK, action="list_runs")
    rows = Run.objects.filter(stack_id=stack_id).select_related("by").defer("text").order_by("-requested_at")[:RUNS_SHOWN]
    return [runs.run_view(row, steps=[]) for row in rows]


def read_run(actor: Actor, *, run_id: UUID) -> wire.RunView:
    return runs.run_view(find_run(actor, run_id, Right.LOOK, action="read_run"))


def read_shared(actor: Actor, *, share_id: UUID) -> wire.Snapshot:
    """The stack behind a share link that this visitor has opened, without its values."""
    stack = find_shared(actor, share_id).stack
    view = for_guest(stacks.stack_view(stack, rights=["guest"]))
    return snapshot_for_guest(snapshot_of(stack, view, client=""))


def snapshot_of(stack: Stack, view: wire.StackView, *, client: str) -> wire.Snapshot:
    """Everything a fresh page needs; who else is looking is added by the socket."""
    run = runs.latest(stack.pk)
    return wire.Snapshot(
        client=client,
        stack=view,
        status=status_of(stack),
        run=runs.run_view(run) if run else None,
        timeline=status.recent_timeline(stack.pk),
        viewers=[],
        engine=engine_view(stack.engine),
    )
