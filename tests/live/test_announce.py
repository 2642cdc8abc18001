"""What is announced reaches the group, in order and encoded once; without Valkey nothing breaks and little time is lost."""

import asyncio
import time
import uuid
from pathlib import Path

import orjson
from channels.layers import get_channel_layer
from django.conf import settings

from topology import announce, queue, wire


def _entry(number: int) -> wire.TimelineAdded:
    entry = wire.TimelineEntry(id=number, at=1.0, kind="run", service="", text="é", severity="info", by="")
    return wire.TimelineAdded(entry=entry)


async def test_it_reaches_the_group_in_order_from_a_sync_caller():
    stack_id = uuid.uuid4()
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(announce.stack_group(stack_id), channel)
    for number in range(50):
        announce.timeline(stack_id, _entry(number))
    received = [await layer.receive(channel) for _ in range(50)]
    assert [orjson.loads(one["text"])["entry"]["id"] for one in received] == list(range(50))
    assert {(one["type"], one["kind"]) for one in received} == {("deliver", "timeline")}


async def test_it_asks_the_watcher_to_observe_a_stack():
    stack_id = uuid.uuid4()
    announce.ask_watcher_resync(stack_id)
    asked: dict = {}
    async with asyncio.timeout(5):
        while asked.get("stack") != str(stack_id):  # what other tests have asked the same channel may still be there
            asked = await get_channel_layer().receive("watcher")
    assert asked == {"type": "watch.resync", "stack": str(stack_id)}


def test_it_neither_raises_nor_stalls_without_valkey(valkey):
    valkey()
    start_s = time.monotonic()
    for number in range(200):
        announce.timeline(uuid.uuid4(), _entry(number))
    assert queue.enqueue(queue.RUN_APPLY, str(uuid.uuid4())) is False
    assert time.monotonic() - start_s < 2


async def test_what_is_announced_while_valkey_restarts_arrives_once_it_is_back(valkey):
    from tests.conftest import _running, start_valkey

    layer = get_channel_layer()
    announce.ask_watcher_resync(uuid.uuid4())
    await layer.receive("watcher")
    valkey()
    asked = [uuid.uuid4() for _ in range(5)]
    for stack_id in asked:
        announce.ask_watcher_resync(stack_id)
    _running.append(start_valkey(Path(settings.DATA_DIR)))
    got = [(await asyncio.wait_for(get_channel_layer().receive("watcher"), timeout=10))["stack"] for _ in asked]
    assert got == [str(one) for one in asked]
