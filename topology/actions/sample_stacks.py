"""Samples the containers of stacks that someone watches. The figures go to the browsers, never to the database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from topology import announce, wire
from topology.core.observed import ObservedContainer
from topology.engine.errors import EngineError
from topology.engine.port import Engine, Sample

log = structlog.get_logger(__name__)
EVERY_S = 1.5


@dataclass(frozen=True, slots=True)
class Subject:
    """A stack as the sampler sees it: its containers, and the design's key for each engine network name."""

    containers: tuple[ObservedContainer, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


class Sampler:
    """A thread of one engine that sleeps while nobody watches, else takes a sample every 1.5 s."""

    def __init__(self, *, engine: Callable[[], Engine | None], subject: Callable[[UUID], Subject | None]) -> None:
        self._engine = engine
        self._subject = subject
        self._until: dict[UUID, float] = {}  # stack → time.time() at which nobody watches it any more
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="samples", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._wanted.set()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def watch(self, stack_id: UUID, *, until: float) -> None:
        """Someone watches the stack until `until` (seconds since the epoch)."""
        with self._lock:
            self._until[stack_id] = max(until, self._until.get(stack_id, 0.0))
        self._wanted.set()

    def _run(self) -> None:
        while not self._over.is_set():
            self._wanted.wait()
            begun = time.monotonic()
            watched = self._watched()
            engine = self._engine()
            if watched and engine is not None:
                try:
                    self._sample(engine, watched)
                except EngineError as error:  # the event stream notices as well, and connects again
                    log.info("no samples", error=error.message)
                except Exception:
                    log.exception("taking samples failed; going on with the next")
            self._over.wait(max(0.1, EVERY_S - (time.monotonic() - begun)))

    def _watched(self) -> list[UUID]:
        with self._lock:
            now = time.time()
            self._until = {stack_id: until for stack_id, until in self._until.items() if until > now}
            if not self._until and not self._over.is_set():
                self._wanted.clear()
            return sorted(self._until)

    def _sample(self, engine: Engine, watched: list[UUID]) -> None:
        subjects = {stack_id: found for stack_id in watched if (found := self._subject(stack_id)) is not None}
        running = [one for subject in subjects.values() for one in subject.containers if one.state == "running"]
        taken = {sample.container_id: sample for sample in engine.samples(running)} if running else {}
        for stack_id, subject in subjects.items():
            views = sample_views(subject, taken)
            announce.samples(stack_id, wire.Samples(at=time.time(), samples=views))


def sample_views(subject: Subject, taken: Mapping[str, Sample]) -> list[wire.SampleView]:
    """The samples of one stack, by service and number. Networks outside the design go by the engine's name."""
    ordered = sorted(subject.containers, key=lambda one: (one.service, one.number, one.id))
    return [_view(one, taken[one.id], subject.keys) for one in ordered if one.id in taken]


def _view(container: ObservedContainer, sample: Sample, keys: Mapping[str, str]) -> wire.SampleView:
    return wire.SampleView(
        container_id=container.id,
        service=container.service,
        number=container.number,
        cpu_percent=sample.cpu_percent,
        memory_bytes=sample.memory_bytes,
        memory_limit_bytes=sample.memory_limit_bytes,
        network_rates={keys.get(name) or name: rates for name, rates in sorted(sample.network_rates.items())},
    )
