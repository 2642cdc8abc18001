"""What every socket does: says who it is for, joins its groups before it takes a snapshot, and hands messages on as they are."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Iterable
from typing import Any

import orjson
import structlog
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from pydantic import BaseModel

from topology import announce, wire
from topology.actions.declined import Declined
from topology.live.identity import actor_of

log = structlog.get_logger(__name__)
NOT_LOGGED_IN = 4401
RIGHT_GONE = 4403
NOT_FOUND = 4404
TICK_S = 5.0
RECHECK_EVERY_S = 30.0
LONGEST_MESSAGE = 64 * 1024


class Socket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """A subclass gives `enter` (check rights, name groups), `greet` (the first messages), `tick`, `hear` and `leave`.

    Close codes: 4401 not logged in, 4404 no such thing for you, 4403 a right that was there is gone.
    """

    entered = False
    joined: tuple[str, ...] = ()
    ticking: asyncio.Task[None] | None = None

    async def enter(self) -> list[str]:
        """Check rights anew and give the groups to be in; raises Declined."""
        raise NotImplementedError

    async def greet(self) -> None:
        """Send what a fresh page needs."""

    async def tick(self) -> None:
        """Every five seconds."""

    async def hear(self, message: dict[str, Any]) -> None:
        await self.tell(wire.Refusal(message="This socket takes no messages."))

    async def leave(self) -> None:
        """After the socket has closed."""

    # --- life -----------------------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        self.client = secrets.token_hex(6)
        self.marks: dict[str, int] = {}
        try:
            self.actor = await actor_of(self.scope)
            wanted = await self.enter()
        except Declined as declined:
            await self.accept()  # a code to close with reaches the page only on an open socket
            await self.close(code=NOT_LOGGED_IN if declined.status == 401 else NOT_FOUND)
            return
        await self.join(wanted)
        await self.accept()  # what a page loads once it is open misses nothing
        self.entered = True
        await self.greet()
        self.ticking = asyncio.create_task(self._tick_on())

    async def join(self, wanted: Iterable[str]) -> None:
        """Be in exactly these groups. Joining again what the layer has lost is harmless."""
        wanted = tuple(wanted)
        for group in set(self.joined) - set(wanted):
            await self.channel_layer.group_discard(group, self.channel_name)
        self.joined = wanted
        for group in wanted:
            await self.channel_layer.group_add(group, self.channel_name)

    async def __call__(self, *connection: Any) -> None:
        """However a socket ends, by a message that says so or by a send that finds nobody, it leaves what it was in."""
        try:
            await super().__call__(*connection)
        finally:
            await self._end()

    async def disconnect(self, code: int) -> None:
        raise StopConsumer

    async def _end(self) -> None:
        if self.ticking is not None:
            self.ticking.cancel()
        with contextlib.suppress(*announce.LAYER_ERRORS):
            if self.entered:
                await self.leave()
            for group in self.joined:
                await self.channel_layer.group_discard(group, self.channel_name)

    async def recheck(self, _event: dict[str, Any] | None = None) -> None:
        """Rights changed somewhere: look again, and close with 4403 where they are gone."""
        try:
            self.actor = await actor_of(self.scope)
            wanted = await self.enter()
        except Declined as declined:
            await self.close(code=NOT_LOGGED_IN if declined.status == 401 else RIGHT_GONE)
            return
        if set(wanted) != set(self.joined):
            await self.join(wanted)

    async def _tick_on(self) -> None:
        next_recheck = time.monotonic() + RECHECK_EVERY_S
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.tick()
                if time.monotonic() >= next_recheck:
                    next_recheck += RECHECK_EVERY_S
                    await self.recheck()
            except announce.LAYER_ERRORS as error:
                log.info("socket waits for the channel layer", error=str(error))

    # --- out ------------------------------------------------------------------------------------------------------------------

    async def tell(self, message: BaseModel) -> None:
        """To this socket only."""
        await self.send_text(announce.encode(message))

    async def send_text(self, text: str) -> None:
        await self.base_send({"type": "websocket.send", "text": text})

    async def deliver(self, event: dict[str, Any]) -> None:
        """A layer message: handed on, unless it is this socket's own or older than what it has."""
        if event.get("sender") == self.client or self._is_old(event):
            return
        await self.send_text(event["text"])

    def _is_old(self, event: dict[str, Any]) -> bool:
        mark = event.get("mark")
        if mark is None:
            return False
        kind, known = event["kind"], self.marks.get(event["kind"], -1)
        # A design is announced again with the same version when its name or applied version changes.
        if mark < known or (mark == known and kind in ("status", "timeline")):
            return True
        self.marks[kind] = mark
        return False

    # --- in -------------------------------------------------------------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.entered:
            return
        if text_data is None or len(text_data) > LONGEST_MESSAGE:
            await self.tell(wire.Refusal(message="Messages are JSON text of at most 64 kB."))
            return
        try:
            message = orjson.loads(text_data)
        except orjson.JSONDecodeError:
            await self.tell(wire.Refusal(message="This is not JSON."))
            return
        await self.hear(message)
