"""What an engine's administrator allows beyond plain containers, judged by the final body of a call. Deny by default.

Whoever may make containers with these asks is root on the engine's host. Symbolic links on the host cannot be seen from here:
a bind mount of any path is one permission, the well-known paths of the engine's socket another.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from topology.core.labels import PROJECT
from topology.core.observed import Observed
from topology.core.plan import Kind, Operation, Plan
from topology.core.policy_ask import Ask, confinement_asks
from topology.core.policy_hosts import is_public
from topology.core.problems import Problem

SOCKETS = (
    "/var/run/docker.sock", "/run/docker.sock", "/var/run/containerd/containerd.sock", "/run/containerd/containerd.sock",
    "/run/podman/podman.sock", "/var/run/podman/podman.sock", "/run/crio/crio.sock", "/var/run/crio/crio.sock",
)  # fmt: skip
SOCKET_NAMES = frozenset({"docker.sock", "containerd.sock", "podman.sock", "crio.sock", "docker.pid", "dockerd.sock"})
ENGINE_FOLDERS = ("/var/lib/docker", "/var/lib/containerd", "/etc/docker", "/run/docker", "/var/run/docker")
PLAIN_NETWORKS = frozenset({"", "bridge", "overlay"})  # drivers that reach nothing of the host's own networks
HOST_OPTIONS = ("com.docker.network.bridge.name", "com.docker.network.bridge.trusted_host_interfaces", "parent")
GATEWAY_MODES = ("com.docker.network.bridge.gateway_mode_ipv4", "com.docker.network.bridge.gateway_mode_ipv6")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed on an engine. All False unless an engine administrator says so."""

    privileged: bool = False
    bind_mounts: bool = False
    engine_socket: bool = False
    host_namespaces: bool = False
    devices: bool = False
    capabilities: bool = False
    unconfined: bool = False
    other_stacks: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Allowed:
        """From the fields' names; only a true True allows."""
        return cls(**{field.name: value.get(field.name) is True for field in fields(cls)})


WORDS: dict[str, str] = {
    "privileged": "privileged containers", "bind_mounts": "bind mounts", "engine_socket": "the engine's socket",
    "host_namespaces": "host namespaces", "devices": "devices", "capabilities": "capabilities and sysctls",
    "unconfined": "unconfined containers", "other_stacks": "networks and volumes of others",
}  # fmt: skip


def check_plan(plan: Plan, observed: Observed, allowed: Allowed, *, friends: Collection[str]) -> list[Problem]:
    """What the plan asks for and the engine does not allow, in the plan's order, each once.

    `friends` are the projects whose networks and volumes are the team's own, the stack's among them.
    """
    found: dict[Problem, None] = {}
    made = {str(one.detail["payload"].get("Name")) for one in plan.operations if one.kind is Kind.CREATE_NETWORK}
    ids = {one.id for one in observed.networks}
    known = ({one.name for one in observed.networks} | made) - ids
    for operation in plan.operations:
        found.update(dict.fromkeys(check_operation(operation, allowed)))
        asks = [ask for ask in _standing_asks(operation, observed) if not getattr(allowed, ask.permission)]
        found.update({_problem(operation, ask): None for ask in asks})
        if not allowed.other_stacks:
            asks = [*_unknown_asks(operation, known, ids=ids), *_foreign_asks(operation, observed, friends=friends)]
            found.update({_problem(operation, ask): None for ask in asks})
    return list(found)


def check_operation(operation: Operation, allowed: Allowed) -> list[Problem]:
    """What the operation asks for and the engine does not allow, each once, in a stable order."""
    refused = [ask for ask in dict.fromkeys(_asks(operation)) if not getattr(allowed, ask.permission)]
    return [_problem(operation, ask) for ask in refused]


def _problem(operation: Operation, ask: Ask) -> Problem:
    message = f"{operation.subject.partition(':')[2]} asks for {ask.words}, which this engine does not allow."
    fix = f"An engine administrator can allow {WORDS[ask.permission]} for this engine under Engines."
    if ask.permission == "other_stacks":
        fix = f"Give this stack's own another `name`. {fix}"
    return Problem(f"policy-{ask.code}", message, fix=fix, subject=operation.subject)


def _asks(operation: Operation) -> Iterator[Ask]:
    payload = operation.detail.get("payload") or {}
    if operation.kind is Kind.CREATE_CONTAINER:
        own = frozenset(operation.detail.get("own") or ())
        yield from _host_asks(payload.get("HostConfig") or {}, own=own)
        for name in sorted((payload.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}):
            yield from _namespace(name, what="network", own=own)
    elif operation.kind is Kind.UPDATE_CONTAINER:
        yield from _host_asks(payload, own=frozenset())
    elif operation.kind is Kind.CREATE_VOLUME:
        yield from _volume_asks(str(payload.get("Driver") or "local"), payload.get("DriverOpts") or {})
    elif operation.kind is Kind.CREATE_NETWORK:
        yield from _network_asks(payload)
    elif operation.kind is Kind.BUILD_IMAGE:
        yield from _build_asks(operation.detail.get("options") or {})
    elif operation.kind is Kind.RUN_COMMAND and operation.detail.get("privileged"):
        yield Ask("privileged", "privileged", "a command with all privileges")
    elif operation.kind is Kind.CONNECT:
        yield from _namespace(str(operation.detail.get("network", "")), what="network", own=frozenset())


def _build_asks(options: Mapping[str, Any]) -> Iterator[Ask]:
    """Steps of a build run in containers; a context that the engine fetches is fetched from the host itself."""
    network, remote = str(options.get("network") or ""), str(options.get("remote") or "")
    if network not in ("", "default", "bridge", "none"):
        yield Ask("host_namespaces", "host-network", f"a build in the network {network[:40]}")
    if remote and not is_public(remote):
        yield Ask("host_namespaces", "host-network", "a build from the host's own network, or from a name that is not public")


def _unknown_asks(operation: Operation, known: Collection[str], *, ids: Collection[str]) -> Iterator[Ask]:
    """Networks by a word that can be an id or the start of one, and is not the name of one that is there or that the plan makes. An
    engine takes ids as well, which is a way into any network; of other words it says itself that there is no such network."""
    for name in _names_used(operation)[0]:
        is_id = re.fullmatch("[0-9a-f]+", name) or any(id.startswith(name) for id in ids if name)  # a Swarm's are not hex
        if is_id and name not in known:
            yield Ask("other_stacks", "unknown-network", f"the network {name[:64]}, which is no network's name here")


def _foreign_asks(operation: Operation, observed: Observed, *, friends: Collection[str]) -> Iterator[Ask]:
    """Networks and volumes that are there and belong to a stack of others. A network without a project is for everybody; a
    volume without one is somebody's data."""
    networks, volumes = _names_used(operation)
    owners = {one.name: one.labels.get(PROJECT, "") for one in observed.networks}
    kept = {name for one in observed.containers for name in one.nameless.values()}  # the stack's own, though without a label
    for name in networks:
        if owners.get(name) and owners[name] not in friends:
            yield Ask("other_stacks", "foreign-network", f"the network {name} of the project {owners[name]}")
    for name in volumes:
        owner = observed.volume_owners.get(name, "")
        if name in observed.external_volumes and owner not in friends and name not in kept:
            whose = f" of the project {owner}" if owner else ", which no stack of the team has made"
            yield Ask("other_stacks", "foreign-volume", f"the volume {name}{whose}")


def _standing_asks(operation: Operation, observed: Observed) -> Iterator[Ask]:
    """What is there already and is joined or mounted is judged as its creation would be: it may be of a time when that was
    allowed, or another's. The engine's own three networks are judged by name, in `_namespace`."""
    networks, volumes = _names_used(operation)
    for network in observed.networks:
        if network.name in networks and network.name not in ("bridge", "host", "none"):
            yield from _network_asks({"Driver": network.driver, "Options": network.options})
    made = {one.name: (one.driver, one.options) for one in observed.volumes}
    made |= {name: (str(one.get("driver")), one.get("options") or {}) for name, one in observed.volume_makings.items()}
    for name in volumes:
        driver, options = made.get(name, ("", {}))
        yield from _volume_asks(driver or "local", options)


def _names_used(operation: Operation) -> tuple[list[str], list[str]]:
    """The engine's names of the networks and volumes that a call joins or mounts, sorted."""
    if operation.kind is Kind.CONNECT:
        return [str(operation.detail.get("network", ""))], []
    if operation.kind is not Kind.CREATE_CONTAINER:
        return [], []
    payload = operation.detail.get("payload") or {}
    host = payload.get("HostConfig") or {}
    networks = {str(host.get("NetworkMode") or ""), *((payload.get("NetworkingConfig") or {}).get("EndpointsConfig") or {})}
    volumes = {str(one.get("Source") or "") for one in host.get("Mounts") or () if one.get("Type") == "volume"}
    volumes |= {str(bind).partition(":")[0] for bind in host.get("Binds") or ()}
    return sorted(networks), sorted(volumes)


def _network_asks(payload: Mapping[str, Any]) -> Iterator[Ask]:
    """A network that reaches into the host's own: its cards (macvlan, ipvlan, a parent) or a bridge that is there already."""
    driver, options = str(payload.get("Driver") or ""), payload.get("Options") or {}
    if driver not in PLAIN_NETWORKS:
        yield Ask(
            "host_namespaces", "host-network-driver", f"a network of the driver {driver[:40]}, which reaches the host's networks"
        )
    for name in HOST_OPTIONS:
        if name in options:
            yield Ask("host_namespaces", "host-network-option", f"the network option {name}")
    for name in GATEWAY_MODES:
        if options.get(name, "nat") not in ("nat", "isolated"):
            yield Ask("host_namespaces", "host-network-option", f"the network option {name}")
    ipam = str((payload.get("IPAM") or {}).get("Driver") or "default")
    if ipam not in ("default", "null"):
        yield Ask("host_namespaces", "host-network-driver", f"addresses of the driver {ipam[:40]}")


def _host_asks(host: Mapping[str, Any], *, own: Collection[str]) -> Iterator[Ask]:
    if host.get("Privileged"):
        yield Ask("privileged", "privileged", "a privileged container")
    yield from _mount_asks(host, own=own)
    modes = {"NetworkMode": "network", "PidMode": "pid", "IpcMode": "ipc", "UTSMode": "uts", "UsernsMode": "userns"}
    for key, what in (modes | {"CgroupnsMode": "cgroup"}).items():
        yield from _namespace(str(host.get(key) or ""), what=what, own=own)
    for device in host.get("Devices") or ():
        yield Ask("devices", "devices", f"the device {device.get('PathOnHost', '')}")
    if host.get("DeviceCgroupRules"):
        yield Ask("devices", "devices", "device cgroup rules")
    if host.get("DeviceRequests"):
        yield Ask("devices", "devices", "devices such as GPUs")
    for capability in host.get("CapAdd") or ():
        yield Ask("capabilities", "capabilities", f"the capability {capability}")
    for name in sorted(host.get("Sysctls") or {}):
        yield Ask("capabilities", "sysctls", f"the sysctl {name}")
    for link in host.get("Links") or ():
        if (name := str(link).partition(":")[0]) not in own:  # it gives this one that container's whole environment
            yield Ask("host_namespaces", "foreign-container", f"a link to {name}, a container of another stack")
    yield from confinement_asks(host)


def _namespace(mode: str, *, what: str, own: Collection[str]) -> Iterator[Ask]:
    if mode == "host":
        yield Ask("host_namespaces", f"host-{what}", f"the host's {what} namespace")
    if mode.startswith("container:") and mode.partition(":")[2] not in own:
        yield Ask(
            "host_namespaces",
            "foreign-container",
            f"the {what} namespace of {mode.partition(':')[2]}, a container of another stack",
        )
    if mode.startswith("ns:"):
        yield Ask("host_namespaces", f"host-{what}", f"a {what} namespace of the host, {mode}")


def _mount_asks(host: Mapping[str, Any], *, own: Collection[str]) -> Iterator[Ask]:
    for bind in host.get("Binds") or ():
        yield from _path_asks(str(bind).partition(":")[0])
    for mount in host.get("Mounts") or ():
        if mount.get("Type") == "bind" or mount.get("Type") == "npipe":
            yield from _path_asks(str(mount.get("Source") or ""), always=True)
        elif mount.get("Type") == "volume":
            yield from _path_asks(str(mount.get("Source") or ""))
        elif mount.get("Type") not in ("tmpfs", "image", None):
            yield Ask("bind_mounts", "mount-type", f"a mount of the type {mount['Type']}")
        driver = (mount.get("VolumeOptions") or {}).get("DriverConfig") or {}
        yield from _volume_asks(str(driver.get("Name") or "local"), driver.get("Options") or {})
    if (driver_name := str(host.get("VolumeDriver") or "")) not in ("", "local"):
        yield Ask("bind_mounts", "volume-driver", f"volumes of the driver {driver_name[:40]}")
    for source in host.get("VolumesFrom") or ():
        name = str(source).partition(":")[0]
        if name not in own:
            yield Ask("bind_mounts", "foreign-container", f"the volumes of {name}, a container of another stack")


def _path_asks(source: str, *, always: bool = False) -> Iterator[Ask]:
    """A mount's source: a path of the host, unless it is a plain volume name."""
    if not always and not source.startswith(("/", ".", "~", "\\")) and "/" not in source and "\\" not in source:
        return
    path = "/" + posixpath.normpath("/" + source.replace("\\", "/")).lstrip("/")
    inside = any(path == folder or path.startswith(f"{folder}/") for folder in ENGINE_FOLDERS)
    if path.rpartition("/")[2] in SOCKET_NAMES or path in SOCKETS:
        yield Ask("engine_socket", "engine-socket", f"the engine's socket, {source}")
        return
    parent = path.rstrip("/") + "/"
    if inside or any(known.startswith(parent) for known in (*SOCKETS, *ENGINE_FOLDERS)) or path.startswith("/proc"):
        yield Ask("engine_socket", "engine-socket", f"a bind mount of {source}, which holds the engine's own files")
    yield Ask("bind_mounts", "bind-mount", f"a bind mount of {source}")


def _volume_asks(driver: str, options: Mapping[str, Any]) -> Iterator[Ask]:
    """A `local` volume is a mount that the host makes: of a path, a disk, a share or a file system of the kernel. What it may be
    without being asked is a tmpfs, or a plain folder of the engine's own. What another driver mounts is not known here."""
    if driver != "local":
        yield Ask("bind_mounts", "volume-driver", f"a volume of the driver {driver[:40]}")
        return
    given = {str(name).lower(): str(value) for name, value in options.items()}
    kind, device = given.get("type", "").strip().lower(), given.get("device", "")
    words = {word.strip().lower() for word in given.get("o", "").split(",")}
    plain = kind == "tmpfs" or not (given.keys() & {"type", "device", "o"})
    if not plain or words & {"bind", "rbind"}:
        yield from _path_asks(device or "/", always=True)
