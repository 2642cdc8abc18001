"""What engine tests need: operations from raw payloads, names of their own, and waiting with a deadline."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import docker

from topology.core.observed import EngineEvent, ObservedContainer
from topology.core.plan import Impact, Kind, Operation
from topology.engine.docker_engine import DockerEngine

MARK = "io.netyard.test"
BUSYBOX = "busybox:stable"


def operation(kind: Kind, contents: dict[str, str] | None = None, **detail: Any) -> Operation:
    return Operation(
        kind=kind, subject="test", summary=kind.value, cause="a test", impact=Impact.NEW, detail=detail, contents=contents or {}
    )  # fmt: skip


def until(condition: Callable[[], Any], *, timeout_s: float = 10.0, every_s: float = 0.02) -> Any:
    """The condition's first true value; fails after the deadline."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(every_s)


class Bench:
    """One test's corner of an engine: a project of its own, whose name is a prefix of everything it makes."""

    def __init__(self, engine: DockerEngine, *, real: bool) -> None:
        self.engine = engine
        self.real = real
        self.project = f"nyt-{uuid.uuid4().hex[:8]}"
        self._listeners: list[Listener] = []

    def name(self, short: str) -> str:
        return f"{self.project}-{short}"

    def labels(self, **more: str) -> dict[str, str]:
        return {MARK: "1", "com.docker.compose.project": self.project, **more}

    def do(self, kind: Kind, **detail: Any) -> str:
        return self.engine.perform(operation(kind, **detail))

    def payload(self, service: str, *, command: list[str] | None = None, config: str = "c1", **more: Any) -> dict[str, Any]:
        labels = {"com.docker.compose.service": service, "com.docker.compose.container-number": "1", "io.netyard.config": config}
        body: dict[str, Any] = {"Image": BUSYBOX, "Cmd": command or ["sleep", "300"], "Labels": self.labels(**labels)}
        body["HostConfig"] = {"NetworkMode": "none", **more.pop("HostConfig", {})}
        return body | more

    def create(self, service: str, **payload: Any) -> str:
        return self.do(Kind.CREATE_CONTAINER, name=self.name(service), payload=self.payload(service, **payload))

    def start(self, service: str) -> None:
        self.do(Kind.START, container=self.name(service))

    def run(self, service: str, **payload: Any) -> str:
        made = self.create(service, **payload)
        self.start(service)
        return made

    def network(self, short: str, **more: Any) -> str:
        body = {"Name": self.name(short), "Driver": "bridge", "CheckDuplicate": True, **more}
        body["Labels"] = self.labels(**{"com.docker.compose.network": short}) | more.get("Labels", {})
        return self.do(Kind.CREATE_NETWORK, payload=body)

    def on(self, short: str, **endpoint: Any) -> dict[str, Any]:
        """The part of a payload that puts a container on a network from its creation."""
        name = self.name(short)
        return {"HostConfig": {"NetworkMode": name}, "NetworkingConfig": {"EndpointsConfig": {name: endpoint}}}

    def look(self, service: str) -> ObservedContainer:
        found = self.engine.inspect(self.name(service))
        assert found is not None, f"{service} is gone"
        return found

    def listen(self) -> Listener:
        self._listeners.append(Listener(self.engine, self.project))
        return self._listeners[-1]

    def exec(self, service: str, command: list[str]) -> str:
        """What a command prints in a real container."""
        found = docker.from_env().containers.get(self.name(service)).exec_run(command)
        return found.output.decode()

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()
        if self.real:
            sweep(self.project)


class Listener:
    """The engine's events as they came, with the time of their arrival."""

    def __init__(self, engine: DockerEngine, project: str) -> None:
        self._stop = threading.Event()
        self.heard: list[tuple[float, EngineEvent]] = []
        self.error: Exception | None = None
        stream = engine.events(stop=self._stop.is_set)
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: Any) -> None:
        try:
            for event in stream:
                self.heard.append((time.time(), event))
        except Exception as error:
            self.error = error

    def of(self, container_id: str) -> list[EngineEvent]:
        return [e for _, e in list(self.heard) if container_id in (e.subject_id, e.detail.get("container"))]

    def actions(self, container_id: str) -> list[str]:
        return [event.action for event in self.of(container_id)]

    def wait(self, container_id: str, action: str) -> EngineEvent:
        return until(lambda: next((e for e in self.of(container_id) if e.action == action), None))

    def close(self) -> float:
        """Ends it; the seconds that took."""
        begun = time.monotonic()
        self._stop.set()
        self._thread.join(5)
        assert not self._thread.is_alive()
        return time.monotonic() - begun


def sweep(prefix: str) -> None:
    """Remove the test's own objects, and only those: their names begin with a prefix that no other run has."""
    client = docker.from_env()
    for container in client.containers.list(all=True, ignore_removed=True):
        if container.name.startswith(prefix):
            container.remove(force=True, v=True)
    for network in client.networks.list():
        if network.name.startswith(prefix):
            network.remove()
    for volume in client.volumes.list():
        if volume.name.startswith(prefix):
            volume.remove()
    client.close()
