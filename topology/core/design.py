"""A stack as drawn: services, networks, links, volumes and ports, read from a Compose text.

Every name here is the Compose Specification's, in the field's terms. Units stand in the names (`_s` seconds, `_bytes`).
A value of None means "not written in the file", so that a default is applied in one place only (`core.payload`).
Source: https://github.com/compose-spec/compose-spec (05-services.md to 09-secrets.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

DEFAULT_NETWORK = "default"
EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A service's membership of one network: an endpoint as drawn. `network` is the key in `Design.networks`."""

    network: str
    aliases: tuple[str, ...] = ()
    ipv4: str | None = None
    ipv6: str | None = None
    link_local_ips: tuple[str, ...] = ()
    mac: str | None = None
    priority: int = 0
    driver_opts: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    gw_priority: int = 0
    interface_name: str | None = None
    service_alias: bool = True  # whether the service's own name is one of its names there (`use_service_name_alias`)
    implicit: bool = False  # on the default network because nothing else was said


@dataclass(frozen=True, slots=True)
class Link:
    """A legacy link, client → server: the client reaches `target` under `alias`. `external`: a container of another project."""

    target: str
    alias: str
    external: bool = False


@dataclass(frozen=True, slots=True)
class Port:
    """A published port. `published` is None when the engine chooses; a range stays text ("8000-8010")."""

    target: int
    published: str | None = None
    host_ip: str = ""
    protocol: str = "tcp"
    mode: str = "ingress"


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume, bind or tmpfs of one service. `source` is the volume's key, a host path, or None (anonymous, tmpfs)."""

    kind: str  # "volume" | "bind" | "tmpfs" | "npipe" | "cluster"
    target: str
    source: str | None = None
    read_only: bool = False
    # bind: propagation, create_host_path, selinux; volume: nocopy, subpath; tmpfs: size, mode
    options: Mapping[str, Any] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Dependency:
    """`depends_on`: start after `service` has met `condition`. `implied`: by a link, a `service:` mode or volumes_from."""

    service: str
    condition: str = "service_started"
    restart: bool = False
    required: bool = True
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Healthcheck:
    """`test` as the engine takes it (("CMD-SHELL", "…"), ("CMD", …), ("NONE",)); None times mean the engine's default."""

    test: tuple[str, ...] = ()
    interval_s: float | None = None
    timeout_s: float | None = None
    start_period_s: float | None = None
    start_interval_s: float | None = None
    retries: int | None = None
    disable: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `other` keeps every key that has no field here, as read, so that it shows and is never lost.

    `network_mode` is None (networks), "bridge" (docker0), "host", "none", "service:NAME" or "container:NAME".
    `attachments` is empty exactly when `network_mode` is set.
    """

    name: str
    image: str | None = None
    build: Mapping[str, Any] | None = None
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: Mapping[str, str | None] = field(default_factory=lambda: EMPTY)
    ports: tuple[Port, ...] = ()
    expose: tuple[str, ...] = ()
    mounts: tuple[Mount, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    network_mode: str | None = None
    links: tuple[Link, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    restart: str | None = None  # "no" | "always" | "unless-stopped" | "on-failure[:N]"
    healthcheck: Healthcheck | None = None
    container_name: str | None = None
    hostname: str | None = None
    domainname: str | None = None
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    user: str | None = None
    working_dir: str | None = None
    tty: bool = False
    stdin_open: bool = False
    init: bool | None = None
    privileged: bool = False
    read_only: bool = False
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    pid: str | None = None
    ipc: str | None = None
    uts: str | None = None
    userns_mode: str | None = None
    cgroup: str | None = None
    dns: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    dns_opt: tuple[str, ...] = ()
    extra_hosts: tuple[str, ...] = ()  # "name:address"
    sysctls: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    ulimits: Mapping[str, tuple[int, int]] = field(default_factory=lambda: EMPTY)  # name → (soft, hard)
    tmpfs: tuple[str, ...] = ()
    group_add: tuple[str, ...] = ()
    shm_size_bytes: int | None = None
    mem_limit_bytes: int | None = None
    mem_reservation_bytes: int | None = None
    cpus: float | None = None
    cpu_shares: int | None = None
    cpuset: str | None = None
    pids_limit: int | None = None
    stop_signal: str | None = None
    stop_grace_period_s: float | None = None
    logging: Mapping[str, Any] | None = None  # {"driver": str, "options": {str: str}}
    platform: str | None = None
    pull_policy: str | None = None
    runtime: str | None = None
    mac_address: str | None = None
    scale: int = 1
    profiles: tuple[str, ...] = ()
    volumes_from: tuple[str, ...] = ()
    other: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    line: int = 0  # of the service's key in the text, from 1
    hash: str = field(default="", compare=False)  # what `docker compose config --hash` says of it; "" where that is not known
    hash_text: str = field(default="", compare=False, repr=False)  # what is hashed, where ids are to be put in (`joined_hash`)

    @property
    def mode(self) -> str:
        """How it is connected, in one word: networks, bridge, host, none, service or container."""
        return "networks" if self.network_mode is None else self.network_mode.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Pool:
    """One IPAM pool of a network, as CIDR and addresses in text."""

    subnet: str | None = None
    gateway: str | None = None
    ip_range: str | None = None
    aux_addresses: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class Network:
    """One network. `key` is its name in the file; `name` the engine's name where the file sets one, else None."""

    key: str
    name: str | None = None
    driver: str | None = None
    driver_opts: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    internal: bool = False
    attachable: bool = False
    enable_ipv4: bool | None = None
    enable_ipv6: bool = False
    external: bool = False
    ipam_driver: str | None = None
    ipam_options: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    pools: tuple[Pool, ...] = ()
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    implicit: bool = False  # the default network that nobody wrote
    other: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Volume:
    """One named volume. `key` is its name in the file; `name` the engine's name where the file sets one, else None."""

    key: str
    name: str | None = None
    driver: str | None = None
    driver_opts: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    external: bool = False
    labels: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    other: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Resource:
    """A config or a secret: exactly one of file, environment, content or external says where it comes from."""

    key: str
    name: str | None = None
    file: str | None = None
    environment: str | None = None
    content: str | None = None
    external: bool = False
    line: int = 0
    value: str | None = None  # what `environment` names, where that variable is set


@dataclass(frozen=True, slots=True)
class Design:
    """A whole stack. `project` is the Compose project name: lower-case, digits, `-` and `_`. Mappings keep the file's order."""

    project: str
    services: Mapping[str, Service] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    configs: Mapping[str, Resource] = field(default_factory=dict)
    secrets: Mapping[str, Resource] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    files: Mapping[str, str] = field(default_factory=lambda: EMPTY, compare=False)  # companions: relative path → text
    folder: str = field(default="", compare=False)  # where the file lies on the engine's host (`core.located`); "" unknown

    def network_name(self, key: str) -> str:
        """The engine's name of a network: the written one, else PROJECT_KEY. Source: Compose Specification, "name"."""
        network = self.networks[key]
        return network.name or (network.key if network.external else f"{self.project}_{key}")

    def volume_name(self, key: str) -> str:
        """The engine's name of a volume: the written one, else PROJECT_KEY."""
        volume = self.volumes[key]
        return volume.name or (volume.key if volume.external else f"{self.project}_{key}")

    def container_name(self, service: str, number: int = 1) -> str:
        """The container's name: the written one, else PROJECT-SERVICE-NUMBER."""
        return self.services[service].container_name or f"{self.project}-{service}-{number}"
