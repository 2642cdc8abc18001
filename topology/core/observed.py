"""What an engine says is there: containers, endpoints, networks, volumes and images, as plain records.

Times are seconds since the epoch (UTC), sizes bytes. Every record has a JSON form through `to_json` and `from_json` below.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, TypeVar

Record = TypeVar("Record")


def _nothing() -> Mapping[str, Any]:
    return types.MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A container's attachment to one network, as it is. `aliases` has no computed names; `dns_names` has all that resolve."""

    network: str  # the engine's name of the network
    network_id: str = ""
    ipv4: str = ""
    ipv6: str = ""
    mac: str = ""
    gateway: str = ""
    aliases: tuple[str, ...] = ()
    dns_names: tuple[str, ...] = ()
    links: tuple[str, ...] = ()  # "container:alias"
    static_ipv4: str = ""  # asked for, not given by the engine's IPAM
    static_ipv6: str = ""
    # DriverOpts, GwPriority and LinkLocalIPs as they were asked for (`core.endpoint_options`). None: not known.
    options: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PortBinding:
    target: int
    protocol: str
    host_ip: str
    published: int


@dataclass(frozen=True, slots=True)
class ObservedContainer:
    """One container. `state` is the engine's word: created, running, paused, restarting, removing, exited or dead."""

    id: str
    name: str
    image: str
    image_id: str
    state: str
    project: str = ""
    service: str = ""
    number: int = 1
    oneoff: bool = False
    health: str = ""  # "" (no check), "starting", "healthy" or "unhealthy"
    exit_code: int | None = None
    oom_killed: bool = False
    error: str = ""
    restart_count: int = 0
    pid: int = 0
    created_at: float = 0.0
    started_at: float = 0.0
    finished_at: float = 0.0
    network_mode: str = ""  # as the engine keeps it: "bridge", "host", "none", "container:ID" or a network's name
    endpoints: tuple[Endpoint, ...] = ()
    links: tuple[str, ...] = ()  # HostConfig.Links, as "container:alias"
    ports: tuple[PortBinding, ...] = ()
    mounts: tuple[str, ...] = ()  # names of the volumes mounted
    binds: tuple[str, ...] = ()  # paths of the host that are mounted
    host_modes: tuple[str, ...] = ()  # of "ipc", "network" and "pid", those namespaces that are the host's own
    nameless: Mapping[str, str] = field(default_factory=_nothing)  # target → volume that was asked for without a name
    declared: tuple[str, ...] = ()  # targets of which the image says that they are volumes
    restart_policy: str = ""  # "no", "always", "unless-stopped", "on-failure" or "on-failure:3"
    # Limits that change in place, under HostConfig's names (`core.payload_limits`), those that are not set left out; a
    # MemorySwap of twice the Memory counts as not set. None: not known.
    limits: Mapping[str, Any] | None = None
    config_hash: str = ""  # what Netyard wrote when it made the container; "" for another tool's
    parts: Mapping[str, str] | None = None  # `core.likeness`, of another tool's container; None: not known
    stop_asked: bool = False  # it ended because a stop was asked for: known from events only, never from a look (see core.events)
    ended_itself: bool = False  # it ended well and got no signal: known from events only as well
    labels: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class ObservedPool:
    """Addresses of a network, as the engine says them; "" where it says nothing."""

    subnet: str
    gateway: str = ""
    ip_range: str = ""
    aux_addresses: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class ObservedNetwork:
    id: str
    name: str
    driver: str
    subnets: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    pools: tuple[ObservedPool, ...] = ()
    internal: bool = False
    attachable: bool = False
    enable_ipv6: bool = False
    ipam: Mapping[str, Any] = field(default_factory=_nothing)  # as the engine says it, for making it once more
    options: Mapping[str, str] = field(default_factory=_nothing)
    labels: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class ObservedVolume:
    name: str
    driver: str
    options: Mapping[str, str] = field(default_factory=_nothing)
    labels: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Observed:
    """One stack's share of an engine, at one moment.

    `containers` and `volumes` are the project's own. `networks` are all of the engine's (external ones and subnets matter).
    `images` are the tags that are present locally; `taken_ports` those published by containers of other projects.
    """

    at: float = 0.0
    containers: tuple[ObservedContainer, ...] = ()
    networks: tuple[ObservedNetwork, ...] = ()
    volumes: tuple[ObservedVolume, ...] = ()
    external_volumes: tuple[str, ...] = ()
    volume_owners: Mapping[str, str] = field(default_factory=_nothing)  # external volume → its Compose project, where it has one
    # External volume → {"driver": …, "options": {…}} where it is anything but a plain folder of the engine's own
    volume_makings: Mapping[str, Mapping[str, Any]] = field(default_factory=_nothing)
    images: Mapping[str, str] = field(default_factory=_nothing)  # tag → image id
    taken_ports: tuple[PortBinding, ...] = ()
    macs_at_connect: bool = False  # whether the engine takes a MAC on every network (API 1.44), not at creation only
    api_version: str = ""  # "1.41": what the engine and Netyard both speak; "" where it is not known
    taken_names: tuple[str, ...] = ()  # names of containers of other projects and of none
    # Network id → how many containers of other projects and of none are connected to it now: the engine does not remove it then.
    foreign_endpoints: Mapping[str, int] = field(default_factory=_nothing)
    half_made: Mapping[str, float] = field(default_factory=_nothing)  # volume → when it was asked for, of an engine that died then

    def speaks(self, version: str) -> bool:
        """Whether the engine's API is of this version or later; False where that is not known."""
        return bool(self.api_version) and _numbers(self.api_version) >= _numbers(version)

    def by_service(self) -> dict[str, list[ObservedContainer]]:
        """Service name → its containers, by number. One-off containers (`compose run`) are left out."""
        found: dict[str, list[ObservedContainer]] = {}
        for container in sorted(self.containers, key=lambda one: (one.service, one.number, one.id)):
            if not container.oneoff:
                found.setdefault(container.service, []).append(container)
        return found


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """Something that happened on an engine, translated from its event stream.

    `kind` is "container", "network", "volume" or "image"; `action` the engine's word (start, die, kill, oom, connect,
    disconnect, health_status, create, destroy, rename, pull, …). `subject_id` is the id of the container or network.
    """

    at: float
    kind: str
    action: str
    subject_id: str
    name: str = ""
    project: str = ""
    service: str = ""
    detail: Mapping[str, str] = field(default_factory=_nothing)  # exitCode, signal, health, container (for network events), …


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def is_nameless(volume: str) -> bool:
    """Whether a volume was made without a name: the engine gives it 64 hex digits. "" is one that is yet to be made."""
    return not volume or (len(volume) == 64 and all(digit in "0123456789abcdef" for digit in volume))


def to_json(record: Any) -> Any:
    """Any record of this module as plain JSON values; tuples become lists."""
    if is_dataclass(record):
        return {f.name: to_json(getattr(record, f.name)) for f in fields(record)}
    if isinstance(record, Mapping):
        return {str(key): to_json(value) for key, value in record.items()}
    if isinstance(record, tuple | list):
        return [to_json(item) for item in record]
    return record


def from_json(kind: type[Record], value: Mapping[str, Any]) -> Record:
    """Build a record of `kind` from `to_json`'s form. Unknown keys, of a newer version, are left out."""
    hints = _hints_of(kind)  # type: ignore[arg-type]
    return kind(**{key: _build(hints[key], item) for key, item in value.items() if key in hints})


@functools.cache
def _hints_of(kind: type) -> dict[str, Any]:
    """Field → type. Python works it out anew at each call, which took a third of reading a status."""
    hints = typing.get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind)}


def _build(hint: Any, value: Any) -> Any:
    if typing.get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_build(typing.get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and is_dataclass(hint) and isinstance(value, Mapping):
        return from_json(hint, value)
    return value
