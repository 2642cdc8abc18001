"""A command run in a container by the engine (exec): what it prints is progress, how it ends is the step's result."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn

from topology.engine.client import Client
from topology.engine.errors import Cancelled, EngineTimeout, WaitFailed
from topology.engine.found import container_path, or_none
from topology.engine.stream import ByteStream, open_unless

KEPT_CHARACTERS = 400  # of what it printed last, for the message of one that failed
LOOK_S = 0.1  # between looks at one whose output has ended before it did

Progress = Callable[[str, float | None], None]


def run_command(client: Client, detail: Mapping[str, Any], *, progress: Progress, cancelled: Callable[[], bool]) -> str:
    """Run it to its end; WaitFailed with its last words when it ends with another code than 0. Gives the exec's id.

    An engine has no way to end a command: one that is given up, for time or because someone cancelled, goes on by itself.
    """
    name, body, timeout_s = detail["container"], _body(detail), float(detail["timeout_s"])
    made = str(client.post(f"{container_path(client, name)}/exec", body)["Id"])
    deadline = time.monotonic() + timeout_s

    def given_up() -> bool:
        return cancelled() or time.monotonic() > deadline

    words = " ".join(_output(client, made, progress=progress, stop=given_up).split())[-KEPT_CHARACTERS:]
    while _goes_on(state := or_none(lambda: client.get(f"/exec/{made}/json")) or {}):
        if given_up():
            _raise_given_up(name, words, cancelled=cancelled, timeout_s=timeout_s)
        time.sleep(LOOK_S)
    if state.get("ExitCode"):
        raise WaitFailed(
            f"The command in {name} ended with code {state['ExitCode']}" + (f": {words}" if words else "."),
            fix="Mend the command in the design, then apply again.",
        )
    return made


def _output(client: Client, exec_id: str, *, progress: Progress, stop: Callable[[], bool]) -> str:
    """The last of what it prints, until its output ends."""
    body = {"Detach": False, "Tty": False}
    stream = open_unless(stop, opening=lambda: client.stream("POST", f"/exec/{exec_id}/start", body=body))
    output = ""
    if stream is None:
        return output
    try:
        for text in _texts(stream, stop=stop):
            output = (output + text)[-KEPT_CHARACTERS * 4 :]
            if line := _last_line(output):
                progress(line, None)
    finally:
        stream.close()
    return output


def _body(detail: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"Cmd": list(detail["command"]), "AttachStdout": True, "AttachStderr": True}
    if detail.get("environment"):
        body["Env"] = list(detail["environment"])
    given = {"User": detail.get("user"), "WorkingDir": detail.get("working_dir"), "Privileged": detail.get("privileged")}
    return body | {key: value for key, value in given.items() if value}


def _goes_on(state: Mapping[str, Any]) -> bool:
    """Also when it has not begun yet. An engine knows it no more once its container has stopped."""
    return bool(state) and (bool(state.get("Running")) or state.get("ExitCode") is None)


def _raise_given_up(name: str, words: str, *, cancelled: Callable[[], bool], timeout_s: float) -> NoReturn:
    said = f" It printed last: {words}" if words else ""
    if cancelled():
        raise Cancelled(f"Waiting for the command in {name} was given up; it goes on.{said}")
    raise EngineTimeout(f"The command in {name} did not end within {timeout_s:.0f} s.{said}", fix=f"Look at what runs in {name}.")


def _texts(stream: ByteStream, *, stop: Callable[[], bool]) -> Iterator[str]:
    """The output as text: frames of `[stream, 0, 0, 0, length as 4 bytes][bytes]`, however they were cut into chunks."""
    rest = b""
    for chunk in stream.chunks(stop=stop):
        rest += chunk
        while len(rest) >= 8:
            (length,) = struct.unpack(">L", rest[4:8])
            if len(rest) < 8 + length:
                break
            yield rest[8 : 8 + length].decode("utf-8", "replace")
            rest = rest[8 + length :]


def _last_line(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1].strip()[:200] if lines else ""
