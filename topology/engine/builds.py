"""Building an image on the engine: with BuildKit where the Dockerfile or the engine asks for it, else with the classic builder.

Neither needs a session with a client: the context is sent along as a tar, or is fetched by the engine from a git URL. BuildKit
takes registry logins only by such a session, so that with logins the classic builder is used where the Dockerfile allows it.
Tried on engine 20.10.24: BuildKit without a session, base images from the engine's own store.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from topology.engine.archives import context
from topology.engine.client import Client
from topology.engine.errors import Cancelled, EngineError, NotFound
from topology.engine.failures import error_from_answer
from topology.engine.stream import json_lines, open_unless

STALLED_S = 1800.0  # a step that prints nothing for so long has hung
KEPT_LINES = 12
BUILDKIT_DEFAULT = (1, 42)  # engine 23 and later

Progress = Callable[[str, float | None], None]


def build_image(
    client: Client, image: str, options: Mapping[str, Any], contents: Mapping[str, str], *, progress: Progress,
    cancelled: Callable[[], bool],
) -> str:  # fmt: skip
    """Build and tag it; gives the image's id. Closing the stream makes the engine give up the build."""
    logins = client.login_headers()
    modern = bool(options.get("modern")) or (_number(client.api_version) >= BUILDKIT_DEFAULT and not logins)
    params = _params(image, options) | {"version": "2" if modern else "1"}
    headers = {"Content-Type": "application/x-tar", **logins}
    body = b"" if options.get("remote") else context(contents)
    stream = open_unless(
        cancelled,
        opening=lambda: client.stream("POST", "/build", params=params, headers=headers, body=body, timeout_s=STALLED_S),
    )
    if stream is None:
        raise Cancelled(f"The build of {image} was cancelled.")
    said = BuildProgress()
    try:
        for raw in json_lines(stream, stop=cancelled, idle_timeout_s=STALLED_S):
            if raw.get("error"):
                raise _failure(str(raw["error"]), said.last)
            for line, share in said.fold(raw):
                progress(line, share)
    finally:
        stream.close()
    if cancelled():
        raise Cancelled(f"The build of {image} was cancelled.")
    try:
        return said.image_id or str(client.get(f"/images/{quote(image, safe='/:@')}/json").get("Id", ""))
    except NotFound:
        raise _failure("The engine built nothing.", said.last) from None


class BuildProgress:
    """Folds the lines of a build into lines for people and a share from 0 to 1. `last` has what was printed last."""

    def __init__(self) -> None:
        self.image_id = ""
        self.last: list[str] = []
        self._share: float | None = None

    def fold(self, raw: Mapping[str, Any]) -> Iterator[tuple[str, float | None]]:
        if raw.get("id") == "moby.buildkit.trace":
            for text in _trace(base64.b64decode(str(raw.get("aux") or ""))):
                yield from self._lines(text)
            return
        aux = raw.get("aux")
        if isinstance(aux, Mapping) and aux.get("ID"):
            self.image_id = str(aux["ID"])
        text = str(raw.get("stream") or "") or " ".join(str(raw.get(key) or "") for key in ("status", "id", "progress")).strip()
        yield from self._lines(text)

    def _lines(self, text: str) -> Iterator[tuple[str, float | None]]:
        for line in filter(None, map(str.strip, text.splitlines())):
            if step := re.match(r"Step (\d+)/(\d+)|\[(?:\S+ )?(\d+)/(\d+)\]", line):
                done, of = (int(group) for group in step.groups() if group)
                self._share = max(self._share or 0.0, (done - 1) / max(of, 1))
            self.last = [*self.last, line][-KEPT_LINES:]
            yield line[:200], self._share


def _params(image: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Query of POST /build of the Compose Specification's names."""
    words = {"dockerfile": "dockerfile", "remote": "remote", "target": "target", "network": "networkmode"}
    words |= {"platform": "platform", "isolation": "isolation", "shm_size": "shmsize"}
    params: dict[str, Any] = {name: str(options[key]) for key, name in words.items() if options.get(key)}
    lists = {"args": "buildargs", "labels": "labels", "cache_from": "cachefrom"}
    params |= {name: json.dumps(options[key]) for key, name in lists.items() if options.get(key)}
    if limits := options.get("ulimits"):
        params["ulimits"] = json.dumps([{"Name": name, "Soft": soft, "Hard": hard} for name, (soft, hard) in limits.items()])
    params |= {"nocache": "1"} if options.get("no_cache") else {}
    params |= {"pull": "1"} if options.get("pull") else {}
    if hosts := options.get("extra_hosts"):
        params["extrahosts"] = ",".join(hosts)
    return params | {"t": [image, *options.get("tags", ())], "rm": "1", "forcerm": "1"}


def _failure(message: str, last: list[str]) -> EngineError:
    """The engine's words, with what was printed before them: there it says why."""
    before = [line for line in last if line not in message][-4:]
    error = error_from_answer(0, message)
    fix = error.fix or "Mend the Dockerfile or its files, then apply again."
    made = type(error)(f"{error.message} Last lines: {' / '.join(before)}" if before else error.message, fix=fix)
    made.permanent = error.permanent
    return made


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


# --- BuildKit's trace: a protobuf message StatusResponse {1: vertex {3: name, 5: started, 7: error}, 3: log {4: text}}


def _trace(data: bytes) -> Iterator[str]:
    for field, value in _fields(data):
        if field == 1 and isinstance(value, bytes):
            parts = dict(_fields(value))
            if 5 in parts and 6 not in parts:
                yield _text(parts.get(3))
            yield _text(parts.get(7))
        elif field == 3 and isinstance(value, bytes):
            yield _text(dict(_fields(value)).get(4))


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of a protobuf message's fields; what is cut off or of an unknown type ends it."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        if key & 7 == 0:
            value, place = _varint(data, place)
            yield key >> 3, value
        elif key & 7 == 2:
            length, place = _varint(data, place)
            yield key >> 3, data[place : place + length]
            place += length
        elif key & 7 in (1, 5):
            place += 8 if key & 7 == 1 else 4
        else:
            return


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data):
        byte, place = data[place], place + 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            break
    return value, place


def _text(value: int | bytes | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
