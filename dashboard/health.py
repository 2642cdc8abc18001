"""Health for supervisors and load balancers: alive, and ready to serve."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

ANSWER_WITHIN_S = 2.0
# A thread for each, so that one that hangs does not make the other look silent.
_database_thread = ThreadPoolExecutor(1, thread_name_prefix="ready-database")
_valkey_thread = ThreadPoolExecutor(1, thread_name_prefix="ready-valkey")


def health(request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing behind it is looked at, so that a database at rest gets no site restarted."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database and Valkey answer, else 503 with which one does not; never with an address or the words of an error.

    One that hangs, or whose name does not resolve any more, counts as silent after two seconds.
    """
    checks = {"database": _answers(_database, _database_thread), "valkey": _answers(_valkey, _valkey_thread)}
    well = all(checks.values())
    body = {"status": "ready" if well else "not ready", **{name: "ok" if up else "no answer" for name, up in checks.items()}}
    return JsonResponse(body, status=200 if well else 503)


def _answers(check: Callable[[], bool], thread: ThreadPoolExecutor) -> bool:
    asked = thread.submit(check)
    try:
        return asked.result(timeout=ANSWER_WITHIN_S)
    except TimeoutError:
        asked.cancel()
        return False


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except Error:
        return False
    finally:
        connection.close()  # this thread's own


def _valkey() -> bool:
    try:
        cache.get("ready")
    except (RedisError, OSError):
        return False
    return True
