"""What one look at a whole engine found, told by project: a stack sees its own things, and what others have taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from topology.core.labels import PROJECT
from topology.core.observed import Observed, ObservedContainer, ObservedNetwork, ObservedVolume, PortBinding


@dataclass(frozen=True, slots=True)
class Census:
    """`at` in seconds since 1970; of each taken port, container name and endpoint (a network's id) the project that has it, ""
    for none."""

    at: float
    containers: tuple[ObservedContainer, ...]
    networks: tuple[ObservedNetwork, ...]
    volumes: tuple[ObservedVolume, ...]
    images: Mapping[str, str]
    ports: tuple[tuple[str, PortBinding], ...]
    names: tuple[tuple[str, str], ...]
    endpoints: tuple[tuple[str, str], ...]
    api_version: str

    def projects(self) -> set[str]:
        """Every project that has something on the engine."""
        return ({one.project for one in self.containers} | _labelled(self.networks) | _labelled(self.volumes)) - {""}

    def observed(self, project: str) -> Observed:
        """One project's things. Networks are everyone's: an external one may be meant, and subnets may not overlap."""
        mine = [one for one in self.containers if one.project == project]
        taken = [port for who, port in self.ports if who != project]
        owners = {one.name: who for one in self.volumes if (who := one.labels.get(PROJECT, "")) not in ("", project)}
        external = [one for one in self.volumes if one.labels.get(PROJECT) != project]
        makings = {
            one.name: {"driver": one.driver, "options": dict(one.options)}
            for one in external
            if one.options or one.driver not in ("", "local")
        }
        return Observed(
            at=self.at,
            containers=tuple(sorted(mine, key=lambda one: (one.service, one.number, one.name))),
            networks=self.networks,
            volumes=tuple(one for one in self.volumes if one.labels.get(PROJECT) == project),
            external_volumes=tuple(one.name for one in external),
            volume_owners=MappingProxyType(owners),
            volume_makings=MappingProxyType(makings),
            images=self.images,
            taken_ports=tuple(sorted(taken, key=lambda one: (one.published, one.protocol, one.host_ip, one.target))),
            macs_at_connect=_takes_macs(self.api_version),
            api_version=self.api_version,
            taken_names=tuple(sorted(name for who, name in self.names if who != project)),
            foreign_endpoints=MappingProxyType(dict(sorted(Counter(key for who, key in self.endpoints if who != project).items()))),
        )


def _labelled(things: Iterable[Any]) -> set[str]:
    return {thing.labels.get(PROJECT, "") for thing in things}


def _takes_macs(api_version: str) -> bool:
    """Whether a connect call's MAC address counts: since API 1.44, before that it is ignored (measured on 20.10.24)."""
    return tuple(int(part) for part in api_version.split(".")) >= (1, 44)
