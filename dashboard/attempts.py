"""Failed logins are counted, for each name and address, so that passwords cannot be tried one after another."""

import hashlib

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
MOST_FAILURES = 5
WINDOW_S = 300


def is_blocked(username: str, address: str) -> bool:
    """Whether there were too many failures lately. With no Valkey to count in, people can still log in."""
    try:
        return int(cache.get(_key(username, address), 0)) >= MOST_FAILURES
    except (RedisError, OSError) as error:
        log.warning("logins are not counted: no cache", error=type(error).__name__)
        return False


def note_failure(username: str, address: str) -> None:
    key = _key(username, address)
    try:
        cache.add(key, 0, timeout=WINDOW_S)
        cache.incr(key)
    except (RedisError, OSError, ValueError) as error:  # ValueError: the count ran out between the two calls
        log.warning("a failed login was not counted", error=type(error).__name__)


def forget(username: str, address: str) -> None:
    try:
        cache.delete(_key(username, address))
    except (RedisError, OSError) as error:
        log.warning("failed logins were not forgotten", error=type(error).__name__)


def _key(username: str, address: str) -> str:
    who = f"{username.strip().casefold()}\n{address}"
    return "login-failures:" + hashlib.sha256(who.encode()).hexdigest()
