"""A container of the engine in memory, and how it and its network look to an observer.

`macs` says that the engine takes a MAC at connect, as those from API 1.44 do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from topology.core.endpoint_options import options_in
from topology.core.likeness import likeness
from topology.core.observed import Endpoint, ObservedContainer, ObservedNetwork, PortBinding

LIMITS = ("Memory", "MemoryReservation", "NanoCpus", "CpuShares", "CpuPeriod", "CpuQuota", "CpusetCpus", "PidsLimit")


@dataclass
class Container:
    id: str
    name: str
    payload: dict[str, Any]
    image_id: str
    created_at: float
    endpoints: dict[str, dict[str, Any]]
    addresses: dict[str, str] = field(default_factory=dict)
    addresses6: dict[str, str] = field(default_factory=dict)
    network_ids: dict[str, str] = field(default_factory=dict)
    state: str = "created"
    exit_code: int | None = None
    started_at: float = 0.0
    health: str = ""
    files: dict[str, Any] = field(default_factory=dict)
    ran: list[list[str]] = field(default_factory=list)
    nameless: dict[str, str] = field(default_factory=dict)
    ended_itself: bool = False

    @property
    def host(self) -> dict[str, Any]:
        return self.payload["HostConfig"]

    @property
    def labels(self) -> dict[str, str]:
        return self.payload.get("Labels", {})

    @property
    def service(self) -> str:
        return self.labels.get("com.docker.compose.service", "")


HOST_MODES = {"ipc": "IpcMode", "network": "NetworkMode", "pid": "PidMode"}


def bound_paths(one: Container) -> set[str]:
    found = {mount["Source"] for mount in one.host.get("Mounts", []) if mount["Type"] == "bind"}
    return found | {bind.partition(":")[0] for bind in one.host.get("Binds", []) if bind.startswith("/")}


def host_ports(one: Container) -> set[str]:
    """Host ports that it asks for. Of a range the engine picks a free one, as with none."""
    bindings = one.host.get("PortBindings", {})
    return {item["HostPort"] for items in bindings.values() for item in items if item["HostPort"].isdigit()}


def volume_names(one: Container) -> set[str]:
    return {mount["Source"] for mount in one.host.get("Mounts", []) if mount["Type"] == "volume" and mount.get("Source")}


def seen_container(one: Container, *, macs: bool) -> ObservedContainer:
    labels = one.labels
    policy = one.host.get("RestartPolicy", {})
    count = policy.get("MaximumRetryCount", 0)
    return ObservedContainer(
        id=one.id, name=one.name, image=one.payload["Image"], image_id=one.image_id, state=one.state,
        project=labels["com.docker.compose.project"], service=one.service,
        number=int(labels["com.docker.compose.container-number"]), exit_code=one.exit_code, health=one.health,
        ended_itself=one.ended_itself,
        created_at=one.created_at, started_at=one.started_at, network_mode=one.host["NetworkMode"],
        endpoints=tuple(_seen_endpoint(one, name, macs=macs) for name in one.endpoints if name not in ("host", "none")),
        links=tuple(one.host.get("Links", [])),
        ports=tuple(PortBinding(80, "tcp", "", int(port)) for port in sorted(host_ports(one))) if one.state == "running" else (),
        mounts=tuple(sorted({*volume_names(one), *one.nameless.values()})),
        binds=tuple(sorted(bound_paths(one))),
        host_modes=tuple(what for what, key in HOST_MODES.items() if one.host.get(key) == "host"),
        nameless=dict(one.nameless), declared=tuple(sorted(one.payload.get("Volumes", ()))),
        restart_policy=policy.get("Name", "no") + (f":{count}" if count else ""),
        limits=_limits(one.host),
        config_hash=labels.get("io.netyard.config", ""), labels=labels,
        parts=None if labels.get("io.netyard.config") else likeness(one.payload, one.host),
    )  # fmt: skip


def _seen_endpoint(one: Container, name: str, *, macs: bool) -> Endpoint:
    body = one.endpoints[name]
    ipam = body.get("IPAMConfig", {})
    return Endpoint(
        name, network_id=one.network_ids.get(name, ""), ipv4=one.addresses.get(name, ""),
        ipv6=one.addresses6.get(name, ""), mac=_mac(one, name, macs=macs),
        aliases=tuple(body.get("Aliases", ())), links=tuple(body.get("Links", ())),
        static_ipv4=ipam.get("IPv4Address", ""), static_ipv6=ipam.get("IPv6Address", ""),
        options=options_in(body),
    )  # fmt: skip


def _mac(one: Container, network: str, *, macs: bool) -> str:
    if one.state != "running":
        return ""
    asked = one.endpoints[network].get("MacAddress", "") if macs or network == one.host["NetworkMode"] else ""
    numbers = one.addresses.get(network, "10.0.0.1").split(".")
    return asked or "02:42" + "".join(f":{int(part):02x}" for part in numbers)


def seen_network(name: str, body: dict[str, Any]) -> ObservedNetwork:
    return ObservedNetwork(
        body["Id"], name, body["Driver"], subnets=tuple(body.get("Subnets", ())), internal=body.get("Internal", False),
        attachable=body.get("Attachable", False), enable_ipv6=body.get("EnableIPv6", False), labels=body["Labels"],
        ipam={"Driver": "default", "Config": [{"Subnet": one} for one in subnets]} if (subnets := body.get("Subnets")) else {},
    )  # fmt: skip


def _limits(host: dict[str, Any]) -> dict[str, Any]:
    found = {name: host[name] for name in LIMITS if host.get(name) and host[name] != -1}
    swap = host.get("MemorySwap") or 0
    return found | ({"MemorySwap": swap} if swap and swap != 2 * host.get("Memory", 0) else {})
