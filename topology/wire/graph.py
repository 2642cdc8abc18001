"""The design as a graph: services, networks, volumes, and where they stand."""

from __future__ import annotations

from typing import Any, Literal

from topology.wire.base import Wire


class AttachmentView(Wire):
    network: str
    aliases: list[str]
    ipv4: str
    ipv6: str
    mac: str
    implicit: bool


class LinkView(Wire):
    target: str
    alias: str
    external: bool


class PortView(Wire):
    target: int
    published: str
    host_ip: str
    protocol: str


class MountView(Wire):
    kind: str
    target: str
    source: str
    read_only: bool


class DependencyView(Wire):
    service: str
    condition: str
    implied: bool


class HealthcheckView(Wire):
    test: list[str]
    interval_s: float | None
    timeout_s: float | None
    start_period_s: float | None
    retries: int | None
    disable: bool


class ServiceView(Wire):
    """`keys` is the service's mapping as written (short forms kept), for the inspector; `other_keys` those without a form."""

    name: str
    image: str
    build: bool
    command: list[str] | None
    environment: dict[str, str | None]
    ports: list[PortView]
    mounts: list[MountView]
    mode: Literal["networks", "bridge", "host", "none", "service", "container"]
    network_mode: str
    attachments: list[AttachmentView]
    links: list[LinkView]
    depends_on: list[DependencyView]
    restart: str
    healthcheck: HealthcheckView | None
    scale: int
    container_name: str
    profiles: list[str]
    keys: dict[str, Any]
    other_keys: list[str]
    line: int


class NetworkView(Wire):
    key: str
    name: str
    driver: str
    internal: bool
    attachable: bool
    enable_ipv6: bool
    external: bool
    implicit: bool
    subnets: list[str]
    gateways: list[str]
    keys: dict[str, Any]
    line: int


class VolumeView(Wire):
    key: str
    name: str
    external: bool
    keys: dict[str, Any]
    line: int


class Graph(Wire):
    project: str
    services: list[ServiceView]
    networks: list[NetworkView]
    volumes: list[VolumeView]


class NodeLayout(Wire):
    """Where a node is. `w` and `h` only for network bars; `orientation` "h" or "v"; `color` an index into the palette."""

    x: float
    y: float
    w: float | None = None
    h: float | None = None
    orientation: Literal["h", "v"] | None = None
    collapsed: bool | None = None
    color: int | None = None


Layout = dict[str, NodeLayout]


class PictureNode(Wire):
    id: str
    kind: Literal["service", "network", "bridge"]
    x: float
    y: float
    w: float
    h: float
    color: int  # the one chosen; -1 where the browser gives one by the network's name
    state: str


class Picture(Wire):
    nodes: list[PictureNode]
    edges: list[tuple[str, str, Literal["membership", "link", "depends"]]]
