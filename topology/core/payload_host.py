"""HostConfig: what a container takes of its host, as the Engine API writes it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from topology.core.design import Design, Port, Service
from topology.core.payload_devices import device_config
from topology.core.payload_limits import IN_PLACE, block_io, limits, microseconds
from topology.core.payload_network import bridge_links, join_target, wanted_mode
from topology.core.payload_storage import storage

# Keys of `Service.other` that an engine call carries: Compose key → HostConfig name.
CARRIED: dict[str, str] = {
    "cgroup_parent": "CgroupParent", "cpu_count": "CpuCount", "cpu_percent": "CpuPercent",
    "cpu_period": "CpuPeriod", "cpu_quota": "CpuQuota", "cpu_rt_period": "CpuRealtimePeriod",
    "cpu_rt_runtime": "CpuRealtimeRuntime", "device_cgroup_rules": "DeviceCgroupRules", "isolation": "Isolation",
    "mem_swappiness": "MemorySwappiness", "memswap_limit": "MemorySwap", "oom_kill_disable": "OomKillDisable",
    "oom_score_adj": "OomScoreAdj", "storage_opt": "StorageOpt", "volume_driver": "VolumeDriver",
}  # fmt: skip
UNMASKED = "systempaths=unconfined"
TIMES = ("cpu_rt_period", "cpu_rt_runtime")
WORDS = ("device_cgroup_rules", "cgroup_parent", "isolation", "storage_opt", "volume_driver", "oom_kill_disable")


def host_config(design: Design, service: str) -> dict[str, Any]:
    """HostConfig of a service's container. What is not written is left to the engine's defaults."""
    spec = design.services[service]
    body: dict[str, Any] = {"NetworkMode": _network_mode(design, spec), "RestartPolicy": restart_policy(spec.restart)}
    body |= _reach(design, spec)
    body |= storage(design, spec)
    body |= _rights(design, spec)
    body |= device_config(spec)
    body |= block_io(spec)
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


def _rights(design: Design, spec: Service) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if spec.privileged:
        body["Privileged"] = True
    if spec.read_only:
        body["ReadonlyRootfs"] = True
    lists = {"CapAdd": spec.cap_add, "CapDrop": spec.cap_drop, "GroupAdd": spec.group_add}
    body |= {name: [str(item) for item in value] for name, value in lists.items() if value}
    written = [text for text in spec.security_opt if text != UNMASKED]
    if options := [*(_security_option(design, text) for text in written), *_credentials(spec)]:
        body["SecurityOpt"] = options
    if UNMASKED in spec.security_opt:  # no option to the engine: Compose and the client make empty lists of it
        body |= {"MaskedPaths": [], "ReadonlyPaths": []}
    if spec.sysctls:
        body["Sysctls"] = {name: str(value) for name, value in spec.sysctls.items()}
    return body


def _security_option(design: Design, text: str) -> str:
    """ "name=value", of which the engine takes a seccomp profile as its JSON, not as the file's name."""
    name, sign, value = text.partition("=") if "=" in text.partition(":")[0] else text.partition(":")
    if name not in ("seccomp", "apparmor", "label", "no-new-privileges") or not sign:
        return text
    profile = design.files.get(posixpath.normpath(value)) if name == "seccomp" else None
    return f"{name}={value if profile is None else profile}" if name == "seccomp" else text


def _credentials(spec: Service) -> list[str]:
    """`credential_spec` (Windows) as the security option that the engine reads."""
    written = spec.other.get("credential_spec")
    if not isinstance(written, Mapping):
        return []
    return [f"credentialspec={kind}://{written[kind]}" for kind in ("file", "registry", "config") if written.get(kind)]


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
        if key in IN_PLACE:
            continue
        if key in TIMES:
            value = microseconds(value)
        elif key == "storage_opt" and isinstance(value, Mapping):
            value = {str(name): _word(item) for name, item in value.items()}
        elif key not in WORDS and re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
            value = int(float(value))  # the engine refuses 50.0 where it wants a whole number
        body[name] = value
    if written := written_annotations(spec):
        body["Annotations"] = written
    return body


def _word(value: Any) -> str:
    """A value as text, as Compose and YAML write it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def written_annotations(spec: Service) -> dict[str, str]:
    """`annotations`, written as a mapping or as a list of name=value. Engines take them since API 1.43."""
    written = spec.other.get("annotations") or {}
    pairs = written.items() if isinstance(written, Mapping) else (str(item).partition("=")[::2] for item in written)
    return {str(name): "" if value is None else str(value) for name, value in pairs}
