"""What Netyard asks of an engine. `docker_engine` is the real one, `fake` one in memory; one contract suite runs on both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from topology.core.adopted import NONE, Adopted
from topology.core.observed import EngineEvent, Observed, ObservedContainer
from topology.core.plan import Operation
from topology.core.reconstruct import Found
from topology.core.survey import Survey
from topology.engine.logins import Login


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine says of itself. `cpus` whole cores, `memory_bytes` of the host."""

    id: str
    name: str
    version: str
    api_version: str
    os: str
    cpus: int
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Image:
    tag: str
    id: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One container's use at a moment. `cpu_percent` is of one core (200 = two cores); rates are bytes a second.

    `network_rates` has the engine's network name → (received, sent); rates are None until a second sample is there.
    """

    container_id: str
    at: float
    cpu_percent: float | None
    memory_bytes: int
    memory_limit_bytes: int
    network_rates: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a container's output. `at` is the engine's timestamp in seconds; `stream` "stdout" or "stderr"."""

    container_id: str
    service: str
    number: int
    at: float
    stream: str
    text: str


class Engine(Protocol):
    """Every method has a timeout of its own and raises only `topology.engine.errors`. Safe to call from several threads."""

    def info(self) -> EngineInfo: ...

    def images(self) -> list[Image]: ...

    def observe(self, project: str, *, adopted: Adopted = NONE) -> Observed:
        """The project's containers and volumes, all networks, local images and ports taken by others. `adopted` are the
        containers without labels that count as the project's."""
        ...

    def observe_all(self, *, adopted: Mapping[str, Adopted] = MappingProxyType({})) -> dict[str, Observed]:
        """The same for every project that has containers, networks or volumes on the engine, in few calls. `adopted` by project."""
        ...

    def inspect(self, container_id: str) -> ObservedContainer | None:
        """One container by its whole id or its exact name, or None when it is gone."""
        ...

    def look(self, *, project: str = "", containers: Collection[str] = ()) -> Found:
        """Everything that is told about a project's containers and about those named (id or name), with their images."""
        ...

    def survey(self) -> Survey:
        """What is on the engine: projects by name, and containers of none."""
        ...

    def perform(
        self,
        operation: Operation,
        *,
        progress: Callable[[str, float | None], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> str:
        """Carry out one operation; gives the id of what was made, or "".

        Performing again what is already so succeeds (a worker may have died after the call and before its row): a network
        that exists with the same labels, a container already started, connected, removed. `progress` gets a line and a
        share from 0 to 1 or None (pulls, waits); `cancelled` is asked while waiting and pulling.
        """
        ...

    def events(self, *, since: float | None = None, stop: Callable[[], bool]) -> Iterator[EngineEvent]:
        """Events as they come, until `stop()`. A stream that is lost raises EngineUnreachable: observe again then."""
        ...

    def samples(self, containers: list[ObservedContainer]) -> list[Sample]:
        """One sample for each running container given; those that died meanwhile are left out."""
        ...

    def logs(
        self, container: ObservedContainer, *, tail: int, since: float | None = None, follow: bool, stop: Callable[[], bool]
    ) -> Iterator[LogLine]:
        """A container's output, oldest first; with `follow` it goes on until `stop()` or the container is gone."""
        ...

    def check_login(self, registry: str, login: Login) -> None:
        """Log in at a registry from the engine; raises Refused when the registry does not know the name and secret."""
        ...

    def close(self) -> None: ...
