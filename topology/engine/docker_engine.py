"""A real Docker engine behind `topology.engine.port.Engine`: reads here, writes in `perform`, streams in `events` and `logs`."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

from topology.core.adopted import NONE, Adopted, as_member
from topology.core.labels import PROJECT
from topology.core.observed import EngineEvent, Observed, ObservedContainer
from topology.core.plan import Operation
from topology.core.reconstruct import Found
from topology.core.survey import Survey, survey_of
from topology.engine import translate
from topology.engine.census import Census
from topology.engine.client import Client
from topology.engine.events import follow_events
from topology.engine.found import or_none, quoted
from topology.engine.logins import Login, check_login
from topology.engine.logs import follow_logs
from topology.engine.look import list_all, look_at, own_name
from topology.engine.perform import perform_operation
from topology.engine.port import EngineInfo, Image, LogLine, Sample
from topology.engine.samples import Sampler
from topology.engine.side_by_side import side_by_side

INSPECTIONS_AT_ONCE = 6
NO_TAG = "<none>:<none>"


class DockerEngine:
    """See `port.Engine`. Everything goes through `client`, so the in-memory engine is this one over another client."""

    def __init__(self, client: Client, *, local: bool = False) -> None:
        """`local`: the engine's containers are processes of this machine, so `/proc` can be read for samples."""
        self._client = client
        self._inspections = ThreadPoolExecutor(INSPECTIONS_AT_ONCE, thread_name_prefix="engine-inspect")
        self._sampler = Sampler(client, local=local)

    def info(self) -> EngineInfo:
        raw, version = self._client.get("/info"), self._client.get("/version")
        return EngineInfo(
            id=raw.get("ID") or "",
            name=raw.get("Name") or "",
            version=raw.get("ServerVersion") or version.get("Version") or "",
            api_version=version.get("ApiVersion") or "",
            os=raw.get("OperatingSystem") or raw.get("OSType") or "",
            cpus=raw.get("NCPU") or 0,
            memory_bytes=raw.get("MemTotal") or 0,
        )

    def images(self) -> list[Image]:
        found = [
            Image(tag=tag, id=raw["Id"], size_bytes=raw.get("Size") or 0)
            for raw in self._client.get("/images/json")
            for tag in raw.get("RepoTags") or ()
            if tag != NO_TAG
        ]
        return sorted(found, key=lambda image: image.tag)

    def observe(self, project: str, *, adopted: Adopted = NONE) -> Observed:
        return self._observe(only=project, adopted={project: adopted})[project]

    def observe_all(self, *, adopted: Mapping[str, Adopted] = MappingProxyType({})) -> dict[str, Observed]:
        return self._observe(only=None, adopted=adopted)

    def inspect(self, container_id: str) -> ObservedContainer | None:
        found = or_none(lambda: self._client.get(f"/containers/{quoted(container_id)}/json"))
        return translate.container(found) if found and container_id in (found["Id"], found["Name"].lstrip("/")) else None

    def look(self, *, project: str = "", containers: Collection[str] = ()) -> Found:
        return look_at(self._client, project=project, containers=containers)

    def survey(self) -> Survey:
        return survey_of(*list_all(self._client))

    def perform(
        self,
        operation: Operation,
        *,
        progress: Callable[[str, float | None], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> str:
        return perform_operation(
            self._client, operation, progress=progress or (lambda _line, _share: None), cancelled=cancelled or (lambda: False)
        )

    def events(self, *, since: float | None = None, stop: Callable[[], bool]) -> Iterator[EngineEvent]:
        return follow_events(self._client, since=since, stop=stop)

    def samples(self, containers: list[ObservedContainer]) -> list[Sample]:
        return self._sampler.take(containers)

    def logs(
        self, container: ObservedContainer, *, tail: int, since: float | None = None, follow: bool, stop: Callable[[], bool]
    ) -> Iterator[LogLine]:
        return follow_logs(self._client, container, tail=tail, since=since, follow=follow, stop=stop)

    def check_login(self, registry: str, login: Login) -> None:
        check_login(self._client, registry, login)

    def close(self) -> None:
        self._inspections.shutdown(wait=False, cancel_futures=True)
        self._sampler.close()
        self._client.close()

    def _observe(self, *, only: str | None, adopted: Mapping[str, Adopted]) -> dict[str, Observed]:
        """Four lists and one inspect for each container that belongs to a project: the lists lack aliases and exit codes."""
        at = time.time()
        listed = self._client.get("/containers/json", params={"all": 1})
        networks = sorted(map(translate.network, self._client.get("/networks")), key=lambda one: (one.name, one.id))
        volumes = sorted(map(translate.volume, self._client.get("/volumes").get("Volumes") or ()), key=lambda one: one.name)
        images = self._image_ids()
        takers = {key: project for project, keys in adopted.items() for key in keys}
        owner = {raw["Id"]: (raw.get("Labels") or {}).get(PROJECT, "") or takers.get(raw["Id"], "") for raw in listed}
        wanted = [one for one, project in owner.items() if project and project == (only or project)]
        containers = tuple(
            as_member(one, adopted.get(owner[one.id], NONE), project=owner[one.id])
            for one in side_by_side(self._inspections, self.inspect, wanted)
            if one is not None
        )
        ports = tuple((owner[raw["Id"]], port) for raw in listed for port in translate.published(raw))
        names = tuple((owner[raw["Id"]], name) for raw in listed if (name := own_name(raw)))
        held = tuple((owner[raw["Id"]], network) for raw in listed for network in translate.networks_held(raw))
        census = Census(at, containers, tuple(networks), tuple(volumes), images, ports, names, held, self._client.api_version)
        return {project: census.observed(project) for project in ([only] if only else sorted(census.projects()))}

    def _image_ids(self) -> MappingProxyType[str, str]:
        """Tag → id, and name@digest → id: a design may pin an image by either."""
        found: dict[str, str] = {}
        for raw in self._client.get("/images/json"):
            names = [*(raw.get("RepoTags") or ()), *(raw.get("RepoDigests") or ())]
            found.update({name: raw["Id"] for name in names if "<none>" not in name})
        return MappingProxyType(dict(sorted(found.items())))
