"""A design as the graph that the editor draws, and as the small picture in lists. Pure mapping, values in, shapes out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from topology import wire
from topology.core.design import Attachment, Dependency, Design, Mount, Network, Port, Service, Volume
from topology.core.placement import BRIDGE, Fixed, Place, members, place
from topology.core.problems import Problem

BY_NAME = -1  # the colour of a network nobody gave one


def problem_view(problem: Problem) -> wire.ProblemView:
    return wire.ProblemView(
        code=problem.code, message=problem.message, fix=problem.fix, subject=problem.subject, path=list(problem.path),
        line=problem.line, column=problem.column, severity=problem.severity.value, file=problem.file,
    )  # fmt: skip


def graph(design: Design, raw: Mapping[str, Any]) -> wire.Graph:
    """The whole design. `raw` is the mapping as written, from which each thing's `keys` come."""
    return wire.Graph(
        project=design.project,
        services=[service_view(one, _written(raw, "services", one.name)) for one in design.services.values()],
        networks=[network_view(design, one, _written(raw, "networks", one.key)) for one in design.networks.values()],
        volumes=[volume_view(design, one, _written(raw, "volumes", one.key)) for one in design.volumes.values()],
    )


def service_view(service: Service, keys: dict[str, Any]) -> wire.ServiceView:
    health = service.healthcheck
    return wire.ServiceView(
        name=service.name,
        image=service.image or "",
        build=service.build is not None,
        command=list(service.command) if service.command is not None else None,
        environment=dict(service.environment),
        ports=[_port(port) for port in service.ports],
        mounts=[_mount(one) for one in service.mounts],
        mode=service.mode,  # type: ignore[arg-type]
        network_mode=service.network_mode or "",
        attachments=[_attachment(one) for one in service.attachments],
        links=[wire.LinkView(target=one.target, alias=one.alias, external=one.external) for one in service.links],
        depends_on=[_dependency(one) for one in service.depends_on],
        restart=service.restart or "",
        healthcheck=None if health is None else wire.HealthcheckView(
            test=list(health.test), interval_s=health.interval_s, timeout_s=health.timeout_s,
            start_period_s=health.start_period_s, retries=health.retries, disable=health.disable,
        ),
        scale=service.scale,
        container_name=service.container_name or "",
        profiles=list(service.profiles),
        keys=keys,
        other_keys=sorted(service.other),
        line=service.line,
    )  # fmt: skip


def _port(port: Port) -> wire.PortView:
    return wire.PortView(target=port.target, published=port.published or "", host_ip=port.host_ip, protocol=port.protocol)


def _mount(one: Mount) -> wire.MountView:
    return wire.MountView(kind=one.kind, target=one.target, source=one.source or "", read_only=one.read_only)


def _dependency(one: Dependency) -> wire.DependencyView:
    return wire.DependencyView(service=one.service, condition=one.condition, implied=one.implied)


def _attachment(one: Attachment) -> wire.AttachmentView:
    return wire.AttachmentView(
        network=one.network, aliases=list(one.aliases), ipv4=one.ipv4 or "", ipv6=one.ipv6 or "", mac=one.mac or "",
        implicit=one.implicit,
    )  # fmt: skip


def network_view(design: Design, network: Network, keys: dict[str, Any]) -> wire.NetworkView:
    return wire.NetworkView(
        key=network.key,
        name=design.network_name(network.key),
        driver=network.driver or "",
        internal=network.internal,
        attachable=network.attachable,
        enable_ipv6=network.enable_ipv6,
        external=network.external,
        implicit=network.implicit,
        subnets=[pool.subnet for pool in network.pools if pool.subnet],
        gateways=[pool.gateway for pool in network.pools if pool.gateway],
        keys=keys,
        line=network.line,
    )


def volume_view(design: Design, volume: Volume, keys: dict[str, Any]) -> wire.VolumeView:
    return wire.VolumeView(
        key=volume.key, name=design.volume_name(volume.key), external=volume.external, keys=keys, line=volume.line
    )


def _written(raw: Mapping[str, Any], section: str, name: str) -> dict[str, Any]:
    """The mapping as written, as plain JSON values; {} for what nobody wrote or what is no mapping."""
    found = raw.get(section)
    keys = found.get(name) if isinstance(found, Mapping) else None
    return plain(keys) if isinstance(keys, Mapping) else {}


def plain(value: Any) -> Any:
    """JSON values only: keys as text, tuples as lists, what JSON has no word for as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value if isinstance(value, str | bool | int | None) else str(value)


# --- places ----------------------------------------------------------------------------------------------------------------


def fixed_places(layout: Mapping[str, Any]) -> dict[str, Fixed]:
    """The stored layout as `placement` takes it."""
    return {
        node: Fixed(at["x"], at["y"], w=at.get("w"), h=at.get("h"), vertical=at.get("orientation") == "v")
        for node, at in layout.items()
    }


class _Same:
    """A design as a key: equal to itself only. Readings are kept, so one text gives one design for as long as it is looked at."""

    __slots__ = ("design",)

    def __init__(self, design: Design) -> None:
        self.design = design

    def __hash__(self) -> int:
        return id(self.design)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.design is self.design


def places_of(design: Design, layout: Mapping[str, Any]) -> Mapping[str, Place]:
    """Where every node stands. Kept: finding places for a thousand services takes seconds, and cards ask at every change."""
    return _kept_places(_Same(design), tuple(sorted(fixed_places(layout).items(), key=lambda one: one[0])))


@lru_cache(maxsize=256)
def _kept_places(of: _Same, fixed: tuple[tuple[str, Fixed], ...]) -> Mapping[str, Place]:
    return place(of.design, fixed=dict(fixed))


def chosen_colors(layout: Mapping[str, Any]) -> dict[str, int]:
    """Network key → the look that somebody chose for it."""
    colors = {node.partition(":")[2]: at.get("color") for node, at in layout.items() if node.startswith("network:")}
    return {key: color for key, color in colors.items() if color is not None}


def full_layout(design: Design, layout: Mapping[str, Any]) -> wire.Layout:
    """The stored layout with a place for every node. Nodes that are gone keep their entry, for an undo; they are left out."""
    found: wire.Layout = {}
    for node, at in places_of(design, layout).items():
        known = layout.get(node, {})
        size = {"w": at.w, "h": at.h} if node.startswith("network:") else {}
        found[node] = wire.NodeLayout.model_validate({**known, "x": at.x, "y": at.y, **size})
    return found


def picture(design: Design, layout: Mapping[str, Any], *, states: Mapping[str, str] | None = None) -> wire.Picture:
    """The topology small: nodes with places, edges between them. `states` has a word for each service that runs or failed."""
    places = places_of(design, layout)
    nodes = [_picture_node(node, at, layout, states or {}) for node, at in places.items()]
    return wire.Picture(nodes=nodes, edges=_edges(design))


def _picture_node(node: str, at: Place, layout: Mapping[str, Any], states: Mapping[str, str]) -> wire.PictureNode:
    kind, _, name = node.partition(":")
    color = layout.get(node, {}).get("color")
    return wire.PictureNode(
        id=node,
        kind="service" if kind == "service" else "bridge" if name == BRIDGE else "network",
        x=at.x, y=at.y, w=at.w, h=at.h,
        color=color if color is not None else BY_NAME,
        state=states.get(name, "") if kind == "service" else "",
    )  # fmt: skip


def _edges(design: Design) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    for key, names in members(design).items():
        found += [(f"service:{name}", f"network:{key}", "membership") for name in names]
    for service in design.services.values():
        found += [
            (f"service:{service.name}", f"service:{link.target}", "link")
            for link in service.links
            if not link.external and link.target in design.services
        ]
        found += [
            (f"service:{service.name}", f"service:{one.service}", "depends")
            for one in service.depends_on
            if not one.implied and one.service in design.services
        ]
    return found
