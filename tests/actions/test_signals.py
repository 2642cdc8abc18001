"""What a death is put down to: the signals that were sent before it, where it can have come from them."""

from __future__ import annotations

import pytest

from topology.actions.absorb_event import RECENT_S, Signals
from topology.core.observed import EngineEvent
from topology.core.status import describe


def told(*happened: tuple[float, str, str]) -> EngineEvent:
    """The death that comes last, as explained: (seconds, "kill" or "die", signal or exit code)."""
    signals, event = Signals(), None
    for at, action, what in happened:
        detail = {"signal" if action == "kill" else "exitCode": what} if what else {}
        event = signals.explain(EngineEvent(at, "container", action, "c1", service="web", detail=detail))
    assert event is not None
    return event


@pytest.mark.parametrize(
    ("happened", "wanted", "words"),
    [
        ([(0, "kill", "15"), (1, "die", "143")], True, "stopped, exit code 143"),
        ([(0, "kill", "15"), (9, "die", "0")], True, "stopped, exit code 0"),
        ([(0, "kill", "3"), (1, "die", "1")], True, "stopped, exit code 1"),
        ([(0, "kill", "15"), (10, "kill", "9"), (10, "die", "137")], True, "stopped, exit code 137"),
        ([(0, "kill", "28"), (10, "kill", "9"), (10, "die", "137")], True, "stopped, exit code 137"),  # a stop signal of its own
        ([(0, "kill", "SIGTERM"), (10, "kill", "SIGKILL"), (10, "die", "137")], True, "stopped, exit code 137"),
        ([(0, "kill", "9"), (0, "die", "137")], False, "was killed from outside (SIGKILL), exit code 137"),
        ([(0, "kill", "1"), (0, "die", "129")], False, "was killed from outside (SIGHUP), exit code 129"),
        ([(0, "kill", "1"), (5, "die", "139")], False, "crashed (SIGSEGV), exit code 139"),
        ([(0, "kill", "15"), (5, "die", "139")], False, "crashed (SIGSEGV), exit code 139"),
        ([(0, "kill", "1"), (5, "die", "1")], False, "exited with an error, exit code 1"),
        ([(0, "kill", "10"), (5, "die", "1")], False, "exited with an error, exit code 1"),
        ([(0, "kill", "15"), (RECENT_S + 1, "die", "1")], False, "exited with an error, exit code 1"),
        ([(0, "kill", "1"), (RECENT_S + 1, "kill", "9"), (RECENT_S + 1, "die", "137")], False,
         "was killed from outside (SIGKILL), exit code 137"),
        ([(0, "kill", "15"), (1, "die", "143"), (2, "start", ""), (3, "die", "1")], False, "exited with an error, exit code 1"),
        ([(0, "die", "1")], False, "exited with an error, exit code 1"),
    ],
)  # fmt: skip
def test_a_death_is_put_down_to_signals_that_it_can_have_come_from(
    happened: list[tuple[float, str, str]], wanted: bool, words: str
) -> None:
    event = told(*happened)
    assert (event.detail.get("wanted") == "1") is wanted
    line = describe(event)
    assert line is not None and line.text == f"web {words}"


def test_signals_of_containers_that_go_on_are_forgotten() -> None:
    signals = Signals()
    for number in range(1000):
        signals.explain(EngineEvent(number * 10.0, "container", "kill", f"c{number}", detail={"signal": "1"}))
    assert len(signals) <= RECENT_S / 10 + 1
    for number in range(1000):
        signals.explain(EngineEvent(20_000.0 + number, "container", "kill", "reloaded", detail={"signal": "1"}))
    assert len(signals) == 1 and len(signals.sent("reloaded")) <= RECENT_S + 1
