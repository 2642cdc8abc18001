"""An engine in memory, for tests of the shell: the real engine's code over an HTTP client that answers from `fake_world`.

The contract suite runs on it and on a real engine. What it lacks: it runs nothing, so there is no traffic and no DNS.
"""

from __future__ import annotations

import io
import json
import re
import struct
import tarfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from topology.engine.client import CALL_TIMEOUT_S, Headers, Params
from topology.engine.docker_engine import DockerEngine
from topology.engine.errors import EngineUnreachable
from topology.engine.failures import error_from_answer
from topology.engine.fake_container import FakeContainer, made_id, now
from topology.engine.fake_routes import ROUTES
from topology.engine.fake_world import World
from topology.engine.stream import ByteStream
from topology.engine.translate import seconds

LOOK_S = 0.02
DEFAULT_IMAGES = ("busybox:stable", "standin:latest")


class FakeEngine(DockerEngine):
    """`registry` lists the images that can be pulled (None: all); `exits` says which images' containers exit at once, and how."""

    def __init__(
        self,
        *,
        images: tuple[str, ...] = DEFAULT_IMAGES,
        registry: tuple[str, ...] | None = None,
        exits: Mapping[str, int] | None = None,
    ) -> None:
        self.daemon = FakeDaemon(images=images, registry=registry, exits=exits or {})
        super().__init__(self.daemon)

    def die(self, name: str, *, exit_code: int = 137, oom: bool = False) -> None:
        """A container's process ends by itself or by someone else's hand."""
        with self.daemon.changed:
            self.daemon.world.end(self.daemon.world.container(name), exit_code, oom=oom)

    def set_health(self, name: str, status: str, *, output: str = "") -> None:
        with self.daemon.changed:
            self.daemon.world.set_health(self.daemon.world.container(name), status, output=output)

    def write_log(self, name: str, text: str, *, stream: str = "stdout") -> None:
        """A container prints one line."""
        with self.daemon.changed:
            container = self.daemon.world.container(name)
            container.output.append((now(), 1 if stream == "stdout" else 2, text.encode()))

    def lose(self) -> None:
        """Nothing answers any more and all streams break, until `find`."""
        self.daemon.reachable = False

    def find(self) -> None:
        self.daemon.reachable = True


class FakeDaemon:
    """The `client.Client` of the in-memory engine. `calls` has every call that was made, as (method, path)."""

    address = "memory"
    api_version = "1.41"

    def __init__(self, *, images: tuple[str, ...], registry: tuple[str, ...] | None, exits: Mapping[str, int]) -> None:
        self.changed = threading.RLock()
        self.world = World(images=images, exits=exits)
        self.registry = registry
        self.reachable = True
        self.calls: list[tuple[str, str]] = []

    def get(self, path: str, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> Any:
        return self._answer("GET", path, dict(params or {}), None)

    def post(self, path: str, body: Any = None, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> Any:
        return self._answer("POST", path, dict(params or {}), json.loads(json.dumps(body)))

    def put(self, path: str, body: bytes, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> None:
        self._answer("PUT", path, dict(params or {}), body)

    def delete(self, path: str, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> None:
        self._answer("DELETE", path, dict(params or {}), None)

    def stream(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        body: bytes | Mapping[str, Any] | None = None,
        timeout_s: float = CALL_TIMEOUT_S,
    ) -> ByteStream:
        self.check()
        asked = dict(params or {})
        if path == "/events":
            since = float(asked["since"]) if asked.get("since") else None
            with self.changed:
                return _FakeStream(self, _events(self.world, since=since), follow=True)
        if path == "/images/create":
            return _FakeStream(self, iter(self._pull(f"{asked['fromImage']}:{asked['tag']}")), follow=False)
        if path == "/build":
            return _FakeStream(self, iter(self._build(asked, bytes(body or b""))), follow=False)  # type: ignore[arg-type]
        if path.startswith("/exec/"):
            with self.changed:
                return _FakeStream(self, iter([self.world.run_command(path.split("/")[2])]), follow=False)
        with self.changed:
            container = self.world.container(unquote(path.split("/")[2]))
        return _FakeStream(self, _frames(container, asked), follow=bool(asked.get("follow")), alive=lambda: container.runs)

    def registry_headers(self, image: str) -> dict[str, str]:
        return {}

    def login_headers(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        self.reachable = False

    def check(self) -> None:
        if not self.reachable:
            raise EngineUnreachable("No Docker engine answers at memory.", fix="Start it.")

    def _answer(self, method: str, path: str, params: dict[str, Any], body: Any) -> Any:
        self.check()
        self.calls.append((method, path))
        for wanted, pattern, handler in ROUTES:
            match = re.fullmatch(pattern, path)
            if wanted == method and match:
                with self.changed:
                    self.world.tick()
                    return handler(self.world, *map(unquote, match.groups()), params=params, body=body)
        raise error_from_answer(404, "page not found")

    def _pull(self, image: str) -> list[bytes]:
        if self.registry is not None and image not in self.registry:
            raise error_from_answer(404, f"pull access denied for {image.partition(':')[0]}, repository does not exist")
        with self.changed:
            self.world.images[image] = self.world.images.get(image) or f"sha256:{hash(image) & (2**64 - 1):064x}"
        lines = [
            {"status": "Pulling fs layer", "id": "l1"},
            {"status": "Downloading", "id": "l1", "progressDetail": {"current": 1, "total": 2}},
            {"status": "Pull complete", "id": "l1"},
        ]
        return [json.dumps(line).encode() + b"\n" for line in lines]

    def _build(self, asked: dict[str, Any], body: bytes) -> list[bytes]:
        """It builds nothing: a Dockerfile with `RUN false` fails, any other gives an image of its own."""
        dockerfile = b""
        if body:
            with tarfile.open(fileobj=io.BytesIO(body)) as tar:
                opened = tar.extractfile(str(asked.get("dockerfile") or "Dockerfile"))
                dockerfile = opened.read() if opened else b""
        lines: list[dict[str, Any]] = [{"stream": "Step 1/1 : FROM busybox:stable\n"}]
        if b"RUN false" in dockerfile:
            lines.append({"error": "The command '/bin/sh -c false' returned a non-zero code: 1"})
        else:
            with self.changed:
                id = made_id("build", str(len(self.calls)), dockerfile.decode())
                self.world.images.update({tag if ":" in tag.rpartition("/")[2] else f"{tag}:latest": id for tag in asked["t"]})
            lines.append({"aux": {"ID": id}})
        return [json.dumps(line).encode() + b"\n" for line in lines]


class _FakeStream:
    """Bytes of a stream in memory; a source gives None when it has nothing new."""

    def __init__(
        self, daemon: FakeDaemon, source: Iterator[bytes | None], *, follow: bool, alive: Callable[[], bool] = lambda: True
    ) -> None:
        self._daemon, self._source, self._follow, self._alive = daemon, source, follow, alive

    def chunks(self, *, stop: Callable[[], bool], idle_timeout_s: float | None = None) -> Iterator[bytes]:
        while not stop():
            self._daemon.check()
            with self._daemon.changed:
                self._daemon.world.tick()
                alive, chunk = self._alive(), next(self._source, None)
            if chunk is not None:
                yield chunk
            elif not self._follow or not alive:
                return
            else:
                time.sleep(LOOK_S)

    def close(self) -> None:
        pass


def _events(world: World, *, since: float | None) -> Iterator[bytes | None]:
    """Events from `since`, else from now on. Not a generator itself: "now" is when the stream is opened."""
    begin = len(world.events) if since is None else sum(1 for one in world.events if one["timeNano"] / 1e9 < since)

    def read() -> Iterator[bytes | None]:
        place = begin
        while True:
            if place < len(world.events):
                place += 1
                yield json.dumps(world.events[place - 1]).encode() + b"\n"
            else:
                yield None

    return read()


def _frames(container: FakeContainer, params: dict[str, Any]) -> Iterator[bytes | None]:
    since, tail = float(params.get("since") or 0), params.get("tail", "all")
    place = 0 if tail == "all" else max(0, len(container.output) - int(tail))
    while True:
        if place >= len(container.output):
            yield None
            continue
        stamp, number, text = container.output[place]
        place += 1
        if seconds(stamp) >= since:
            data = f"{stamp} ".encode() + text + b"\n"
            yield struct.pack(">BxxxL", number, len(data)) + data
