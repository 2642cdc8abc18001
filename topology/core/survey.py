"""What is on an engine, ours or not: Compose projects with their services, and containers that belong to none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from topology.core.labels import CONFIG_FILES, ONEOFF, PROJECT, SERVICE, WORKING_DIR

Json = Mapping[str, Any]
UP = frozenset({"running", "paused", "restarting"})


@dataclass(frozen=True, slots=True)
class SurveyedService:
    """`states` are its containers' states in the engine's words, sorted."""

    name: str
    image: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurveyedProject:
    """`folder` and `files` are where Compose read it, as it wrote on the containers; they may be on another machine."""

    name: str
    services: tuple[SurveyedService, ...]
    networks: tuple[str, ...]
    volumes: tuple[str, ...]
    folder: str = ""
    files: str = ""

    @property
    def running(self) -> int:
        return sum(state in UP for one in self.services for state in one.states)

    @property
    def containers(self) -> int:
        return sum(len(one.states) for one in self.services)


@dataclass(frozen=True, slots=True)
class SurveyedContainer:
    """A container of no project. `ports` as `docker ps` writes them."""

    id: str
    name: str
    image: str
    state: str
    networks: tuple[str, ...]
    ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """Sorted by name. A project without containers is not here: there is nothing to tell a service from."""

    projects: tuple[SurveyedProject, ...] = ()
    containers: tuple[SurveyedContainer, ...] = ()


def survey_of(containers: Iterable[Json], networks: Iterable[Json], volumes: Iterable[Json]) -> Survey:
    """From the engine's three lists (GET /containers/json?all=1, /networks, /volumes)."""
    groups: dict[str, list[Json]] = {}
    plain: list[Json] = []
    for raw in containers:
        labels = _labels(raw)
        if not labels.get(PROJECT):
            plain.append(raw)
        elif labels.get(SERVICE) and labels.get(ONEOFF, "").lower() != "true":
            groups.setdefault(labels[PROJECT], []).append(raw)
    things = (list(networks), list(volumes))
    projects = [_project(name, group, *things) for name, group in sorted(groups.items())]
    return Survey(tuple(projects), tuple(sorted(map(_container, plain), key=lambda one: one.name)))


def _labels(raw: Json) -> Mapping[str, str]:
    found: Mapping[str, str] = raw.get("Labels") or {}
    return found


def _project(name: str, group: list[Json], networks: list[Json], volumes: list[Json]) -> SurveyedProject:
    services: dict[str, list[Json]] = {}
    for raw in group:
        services.setdefault(_labels(raw)[SERVICE], []).append(raw)
    return SurveyedProject(
        name=name,
        services=tuple(
            SurveyedService(key, str(found[0].get("Image") or ""), tuple(sorted(str(one.get("State") or "") for one in found)))
            for key, found in sorted(services.items())
        ),
        networks=tuple(sorted(str(one["Name"]) for one in networks if _labels(one).get(PROJECT) == name)),
        volumes=tuple(sorted(str(one["Name"]) for one in volumes if _labels(one).get(PROJECT) == name)),
        folder=next((text for raw in group if (text := _labels(raw).get(WORKING_DIR, ""))), ""),
        files=next((text for raw in group if (text := _labels(raw).get(CONFIG_FILES, ""))), ""),
    )


def _container(raw: Json) -> SurveyedContainer:
    networks = (raw.get("NetworkSettings") or {}).get("Networks") or {}
    return SurveyedContainer(
        id=str(raw["Id"]),
        name=next((name[1:] for name in raw.get("Names") or () if "/" not in name[1:]), ""),
        image=str(raw.get("Image") or ""),
        state=str(raw.get("State") or ""),
        networks=tuple(sorted(networks)),
        ports=tuple(sorted({_port(one) for one in raw.get("Ports") or () if one.get("PublicPort")})),
    )


def _port(one: Json) -> str:
    address = str(one.get("IP") or "")
    host = "" if address in ("", "0.0.0.0", "::") else f"{address}:"  # noqa: S104 - what the engine says, not a bind
    return f"{host}{one['PublicPort']}->{one['PrivatePort']}/{one.get('Type') or 'tcp'}"
