"""The graph of a design as plain records for programs: nodes, endpoints and edges, every one with its names in the file.

docs/graph.md describes the shape. Values of variables are left out.
"""

from __future__ import annotations

from typing import Any

from topology.core.design import Attachment, Design, Mount, Network, Port, Service
from topology.core.picture_roles import role_of


def graph_records(design: Design) -> dict[str, Any]:
    """The whole graph; lists are in file order."""
    services = list(design.services.values())
    return {
        "project": design.project,
        "services": [_service(design, one) for one in services],
        "networks": [_network(design, one) for one in design.networks.values()],
        "volumes": [
            {"key": key, "name": design.volume_name(key), "driver": one.driver, "external": one.external}
            for key, one in design.volumes.items()
        ],
        "endpoints": [_endpoint(one.name, at) for one in services for at in one.attachments],
        "links": [
            {"client": one.name, "server": link.target, "alias": link.alias, "external": link.external}
            for one in services
            for link in one.links
        ],
        "dependencies": [
            {"service": one.name, "on": to.service, "condition": to.condition, "required": to.required, "implied": to.implied}
            for one in services
            for to in one.depends_on
        ],
        "ports": [{"service": one.name, **_port(port)} for one in services for port in one.ports],
        "mounts": [{"service": one.name, **_mount(mount)} for one in services for mount in one.mounts],
    }


def _service(design: Design, one: Service) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": role_of(one),
        "image": one.image,
        "build": one.build is not None,
        "scale": one.scale,
        "mode": one.mode,
        "network_mode": one.network_mode,
        "container": design.container_name(one.name),
        "profiles": list(one.profiles),
        "line": one.line,
    }


def _network(design: Design, one: Network) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": design.network_name(one.key),
        "driver": one.driver,
        "internal": one.internal,
        "attachable": one.attachable,
        "external": one.external,
        "ipv6": one.enable_ipv6,
        "implicit": one.implicit,
        "pools": [{"subnet": pool.subnet, "gateway": pool.gateway, "ip_range": pool.ip_range} for pool in one.pools],
        "line": one.line,
    }


def _endpoint(service: str, at: Attachment) -> dict[str, Any]:
    return {
        "service": service,
        "network": at.network,
        "aliases": list(at.aliases),
        "ipv4": at.ipv4,
        "ipv6": at.ipv6,
        "mac": at.mac,
        "implicit": at.implicit,
    }


def _port(port: Port) -> dict[str, Any]:
    return {"target": port.target, "published": port.published, "host_ip": port.host_ip, "protocol": port.protocol}


def _mount(one: Mount) -> dict[str, Any]:
    return {"kind": one.kind, "source": one.source, "target": one.target, "read_only": one.read_only}
