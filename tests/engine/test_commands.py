"""Commands that the engine runs in containers: what is known while they run, and when they have ended."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.bench import Bench, operation
from topology.core.plan import Kind
from topology.engine.commands import run_command
from topology.engine.errors import Cancelled, EngineTimeout, WaitFailed


class Slow:
    """An engine that says a few times after the end of a command's output that it still runs."""

    address, api_version = "slow", "1.41"

    def __init__(self, *, looks: int, exit_code: int = 0) -> None:
        self.looks, self.exit_code = looks, exit_code

    def post(self, path: str, body: Any = None, **_: Any) -> Any:
        return {"Id": "e1"}

    def get(self, path: str, **_: Any) -> Any:
        self.looks -= 1
        return {"Running": self.looks >= 0, "ExitCode": None if self.looks >= 0 else self.exit_code}

    def stream(self, method: str, path: str, **_: Any) -> Slow:
        return self

    def chunks(self, *, stop: Callable[[], bool], idle_timeout_s: float | None = None) -> Iterator[bytes]:
        yield struct.pack(">BxxxL", 1, 3) + b"abc"

    def close(self) -> None:
        pass


def run(client: Slow, *, timeout_s: float = 5.0, cancelled: Callable[[], bool] = lambda: False) -> str:
    detail = {"container": "p-web-1", "command": ["x"], "timeout_s": timeout_s}
    return run_command(client, detail, progress=lambda _line, _share: None, cancelled=cancelled)  # type: ignore[arg-type]


def test_a_command_whose_output_has_ended_is_waited_for() -> None:
    assert run(Slow(looks=2)) == "e1"
    with pytest.raises(WaitFailed, match="ended with code 3: abc"):
        run(Slow(looks=2, exit_code=3))


def test_one_that_goes_on_is_given_up_at_its_time_or_when_cancelled_with_its_last_words() -> None:
    with pytest.raises(EngineTimeout, match=r"did not end within 0 s. It printed last: abc"):
        run(Slow(looks=10**9), timeout_s=0.3)
    begun = time.monotonic()
    with pytest.raises(Cancelled, match=r"it goes on. It printed last: abc"):
        run(Slow(looks=10**9), cancelled=lambda: time.monotonic() - begun > 0.3)


def test_a_command_that_the_engine_never_began_has_not_ended_well() -> None:
    class Silent(Slow):
        def get(self, path: str, **_: Any) -> Any:
            return {"Running": False, "ExitCode": None}

        def stream(self, method: str, path: str, **_: Any) -> Slow:
            time.sleep(1.5)
            return self

    with pytest.raises(EngineTimeout, match="did not end within 0 s"):
        run(Silent(looks=0), timeout_s=0.3)


@pytest.mark.engine
def test_what_a_command_prints_is_shown_while_it_runs(real: Bench) -> None:
    real.run("web")
    said: list[tuple[float, str]] = []
    begun = time.monotonic()

    def note(line: str, _share: float | None) -> None:
        said.append((time.monotonic() - begun, line))

    command = ["sh", "-c", "echo one; sleep 2; echo two; sleep 60"]
    asked = operation(Kind.RUN_COMMAND, container=real.name("web"), command=command, timeout_s=4)
    with pytest.raises(EngineTimeout, match="It printed last: one two"):
        real.engine.perform(asked, progress=note)
    (first, one), (second, two) = said
    assert (one, two) == ("one", "two") and second - first > 1.5
