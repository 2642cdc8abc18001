"""Watches one engine: finds it, observes its stacks, folds its events, and begins again whenever it was away.

Three threads that sleep until something happens: one that works (the only one that touches the database), one that reads the
event stream, and the sampler. Events that come within a few milliseconds are folded together.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import close_old_connections, connections

from topology.actions.absorb_event import Signals, absorb_event, container_of
from topology.actions.note_engine import note_away, note_projects, note_there
from topology.actions.relay_logs import Relays
from topology.actions.resync_stack import Changed, resync_stack, save_observed, tell
from topology.actions.sample_stacks import Sampler, Subject
from topology.core.observed import EngineEvent, Observed
from topology.engine.connect import open_engine
from topology.engine.errors import EngineError, EngineUnreachable
from topology.engine.port import Engine
from topology.models import Engine as EngineRow
from topology.models import Stack
from topology.store import status
from topology.store.adoptions import adopted_of, adopted_on
from topology.store.files import good_bundle_of
from topology.store.readings import good_design

log = structlog.get_logger(__name__)
RESYNC_EVERY_S = 30.0
GATHER_S = 0.015  # events of one change come in a burst: wait this long for the rest
# In a long burst, as an apply makes, wait four times as long as the last batch took, so that watching takes a fifth of a core
# from those who work; then a change is seen a third of a second late at most.
GATHER_SHARE, LONGEST_GATHER_S, BURST_S = 4, 0.3, 1.0
SETTLE_S = 0.4  # after a network or volume was made or removed, by whomever
UNKNOWN_EVERY_S = 2.0  # a project that is no stack of ours may have become one; foreign containers may be many
BACKOFF_S = (0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class _Resync:
    """Observe one stack, or all of them (None)."""

    stack_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Lost:
    """The event stream ended."""

    error: EngineError
    of: object  # the connection it belonged to


@dataclass(frozen=True, slots=True)
class _Stop:
    pass


class EngineWatch:
    """One engine's watch. `resync`, `watch_samples` and `stop` may be called from any thread."""

    def __init__(self, engine_id: UUID, *, relays: Relays, connect: Callable[[str], Engine] = open_engine) -> None:
        self.engine_id = engine_id
        self._connect = connect
        self._relays = relays
        self._inbox: queue.Queue[EngineEvent | _Resync | _Lost | _Stop] = queue.Queue()
        self._over = threading.Event()
        self._engine: Engine | None = None
        self._stacks: dict[str, UUID] = {}  # project → stack
        self._subjects: dict[UUID, Subject] = {}
        self._resync_at = 0.0
        self._read_at = 0.0
        self._batch_ended, self._batch_took_s = 0.0, 0.0
        self._signals = Signals()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._sampler = Sampler(engine=lambda: self._engine, subject=self._subjects.get)

    def start(self) -> None:
        self._thread.start()
        self._sampler.start()

    def stop(self) -> None:
        self._over.set()
        self._inbox.put(_Stop())
        self._sampler.stop()

    def is_alive(self) -> bool:
        """Whether its threads run: they end by `stop` only."""
        return self._thread.is_alive() and self._sampler.is_alive()

    def join(self, *, timeout_s: float) -> None:
        self._thread.join(timeout_s)

    def resync(self, stack_id: UUID) -> None:
        self._inbox.put(_Resync(stack_id))

    def watch_samples(self, stack_id: UUID, *, until: float) -> None:
        self._sampler.watch(stack_id, until=until)

    def looking(self, stack_id: UUID) -> tuple[Engine | None, Subject]:
        """The connection, None while there is none, and the stack's containers as last seen."""
        return self._engine, self._subjects.get(stack_id) or Subject()

    # --- the working thread ---------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        failures = 0
        while not self._over.is_set():
            begun = time.monotonic()
            self._attempt()
            failures = 0 if time.monotonic() - begun > 10 else failures + 1
            self._pause(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
        connections.close_all()

    def _attempt(self) -> None:
        """Watch until the engine is lost. Whatever fails, the database included, the thread goes on to the next attempt."""
        try:
            close_old_connections()
            try:
                self._watch_until_lost()
            except EngineError as error:
                note_away(self.engine_id, error)
        except Exception:
            log.exception("watching an engine failed; beginning again")

    def _pause(self, for_s: float) -> None:
        """Wait before the next attempt; what was asked for meanwhile is done by observing everything then."""
        self._over.wait(for_s)
        with contextlib.suppress(queue.Empty):
            while True:
                self._inbox.get_nowait()

    def _watch_until_lost(self) -> None:
        row = EngineRow.objects.get(pk=self.engine_id)
        engine = self._connect(row.url)
        try:
            stream = engine.events(stop=lambda: self._over.is_set() or self._engine is not engine)
            self._engine = engine
            threading.Thread(target=self._read_events, args=(engine, stream), name="events", daemon=True).start()
            note_there(self.engine_id, engine)
            self._observe_all(engine)
            while not self._over.is_set():
                self._work_once(engine)
        finally:
            self._engine = None
            with contextlib.suppress(EngineError):
                engine.close()

    def _read_events(self, engine: Engine, stream: object) -> None:
        """In a thread of its own: hand events over as they come."""
        try:
            for event in stream:  # type: ignore[attr-defined]
                self._inbox.put(event)
            error: EngineError = EngineUnreachable("The engine's event stream ended.")
        except EngineError as lost:
            error = lost
        except Exception:
            log.exception("reading an engine's events failed; beginning again")
            error = EngineUnreachable("The engine's event stream broke.", fix="Netyard connects again by itself.")
        self._inbox.put(_Lost(error, engine))

    def _work_once(self, engine: Engine) -> None:
        wait_s = self._resync_at - time.monotonic()
        if wait_s <= 0:
            note_there(self.engine_id, engine)
            self._observe_all(engine)
            return
        try:
            items = [self._inbox.get(timeout=wait_s)]
        except queue.Empty:
            return
        if isinstance(items[0], EngineEvent):
            time.sleep(self._gather_s())
        with contextlib.suppress(queue.Empty):
            while True:
                items.append(self._inbox.get_nowait())
        begun = time.monotonic()
        self._take(engine, items)
        self._batch_ended = time.monotonic()
        self._batch_took_s = self._batch_ended - begun

    def _gather_s(self) -> float:
        """How long to wait for more events: short after a quiet moment, longer in a burst."""
        if time.monotonic() - self._batch_ended > BURST_S:
            return GATHER_S
        return min(LONGEST_GATHER_S, max(GATHER_S, GATHER_SHARE * self._batch_took_s))

    def _take(self, engine: Engine, items: list[EngineEvent | _Resync | _Lost | _Stop]) -> None:
        for item in items:
            if isinstance(item, _Lost) and item.of is engine:
                raise item.error
        self._take_events(engine, [item for item in items if isinstance(item, EngineEvent)])
        for stack_id in sorted({item.stack_id for item in items if isinstance(item, _Resync) and item.stack_id}):
            self._observe_one(engine, stack_id)

    # --- events ---------------------------------------------------------------------------------------------------------------

    def _take_events(self, engine: Engine, events: list[EngineEvent]) -> None:
        by_stack: dict[UUID, list[EngineEvent]] = {}
        for event in events:
            if event.kind == "image" or event.action in ("prune", "remove") or _is_made_or_gone(event):
                self._resync_at = min(self._resync_at, time.monotonic() + SETTLE_S)
            elif event.kind == "volume":
                continue  # mounted, unmounted
            elif (stack_id := self._stack_of(event)) is not None:
                by_stack.setdefault(stack_id, []).append(self._signals.explain(event))
        for stack_id, found in by_stack.items():
            changed = absorb_event(stack_id, found, engine=engine)
            if changed is None:
                self._forget(stack_id)
                continue
            self._remember(stack_id, changed.after.observed)

    def _stack_of(self, event: EngineEvent) -> UUID | None:
        """By the project's label; for a network's connect and disconnect by the container concerned."""
        if event.project:
            if event.project not in self._stacks and time.monotonic() - self._read_at >= UNKNOWN_EVERY_S:
                self._read_stacks()
            return self._stacks.get(event.project)
        container_id = container_of(event)
        for stack_id, subject in self._subjects.items():
            if any(one.id == container_id for one in subject.containers):
                return stack_id
        return None

    # --- observing ------------------------------------------------------------------------------------------------------------

    def _read_stacks(self) -> None:
        rows = Stack.objects.filter(engine_id=self.engine_id).values_list("project", "pk")
        self._stacks = dict(rows)
        self._read_at = time.monotonic()

    def _observe_all(self, engine: Engine) -> None:
        """Every stack of this engine; those with nothing on it share one look at networks, images and taken ports."""
        self._read_stacks()
        found = engine.observe_all(adopted=adopted_on(self.engine_id))
        note_projects(self.engine_id, sorted(found))
        nothing: Observed | None = None
        for project, stack_id in sorted(self._stacks.items()):
            observed = found.get(project)
            if observed is None:
                observed = nothing = nothing or engine.observe(project)
            self._save(engine, stack_id, project, observed)
        for stack_id in set(self._subjects) - set(self._stacks.values()):
            self._forget(stack_id)
        self._resync_at = time.monotonic() + RESYNC_EVERY_S

    def _save(self, engine: Engine, stack_id: UUID, project: str, observed: Observed) -> None:
        """Save one stack of a look at all. Where someone wrote a newer one meanwhile, look at that stack again."""
        changed = save_observed(stack_id, lambda before: observed if observed.at >= before.at else None)
        if changed is None:
            self._observe_one(engine, stack_id, project=project)
            return
        tell(stack_id, changed)
        self._remember(stack_id, changed.after.observed)

    def _observe_one(self, engine: Engine, stack_id: UUID, *, project: str = "") -> None:
        if not project:
            self._read_stacks()
            project = next((name for name, known in self._stacks.items() if known == stack_id), "")
        changed: Changed | None = resync_stack(stack_id, observe=lambda: _look(engine, stack_id, project)) if project else None
        if changed is None:
            self._forget(stack_id)
        else:
            self._remember(stack_id, changed.after.observed)

    def _remember(self, stack_id: UUID, observed: Observed) -> None:
        row = Stack.objects.only("good_text", "good_tree", "project").filter(pk=stack_id).first()
        if row is None:
            self._forget(stack_id)
            return
        keys = status.network_keys(good_design(good_bundle_of(row), project=row.project))
        self._subjects[stack_id] = Subject(observed.containers, keys)
        if self._engine is not None:
            self._relays.refresh(self._engine, stack_id, observed.containers)

    def _forget(self, stack_id: UUID) -> None:
        self._subjects.pop(stack_id, None)
        self._stacks = {project: known for project, known in self._stacks.items() if known != stack_id}


def _look(engine: Engine, stack_id: UUID, project: str) -> Observed:
    return engine.observe(project, adopted=adopted_of(stack_id))


def _is_made_or_gone(event: EngineEvent) -> bool:
    """A network or volume that the stacks' statuses have to be compared with anew."""
    return event.kind in ("network", "volume") and event.action in ("create", "destroy")
