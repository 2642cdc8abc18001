"""Runs and their steps: claimed and ended by compare-and-set, so that of two workers, or a worker and the watcher, one wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from topology import wire
from topology.core.differences import LOST_START
from topology.core.observed import Observed
from topology.core.plan import Operation, Plan
from topology.models import Run, Step

HEARTBEAT_S = 2.0
LOST_AFTER_S = 8.0
FORGOTTEN_AFTER_S = 15.0
DIED = "The worker died here."
OPEN_STATES = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a worker learns when it shows that it lives: whether the run is still its own, and whether to stop."""

    owned: bool
    cancel_asked: bool


def find(run_id: UUID | str) -> Run | None:
    """The run with its stack, engine and the person who asked."""
    return Run.objects.select_related("stack__engine", "stack__team", "by").filter(pk=run_id).first()


def claim(run_id: UUID | str, *, worker: str) -> bool:
    """Take a queued run; False when it is not queued (another worker has it, or it was cancelled)."""
    now = timezone.now()
    claimed = Run.objects.filter(pk=run_id, state="queued").update(state="running", worker=worker, started_at=now, heartbeat_at=now)
    return claimed == 1


def beat(run_id: UUID | str, *, worker: str) -> Pulse:
    """Show that the worker lives."""
    mine = Run.objects.filter(pk=run_id, state="running", worker=worker)
    if not mine.update(heartbeat_at=timezone.now()):
        return Pulse(owned=False, cancel_asked=False)
    return Pulse(owned=True, cancel_asked=bool(mine.values_list("cancel_asked", flat=True).first()))


def cancel_asked(run_id: UUID | str) -> bool:
    return bool(Run.objects.filter(pk=run_id).values_list("cancel_asked", flat=True).first())


def end(run_id: UUID | str, *, worker: str, state: str, error: str = "", fix: str = "", output: str = "") -> bool:
    """End the worker's own run; False when it was taken from it meanwhile."""
    mine = Run.objects.filter(pk=run_id, state="running", worker=worker)
    return mine.update(state=state, error=error, fix=fix, output=output, ended_at=timezone.now()) == 1


def write_steps(run_id: UUID | str, plan: Plan) -> list[Step]:
    """One pending row an operation, before the first call."""
    rows = [Step(run_id=run_id, index=index, operation=one.to_json()) for index, one in enumerate(plan.operations)]
    with transaction.atomic():
        Step.objects.filter(run_id=run_id).delete()
        Step.objects.bulk_create(rows)
    return rows


def add_steps(run_id: UUID | str, plan: Plan) -> list[Step]:
    """Steps of a second plan, behind those that the run has."""
    first = Step.objects.filter(run_id=run_id).count()
    rows = [Step(run_id=run_id, index=first + place, operation=one.to_json()) for place, one in enumerate(plan.operations)]
    return Step.objects.bulk_create(rows)


_WRITTEN = ("state", "started_at", "ended_at", "progress", "share", "error", "fix")


def save_steps(steps: Sequence[Step]) -> None:
    """Write what changes while steps are performed, all in one transaction."""
    with transaction.atomic():
        for step in steps:
            Step.objects.filter(pk=step.pk).update(**{name: getattr(step, name) for name in _WRITTEN})


def lost(*, now: datetime) -> list[Run]:
    """Running runs whose worker has not shown itself for too long."""
    limit = now - timedelta(seconds=LOST_AFTER_S)
    return list(Run.objects.filter(state="running", heartbeat_at__lt=limit).select_related("stack", "by").order_by("requested_at"))


def forgotten(*, now: datetime) -> list[UUID]:
    """Queued runs that nobody took for too long."""
    limit = now - timedelta(seconds=FORGOTTEN_AFTER_S)
    return list(Run.objects.filter(state="queued", requested_at__lt=limit).order_by("requested_at").values_list("pk", flat=True))


def left_waiting() -> list[UUID]:
    """Stacks with a run that waits for none."""
    behind = Run.objects.filter(state="waiting").values_list("stack_id", flat=True)
    busy = set(Run.objects.filter(stack_id__in=behind, state__in=OPEN_STATES).values_list("stack_id", flat=True))
    return sorted({one for one in behind if one not in busy}, key=str)


def interrupt(run: Run, *, error: str, fix: str) -> bool:
    """End a run whose worker is gone, and its open steps; False when the worker was alive after all, or someone was faster."""
    with transaction.atomic():
        still = Run.objects.filter(pk=run.pk, state="running", worker=run.worker, heartbeat_at=run.heartbeat_at)
        if not still.update(state="interrupted", error=error, fix=fix, ended_at=timezone.now()):
            return False
        ended_at = timezone.now().timestamp()
        Step.objects.filter(run=run, state="running").update(state="failed", error=DIED, ended_at=ended_at)
        Step.objects.filter(run=run, state="pending").update(state="skipped")
    return True


def running_step_summary(run_id: UUID) -> str:
    """What was being done, in the words of the first step under way; "" for none."""
    row = Step.objects.filter(run_id=run_id, state="running").order_by("index").first()
    return str(row.operation["summary"]) if row else ""


_UNKNOWN = Q(error__startswith="No Docker engine answers") | Q(error__contains="did not answer in time") | Q(error=DIED)


def with_lost_calls(stack_id: UUID, observed: Observed) -> Observed:
    """What was seen, with marks where nobody knows how a call went, since the engine or the worker died in it.

    A container that has not started: a killed engine may never be able to start it. A volume of nobody: an engine that was
    killed while it made one has lost whose it is (both 20.10).
    """
    lost = _lost_steps(stack_id)
    names = {str(one.operation["detail"].get("container", "")) for one in lost if one.operation["kind"] in ("start", "restart")}
    asked = {
        str(one.operation["detail"]["payload"]["Name"]): one.started_at for one in lost if one.operation["kind"] == "create_volume"
    }
    half = {name: at for name, at in asked.items() if name in observed.external_volumes and not observed.volume_owners.get(name)}
    if not names and not half:
        return observed
    containers = tuple(
        replace(one, error=LOST_START) if one.name in names and one.state == "created" and not one.started_at else one
        for one in observed.containers
    )
    others = tuple(name for name in observed.external_volumes if name not in half)
    return replace(observed, containers=containers, external_volumes=others, half_made=half)


def _lost_steps(stack_id: UUID) -> list[Step]:
    """Steps since the last apply that was done of which the journal does not know how they ended."""
    mine, last = Run.objects.filter(stack_id=stack_id), last_applied_at(stack_id)
    since = mine.exclude(state="done") if last is None else mine.exclude(state="done").filter(requested_at__gt=last)
    kinds = ("start", "restart", "create_volume")
    return list(Step.objects.filter(_UNKNOWN, run__in=since, state="failed", operation__kind__in=kinds).order_by("pk"))


def last_applied_at(stack_id: UUID) -> datetime | None:
    """When the last apply of a whole design was done: one that puts back an object settles nothing else."""
    rows = Run.objects.filter(stack_id=stack_id, kind="apply", state="done").order_by("-ended_at")
    return next((at for at, asked in rows.values_list("ended_at", "asked") if not asked.get("only")), None)


def latest(stack_id: UUID) -> Run | None:
    """The stack's run under way, or its last one."""
    found = Run.objects.select_related("by").filter(stack_id=stack_id).exclude(state="waiting")
    return open_run(stack_id) or found.order_by("-requested_at").first()


def last_begun(stack_id: UUID) -> Run | None:
    """The run that had the engine last: neither one that was done at once, nor one that was cancelled before a worker took it."""
    begun = Run.objects.filter(stack_id=stack_id, ended_at__isnull=False).exclude(worker="")
    return begun.order_by("-ended_at").first()


def open_run(stack_id: UUID) -> Run | None:
    """The stack's run that is queued or under way."""
    return Run.objects.select_related("by").filter(stack_id=stack_id, state__in=OPEN_STATES).first()


def waiting(stack_id: UUID) -> Run | None:
    """The stack's run that waits for the one under way."""
    return Run.objects.select_related("by").filter(stack_id=stack_id, state="waiting").first()


# --- the shapes the browser gets ------------------------------------------------------------------------------------------------


def run_view(run: Run, *, steps: Sequence[Step] | None = None) -> wire.RunView:
    """A run with its steps (`steps` None reads them; an empty list leaves them out, for a list of runs)."""
    shown = list(run.steps.order_by("index")) if steps is None else steps
    return wire.RunView(
        id=str(run.pk),
        stack_id=str(run.stack_id),
        kind=run.kind,  # type: ignore[arg-type]
        state=run.state,  # type: ignore[arg-type]
        by=run.by.get_username() if run.by else "",
        version=run.version,
        requested_at=_seconds(run.requested_at),
        started_at=_seconds(run.started_at),
        ended_at=_seconds(run.ended_at),
        error=run.error,
        fix=run.fix,
        steps=[step_view(step) for step in shown],
        rollback_of=str(run.rollback_of_id or ""),
        rollback=bool(run.asked.get("rollback")),
        automatic=bool(run.asked.get("automatic")),
    )


def step_view(step: Step) -> wire.StepView:
    operation = Operation.from_json(step.operation)
    return wire.StepView(
        index=step.index, kind=operation.kind.value, subject=operation.subject, summary=operation.summary, cause=operation.cause,
        impact=operation.impact.value, state=step.state, started_at=step.started_at, ended_at=step.ended_at,  # type: ignore[arg-type]
        progress=step.progress, share=step.share, error=step.error, fix=step.fix,
    )  # fmt: skip


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
