"""A command run in a container by the engine (exec): what it prints is progress, how it ends is the step's result."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from topology.engine.client import Client
from topology.engine.errors import Cancelled, EngineTimeout, NotFound, WaitFailed
from topology.engine.found import container_path
from topology.engine.stream import ByteStream

KEPT_CHARACTERS = 400  # of what it printed last, for the message of one that failed

Progress = Callable[[str, float | None], None]


def run_command(client: Client, detail: Mapping[str, Any], *, progress: Progress, cancelled: Callable[[], bool]) -> str:
    """Run it to its end; WaitFailed with its last words when it ends with another code than 0. Gives the exec's id.

    An engine has no way to end a command: one that is given up, for time or because someone cancelled, goes on by itself.
    """
    name, body = detail["container"], _body(detail)
    made = str(client.post(f"{container_path(client, name)}/exec", body)["Id"])
    deadline = time.monotonic() + float(detail["timeout_s"])
    stream = client.stream("POST", f"/exec/{made}/start", body={"Detach": False, "Tty": False})
    output = ""
    try:
        for text in _texts(stream, stop=lambda: cancelled() or time.monotonic() > deadline):
            output = (output + text)[-KEPT_CHARACTERS * 4 :]
            if line := _last_line(output):
                progress(line, None)
    finally:
        stream.close()
    return _ended(client, made, name=name, output=output, cancelled=cancelled, timeout_s=float(detail["timeout_s"]))


def _body(detail: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {"Cmd": list(detail["command"]), "AttachStdout": True, "AttachStderr": True}
    if detail.get("environment"):
        body["Env"] = list(detail["environment"])
    given = {"User": detail.get("user"), "WorkingDir": detail.get("working_dir"), "Privileged": detail.get("privileged")}
    return body | {key: value for key, value in given.items() if value}


def _ended(
    client: Client, exec_id: str, *, name: str, output: str, cancelled: Callable[[], bool], timeout_s: float
) -> str:  # fmt: skip
    words = " ".join(output.split())[-KEPT_CHARACTERS:]
    try:
        state = client.get(f"/exec/{exec_id}/json")
    except NotFound:
        state = {}
    if state.get("Running"):
        if cancelled():
            raise Cancelled(f"Waiting for the command in {name} was given up; it goes on.")
        raise EngineTimeout(f"The command in {name} did not end within {timeout_s:.0f} s.", fix=f"Look at what runs in {name}.")
    if state.get("ExitCode"):
        raise WaitFailed(
            f"The command in {name} ended with code {state['ExitCode']}" + (f": {words}" if words else "."),
            fix="Mend the command in the design, then apply again.",
        )
    return exec_id


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
