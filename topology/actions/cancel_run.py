"""Cancel a run: a queued or waiting one ends at once, a running one after the step under way."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from topology import announce, wire
from topology.actions.authorize import Actor, find_run, record
from topology.actions.release_waiting import release_waiting
from topology.core.access import Right
from topology.models import Run
from topology.store import runs


def cancel_run(actor: Actor, *, run_id: UUID) -> wire.RunView:
    """The run as it is then. Cancelling one that has ended changes nothing."""
    run = find_run(actor, run_id, Right.DEPLOY, action="cancel_run")
    with transaction.atomic():
        stopped = {"state": "cancelled", "cancel_asked": True, "ended_at": timezone.now()}
        mine = Run.objects.filter(pk=run_id)  # asked in the order in which a run goes on, so that none slips through meanwhile
        waited = mine.filter(state="waiting").update(**stopped)
        queued = mine.filter(state="queued").update(**stopped)
        asked = waited or queued or mine.filter(state="running", cancel_asked=False).update(cancel_asked=True)
        if asked:
            record(actor, "cancel_run", subject=f"run:{run_id}", team_id=run.stack.team_id, detail={"kind": run.kind})
        now = Run.objects.select_related("by").get(pk=run_id)
        view = runs.run_view(now)
        if asked:
            transaction.on_commit(lambda: announce.run(run.stack_id, wire.RunChanged(run=view)))
        if queued:
            transaction.on_commit(lambda: release_waiting(run.stack_id, ended=now))
    return view
