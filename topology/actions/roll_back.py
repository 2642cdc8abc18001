"""Going back to the version last applied: its design, with the images that ran then, and without what was made since."""

from __future__ import annotations

from dataclasses import replace

from django.db import IntegrityError, transaction

from topology import announce, queue, wire
from topology.core.design import Design
from topology.core.observed import Observed
from topology.core.pinned_images import Pin, pinned_plan
from topology.core.plan import Kind, Plan
from topology.core.planner import plan_apply
from topology.models import Run, Stack, Step
from topology.store import history, runs

HARMLESS = frozenset({Kind.PULL_IMAGE, Kind.BUILD_IMAGE, Kind.WAIT_HEALTHY, Kind.WAIT_COMPLETED, Kind.WAIT_STEADY})
UNFINISHED = ("failed", "cancelled", "interrupted")


def plan_rollback(stack: Stack, design: Design, observed: Observed, *, version: int) -> Plan:
    """What makes the engine as it was after the last done apply of `version`.

    Services that only applies since then have brought go too; other orphans stay, as they would in an apply.
    """
    pins = {name: Pin(row.image, row.image_id, row.digest) for name, row in history.images_of(stack, version).items()}
    made = _made_since(stack) - set(design.services)
    seen = observed
    if made:
        ours = made | set(design.services)
        seen = replace(observed, containers=tuple(one for one in observed.containers if one.service in ours))
    return pinned_plan(design, seen, pins, make=lambda wanted, there: plan_apply(wanted, there, remove_orphans=bool(made)))


def _made_since(stack: Stack) -> set[str]:
    """Services of which applies since the last done one have made containers."""
    applies = Run.objects.filter(stack=stack, kind="apply")
    last = runs.last_applied_at(stack.pk)
    since = applies.filter(state__in=UNFINISHED) if last is None else applies.filter(state__in=UNFINISHED, requested_at__gt=last)
    rows = Step.objects.filter(run__in=since, operation__kind=Kind.CREATE_CONTAINER.value).values_list("operation", flat=True)
    return {str(operation["subject"]).partition(":")[2] for operation in rows}


def last_failed(stack: Stack) -> Run | None:
    """The run that a rollback asked for now takes back: the last one, where it was an apply that did not end well."""
    run = runs.last_begun(stack.pk)
    return run if run is not None and run.kind == "apply" and run.state in UNFINISHED else None


def roll_back_failed(run: Run) -> Run | None:
    """The queued run that takes back an apply that has failed, where that was asked for and there is something to go back to.

    None as well where the engine is as it was: nothing had begun but pulls and waits. Call it in the transaction in which the
    run ends, so that a worker that dies leaves both or neither; `begin_rollback` follows.
    """
    if run.kind != "apply" or run.state != "failed" or not run.asked.get("rolls_back") or not _has_changed(run):
        return None
    stack = Stack.objects.get(pk=run.stack_id)
    op = history.find_version(stack, stack.applied_version) if stack.applied_version else None
    if op is None:
        return None
    try:
        with transaction.atomic():
            back = Run.objects.create(
                stack=stack, kind="apply", by_id=run.by_id, version=op.version, text=op.text, tree=op.tree, rollback_of=run,
                asked={"rollback": True, "rolls_back": False, "automatic": True},
            )  # fmt: skip
    except IntegrityError:  # somebody's run was faster
        return None
    return back


def begin_rollback(back: Run) -> None:
    """Tell it and ask a worker for it. Where that is not come to, the watcher finds a run that nobody took."""
    announce.run(back.stack_id, wire.RunChanged(run=runs.run_view(back, steps=[])))
    queue.enqueue(queue.RUN_APPLY, str(back.pk))


def _has_changed(run: Run) -> bool:
    steps = run.steps.exclude(state__in=("pending", "skipped")).values_list("operation", flat=True)
    return any(Kind(operation["kind"]) not in HARMLESS for operation in steps)
