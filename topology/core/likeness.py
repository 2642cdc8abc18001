"""What a container was made with, as short hashes by Compose key: for one that another tool made, and whose own hash says no more
than that something differs. A value itself is never kept, since secrets may be among them.

Compared is what the design writes. What the image says by itself, and what was taken out of the file, is not seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from topology.core.labels import RESERVED_PREFIXES
from topology.core.observed import is_nameless

PLAIN = {
    "Cmd": "command", "Entrypoint": "entrypoint", "User": "user", "WorkingDir": "working_dir", "Hostname": "hostname",
    "Domainname": "domainname", "StopSignal": "stop_signal", "StopTimeout": "stop_grace_period", "Tty": "tty",
    "OpenStdin": "stdin_open",
}  # fmt: skip
HOST = {
    "Privileged": "privileged", "ReadonlyRootfs": "read_only", "Init": "init", "UTSMode": "uts", "UsernsMode": "userns_mode",
    "ShmSize": "shm_size", "Runtime": "runtime", "OomScoreAdj": "oom_score_adj", "CgroupParent": "cgroup_parent",
}  # fmt: skip
SETS = {"ExtraHosts": "extra_hosts", "SecurityOpt": "security_opt", "GroupAdd": "group_add", "DnsSearch": "dns_search"}
CAPABILITIES = {"CapAdd": "cap_add", "CapDrop": "cap_drop"}


def likeness(config: Mapping[str, Any], host: Mapping[str, Any]) -> dict[str, str]:
    """Key, or key and name ("environment.TZ"), → eight hex digits. The body of a create call and an inspect give the same."""
    nameless = ((f"volumes.{target}", ["", False]) for target in config.get("Volumes") or ())  # `docker run -v /data` asks so
    return {key: _hash(value) for key, value in (*nameless, *_of_process(config), *_of_host(host))}


def differing(wanted: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """The keys of which something that is wanted is not so, sorted."""
    return sorted({key.partition(".")[0] for key, value in wanted.items() if there.get(key) != value})


def _of_process(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, key in PLAIN.items():
        if config.get(name) not in (None, "", False, [], [""]):  # [] drops the image's entrypoint; others tell of none then
            yield key, config[name]
    for text in config.get("Env") or ():
        name, sign, value = str(text).partition("=")
        yield f"environment.{name}", value if sign else None
    for name, value in (config.get("Labels") or {}).items():
        if not name.startswith(RESERVED_PREFIXES):
            yield f"labels.{name}", value
    for name, value in (config.get("Healthcheck") or {}).items():
        if value:
            yield f"healthcheck.{name}", value


def _of_host(host: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, key in HOST.items():
        if host.get(name) not in (None, "", False, 0):
            yield key, host[name]
    for name, key in SETS.items():
        if host.get(name):
            yield key, sorted(map(str, host[name]))
    for name, key in CAPABILITIES.items():
        if host.get(name):
            yield key, sorted(str(one).upper().removeprefix("CAP_") for one in host[name])
    for target, bindings in (host.get("PortBindings") or {}).items():
        yield f"ports.{target}", sorted([str(one.get("HostIp") or ""), str(one.get("HostPort") or "")] for one in bindings or ())
    for name, value in (host.get("Sysctls") or {}).items():
        yield f"sysctls.{name}", str(value)
    if host.get("Devices"):
        yield "devices", sorted([str(one.get("PathOnHost")), str(one.get("PathInContainer"))] for one in host["Devices"])
    yield from _of_mounts(host)


def _of_mounts(host: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Binds and Mounts say the same in two ways. Which volume an unnamed one is, is no matter."""
    for bind in host.get("Binds") or ():
        source, sign, rest = str(bind).partition(":")
        target, _, options = rest.partition(":") if sign else (source, "", "")
        yield f"volumes.{target}", [source if sign else "", "ro" in options.split(",")]
    for mount in host.get("Mounts") or ():
        source = str(mount.get("Source") or "")
        name = "" if mount.get("Type") == "volume" and is_nameless(source) else source
        yield f"volumes.{mount.get('Target')}", [name, bool(mount.get("ReadOnly"))]


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:8]
