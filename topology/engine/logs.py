"""A container's output as lines: both streams told apart, pieces of long lines joined, bytes that are no UTF-8 replaced.

The engine keeps long lines as pieces of 16 KiB, each with a time of its own, and a follow ends when the container stops; here
it goes on when the container comes back, from the last line that was read.
"""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from topology.core.observed import ObservedContainer
from topology.engine.client import Client
from topology.engine.errors import Conflict, NotFound
from topology.engine.found import or_none
from topology.engine.port import LogLine
from topology.engine.stream import ByteStream
from topology.engine.translate import seconds

PIECE_BYTES = 16384  # of the engine's log drivers: longer lines are cut there
STREAMS = {1: "stdout", 2: "stderr"}
STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?")
RESTART_LOOK_S = 0.5

Piece = tuple[str, bytes, bool]  # the stream, the bytes without their newline, whether the line ends here


def follow_logs(
    client: Client, container: ObservedContainer, *, tail: int, since: float | None, follow: bool, stop: Callable[[], bool]
) -> Iterator[LogLine]:
    """Lines, oldest first. `tail` counts lines, 0 or less means none and all: 0 only new ones, negative all there are. A container
    that is gone, or goes, ends them."""
    path = f"/containers/{quote(container.id, safe='')}"
    from_time = "" if since is None else f"{since:.9f}"
    how_many = "all" if tail < 0 else str(tail)
    while not stop():
        found = or_none(lambda: client.get(f"{path}/json"))
        if found is None:
            return
        tty = bool((found.get("Config") or {}).get("Tty"))
        params: dict[str, str | int | float] = {"stdout": 1, "stderr": 1, "timestamps": 1, "tail": how_many, "follow": int(follow)}
        if from_time:
            params["since"] = from_time
        try:
            stream = client.stream("GET", f"{path}/logs", params=params)
        except (Conflict, NotFound):
            return  # it is being removed, or is gone since the look at it
        try:
            for stamp, where, text in _lines(_tty_pieces(stream, stop) if tty else _frame_pieces(stream, stop)):
                from_time = _goes_on(from_time, stamp)
                yield LogLine(container.id, container.service, container.number, seconds(stamp), where, text)
        except NotFound:
            return
        finally:
            stream.close()
        if not follow or not _comes_back(client, path, stop):
            return
        from_time, how_many = from_time or f"{time.time():.9f}", "all"


def _frame_pieces(stream: ByteStream, stop: Callable[[], bool]) -> Iterator[Piece]:
    """Frames of `[stream, 0, 0, 0, length as 4 bytes][bytes]`, one for each message of the log."""
    rest = b""
    for chunk in stream.chunks(stop=stop):
        rest += chunk
        while len(rest) >= 8:
            kind, length = struct.unpack(">BxxxL", rest[:8])
            if len(rest) < 8 + length:
                break
            data, rest = rest[8 : 8 + length], rest[8 + length :]
            yield STREAMS.get(kind, "stdout"), data.removesuffix(b"\n"), data.endswith(b"\n")


def _tty_pieces(stream: ByteStream, stop: Callable[[], bool]) -> Iterator[Piece]:
    """A terminal's output has no frames: lines, in which a piece is told by the time that stands behind 16 KiB."""
    rest = b""
    for chunk in stream.chunks(stop=stop):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield from _cut(line.removesuffix(b"\r"))
    if rest:
        yield from _cut(rest)


def _cut(line: bytes) -> Iterator[Piece]:
    while (stamp := STAMP.match(line)) and STAMP.match(line, stamp.end() + PIECE_BYTES):
        end = stamp.end() + PIECE_BYTES
        yield "stdout", line[:end], False
        line = line[end:]
    yield "stdout", line, True


def _lines(pieces: Iterator[Piece]) -> Iterator[tuple[str, str, str]]:
    """(time, stream, text) of whole lines; the time is the first piece's. What has no newline at the end is a line too."""
    begun: dict[str, tuple[str, bytes]] = {}
    for where, data, whole in pieces:
        found = STAMP.match(data)
        stamp, text = (found[1].decode(), data[found.end() :]) if found else ("", data)
        first, before = begun.pop(where, (stamp, b""))
        if whole:
            yield first, where, (before + text).decode("utf-8", "replace").removesuffix("\r")
        else:
            begun[where] = (first, before + text)
    for where, (first, text) in begun.items():
        yield first, where, text.decode("utf-8", "replace")


def _just_after(stamp: str) -> str:
    """A nanosecond after a time, as the API's "seconds.nanoseconds"; floats are too coarse for that."""
    if not stamp:
        return ""
    fraction = re.search(r"\.(\d+)", stamp)
    nanoseconds = int((fraction[1] if fraction else "0").ljust(9, "0")[:9]) + 1
    whole = int(seconds(re.sub(r"\.\d+", "", stamp)))
    return f"{whole + nanoseconds // 10**9}.{nanoseconds % 10**9:09d}"


def _goes_on(known: str, stamp: str) -> str:
    """Where to follow on from: behind the latest line so far, since two streams have no common order."""
    return max(known, _just_after(stamp), key=lambda text: Decimal(text or 0))


def _comes_back(client: Client, path: str, stop: Callable[[], bool]) -> bool:
    """Wait until the container runs (again); False when it is gone or nobody wants to know any more."""
    while not stop():
        try:
            state: dict[str, Any] = client.get(f"{path}/json").get("State") or {}
        except NotFound:
            return False
        if state.get("Running") and not state.get("Restarting"):
            return True
        until = time.monotonic() + RESTART_LOOK_S
        while time.monotonic() < until and not stop():
            time.sleep(0.1)
    return False
