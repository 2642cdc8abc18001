"""Tells browsers and the watcher what has changed: the only caller of `group_send`.

Each message is encoded once, here; consumers hand the text on. Groups: `stack.<id hex>` (everything about one stack),
`team.<id hex>` (the cards of a team's stacks) and `user.<id>` (rights). A layer message is
`{"type": "deliver", "kind": <the wire type>, "text": <JSON>}`, with `mark` on what has an order of its own (a status' seq, a
design's version, a timeline entry's id) and `sender` on what its own sender does not get back; or `{"type": "recheck"}`, which
makes consumers look at rights again.

Functions that are no coroutines may be called from any thread and return at once: a thread of their own sends in order. Call
them in `transaction.on_commit`. They never raise: with no Valkey there is nobody to tell, and whoever connects later takes a
snapshot first. One warning is logged for each time it goes away.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import threading
import time
from typing import Any
from uuid import UUID

import orjson
import structlog
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from pydantic import BaseModel
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
WATCHER = "watcher"
KEPT_S = 10.0
AGAIN_S = 0.3
SEND_TIMEOUT_S = 5.0
WAITING_LIMIT = 5000
LAYER_ERRORS = (RedisError, OSError, ChannelFull, asyncio.TimeoutError)


def stack_group(stack_id: UUID | str) -> str:
    return f"stack.{UUID(str(stack_id)).hex}"


def team_group(team_id: UUID | str) -> str:
    return f"team.{UUID(str(team_id)).hex}"


def user_group(user_id: int) -> str:
    return f"user.{user_id}"


def encode(message: BaseModel) -> str:
    """A wire model as the JSON text that goes over the socket."""
    return orjson.dumps(message.model_dump(mode="json")).decode()


def envelope(message: BaseModel, **extra: Any) -> dict[str, Any]:
    """The layer message that carries a wire model, encoded once."""
    return {"type": "deliver", "kind": getattr(message, "type", ""), "text": encode(message), **extra}


# --- to a stack's sockets; `message` is the wire model that the name says -----------------------------------------------------


def design(stack_id: UUID | str, message: BaseModel, *, for_viewers: BaseModel | None = None) -> None:
    """`wire.DesignChanged`. `for_viewers` is the same with what those who may not draw do not see taken out, where it differs;
    guests get that with still less, by their consumer.
    """
    seen = {} if for_viewers is None else {"viewers_text": encode(for_viewers)}
    _post(stack_group(stack_id), envelope(message, mark=message.stack.version, **seen))  # type: ignore[attr-defined]


def layout(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.LayoutChanged`."""
    _post(stack_group(stack_id), envelope(message, mark=message.layout_version))  # type: ignore[attr-defined]


def status(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.StatusChanged`; a consumer drops what its snapshot already had."""
    _post(stack_group(stack_id), envelope(message, mark=message.status.seq))  # type: ignore[attr-defined]


def samples(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.Samples`."""
    _post(stack_group(stack_id), envelope(message))


def run(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.RunChanged`."""
    _post(stack_group(stack_id), envelope(message))


def steps(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.StepsChanged`."""
    _post(stack_group(stack_id), envelope(message))


def timeline(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.TimelineAdded`."""
    _post(stack_group(stack_id), envelope(message, mark=message.entry.id))  # type: ignore[attr-defined]


def engine(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.EngineChanged`, to one of the engine's stacks."""
    _post(stack_group(stack_id), envelope(message))


def drift(stack_id: UUID | str, message: BaseModel) -> None:
    """`wire.DriftChanged`."""
    _post(stack_group(stack_id), envelope(message))


# --- to lists and people ------------------------------------------------------------------------------------------------------


def card(team_id: UUID | str, message: BaseModel) -> None:
    """`wire.CardChanged`, to everybody who has the team's list open."""
    _post(team_group(team_id), envelope(message))


def engine_of_list(team_id: UUID | str, message: BaseModel) -> None:
    """`wire.EngineChanged`, to everybody who has the team's list open: engines are everybody's, whatever stacks they have."""
    _post(team_group(team_id), envelope(message))


def rights_changed(user_id: int) -> None:
    """A person's role or login changed: each of their sockets checks again and closes with 4403 where it must."""
    _post(user_group(user_id), {"type": "recheck"})


def stack_access_changed(stack_id: UUID | str) -> None:
    """A share link was revoked or the stack deleted: each socket of the stack checks again."""
    _post(stack_group(stack_id), {"type": "recheck"})


# --- to the watcher -----------------------------------------------------------------------------------------------------------


def ask_watcher_resync(stack_id: UUID | str) -> None:
    """Have the watcher observe a stack at once: a new one, or one whose engine has just been changed by a run."""
    _post(WATCHER, {"type": "watch.resync", "stack": str(stack_id)}, to_group=False)


async def ask_watcher(message: dict[str, Any]) -> None:
    """From a consumer: `watch.samples`, `watch.logs` or `watch.logs_close`. Dropped when the layer is away or full."""
    with _tolerated():
        await get_channel_layer().send(WATCHER, message)


# --- from consumers -----------------------------------------------------------------------------------------------------------


async def share(stack_id: UUID | str, message: BaseModel, *, sender: str = "") -> None:
    """From a consumer to the stack's other sockets: viewers, cursors, drags. `sender` does not get its own back."""
    with _tolerated():
        await get_channel_layer().group_send(stack_group(stack_id), envelope(message, sender=sender))


async def answer(channel: str, message: BaseModel) -> None:
    """From the watcher to one consumer's own channel."""
    with _tolerated():
        await get_channel_layer().send(channel, envelope(message))


@contextlib.contextmanager
def _tolerated():  # type: ignore[no-untyped-def]
    try:
        yield
    except LAYER_ERRORS as error:
        log.warning("channel layer away", error=str(error) or type(error).__name__)


class _Publisher:
    """A daemon thread with an event loop that sends what it is given, in order, over one connection.

    While the layer is away messages wait for up to `KEPT_S`, so that nothing is lost to a Valkey that restarts; what is older
    is dropped, since whoever could have got it has lost its socket as well.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.waiting: asyncio.Queue[tuple[float, str, dict[str, Any], bool]] = asyncio.Queue()
        self.open = 0
        self.away = False
        threading.Thread(target=self._run, name="announce", daemon=True).start()

    def put(self, target: str, message: dict[str, Any], to_group: bool) -> None:
        if self.open < WAITING_LIMIT:
            self.open += 1
            self.loop.call_soon_threadsafe(self.waiting.put_nowait, (time.monotonic() + KEPT_S, target, message, to_group))

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._send_all())

    async def _send_all(self) -> None:
        while True:
            until, target, message, to_group = await self.waiting.get()
            while time.monotonic() < until and not await self._send(target, message, to_group):
                await asyncio.sleep(AGAIN_S)
            self.open -= 1

    async def _send(self, target: str, message: dict[str, Any], to_group: bool) -> bool:
        layer = get_channel_layer()
        send = layer.group_send if to_group else layer.send
        try:
            await asyncio.wait_for(send(target, message), timeout=SEND_TIMEOUT_S)
        except ChannelFull:
            log.warning("channel full", target=target)
        except LAYER_ERRORS as error:
            if not self.away:
                log.warning("channel layer away: nobody is told of changes", error=str(error) or type(error).__name__)
            self.away = True
            return False
        self.away = False
        return True


_publisher: _Publisher | None = None
_making = threading.Lock()


def _post(target: str, message: dict[str, Any], *, to_group: bool = True) -> None:
    global _publisher
    with _making:
        if _publisher is None or _publisher.pid != os.getpid():
            _publisher = _Publisher()
    _publisher.put(target, message, to_group)


def flush(*, timeout_s: float = 1.0) -> bool:
    """Wait until everything announced so far is sent; False when that takes longer or the layer is away. For a process's end."""
    deadline = time.monotonic() + timeout_s
    publisher = _publisher
    if publisher is None or publisher.pid != os.getpid():
        return True
    while publisher.open and not publisher.away and time.monotonic() < deadline:
        time.sleep(0.005)
    return not publisher.open


atexit.register(flush)
