"""The Engine API's JSON as records of `topology.core.observed`. Pure functions; shapes of API 1.41 to 1.51.

Computed names are kept apart from asked-for ones: the engine adds the short id and the host name to an endpoint's aliases
(20.10), or lists everything that resolves as DNSNames (26 and later).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from topology.core.endpoint_options import options_in
from topology.core.labels import CONFIG, NUMBER, ONEOFF, PROJECT, SERVICE
from topology.core.likeness import likeness
from topology.core.observed import (
    Endpoint,
    EngineEvent,
    ObservedContainer,
    ObservedNetwork,
    ObservedPool,
    ObservedVolume,
    PortBinding,
    is_nameless,
)

Json = Mapping[str, Any]

SHORT_ID = 12
NAMELESS = {"", "default", "bridge", "host", "none"}  # networks on which the engine's DNS names nobody
QUIET = ("exec_", "attach", "detach", "top", "archive", "resize", "copy", "export", "commit")  # no news of a stack
LIMITS = ("Memory", "MemoryReservation", "NanoCpus", "CpuShares", "CpuPeriod", "CpuQuota", "CpusetCpus", "PidsLimit")
HOST_MODES = {"ipc": "IpcMode", "network": "NetworkMode", "pid": "PidMode"}
EVENT_DETAIL = ("exitCode", "signal", "container", "image", "oldName", "driver", "type", "execDuration")


def seconds(text: str | None) -> float:
    """An RFC 3339 time as seconds since the epoch; the engine's zero time and "" are 0."""
    if not text or text.startswith("0001-01-01"):
        return 0.0
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    if not match:
        return 0.0
    whole = datetime.fromisoformat(match[1] + ("+00:00" if match[3] == "Z" else match[3])).astimezone(UTC)
    return whole.timestamp() + float(match[2] or 0)


def container(raw: Json) -> ObservedContainer:
    """GET /containers/X/json as a record."""
    state, config, host = raw.get("State") or {}, raw.get("Config") or {}, raw.get("HostConfig") or {}
    labels = config.get("Labels") or {}
    return ObservedContainer(
        id=raw["Id"],
        name=raw["Name"].lstrip("/"),
        image=config.get("Image", ""),
        image_id=raw.get("Image", ""),
        state=state.get("Status", ""),
        project=labels.get(PROJECT, ""),
        service=labels.get(SERVICE, ""),
        number=int(labels[NUMBER]) if labels.get(NUMBER, "").isdigit() else 1,
        oneoff=labels.get(ONEOFF, "").lower() == "true",
        health=_health(state),
        exit_code=_exit_code(state),
        oom_killed=bool(state.get("OOMKilled")),
        error=state.get("Error") or "",
        restart_count=raw.get("RestartCount") or 0,
        pid=state.get("Pid") or 0,
        created_at=seconds(raw.get("Created")),
        started_at=seconds(state.get("StartedAt")),
        finished_at=seconds(state.get("FinishedAt")),
        network_mode="bridge" if host.get("NetworkMode") in ("default", "") else host.get("NetworkMode") or "",
        endpoints=_endpoints(raw),
        links=tuple(sorted(_link(link) for link in host.get("Links") or ())),
        ports=_ports(raw, running=bool(state.get("Running"))),
        mounts=tuple(sorted(m["Name"] for m in raw.get("Mounts") or () if m.get("Type") == "volume" and m.get("Name"))),
        binds=tuple(sorted({str(m["Source"]) for m in raw.get("Mounts") or () if m.get("Type") in ("bind", "npipe")})),
        host_modes=tuple(what for what, key in HOST_MODES.items() if host.get(key) == "host"),
        nameless=_nameless(raw),
        declared=tuple(sorted((raw.get("Config") or {}).get("Volumes") or ())),
        restart_policy=_restart_policy(host.get("RestartPolicy") or {}),
        limits=_limits(host),
        config_hash=labels.get(CONFIG, ""),
        parts=None if labels.get(CONFIG) else MappingProxyType(dict(sorted(likeness(config, host).items()))),
        labels=MappingProxyType(dict(sorted(labels.items()))),
    )


def network(raw: Json) -> ObservedNetwork:
    """GET /networks/X, or one of GET /networks, as a record."""
    pools = (raw.get("IPAM") or {}).get("Config") or ()
    return ObservedNetwork(
        id=raw["Id"],
        name=raw["Name"],
        driver=raw.get("Driver") or "",
        subnets=tuple(pool["Subnet"] for pool in pools if pool.get("Subnet")),
        gateways=tuple(pool["Gateway"].partition("/")[0] for pool in pools if pool.get("Gateway")),
        pools=tuple(_pool(pool) for pool in pools if pool.get("Subnet")),
        internal=bool(raw.get("Internal")),
        attachable=bool(raw.get("Attachable")),
        enable_ipv6=bool(raw.get("EnableIPv6")),
        ipam=_ipam(raw),
        options=_mapping(raw.get("Options")),
        labels=_mapping(raw.get("Labels")),
    )


def _pool(raw: Json) -> ObservedPool:
    return ObservedPool(
        raw["Subnet"], gateway=(raw.get("Gateway") or "").partition("/")[0], ip_range=raw.get("IPRange") or "",
        aux_addresses=_mapping(raw.get("AuxiliaryAddresses")),
    )  # fmt: skip


def _ipam(raw: Json) -> Mapping[str, Any]:
    """How addresses are given, in the form in which the engine takes it as well; nothing where there are no pools. An engine says
    some gateways with the subnet's length, and takes none so."""
    ipam = raw.get("IPAM") or {}
    pools = [
        dict(pool) | ({"Gateway": pool["Gateway"].partition("/")[0]} if pool.get("Gateway") else {})
        for pool in ipam.get("Config") or ()
    ]
    body = {"Driver": ipam.get("Driver") or "default", "Config": pools}
    return MappingProxyType(body | ({"Options": dict(ipam["Options"])} if ipam.get("Options") else {}) if pools else {})


def volume(raw: Json) -> ObservedVolume:
    return ObservedVolume(
        name=raw["Name"], driver=raw.get("Driver") or "", options=_mapping(raw.get("Options")), labels=_mapping(raw.get("Labels"))
    )


def endpoint(name: str, raw: Json, *, container_id: str, container_name: str, hostname: str) -> Endpoint:
    """One of NetworkSettings.Networks as a record.

    The engine puts the short id, and after it the host name, behind the aliases that were asked for. So a host name before
    the short id was asked for, one behind it was not.
    """
    short = container_id[:SHORT_ID]
    given = list(raw.get("Aliases") or ())
    place = given.index(short) if short in given else len(given)
    asked = given[:place] + [alias for alias in given[place + 1 :] if alias != hostname]
    ipam = raw.get("IPAMConfig") or {}
    computed = raw.get("DNSNames") or [container_name, *given, short, hostname]
    return Endpoint(
        network=name,
        network_id=raw.get("NetworkID") or "",
        ipv4=raw.get("IPAddress") or "",
        ipv6=raw.get("GlobalIPv6Address") or "",
        mac=raw.get("MacAddress") or "",
        gateway=raw.get("Gateway") or "",
        aliases=tuple(dict.fromkeys(asked)),
        dns_names=() if name in NAMELESS else tuple(dict.fromkeys(one for one in computed if one)),
        links=tuple(sorted(_link(link) for link in raw.get("Links") or ())),
        static_ipv4=ipam.get("IPv4Address") or "",
        static_ipv6=ipam.get("IPv6Address") or "",
        options=MappingProxyType(options_in(raw)),
    )


def published(raw: Json) -> list[PortBinding]:
    """The published ports of one of GET /containers/json."""
    return [
        PortBinding(target=port["PrivatePort"], protocol=port["Type"], host_ip=port.get("IP", ""), published=port["PublicPort"])
        for port in raw.get("Ports") or ()
        if port.get("PublicPort")
    ]


def networks_held(raw: Json) -> list[str]:
    """Ids of the networks on which one of GET /containers/json is now: one that does not run has no endpoint."""
    networks = (raw.get("NetworkSettings") or {}).get("Networks") or {}
    return [one["NetworkID"] for one in networks.values() if one and one.get("EndpointID") and one.get("NetworkID")]


def event(raw: Json) -> EngineEvent | None:
    """One line of GET /events as a record; None for what is no news of a stack."""
    kind, word = raw.get("Type", ""), raw.get("Action", "")
    action, _, argument = word.partition(":")
    if kind not in ("container", "network", "volume", "image") or action.startswith(QUIET):
        return None
    actor = raw.get("Actor") or {}
    attributes = actor.get("Attributes") or {}
    detail = {key: attributes[key] for key in EVENT_DETAIL if key in attributes}
    if action == "health_status":
        # "health_status: healthy"; some engines add the word to the attributes instead
        detail["health"] = argument.strip() or attributes.get("health_status", "")
    return EngineEvent(
        at=raw["timeNano"] / 1e9 if raw.get("timeNano") else float(raw.get("time", 0)),
        kind=kind,
        action=action,
        subject_id=actor.get("ID", ""),
        name=attributes.get("name", "") or (actor.get("ID", "") if kind == "volume" else ""),
        project=attributes.get(PROJECT, ""),
        service=attributes.get(SERVICE, ""),
        detail=MappingProxyType(detail),
    )


def _mapping(raw: Json | None) -> Mapping[str, str]:
    return MappingProxyType({key: str(value) for key, value in sorted((raw or {}).items())})


def _nameless(raw: Json) -> Mapping[str, str]:
    """Target → name of the volumes that were asked for without one, by the design or by the image."""
    asked = (raw.get("Config") or {}).get("Volumes") or {}
    mounts = (raw.get("HostConfig") or {}).get("Mounts") or ()
    targets = set(asked) | {
        one.get("Target") for one in mounts if one.get("Type") == "volume" and is_nameless(one.get("Source") or "")
    }
    found = {
        one["Destination"]: one["Name"]
        for one in raw.get("Mounts") or ()
        if one.get("Type") == "volume" and is_nameless(one.get("Name") or "") and one.get("Destination") in targets
    }
    return MappingProxyType(dict(sorted(found.items())))


def _limits(host: Json) -> Mapping[str, Any]:
    """Those that are set. The engine itself sets a swap limit of twice the memory, which nobody asked for."""
    found = {key: host[key] for key in LIMITS if host.get(key) and host[key] != -1}
    swap = host.get("MemorySwap") or 0
    if swap and swap != 2 * (host.get("Memory") or 0):
        found["MemorySwap"] = swap
    return MappingProxyType(found)


def _endpoints(raw: Json) -> tuple[Endpoint, ...]:
    config = raw.get("Config") or {}
    found = (
        endpoint(
            name, one or {}, container_id=raw["Id"], container_name=raw["Name"].lstrip("/"), hostname=config.get("Hostname") or ""
        )
        for name, one in ((raw.get("NetworkSettings") or {}).get("Networks") or {}).items()
        if name not in ("host", "none")
    )
    return tuple(sorted(found, key=lambda one: one.network))


def _link(text: str) -> str:
    """ "/server:/client/alias" (HostConfig), "server:alias" or "server" (endpoints) as "server:alias"."""
    target, _, alias = text.partition(":")
    return f"{target.lstrip('/')}:{(alias or target).rpartition('/')[2]}"


def _health(state: Json) -> str:
    word = (state.get("Health") or {}).get("Status") or ""
    return "" if word == "none" else word


def _exit_code(state: Json) -> int | None:
    """None while it runs and before it ever ran; a container that could not be started is "created" with a code."""
    code: int = state.get("ExitCode") or 0
    if state.get("Status") in ("exited", "dead", "restarting") or (state.get("Status") == "created" and code):
        return code
    return None


def _ports(raw: Json, *, running: bool) -> tuple[PortBinding, ...]:
    """What is published now; of a container that does not run, what it asks for (0: the engine chooses)."""
    source = (raw.get("NetworkSettings") or {}).get("Ports") if running else (raw.get("HostConfig") or {}).get("PortBindings")
    found = set()
    for target, bindings in (source or {}).items():
        number, _, protocol = target.partition("/")
        for one in bindings or ():
            first = (one.get("HostPort") or "0").partition("-")[0]
            found.add(PortBinding(int(number), protocol or "tcp", one.get("HostIp") or "", int(first)))
    return tuple(sorted(found, key=lambda one: (one.target, one.protocol, one.host_ip, one.published)))


def _restart_policy(raw: Json) -> str:
    name: str = raw.get("Name") or "no"
    most = raw.get("MaximumRetryCount") or 0
    return f"{name}:{most}" if name == "on-failure" and most else name
