"""Answers that go on: a reader thread hands over bytes as they come, so that the one who reads can stop at any moment.

An answer that ends in order gives no more chunks; one that breaks off raises EngineUnreachable. A socket with a read timeout
can't be read again after it fired, and closing it in another thread is the only prompt way to stop: hence the thread.
"""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import requests
import requests.exceptions
import urllib3.exceptions

from topology.engine.errors import EngineError, EngineTimeout, EngineUnreachable
from topology.engine.failures import unreachable

LOOK_S = 0.2  # how often a reader asks whether to stop
PIECE_BYTES = 65536
UNREADABLE_FIX = "Try again; if it stays so, look at what stands between Netyard and the engine."


class ByteStream(Protocol):
    """Bytes of one answer."""

    def chunks(self, *, stop: Callable[[], bool], idle_timeout_s: float | None = None) -> Iterator[bytes]:
        """Chunks as they come, until the end or `stop()`. EngineTimeout when nothing came for `idle_timeout_s`."""
        ...

    def close(self) -> None: ...


class ResponseStream:
    """The Protocol above over an HTTP response."""

    def __init__(self, response: requests.Response, *, address: str, release: Callable[[], None]) -> None:
        self._response = response
        self._address = address
        self._release = release
        self._queue: queue.Queue[bytes | EngineError | None] = queue.Queue(maxsize=256)
        self._closed = threading.Event()
        self._socket = _socket_of(response)
        _wait_without_end(self._socket)
        threading.Thread(target=self._read, name="engine-stream", daemon=True).start()

    def chunks(self, *, stop: Callable[[], bool], idle_timeout_s: float | None = None) -> Iterator[bytes]:
        heard = time.monotonic()
        while not stop():
            try:
                item = self._queue.get(timeout=LOOK_S)
            except queue.Empty:
                if idle_timeout_s is not None and time.monotonic() - heard > idle_timeout_s:
                    raise EngineTimeout(f"The engine at {self._address} sent nothing for {idle_timeout_s:.0f} s.") from None
                continue
            heard = time.monotonic()
            if item is None:
                return
            if isinstance(item, EngineError):
                raise item
            yield item

    def close(self) -> None:
        if self._closed.is_set():
            return
        self._closed.set()
        try:
            if hasattr(self._socket, "shutdown"):
                self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was faster
        self._release()

    def _read(self) -> None:
        last: EngineError | None = None
        try:
            for chunk in _pieces(self._response):
                self._put(chunk)
                if self._closed.is_set():
                    break
        except (urllib3.exceptions.HTTPError, requests.exceptions.RequestException, OSError, ValueError, AttributeError) as error:
            # AttributeError: urllib3 reads on from a response that `close` has just taken apart
            last = unreachable(self._address, error if isinstance(error, Exception) else OSError())
        finally:
            self._put(last)
            self._response.close()
            self._release()

    def _put(self, item: bytes | EngineError | None) -> None:
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=LOOK_S)
                return
            except queue.Full:
                continue


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """What has come by now, piece by piece. An answer without chunks, such as a command's output, is else held back until 64 KiB
    of it are there."""
    raw = response.raw
    if raw.chunked or not hasattr(_reader_of(response), "read1"):
        yield from raw.stream(PIECE_BYTES, decode_content=False)
        return
    while piece := raw.read1(PIECE_BYTES, decode_content=False):
        yield piece


def open_unless(cancelled: Callable[[], bool], *, opening: Callable[[], ByteStream]) -> ByteStream | None:
    """The stream that `opening` gives, or None once `cancelled()`: the engine may take minutes to begin its answer, and then
    there is nothing yet to close. A stream that is opened too late is closed at once.
    """
    answers: queue.Queue[ByteStream | EngineError] = queue.Queue()
    given_up = threading.Event()

    def drop() -> None:
        try:
            late = answers.get_nowait()  # this side or the other, never both
        except queue.Empty:
            return
        if not isinstance(late, EngineError):
            late.close()

    def work() -> None:
        answer: ByteStream | EngineError = EngineError("The call failed by a fault of Netyard's own.", fix="See its log.")
        try:
            answer = opening()
        except EngineError as error:
            answer = error
        finally:  # whatever else it was, the one who waits below has to know
            answers.put(answer)
        if given_up.is_set():
            drop()

    threading.Thread(target=work, name="engine-open", daemon=True).start()
    while True:
        try:
            answer = answers.get(timeout=LOOK_S)
        except queue.Empty:
            if cancelled():
                given_up.set()
                drop()
                return None
            continue
        if isinstance(answer, EngineError):
            raise answer
        return answer


def json_lines(stream: ByteStream, *, stop: Callable[[], bool], idle_timeout_s: float | None = None) -> Iterator[dict[str, Any]]:
    """The JSON objects of a stream that has one a line, however it was cut into chunks. Of a line that `stop()` cut off nothing is
    told; EngineUnreachable when what came is no JSON, as of a proxy or of an engine that went away."""
    rest = b""
    for chunk in stream.chunks(stop=stop, idle_timeout_s=idle_timeout_s):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (_object(line) for line in lines if line.strip())
    if rest.strip() and not stop():
        yield _object(rest)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
        if not isinstance(found, dict):
            raise ValueError("no object")
    except ValueError as error:
        words = line[:100].decode("utf-8", "replace")
        raise EngineUnreachable(f"The engine's answer broke off or is not an engine's: {words}", fix=UNREADABLE_FIX) from error
    return found


def _reader_of(response: requests.Response) -> Any:
    return getattr(getattr(response.raw, "_fp", None), "fp", None)


def _socket_of(response: requests.Response) -> Any:
    """The socket (or ssh channel) under a response; None when the library hides it."""
    reader = _reader_of(response)
    raw = getattr(reader, "raw", None)
    return getattr(raw, "_sock", None) or getattr(reader, "channel", None) or getattr(raw, "sock", None)


def _wait_without_end(connection: Any) -> None:
    """No read timeout for what may be silent for days; TCP keep-alive finds out when the other side is gone."""
    if hasattr(connection, "settimeout"):
        connection.settimeout(None)
    if getattr(connection, "family", None) in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
