"""Relays containers' output to the socket that asked: batches every 0.1 s, bounded, ended when nobody renews it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from topology import wire
from topology.core.observed import ObservedContainer
from topology.engine.errors import EngineError
from topology.engine.port import Engine, LogLine

log = structlog.get_logger(__name__)
BATCH_EVERY_S = 0.1
BATCH_LINES = 500
BUFFERED_LINES = 5000
LONGEST_LINE = 8000
TAIL_LIMIT = 2000
THREADS = 96  # followed containers in all, over all relays
RELAYS = 48

Answer = Callable[[wire.Logs], None]


class Relay:
    """One stream of one socket: a thread for each container that is followed, and one that sends batches."""

    def __init__(self, *, stream: str, stack_id: UUID, services: frozenset[str], tail: int, until: float, answer: Answer) -> None:
        self.stream = stream
        self.stack_id = stack_id
        self.services = services
        self.tail = max(0, min(tail, TAIL_LIMIT))
        self.until = until
        self.names: dict[str, str] = {}
        self._answer = answer
        self._lines: deque[LogLine] = deque()
        self._dropped = 0
        self._error = ""
        self._following: set[str] = set()
        self._last_at: dict[str, float] = {}
        self._lock = threading.Lock()
        self._some = threading.Event()
        self._over = threading.Event()

    @property
    def following(self) -> int:
        return len(self._following)

    def wants(self, container: ObservedContainer) -> bool:
        return not container.oneoff and (not self.services or container.service in self.services)

    def start(self, engine: Engine, containers: Sequence[ObservedContainer]) -> None:
        threading.Thread(target=self._send_batches, name="logs-send", daemon=True).start()
        for container in containers:
            self.follow(engine, container)

    def stop(self) -> None:
        self._over.set()
        self._some.set()

    def stopped(self) -> bool:
        return self._over.is_set() or time.time() > self.until

    def follow(self, engine: Engine, container: ObservedContainer) -> None:
        """Follow a container from its tail, or from where it was left when it starts again."""
        with self._lock:
            if container.id in self._following or self.stopped():
                return
            self._following.add(container.id)
            self.names[container.id] = container.name
        threading.Thread(target=self._read, args=(engine, container), name="logs-read", daemon=True).start()

    def fail(self, error: str) -> None:
        self._answer(wire.Logs(stream=self.stream, lines=[], ended=True, error=error))

    def _read(self, engine: Engine, container: ObservedContainer) -> None:
        since = self._last_at.get(container.id)
        tail = self.tail if since is None else BUFFERED_LINES
        try:
            for line in engine.logs(container, tail=tail, since=since, follow=True, stop=self.stopped):
                if since is not None and line.at <= since:
                    continue  # it was sent before the container stopped
                self._take(container, line)
        except EngineError as error:
            self._error = error.message
        finally:
            with self._lock:
                self._following.discard(container.id)
            self._some.set()

    def _take(self, container: ObservedContainer, line: LogLine) -> None:
        with self._lock:
            self._lines.append(line)
            self._last_at[container.id] = line.at
            if len(self._lines) > BUFFERED_LINES:
                self._lines.popleft()
                self._dropped += 1
        self._some.set()

    def _send_batches(self) -> None:
        while not self.stopped():
            self._some.wait(timeout=max(0.1, self.until - time.time()))
            self._some.clear()
            if not self.stopped():
                self._send_all()
                self._over.wait(BATCH_EVERY_S)
        self.stop()

    def _send_all(self) -> None:
        while True:
            with self._lock:
                batch = [self._lines.popleft() for _ in range(min(BATCH_LINES, len(self._lines)))]
                dropped, self._dropped, error, self._error = self._dropped, 0, self._error, ""
            if dropped:
                error = f"{dropped} lines were left out: they came faster than they could be sent."
            if not batch and not error:
                return
            lines = [self._view(line) for line in sorted(batch, key=lambda one: one.at)]
            self._answer(wire.Logs(stream=self.stream, lines=lines, ended=False, error=error))

    def _view(self, line: LogLine) -> wire.LogLineView:
        return wire.LogLineView(
            container=self.names.get(line.container_id, line.container_id[:12]), service=line.service, number=line.number,
            at=line.at, stream=line.stream, text=line.text[:LONGEST_LINE],  # type: ignore[arg-type]
        )  # fmt: skip


class Relays:
    """All relays of the watcher, by the socket's channel and its name for the stream."""

    def __init__(self) -> None:
        self._relays: dict[tuple[str, str], Relay] = {}
        self._lock = threading.Lock()

    def renew(self, reply: str, stream: str, *, until: float) -> bool:
        """Keep a relay going until `until`; False when there is none."""
        with self._lock:
            self._relays = {key: relay for key, relay in self._relays.items() if not relay.stopped()}
            relay = self._relays.get((reply, stream))
            if relay is not None:
                relay.until = until
            return relay is not None

    def open(self, reply: str, relay: Relay, *, engine: Engine | None, containers: Sequence[ObservedContainer]) -> None:
        wanted = [container for container in containers if relay.wants(container)]
        with self._lock:
            threads = sum(one.following for one in self._relays.values())
            if engine is None:
                error = "The engine does not answer."
            elif len(self._relays) >= RELAYS or threads + len(wanted) > THREADS:
                error = "Too many logs are followed at once. Close others, or choose fewer services."
            else:
                error = ""
                self._relays[reply, relay.stream] = relay
        if error or engine is None:
            relay.fail(error)
        else:
            relay.start(engine, wanted)

    def close(self, reply: str, stream: str) -> None:
        with self._lock:
            relay = self._relays.pop((reply, stream), None)
        if relay is not None:
            relay.stop()

    def refresh(self, engine: Engine, stack_id: UUID, containers: Sequence[ObservedContainer]) -> None:
        """The stack's containers as they are now: relays of that stack follow those that are new to them."""
        with self._lock:
            concerned = [relay for relay in self._relays.values() if relay.stack_id == stack_id and not relay.stopped()]
        for relay in concerned:
            for container in containers:
                if relay.wants(container):
                    relay.follow(engine, container)

    def stop(self) -> None:
        with self._lock:
            relays, self._relays = list(self._relays.values()), {}
        for relay in relays:
            relay.stop()
