"""Enqueues Celery tasks by name, so that the web process never imports what reaches an engine."""

from __future__ import annotations

import functools

import redis
import structlog
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)
RUN_APPLY = "run_apply"
RECONCILE_RUNS = "reconcile_runs"
TAKE_LOOK = "take_look"
KEEP_DRIFT = "keep_drift"
CHECK_LOGIN = "check_login"


@functools.cache
def _producer() -> Celery:
    """A client of the broker that knows no task: the worker's application is `dashboard.celery`."""
    producer = Celery("netyard-producer", set_as_current=False)
    producer.config_from_object("django.conf:settings", namespace="CELERY")
    return producer


@functools.cache
def _probe() -> redis.Redis:
    """Asks first whether the broker is there: the producer's own connection would try again for six seconds."""
    return redis.Redis.from_url(settings.VALKEY_URL, retry=Retry(NoBackoff(), 0), socket_connect_timeout=1, socket_timeout=1)


def enqueue(name: str, *ids: str) -> bool:
    """Ask a worker for a task of `topology.tasks`; False when the broker does not answer.

    Call it in `transaction.on_commit`. It never raises: a queued run that nobody takes is enqueued again by the watcher.
    """
    try:
        _probe().ping()
        _producer().send_task(f"topology.tasks.{name}", args=ids, retry=False, ignore_result=True)
    except (OperationalError, redis.RedisError, OSError) as error:
        log.warning("broker away", task=name, error=str(error))
        return False
    return True
