"""The watcher's threads outlive whatever fails in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connections

from topology.actions import keep_watch, watch_engine
from topology.actions.relay_logs import Relays
from topology.actions.sample_stacks import Sampler, Subject
from topology.actions.watch_engine import EngineWatch
from topology.core.observed import ObservedContainer
from topology.engine.errors import EngineError, EngineUnreachable
from topology.engine.fake import FakeEngine
from topology.engine.port import Engine
from topology.models import Engine as EngineRow

Eventually = Callable[..., None]


@pytest.fixture
def row(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineRow]:
    monkeypatch.setattr(watch_engine, "BACKOFF_S", (0.01,))
    yield EngineRow.objects.create(name="local", url="unix:///nowhere")
    connections.close_all()


@pytest.fixture
def started() -> Iterator[Callable[[EngineWatch], EngineWatch]]:
    watches: list[EngineWatch] = []

    def start(watch: EngineWatch) -> EngineWatch:
        watches.append(watch)
        watch.start()
        return watch

    yield start
    for watch in watches:
        watch.stop()
        watch.join(timeout_s=5)


def test_a_database_that_fails_while_the_engine_is_away_does_not_end_the_watch(
    row: EngineRow, monkeypatch: pytest.MonkeyPatch, started: Callable[[EngineWatch], EngineWatch], eventually: Eventually
) -> None:
    noted: list[UUID] = []

    def away(engine_id: UUID, error: EngineError) -> None:
        noted.append(engine_id)
        if len(noted) < 3:
            raise OperationalError("database is locked")

    def connect(url: str) -> Engine:
        raise EngineUnreachable("No Docker engine answers at nowhere.")

    monkeypatch.setattr(watch_engine, "note_away", away)
    watch = started(EngineWatch(row.pk, relays=Relays(), connect=connect))
    eventually(lambda: len(noted) > 3)
    assert watch.is_alive()


def test_an_event_that_cannot_be_read_begins_the_watch_anew(
    row: EngineRow, started: Callable[[EngineWatch], EngineWatch], eventually: Eventually
) -> None:
    class Garbled(FakeEngine):
        def events(self, **how: object) -> Iterator[None]:  # type: ignore[override]
            yield from ()
            raise ValueError("no JSON")

    opened: list[Engine] = []

    def connect(url: str) -> Engine:
        opened.append(Garbled())
        return opened[-1]

    started(EngineWatch(row.pk, relays=Relays(), connect=connect))
    eventually(lambda: len(opened) > 2, within_s=15)


def test_a_watch_whose_thread_has_ended_is_begun_anew(
    row: EngineRow, monkeypatch: pytest.MonkeyPatch, started: Callable[[EngineWatch], EngineWatch]
) -> None:
    class Dying(EngineWatch):
        def start(self) -> None:
            self._thread.start()

        def _run(self) -> None:
            pass

    monkeypatch.setattr(keep_watch, "EngineWatch", Dying)
    watcher = keep_watch.Watcher(connect=lambda url: FakeEngine())
    watcher._look()
    dead = watcher._watches[row.pk]
    dead.join(timeout_s=5)
    monkeypatch.setattr(keep_watch, "EngineWatch", EngineWatch)
    watcher._look()
    alive = watcher._watches[row.pk]
    try:
        assert alive is not dead and alive.is_alive()
        watcher._look()
        assert watcher._watches[row.pk] is alive
    finally:
        alive.stop()
        alive.join(timeout_s=5)


@pytest.mark.parametrize("error", [EngineUnreachable("gone"), ValueError("no JSON")])
def test_samples_go_on_after_one_that_failed(error: Exception, eventually: Eventually, monkeypatch: pytest.MonkeyPatch) -> None:
    from topology.actions import sample_stacks

    monkeypatch.setattr(sample_stacks, "EVERY_S", 0.01)
    taken: list[int] = []

    class Failing(FakeEngine):
        def samples(self, containers: list[ObservedContainer]) -> list[object]:  # type: ignore[override]
            taken.append(len(containers))
            raise error

    one = ObservedContainer(id="c" * 64, name="c", image="i", image_id="x", state="running")
    sampler = Sampler(engine=Failing, subject=lambda _: Subject((one,)))
    sampler.start()
    sampler.watch(uuid4(), until=2**40)
    eventually(lambda: len(taken) > 2)
    assert sampler.is_alive()
    sampler.stop()
