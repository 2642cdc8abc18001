"""What becomes of a run that waits for another: it begins when that is done, and is cancelled when that fails."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from topology import announce, queue, wire
from topology.models import Run
from topology.store import runs

WHY = {
    "failed": "The run before it failed.",
    "cancelled": "The run before it was cancelled.",
    "interrupted": "The worker of the run before it died.",
}
FIX = "Look at what runs now, then apply again."


def release_waiting(stack_id: UUID, *, ended: Run | None = None) -> None:
    """Call it when the run `ended`; without one it is the run that had the engine last. Nothing happens while another is under
    way, or where none waits."""
    waiting, before = runs.waiting(stack_id), ended or runs.last_begun(stack_id)
    if waiting is None or runs.open_run(stack_id) is not None:
        return
    done = before is None or before.state == "done"
    mine = Run.objects.filter(pk=waiting.pk, state="waiting")
    try:
        with transaction.atomic():
            if done:
                changed = mine.update(state="queued", requested_at=timezone.now())
            else:
                error = WHY.get(before.state, "The run before it did not end well.") if before else ""
                changed = mine.update(state="cancelled", ended_at=timezone.now(), error=error, fix=FIX)
    except IntegrityError:  # somebody's run was faster: it waits for that one now
        return
    if not changed:
        return
    announce.run(stack_id, wire.RunChanged(run=runs.run_view(Run.objects.select_related("by").get(pk=waiting.pk))))
    if done:
        queue.enqueue(queue.RUN_APPLY, str(waiting.pk))
