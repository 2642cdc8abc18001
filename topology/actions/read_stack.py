"""Read a stack and what belongs to it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from topology import wire
from topology.actions.authorize import Actor, find_run, find_shared, find_stack, require_login, rights_in
from topology.actions.declined import not_found
from topology.core.access import Right
from topology.core.bundle import Bundle
from topology.models import Run, Stack
from topology.store import runs, stacks, status
from topology.store.drifts import drift_views, load_drift
from topology.store.engines import engine_view
from topology.store.files import bundle_of, good_bundle_of
from topology.store.guests import for_guest, snapshot_for_guest
from topology.store.readings import good_design

RUNS_SHOWN = 50


def list_stacks(actor: Actor) -> list[wire.StackCard]:
    require_login(actor)
    assert actor.user_id is not None
    return stacks.cards_of(actor.user_id)


def read_stack(actor: Actor, *, stack_id: UUID) -> wire.StackView:
    stack = find_stack(actor, stack_id, Right.LOOK, action="read_stack")
    return stacks.view_for(stack, rights=rights_in(actor, stack.team_id))


def read_file(actor: Actor, *, stack_id: UUID, path: str) -> wire.StackFile:
    """One companion with its text, where the person may see it."""
    stack = find_stack(actor, stack_id, Right.LOOK, action="read_file")
    file = next((one for one in stacks.view_for(stack, rights=rights_in(actor, stack.team_id)).files if one.path == path), None)
    if file is None:
        raise not_found("file")
    return file if file.hidden else file.model_copy(update={"text": bundle_of(stack).files[path]})


def export_stack(actor: Actor, *, stack_id: UUID) -> tuple[str, Bundle]:
    """The project's name and the stack's files, byte for byte; without those that the person may not see."""
    stack = find_stack(actor, stack_id, Right.LOOK, action="export_stack")
    bundle = bundle_of(stack)
    view = stacks.view_for(stack, rights=rights_in(actor, stack.team_id))
    seen = {file.path: bundle.files[file.path] for file in view.files if not file.hidden}
    return stack.project, replace(bundle, files=seen, overrides=tuple(path for path in bundle.overrides if path in seen))


def read_status(actor: Actor, *, stack_id: UUID) -> wire.StatusView:
    return status_of(find_stack(actor, stack_id, Right.LOOK, action="read_status"))


def status_of(stack: Stack) -> wire.StatusView:
    """What runs, as last folded; networks under the keys of the design as it is now."""
    design = good_design(good_bundle_of(stack), project=stack.project)
    return status.status_view(status.load(stack.pk), design=design, engine_error=stack.engine.error)


def read_timeline(actor: Actor, *, stack_id: UUID) -> list[wire.TimelineEntry]:
    find_stack(actor, stack_id, Right.LOOK, action="read_timeline")
    return status.recent_timeline(stack_id)


def list_runs(actor: Actor, *, stack_id: UUID) -> list[wire.RunView]:
    find_stack(actor, stack_id, Right.LOOK, action="list_runs")
    rows = Run.objects.filter(stack_id=stack_id).select_related("by").defer("text").order_by("-requested_at")[:RUNS_SHOWN]
    return [runs.run_view(row, steps=[]) for row in rows]


def read_run(actor: Actor, *, run_id: UUID) -> wire.RunView:
    """The run with its steps; what a container printed only for whoever may read logs."""
    run = find_run(actor, run_id, Right.LOOK, action="read_run")
    reads = Right.LOGS in rights_in(actor, run.stack.team_id)
    return runs.run_view(run).model_copy(update={"output": run.output if reads else ""})


def read_shared(actor: Actor, *, share_id: UUID) -> wire.Snapshot:
    """The stack behind a share link that this visitor has opened, without its values."""
    stack = find_shared(actor, share_id).stack
    view = for_guest(stacks.view_for(stack, rights=["guest"]))
    return snapshot_for_guest(snapshot_of(stack, view, client=""))


def snapshot_of(stack: Stack, view: wire.StackView, *, client: str) -> wire.Snapshot:
    """Everything a fresh page needs; who else is looking is added by the socket."""
    run, waiting = runs.latest(stack.pk), runs.waiting(stack.pk)
    return wire.Snapshot(
        client=client,
        stack=view,
        status=status_of(stack),
        run=runs.run_view(run) if run else None,
        timeline=status.recent_timeline(stack.pk),
        viewers=[],
        engine=engine_view(stack.engine),
        drift=[] if "guest" in view.rights else drift_views(load_drift(stack.pk)),
        waiting=runs.run_view(waiting, steps=[]) if waiting else None,
    )
