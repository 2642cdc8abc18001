"""The watcher's own loop: one `EngineWatch` an engine, what consumers ask for, and runs that lost their worker.

It waits on the channel "watcher" and on timers, and does nothing else while nothing happens.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import close_old_connections

from topology import announce, wire
from topology.actions.ensure_engine import ensure_engine
from topology.actions.reconcile_runs import reconcile_runs
from topology.actions.relay_logs import Relay, Relays
from topology.actions.watch_engine import EngineWatch
from topology.engine.connect import open_engine
from topology.engine.port import Engine
from topology.models import Engine as EngineRow
from topology.models import Stack

log = structlog.get_logger(__name__)
LOOK_EVERY_S = 5.0
LAYER_PAUSE_S = 1.0
LONGEST_RENEWAL_S = 60.0


class Watcher:
    """`run()` until `stop()`, both in the event loop's thread."""

    def __init__(self, *, connect: Callable[[str], Engine] = open_engine) -> None:
        self._connect = connect
        self._watches: dict[UUID, EngineWatch] = {}
        self._engine_of: dict[UUID, UUID] = {}  # stack → engine
        self._relays = Relays()
        self._asked_at: dict[UUID, float] = {}
        self._over = asyncio.Event()

    async def run(self) -> None:
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._look_after_engines()), asyncio.create_task(self._answer_consumers())]
        await self._over.wait()
        for task in tasks:
            task.cancel()
        for watch in self._watches.values():
            watch.stop()
        self._relays.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        for watch in self._watches.values():
            await asyncio.to_thread(watch.join, timeout_s=1.0)
        announce.flush(timeout_s=0.3)

    def stop(self) -> None:
        self._over.set()

    # --- engines and runs -----------------------------------------------------------------------------------------------------

    async def _look_after_engines(self) -> None:
        while True:
            try:
                await sync_to_async(self._look, thread_sensitive=True)()
            except Exception:
                log.exception("looking after engines and runs failed")
            await asyncio.sleep(LOOK_EVERY_S)

    def _look(self) -> None:
        close_old_connections()
        rows = set(EngineRow.objects.values_list("pk", flat=True)) or {ensure_engine().pk}
        for engine_id in [key for key, watch in self._watches.items() if not watch.is_alive()]:
            log.error("a watch has ended by itself; beginning anew", engine=str(engine_id))
            self._watches.pop(engine_id).stop()
        for engine_id in rows - set(self._watches):
            self._watches[engine_id] = EngineWatch(engine_id, relays=self._relays, connect=self._connect)
            self._watches[engine_id].start()
        for engine_id in set(self._watches) - rows:
            self._watches.pop(engine_id).stop()
        reconcile_runs(asked_at=self._asked_at)

    # --- what consumers ask for -------------------------------------------------------------------------------------------------

    async def _answer_consumers(self) -> None:
        while True:
            try:
                message = await get_channel_layer().receive(announce.WATCHER)
            except announce.LAYER_ERRORS as error:
                log.warning("channel layer away", error=str(error))
                await asyncio.sleep(LAYER_PAUSE_S)
                continue
            try:
                await self._answer(message)
            except Exception:
                log.exception("a consumer's message failed", kind=message.get("type"))

    async def _answer(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "watch.logs_close":
            self._relays.close(message["reply"], message["stream"])
            return
        stack_id = UUID(message["stack"])
        watch = await sync_to_async(self._watch_of, thread_sensitive=True)(stack_id)
        if watch is None:
            return
        if kind == "watch.resync":
            watch.resync(stack_id)
        elif kind == "watch.samples":
            watch.watch_samples(stack_id, until=_at_most(message["until"]))
        elif kind == "watch.logs":
            self._open_logs(watch, stack_id, message)

    def _watch_of(self, stack_id: UUID) -> EngineWatch | None:
        if stack_id not in self._engine_of:
            engine_id = Stack.objects.filter(pk=stack_id).values_list("engine_id", flat=True).first()
            if engine_id is None:
                return None
            self._engine_of[stack_id] = engine_id
        if self._engine_of[stack_id] not in self._watches:
            self._look()
        return self._watches.get(self._engine_of[stack_id])

    def _open_logs(self, watch: EngineWatch, stack_id: UUID, message: dict[str, Any]) -> None:
        reply, stream, until = message["reply"], message["stream"], _at_most(message["until"])
        if self._relays.renew(reply, stream, until=until):
            return
        relay = Relay(
            stream=stream, stack_id=stack_id, services=frozenset(message["services"]), tail=int(message["tail"]), until=until,
            answer=lambda logs: self._send(reply, logs),
        )  # fmt: skip
        engine, subject = watch.looking(stack_id)
        self._relays.open(reply, relay, engine=engine, containers=subject.containers)

    def _send(self, reply: str, logs: wire.Logs) -> None:
        """From a relay's thread; a slow layer slows the relay, whose buffer is bounded."""
        with contextlib.suppress(RuntimeError, TimeoutError):  # the loop has ended
            future = asyncio.run_coroutine_threadsafe(announce.answer(reply, logs), self._loop)
            if not self._in_loop():
                future.result(timeout=2)

    def _in_loop(self) -> bool:
        try:
            return asyncio.get_running_loop() is self._loop
        except RuntimeError:
            return False


def _at_most(until: float) -> float:
    """Nobody keeps the watcher busy for longer than a minute without asking again."""
    return min(float(until), time.time() + LONGEST_RENEWAL_S)
