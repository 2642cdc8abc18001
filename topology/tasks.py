"""Celery: an id in, an action called. Names and rights stand in `topology.core.access.ENTRANCES` as "task:<name>"."""

from __future__ import annotations

from celery import Task, shared_task

from topology.actions import adopt_reconstruct as looking
from topology.actions import check_login as checking
from topology.actions import reconcile_runs as reconciling
from topology.actions import run_apply as applying
from topology.actions import settle_closer as keeping


@shared_task(bind=True, name="topology.tasks.run_apply")  # type: ignore[untyped-decorator]
def run_apply(self: Task, run_id: str) -> None:
    """Carry out a run. The id of this delivery is the worker's name: it may happen once only."""
    applying.run_apply(run_id, worker=f"{self.request.id}/{self.request.hostname}"[:64])


@shared_task(name="topology.tasks.take_look")  # type: ignore[untyped-decorator]
def take_look(look_id: str) -> None:
    """Look at an engine for somebody who may adopt from it."""
    looking.take_look(look_id)


@shared_task(name="topology.tasks.keep_drift")  # type: ignore[untyped-decorator]
def keep_drift(look_id: str) -> None:
    """Put what was changed outside into the design, after a look at it."""
    keeping.keep_looked(look_id)


@shared_task(name="topology.tasks.reconcile_runs")  # type: ignore[untyped-decorator]
def reconcile_runs() -> None:
    """End runs whose worker is gone."""
    reconciling.reconcile_runs()


@shared_task(name="topology.tasks.check_login")  # type: ignore[untyped-decorator]
def check_login(login_id: str) -> None:
    """Try a registry's login from the engine that it is for."""
    checking.check_login(login_id)
