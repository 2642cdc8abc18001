"""HostConfig: what a container takes of its host, as the Engine API writes it."""

from __future__ import annotations

import re
from typing import Any

from topology.core.design import Design, Mount, Port, Service
from topology.core.payload_network import bridge_links, join_target, wanted_mode

NANO = 1_000_000_000
POWERS = {"": 0, "b": 0, "k": 1, "kb": 1, "m": 2, "mb": 2, "g": 3, "gb": 3, "t": 4, "tb": 4}  # of 1024

# Keys of `Service.other` that an engine call carries: Compose key → HostConfig name.
CARRIED: dict[str, str] = {
    "cgroup_parent": "CgroupParent", "cpu_count": "CpuCount", "cpu_percent": "CpuPercent",
    "cpu_period": "CpuPeriod", "cpu_quota": "CpuQuota", "cpu_rt_period": "CpuRealtimePeriod",
    "cpu_rt_runtime": "CpuRealtimeRuntime", "device_cgroup_rules": "DeviceCgroupRules", "isolation": "Isolation",
    "mem_swappiness": "MemorySwappiness", "memswap_limit": "MemorySwap", "oom_kill_disable": "OomKillDisable",
    "oom_score_adj": "OomScoreAdj", "storage_opt": "StorageOpt", "volume_driver": "VolumeDriver",
}  # fmt: skip
BYTES = ("memswap_limit",)
WORDS = ("device_cgroup_rules", "cgroup_parent", "isolation", "storage_opt", "volume_driver", "oom_kill_disable")


def host_config(design: Design, service: str) -> dict[str, Any]:
    """HostConfig of a service's container. What is not written is left to the engine's defaults."""
    spec = design.services[service]
    body: dict[str, Any] = {"NetworkMode": _network_mode(design, spec), "RestartPolicy": restart_policy(spec.restart)}
    body |= _reach(design, spec)
    body |= _storage(design, spec)
    body |= _rights(spec)
    body |= _namespaces(design, spec)
    body |= limits(spec)
    body |= _runtime(spec)
    body |= _others(spec)
    return body


def _network_mode(design: Design, spec: Service) -> str:
    mode = wanted_mode(spec)
    if mode in ("service", "container"):
        return f"container:{join_target(design, spec.network_mode or '')}"
    return mode  # for "networks" the caller puts the primary network's name


def restart_policy(text: str | None) -> dict[str, Any]:
    """RestartPolicy of "no", "always", "unless-stopped" or "on-failure[:N]"."""
    name, _, count = (text or "no").partition(":")
    return {"Name": name, "MaximumRetryCount": int(count) if name == "on-failure" and count.isdigit() else 0}


def _reach(design: Design, spec: Service) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if spec.ports:
        body["PortBindings"] = port_bindings(spec.ports)
    if links := bridge_links(design, spec.name):
        body["Links"] = links
    lists = {"ExtraHosts": spec.extra_hosts, "Dns": spec.dns, "DnsSearch": spec.dns_search, "DnsOptions": spec.dns_opt}
    return body | {name: list(value) for name, value in lists.items() if value}


def port_bindings(ports: tuple[Port, ...]) -> dict[str, list[dict[str, str]]]:
    """PortBindings: "80/tcp" → host address and port; an empty port lets the engine choose."""
    found: dict[str, list[dict[str, str]]] = {}
    for port in ports:
        found.setdefault(f"{port.target}/{port.protocol}", []).append({"HostIp": port.host_ip, "HostPort": port.published or ""})
    return found


def _storage(design: Design, spec: Service) -> dict[str, Any]:
    """Mounts, except what only the older Binds can say: a bind that makes its folder, and SELinux labels."""
    binds, mounts = [], []
    for mount in spec.mounts:
        if mount.kind == "bind" and (mount.options.get("create_host_path", True) or mount.options.get("selinux")):
            binds.append(_bind(mount))
        else:
            mounts.append(_mount(design, mount))
    body: dict[str, Any] = {}
    if binds:
        body["Binds"] = binds
    if mounts:
        body["Mounts"] = mounts
    if spec.tmpfs:
        body["Tmpfs"] = {path: options for path, _, options in (text.partition(":") for text in spec.tmpfs)}
    if spec.volumes_from:
        body["VolumesFrom"] = [_volumes_from(design, text) for text in spec.volumes_from]
    return body


def _bind(mount: Mount) -> str:
    options = ["ro" if mount.read_only else "rw"]
    options += [str(mount.options[key]) for key in ("selinux", "propagation") if mount.options.get(key)]
    return f"{mount.source}:{mount.target}:{','.join(options)}"


def _mount(design: Design, mount: Mount) -> dict[str, Any]:
    body: dict[str, Any] = {"Type": mount.kind, "Target": mount.target}
    if mount.source:
        body["Source"] = design.volume_name(mount.source) if mount.source in design.volumes else mount.source
    if mount.read_only:
        body["ReadOnly"] = True
    options = mount.options
    if mount.kind == "bind" and options.get("propagation"):
        body["BindOptions"] = {"Propagation": options["propagation"]}
    if mount.kind == "volume":
        volume = {"NoCopy": options.get("nocopy"), "Subpath": options.get("subpath")}
        if found := {name: value for name, value in volume.items() if value}:
            body["VolumeOptions"] = found
    if mount.kind == "tmpfs":
        sizes = {"SizeBytes": _bytes(options.get("size")), "Mode": _mode(options.get("mode"))}
        if found := {name: value for name, value in sizes.items() if value is not None}:
            body["TmpfsOptions"] = found
    return body


def _volumes_from(design: Design, text: str) -> str:
    """ "service[:ro]" or "container:name[:ro]" as "container[:ro]"."""
    parts = text.split(":")
    if parts[0] == "container":
        return ":".join(parts[1:])
    name = design.container_name(parts[0]) if parts[0] in design.services else parts[0]
    return ":".join([name, *parts[1:]])


def _rights(spec: Service) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if spec.privileged:
        body["Privileged"] = True
    if spec.read_only:
        body["ReadonlyRootfs"] = True
    lists = {"CapAdd": spec.cap_add, "CapDrop": spec.cap_drop, "SecurityOpt": spec.security_opt, "GroupAdd": spec.group_add}
    body |= {name: [str(item) for item in value] for name, value in lists.items() if value}
    if spec.devices:
        body["Devices"] = [_device(text) for text in spec.devices]
    if spec.sysctls:
        body["Sysctls"] = {name: str(value) for name, value in spec.sysctls.items()}
    return body


def _device(text: str) -> dict[str, str]:
    parts = text.split(":")
    inside = parts[1] if len(parts) > 1 else parts[0]
    return {"PathOnHost": parts[0], "PathInContainer": inside, "CgroupPermissions": parts[2] if len(parts) > 2 else "rwm"}


def _namespaces(design: Design, spec: Service) -> dict[str, Any]:
    modes = {
        "PidMode": spec.pid,
        "IpcMode": spec.ipc,
        "UTSMode": spec.uts,
        "UsernsMode": spec.userns_mode,
        "CgroupnsMode": spec.cgroup,
    }
    body: dict[str, Any] = {}
    for name, mode in modes.items():
        if mode:
            joins = mode.startswith(("service:", "container:"))
            body[name] = f"container:{join_target(design, mode)}" if joins else mode
    return body


def limits(spec: Service) -> dict[str, Any]:
    """The limits that change in place (POST /containers/X/update), under HostConfig's names; only those written."""
    found = {
        "Memory": spec.mem_limit_bytes, "MemoryReservation": spec.mem_reservation_bytes,
        "NanoCpus": round(spec.cpus * NANO) if spec.cpus else None, "CpuShares": spec.cpu_shares,
        "CpusetCpus": spec.cpuset, "PidsLimit": spec.pids_limit,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _runtime(spec: Service) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if spec.init is not None:
        body["Init"] = spec.init
    if spec.shm_size_bytes:
        body["ShmSize"] = spec.shm_size_bytes
    if spec.runtime:
        body["Runtime"] = spec.runtime
    if spec.ulimits:
        body["Ulimits"] = [{"Name": name, "Soft": soft, "Hard": hard} for name, (soft, hard) in sorted(spec.ulimits.items())]
    if spec.logging is not None:
        options = {name: str(value) for name, value in (spec.logging.get("options") or {}).items()}
        body["LogConfig"] = {"Type": spec.logging.get("driver") or "", "Config": options}
    return body


def _others(spec: Service) -> dict[str, Any]:
    """Keys without a field of their own that the engine takes nearly as written."""
    body: dict[str, Any] = {}
    for key, name in CARRIED.items():
        value = spec.other.get(key)
        if value is None:
            continue
        if key in BYTES:
            value = _bytes(value)
        elif key not in WORDS and re.fullmatch(r"-?\d+", str(value)):
            value = int(value)
        body[name] = value
    return body


def _bytes(value: Any) -> int | None:
    """A size: a number of bytes, or text such as "64m"; None where it is neither."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*([a-z]*)", str(value).strip().lower())
    return int(float(found[1]) * 1024 ** POWERS[found[2]]) if found and found[2] in POWERS else None


def _mode(value: Any) -> int | None:
    """A file mode: a number as it is, text as octal."""
    if isinstance(value, int):
        return value
    return int(value, 8) if isinstance(value, str) and re.fullmatch(r"0?o?[0-7]{3,4}", value) else None
