"""The worker's heartbeat while its database is away: it goes on once it answers, and stops the run before another takes it over."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.db import OperationalError

from topology.actions import beat_heart
from topology.actions.beat_heart import Heart
from topology.store import runs


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beat_heart, "LOOK_S", 0.01)
    monkeypatch.setattr(runs, "HEARTBEAT_S", 0.02)
    monkeypatch.setattr(runs, "LOST_AFTER_S", 0.3)


def test_a_database_that_is_away_for_a_moment_does_not_end_the_heartbeat(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[int] = []

    def beat(*_: object, **__: object) -> runs.Pulse:
        beats.append(1)
        if len(beats) < 4:
            raise OperationalError("database is locked")
        return runs.Pulse(owned=True, cancel_asked=False)

    monkeypatch.setattr(runs, "beat", beat)
    monkeypatch.setattr(runs, "cancel_asked", lambda _: False)
    with Heart("r", worker="w") as heart:
        wait_for(lambda: len(beats) > 6)
        assert not heart.stopping()


def test_a_database_that_stays_away_stops_the_run(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> runs.Pulse:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(runs, "beat", away)
    monkeypatch.setattr(runs, "cancel_asked", away)
    with Heart("r", worker="w") as heart:
        wait_for(heart.lost.is_set)
