"""Ends runs whose worker is gone, and asks again for those that nobody took."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.utils import timezone

from topology import announce, queue, wire
from topology.actions.release_waiting import release_waiting
from topology.actions.tell_run import add_run_line
from topology.store import runs

log = structlog.get_logger(__name__)
FIX = "Press Apply: what is done stays done, the rest is finished."


def reconcile_runs(*, asked_at: dict[UUID, float] | None = None) -> int:
    """Look at all open runs; gives how many were interrupted.

    `asked_at` remembers between calls when a forgotten run was last enqueued, so that it is not done at every look. Asking twice
    is harmless: a run is claimed by one worker.
    """
    now = timezone.now()
    interrupted = 0
    for run in runs.lost(now=now):
        doing = runs.running_step_summary(run.pk)
        error = f"The worker died while it was to {doing}." if doing else "The worker died before the first step."
        if runs.interrupt(run, error=error, fix=FIX):
            interrupted += 1
            _tell(run.pk)
    for stack_id in runs.left_waiting():  # a worker died between ending its run and letting the next one go
        release_waiting(stack_id)
    remembered = {} if asked_at is None else asked_at
    waiting = runs.forgotten(now=now)
    for run_id in waiting:
        if now.timestamp() - remembered.get(run_id, 0.0) >= runs.FORGOTTEN_AFTER_S and queue.enqueue(queue.RUN_APPLY, str(run_id)):
            remembered[run_id] = now.timestamp()
            log.info("run enqueued again", run=str(run_id))
    for run_id in set(remembered) - set(waiting):
        del remembered[run_id]
    return interrupted


def _tell(run_id: UUID) -> None:
    run = runs.find(run_id)
    if run is None:
        return
    log.warning("run interrupted", run=str(run_id), worker=run.worker)
    announce.run(run.stack_id, wire.RunChanged(run=runs.run_view(run)))
    add_run_line(run)
    release_waiting(run.stack_id, ended=run)
    announce.ask_watcher_resync(run.stack_id)
