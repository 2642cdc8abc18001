"""What runs: containers, networks, samples, the timeline."""

from __future__ import annotations

from typing import Literal

from topology.wire.base import Wire


class EndpointView(Wire):
    network: str  # the engine's name
    network_key: str  # the design's key, "@bridge", or "" for a network outside the design
    ipv4: str
    ipv6: str
    mac: str
    aliases: list[str]
    dns_names: list[str]


class ContainerView(Wire):
    id: str
    name: str
    service: str
    number: int
    image: str
    state: str
    word: str  # the state as lists and cards say it: "running", "stopped" (an end that was asked for), "exited (137)", …
    health: str
    exit_code: int | None
    oom_killed: bool
    error: str
    restart_count: int
    started_at: float
    finished_at: float
    endpoints: list[EndpointView]
    ports: list[str]


class LiveNetwork(Wire):
    key: str
    name: str
    id: str
    driver: str
    subnets: list[str]
    gateways: list[str]
    internal: bool


class StatusView(Wire):
    """What runs, as last folded. `seq` grows by one with every change. `at` 0.0: never observed. `engine` "" when it answers."""

    seq: int
    at: float
    engine_error: str
    containers: list[ContainerView]
    networks: list[LiveNetwork]
    volumes: list[str]


class SampleView(Wire):
    container_id: str
    service: str
    number: int
    cpu_percent: float | None
    memory_bytes: int
    memory_limit_bytes: int
    network_rates: dict[str, tuple[float, float]]  # network key → received, sent, bytes a second


class TimelineEntry(Wire):
    id: int
    at: float
    kind: str  # "container", "network", "run", "edit", "engine"
    service: str
    text: str
    severity: Literal["info", "good", "warning", "error"]
    by: str
