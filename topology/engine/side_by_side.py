"""Several looks at once, over a pool that another thread may close at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor
from typing import TypeVar

from topology.engine.errors import EngineUnreachable

Item = TypeVar("Item")
Found = TypeVar("Found")
CLOSED = "The connection to the engine was closed while it was looked at."


def side_by_side(pool: Executor, look: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """What `look` gives of each item, in their order. EngineUnreachable once the pool is closed."""
    looks = []
    try:
        for one in items:
            looks.append(pool.submit(look, one))
    except RuntimeError as error:
        raise EngineUnreachable(CLOSED) from error
    try:
        return [future.result() for future in looks]
    except CancelledError as error:
        raise EngineUnreachable(CLOSED) from error
    finally:
        for future in looks:
            future.cancel()
