"""The editor's socket: a snapshot, then every change of one stack; cursors, drags, samples and logs on request."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from pydantic import TypeAdapter, ValidationError

from topology import announce, wire
from topology.actions.authorize import find_stack, rights_in
from topology.actions.read_stack import snapshot_of
from topology.core.access import ENTRANCES, Right
from topology.live import presence
from topology.live.socket import Socket
from topology.store import stacks

CLIENT_MESSAGE: TypeAdapter[wire.ClientMessage] = TypeAdapter(wire.ClientMessage)
RENEWED_FOR_S = 15.0
POINTER_PER_S = 30
OTHERS_PER_S = 10
LOG_STREAMS = 4
LONGEST_STREAM = 64
NODES_DRAGGED = 500

_samples_asked: dict[UUID, float] = {}  # of this process: many viewers of a stack ask for its samples once


class Allowance:
    """So many messages a second, with a second's worth saved up."""

    def __init__(self, per_s: float) -> None:
        self.per_s = per_s
        self.left = per_s
        self.at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self.left = min(self.per_s, self.left + (now - self.at) * self.per_s)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class StackSocket(Socket):
    """`/ws/stacks/<id>/`."""

    entrance = "live:stack"
    rights: frozenset[str] = frozenset()
    viewer: wire.Viewer | None = None

    async def enter(self) -> list[str]:
        self.stack_id: UUID = self.scope["url_route"]["kwargs"]["stack_id"]
        rights = await database_sync_to_async(self._check)()
        gone = self.rights - rights
        self.rights = rights
        if gone and hasattr(self, "logs"):
            await self._close_logs_without_right()
        return [announce.stack_group(self.stack_id), announce.user_group(self.actor.user_id or 0)]

    def _check(self) -> frozenset[str]:
        stack = find_stack(self.actor, self.stack_id, ENTRANCES[self.entrance], action=self.entrance)
        return frozenset(rights_in(self.actor, stack.team_id))

    async def greet(self) -> None:
        self.samples_on = False
        self.logs: dict[str, dict[str, Any]] = {}
        self.pointer, self.others = Allowance(POINTER_PER_S), Allowance(OTHERS_PER_S)
        viewers = await presence.arrive(self.stack_id, client=self.client, username=self.username)
        self.viewer = next((one for one in viewers if one.client == self.client), None)
        await self.send_snapshot(viewers)

    @property
    def username(self) -> str:
        return self.actor.username

    async def send_snapshot(self, viewers: list[wire.Viewer]) -> None:
        """Everything a fresh page needs. What the layer brings from before it is dropped by its mark."""
        snapshot = await database_sync_to_async(self.take_snapshot)()
        self.marks = {
            "status": snapshot.status.seq,
            "design": snapshot.stack.version,
            "layout": snapshot.stack.layout_version,
            "timeline": max((entry.id for entry in snapshot.timeline), default=-1),
        }
        await self.tell(snapshot.model_copy(update={"client": self.client, "viewers": viewers}))

    def take_snapshot(self) -> wire.Snapshot:
        stack = find_stack(self.actor, self.stack_id, ENTRANCES[self.entrance], action=self.entrance)
        view = stacks.view_for(stack, rights=sorted(self.rights))
        return snapshot_of(stack, view, client=self.client)

    async def tick(self) -> None:
        """Stay among the viewers; keep the watcher at it. Where Valkey forgot us, messages were lost: begin anew."""
        if not await presence.stay(self.stack_id, self.viewer, client=self.client):
            await self.join(self.joined)
            await self.send_snapshot(await presence.viewers(self.stack_id))
        await self._renew()

    async def recheck(self, _event: dict[str, Any] | None = None) -> None:
        """A role that changed shows at once: the page learns its rights from a snapshot."""
        before = self.rights
        await super().recheck(_event)
        if self.entered and self.rights != before:
            await self.send_snapshot(await presence.viewers(self.stack_id))

    async def leave(self) -> None:
        for stream in list(self.logs):
            await self._close_logs(stream)
        await presence.leave(self.stack_id, self.client)

    async def deliver(self, event: dict[str, Any]) -> None:
        """Whoever may not draw gets a design without the values of env files and secrets."""
        if "viewers_text" in event and Right.DRAW.value not in self.rights:
            event = {**event, "text": event["viewers_text"]}
        await super().deliver(event)

    # --- what a client sends ----------------------------------------------------------------------------------------------------

    async def hear(self, message: Any) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        right = ENTRANCES.get(f"{self.entrance}:{kind}")
        if right is None:
            await self.tell(wire.Refusal(message="There is no such message."))
        elif right.value not in self.rights:
            await self.tell(wire.Refusal(message=f"Your role does not let you do this ({right.value})."))
        elif not (self.pointer if kind in ("cursor", "drag") else self.others).take():
            if kind not in ("cursor", "drag"):  # a pointer's next place will do
                await self.tell(wire.Refusal(message="Too many messages: slow down."))
        else:
            await self._obey(message)

    async def _obey(self, raw: dict[str, Any]) -> None:
        try:
            message = CLIENT_MESSAGE.validate_python(raw)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"][1:])
            await self.tell(wire.Refusal(message=f"This message is not well formed: {where or 'its fields'}."))
            return
        if isinstance(message, wire.SendCursor):
            moved = wire.CursorMoved(client=self.client, x=message.x, y=message.y, selected=message.selected[:NODES_DRAGGED])
            await announce.share(self.stack_id, moved, sender=self.client)
        elif isinstance(message, wire.SendDrag):
            nodes = dict(list(message.nodes.items())[:NODES_DRAGGED])
            dragged = wire.Dragged(client=self.client, layout_version=message.layout_version, nodes=nodes)
            await announce.share(self.stack_id, dragged, sender=self.client)
        elif isinstance(message, wire.SendWatch):
            self.samples_on = message.samples
            await self._renew()
        elif isinstance(message, wire.SendLogsOpen):
            await self._open_logs(message)
        else:
            await self._close_logs(message.stream)

    async def _renew(self) -> None:
        """Renewed every five seconds: a socket that is gone is forgotten by itself."""
        now = time.time()
        if self.samples_on and now - _samples_asked.get(self.stack_id, 0.0) >= 4:
            _samples_asked[self.stack_id] = now
            await announce.ask_watcher({"type": "watch.samples", "stack": str(self.stack_id), "until": now + RENEWED_FOR_S})
        for asked in self.logs.values():
            await announce.ask_watcher({**asked, "until": now + RENEWED_FOR_S})

    async def _open_logs(self, message: wire.SendLogsOpen) -> None:
        if len(message.stream) > LONGEST_STREAM or (message.stream not in self.logs and len(self.logs) >= LOG_STREAMS):
            await self.tell(wire.Refusal(message=f"At most {LOG_STREAMS} log streams at once."))
            return
        await self._close_logs(message.stream)
        asked = {
            "type": "watch.logs", "stack": str(self.stack_id), "stream": message.stream, "services": message.services,
            "tail": message.tail, "reply": self.channel_name,
        }  # fmt: skip
        self.logs[message.stream] = asked
        await announce.ask_watcher({**asked, "until": time.time() + RENEWED_FOR_S})

    async def _close_logs(self, stream: str) -> None:
        if self.logs.pop(stream, None) is not None:
            await announce.ask_watcher({"type": "watch.logs_close", "stream": stream, "reply": self.channel_name})

    async def _close_logs_without_right(self) -> None:
        if ENTRANCES["live:stack:logs_open"].value not in self.rights:
            for stream in list(self.logs):
                await self._close_logs(stream)
                await self.tell(wire.Logs(stream=stream, lines=[], ended=True, error="You may no longer read logs here."))
