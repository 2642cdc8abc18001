"""Samples of an engine that goes away in the middle of one."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from topology.core.observed import ObservedContainer
from topology.engine.errors import EngineUnreachable
from topology.engine.samples import STATISTICS_AT_ONCE, Sampler

MANY = [
    ObservedContainer(id=f"{number:064x}", name=f"c{number}", image="i", image_id="x", state="running")
    for number in range(STATISTICS_AT_ONCE * 2)
]


class Slow:
    """A client whose statistics come once it is let go."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def get(self, path: str, **how: Any) -> dict[str, Any]:
        self.asked.set()
        self.go_on.wait(5)
        return {}


def test_a_sample_during_which_the_connection_is_closed_says_that_the_engine_is_away() -> None:
    client = Slow()
    sampler = Sampler(client, local=False)  # type: ignore[arg-type]

    def close() -> None:
        client.asked.wait(5)
        sampler.close()
        client.go_on.set()

    closing = threading.Thread(target=close)
    closing.start()
    with pytest.raises(EngineUnreachable):
        sampler.take(MANY)
    closing.join()


def test_a_sample_after_the_connection_was_closed_says_that_the_engine_is_away() -> None:
    sampler = Sampler(Slow(), local=False)  # type: ignore[arg-type]
    sampler.close()
    with pytest.raises(EngineUnreachable):
        sampler.take(MANY)
