"""Answers that go on: lines of JSON however they were cut, and what is let go when an answer is none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.bench import operation, until
from topology.core.plan import Kind
from topology.engine.errors import Cancelled, EngineError, EngineUnreachable
from topology.engine.fake import FakeEngine
from topology.engine.stream import json_lines, open_unless


class Pieces:
    """A stream of these pieces, after which `stopped` is true when it says so."""

    def __init__(self, *pieces: bytes, stops: bool = False) -> None:
        self.pieces, self.stops, self.stopped = pieces, stops, False

    def chunks(self, *, stop: Callable[[], bool], idle_timeout_s: float | None = None) -> Iterator[bytes]:
        yield from self.pieces
        self.stopped = self.stops

    def close(self) -> None:
        pass


def read(stream: Pieces) -> list[dict[str, Any]]:
    return list(json_lines(stream, stop=lambda: stream.stopped))


def test_lines_are_read_however_they_were_cut() -> None:
    assert read(Pieces(b'{"a": 1}\n{"b"', b": 2}\r\n\n", b'{"c": 3}')) == [{"a": 1}, {"b": 2}, {"c": 3}]


def test_a_line_that_was_cut_off_by_a_stop_is_let_go() -> None:
    assert read(Pieces(b'{"a": 1}\n{"b', stops=True)) == [{"a": 1}]


@pytest.mark.parametrize("pieces", [(b'{"a": 1}\n{"b',), (b"<html>\n",), (b"[1]\n",), (b"\xff\n",)])
def test_what_is_no_line_of_an_engine_is_an_engine_that_cannot_be_reached(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(EngineUnreachable) as caught:
        read(Pieces(*pieces))
    assert caught.value.fix and not caught.value.permanent


@pytest.mark.parametrize("kind", [Kind.PULL_IMAGE, Kind.BUILD_IMAGE])
def test_what_is_cancelled_in_the_middle_of_a_line_is_cancelled(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FakeEngine()
    stream = Pieces(b'{"status": "Pulling", "id": "a"}\n{"status": "Dow', stops=True)
    monkeypatch.setattr(engine.daemon, "stream", lambda *_, **__: stream)
    with pytest.raises(Cancelled):
        engine.perform(operation(kind, image="busybox:stable", options={}), cancelled=lambda: stream.stopped)


def test_what_goes_wrong_while_a_stream_is_opened_reaches_the_one_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    monkeypatch.setattr(threading, "excepthook", told.append)

    def opening() -> Pieces:
        raise ZeroDivisionError

    with pytest.raises(EngineError, match="fault of Netyard's own"):
        open_unless(lambda: False, opening=opening)
    assert until(lambda: told)[0].exc_type is ZeroDivisionError
