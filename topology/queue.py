"""Enqueues Celery tasks by name, so that the web process never imports what reaches an engine."""

from __future__ import annotations

import functools

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)
RUN_APPLY = "run_apply"
RECONCILE_RUNS = "reconcile_runs"


@functools.cache
def _producer() -> Celery:
    """A client of the broker that knows no task: the worker's application is `dashboard.celery`."""
    producer = Celery("netyard-producer", set_as_current=False)
    producer.config_from_object("django.conf:settings", namespace="CELERY")
    return producer


def enqueue(name: str, *ids: str) -> bool:
    """Ask a worker for a task of `topology.tasks`; False when the broker does not answer.

    Call it in `transaction.on_commit`. It never raises: a queued run that nobody takes is enqueued again by the watcher.
    """
    try:
        _producer().send_task(f"topology.tasks.{name}", args=ids, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("broker away", task=name, error=str(error))
        return False
    return True
