"""Who looks at a stack, shared among web processes through Valkey.

A hash holds a viewer for each socket and a sorted set says until when each is believed without a word: a web process that dies
takes its viewers with it within seconds. Nothing here is kept in the database.
"""

from __future__ import annotations

import asyncio
import time
import weakref
from uuid import UUID

import orjson
from django.conf import settings
from redis import asyncio as aioredis

from topology import announce, wire

RENEW_EVERY_S = 5.0
BELIEVED_S = 15.0
SHOWN = 60  # viewers in one message
COLORS = 12
GATHER_S = 0.1  # arrivals within this time are announced together

_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aioredis.Redis] = weakref.WeakKeyDictionary()
_announcing: set[tuple[int, UUID]] = set()
_tasks: set[asyncio.Task[None]] = set()


def _valkey() -> aioredis.Redis:
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = aioredis.Redis.from_url(settings.VALKEY_URL, max_connections=50)
    return _clients[loop]


def _keys(stack_id: UUID) -> tuple[str, str]:
    return f"viewers:{stack_id.hex}", f"viewers-until:{stack_id.hex}"


async def arrive(stack_id: UUID, *, client: str, username: str) -> list[wire.Viewer]:
    """Add a viewer, with a colour that is free if there is one; gives all viewers, and tells the others."""
    here = await viewers(stack_id)
    used = {one.color for one in here}
    color = next((number for number in range(COLORS) if number not in used), len(here) % COLORS)
    viewer = wire.Viewer(client=client, username=username, color=color)
    await _write(stack_id, viewer)
    _announce(stack_id)
    return sorted([*here, viewer], key=lambda one: one.client)[:SHOWN]


async def stay(stack_id: UUID, viewer: wire.Viewer | None, *, client: str) -> bool:
    """Say that a viewer is still there; False when Valkey had lost it (it restarted): then messages may be missing too."""
    believed, until = _keys(stack_id)
    now = time.time()
    pipeline = _valkey().pipeline(transaction=False)
    pipeline.zadd(until, {client: now + BELIEVED_S})
    pipeline.zrangebyscore(until, "-inf", now)
    pipeline.expire(until, 60)
    pipeline.expire(believed, 60)
    added, gone, *_ = await pipeline.execute()
    if gone:
        await leave(stack_id, *[name.decode() for name in gone])
    if added and viewer is not None:
        await _write(stack_id, viewer)
        _announce(stack_id)
    return not added


async def leave(stack_id: UUID, *clients: str) -> None:
    believed, until = _keys(stack_id)
    pipeline = _valkey().pipeline(transaction=False)
    pipeline.hdel(believed, *clients)
    pipeline.zrem(until, *clients)
    await pipeline.execute()
    _announce(stack_id)


async def viewers(stack_id: UUID) -> list[wire.Viewer]:
    """All viewers, sorted by client, at most `SHOWN`."""
    found = [wire.Viewer(**orjson.loads(value)) for value in (await _valkey().hvals(_keys(stack_id)[0]))]
    return sorted(found, key=lambda one: one.client)[:SHOWN]


async def _write(stack_id: UUID, viewer: wire.Viewer) -> None:
    believed, until = _keys(stack_id)
    pipeline = _valkey().pipeline(transaction=False)
    pipeline.hset(believed, viewer.client, orjson.dumps(viewer.model_dump()))
    pipeline.zadd(until, {viewer.client: time.time() + BELIEVED_S})
    pipeline.expire(believed, 60)
    pipeline.expire(until, 60)
    await pipeline.execute()


def _announce(stack_id: UUID) -> None:
    """Tell the stack's sockets soon, once for all that changes meanwhile."""
    key = (id(asyncio.get_running_loop()), stack_id)
    if key in _announcing:
        return
    _announcing.add(key)
    task = asyncio.create_task(_announce_soon(stack_id, key))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _announce_soon(stack_id: UUID, key: tuple[int, UUID]) -> None:
    try:
        await asyncio.sleep(GATHER_S)
    finally:
        _announcing.discard(key)
    try:
        await announce.share(stack_id, wire.ViewersChanged(viewers=await viewers(stack_id)))
    except announce.LAYER_ERRORS:
        return  # with Valkey away there is nobody to tell; `stay` notices when it is back
