"""What a container takes of its host, as keys of a Compose service: HostConfig without the engine's defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.core.payload_host import UNMASKED
from topology.core.reconstruct_mounts import mount_keys, unsaid
from topology.core.reconstruct_units import cores, size
from topology.core.reconstruct_wires import Neighbours

Json = Mapping[str, Any]
SHM_DEFAULT = 64 * 1024**2
DEVICE_RIGHTS = "rwm"
HIDDEN = frozenset({"", "private"})  # namespaces of one's own

FLAGS = {"Privileged": "privileged", "ReadonlyRootfs": "read_only", "OomKillDisable": "oom_kill_disable"}
TEXTS = {
    "UTSMode": "uts", "UsernsMode": "userns_mode", "CgroupParent": "cgroup_parent", "CpusetCpus": "cpuset",
    "Isolation": "isolation", "VolumeDriver": "volume_driver",
}  # fmt: skip
NUMBERS = {
    "CpuShares": "cpu_shares", "CpuPeriod": "cpu_period", "CpuQuota": "cpu_quota", "OomScoreAdj": "oom_score_adj",
    "CpuCount": "cpu_count", "CpuPercent": "cpu_percent", "CpuRealtimePeriod": "cpu_rt_period",
    "CpuRealtimeRuntime": "cpu_rt_runtime",
}  # fmt: skip
LISTS = {
    "Dns": "dns", "DnsSearch": "dns_search", "DnsOptions": "dns_opt", "ExtraHosts": "extra_hosts", "CapAdd": "cap_add",
    "CapDrop": "cap_drop", "GroupAdd": "group_add", "SecurityOpt": "security_opt", "DeviceCgroupRules": "device_cgroup_rules",
}  # fmt: skip
MAPS = {"Sysctls": "sysctls", "StorageOpt": "storage_opt", "Annotations": "annotations"}
RATES = {
    "BlkioDeviceReadBps": "device_read_bps", "BlkioDeviceReadIOps": "device_read_iops",
    "BlkioDeviceWriteBps": "device_write_bps", "BlkioDeviceWriteIOps": "device_write_iops",
}  # fmt: skip


def host_keys(
    container: Json, image: Json, *, near: Neighbours, volumes: tuple[Json, ...], info: Json, notes: list[str]
) -> dict[str, Any]:
    """Everything but networks and links."""
    host = container.get("HostConfig") or {}
    keys: dict[str, Any] = dict(_plain(host)) | _limits(host) | _namespaces(host, near=near, info=info)
    name = str(container["Name"]).lstrip("/")
    keys |= _runtime(host, info=info) | _devices(host, memory=keys.pop("mem_reservation", None), name=name, notes=notes)
    keys |= _ports(container, image.get("Config") or {}, notes=notes)
    keys |= mount_keys(container, image, project=near.project, volumes=volumes)
    notes.extend(unsaid(container))
    if sources := [near.service_or_container(str(text)) for text in host.get("VolumesFrom") or ()]:
        keys["volumes_from"] = sources
    if host.get("AutoRemove"):
        notes.append(f"{name} is removed by the engine when it ends (--rm); Compose has no such key.")
    return keys


def _plain(host: Json) -> Iterator[tuple[str, Any]]:
    policy = host.get("RestartPolicy") or {}
    if policy.get("Name") not in (None, "", "no"):
        most = policy.get("MaximumRetryCount") or 0
        yield "restart", f"{policy['Name']}:{most}" if policy["Name"] == "on-failure" and most else policy["Name"]
    yield from ((key, True) for name, key in FLAGS.items() if host.get(name))
    yield from ((key, str(host[name])) for name, key in TEXTS.items() if host.get(name) not in (None, "", "default"))
    yield from ((key, host[name]) for name, key in NUMBERS.items() if host.get(name))
    yield from ((key, [str(item) for item in host[name]]) for name, key in LISTS.items() if host.get(name))
    yield from ((key, {k: str(v) for k, v in sorted(host[name].items())}) for name, key in MAPS.items() if host.get(name))
    if host.get("MaskedPaths") == [] and host.get("ReadonlyPaths") == []:
        yield "security_opt", [*map(str, host.get("SecurityOpt") or ()), UNMASKED]
    if host.get("MemorySwappiness") not in (None, -1):
        yield "mem_swappiness", host["MemorySwappiness"]
    if host.get("Init") is not None:
        yield "init", bool(host["Init"])
    limits = {one["Name"]: {"soft": one["Soft"], "hard": one["Hard"]} for one in host.get("Ulimits") or ()}
    if limits:
        yield "ulimits", {name: two["soft"] if two["soft"] == two["hard"] else two for name, two in sorted(limits.items())}


def _limits(host: Json) -> dict[str, Any]:
    """A swap limit of twice the memory is the engine's own."""
    keys: dict[str, Any] = {}
    memory, swap = host.get("Memory") or 0, host.get("MemorySwap") or 0
    if memory:
        keys["mem_limit"] = size(memory)
    if host.get("MemoryReservation"):
        keys["mem_reservation"] = size(host["MemoryReservation"])
    if swap and swap != 2 * memory:
        keys["memswap_limit"] = size(swap)
    if host.get("NanoCpus"):
        keys["cpus"] = cores(host["NanoCpus"])
    if (most := host.get("PidsLimit")) and most > 0:
        keys["pids_limit"] = most
    if host.get("ShmSize") not in (None, 0, SHM_DEFAULT):
        keys["shm_size"] = size(host["ShmSize"])
    return keys | _block_io(host)


def _block_io(host: Json) -> dict[str, Any]:
    keys: dict[str, Any] = {"weight": host["BlkioWeight"]} if host.get("BlkioWeight") else {}
    if host.get("BlkioWeightDevice"):
        keys["weight_device"] = [{"path": one["Path"], "weight": one["Weight"]} for one in host["BlkioWeightDevice"]]
    for name, key in RATES.items():
        if host.get(name):
            keys[key] = [{"path": one["Path"], "rate": one["Rate"]} for one in host[name]]
    return {"blkio_config": keys} if keys else {}


def _namespaces(host: Json, *, near: Neighbours, info: Json) -> dict[str, Any]:
    """Whether a container sees the host's cgroups is the engine's choice unless said: yes with version 1, no with 2."""
    keys = {}
    cgroup, default = host.get("CgroupnsMode"), {"1": "host", "2": "private"}.get(str(info.get("CgroupVersion")))
    if cgroup and default and cgroup != default:
        keys["cgroup"] = cgroup
    for name, key in (("PidMode", "pid"), ("IpcMode", "ipc")):
        mode = str(host.get(name) or "")
        if mode not in HIDDEN:
            keys[key] = near.joined(mode) if mode.startswith("container:") else mode
    return keys


def _runtime(host: Json, *, info: Json) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    if host.get("Runtime") not in (None, "", info.get("DefaultRuntime") or "runc"):
        keys["runtime"] = host["Runtime"]
    log = host.get("LogConfig") or {}
    driver, options = log.get("Type") or "", log.get("Config") or {}
    if driver and (options or driver != (info.get("LoggingDriver") or "json-file")):
        keys["logging"] = {"driver": driver} | ({"options": {k: str(v) for k, v in sorted(options.items())}} if options else {})
    return keys


def _devices(host: Json, *, memory: Any, name: str, notes: list[str]) -> dict[str, Any]:
    """Beside reserved devices the memory is reserved under `deploy` too, where silence counts as none."""
    keys: dict[str, Any] = {} if memory is None else {"mem_reservation": memory}
    found = []
    for one in host.get("Devices") or ():
        rights = one.get("CgroupPermissions") or DEVICE_RIGHTS
        found.append(f"{one['PathOnHost']}:{one['PathInContainer']}" + (f":{rights}" if rights != DEVICE_RIGHTS else ""))
    asked = host.get("DeviceRequests") or ()
    found += [str(device) for one in asked if one.get("Driver") == "cdi" for device in one.get("DeviceIDs") or ()]
    if found:
        keys["devices"] = found
    if any(len(one.get("Capabilities") or ()) > 1 for one in asked):
        notes.append(f"{name} asks for devices of one capability or another; Compose has no such key, so all are written.")
    if reserved := [_reserved(one) for one in asked if one.get("Driver") != "cdi"]:
        first = {} if memory is None else {"memory": keys.pop("mem_reservation")}
        keys["deploy"] = {"resources": {"reservations": first | {"devices": reserved}}}
    return keys


def _reserved(one: Json) -> dict[str, Any]:
    count = one.get("Count") or 0
    found: dict[str, Any] = {"capabilities": [word for group in one.get("Capabilities") or () for word in group]}
    found |= {"driver": one["Driver"]} if one.get("Driver") else {}
    found |= {"count": "all" if count == -1 else count} if count else {}
    found |= {"device_ids": list(one["DeviceIDs"])} if one.get("DeviceIDs") else {}
    return found | ({"options": dict(one["Options"])} if one.get("Options") else {})


def _ports(container: Json, base: Json, *, notes: list[str]) -> dict[str, Any]:
    """`ports` from what is bound, `expose` from what is exposed beside that and beside the image."""
    config, host, name = container.get("Config") or {}, container.get("HostConfig") or {}, str(container["Name"]).lstrip("/")
    bound = dict(_bound(container, name=name, notes=notes))
    ports = [_port(target, one) for target, bindings in sorted(bound.items(), key=_port_order) for one in bindings]
    exposed = [
        text for text in config.get("ExposedPorts") or {} if text not in (base.get("ExposedPorts") or {}) and text not in bound
    ]
    if host.get("PublishAllPorts"):
        notes.append(f"{name} publishes every port that its image exposes (-P); Compose has no such key, so they are left out.")
    keys: dict[str, Any] = {"ports": ports} if ports else {}
    if exposed:
        keys["expose"] = [text.removesuffix("/tcp") for text in sorted(exposed, key=lambda text: _port_order((text, None)))]
    return keys


def _bound(container: Json, *, name: str, notes: list[str]) -> Iterator[tuple[str, list[Json]]]:
    """Target → what it is bound to. With an empty list nothing is published by 20.10, and a port of the engine's choice by later
    engines that speak API 1.52 or older: which of the two is so shows on a container that runs."""
    now = (container.get("NetworkSettings") or {}).get("Ports") or {}
    for target, bindings in ((container.get("HostConfig") or {}).get("PortBindings") or {}).items():
        if bindings:
            yield target, bindings
        elif now.get(target):
            yield target, [{}]
        elif not (container.get("State") or {}).get("Running"):
            notes.append(f"{name} binds {target} to no port that is named, and does not run; that it may publish one is left out.")


def _port_order(item: tuple[str, Any]) -> tuple[int, str]:
    number = item[0].partition("/")[0]
    return (int(number) if number.isdigit() else 0), item[0]


def _port(target: str, binding: Json) -> Any:
    """Short form, except where an address has colons or the host's port is a written 0."""
    number, _, protocol = target.partition("/")
    address, published = str(binding.get("HostIp") or ""), str(binding.get("HostPort") or "")
    if ":" in address or published == "0":
        found: dict[str, Any] = {"target": int(number)} | ({"published": published} if published else {})
        return found | ({"host_ip": address} if address else {}) | ({"protocol": protocol} if protocol != "tcp" else {})
    ending = "" if protocol in ("", "tcp") else f"/{protocol}"
    if not published:
        return f"{address}::{number}{ending}" if address else f"{number}{ending}"
    return f"{f'{address}:' if address else ''}{published}:{number}{ending}"
