"""What of a service is fixed when its container is made, as short hashes, so that a change is found and can be named.

Left out is all that changes in place or is no matter of the container: networks, aliases, addresses, links, scale, depends_on,
profiles, restart policy and limits; also build and pull_policy, as in Compose. Whether a link on the default bridge is missing
is seen on the container itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from topology.core.design import Design, Network, Service
from topology.core.payload_devices import reservations
from topology.core.payload_host import CARRIED
from topology.core.payload_limits import IN_PLACE
from topology.core.payload_network import WIRED, join_target, network_body, primary_attachment, wanted_mode
from topology.core.resources import files_of

LEFT_OUT = frozenset({
    "name", "build", "attachments", "network_mode", "links", "depends_on", "restart", "container_name", "scale", "profiles",
    "pull_policy", "line", "other", "mem_limit_bytes", "mem_reservation_bytes", "cpus", "cpu_shares", "cpuset", "pids_limit",
    "mac_address", "mounts", "volumes_from", "pid", "ipc", "image", "hash", "hash_text",
})  # fmt: skip
PLAIN = frozenset({"annotations", "blkio_config", "credential_spec", "gpus"})  # keys of `Service.other` hashed as written
NAMES = {"shm_size_bytes": "shm_size", "stop_grace_period_s": "stop_grace_period"}  # field → Compose key, where they differ


def config_hash(design: Design, service: str) -> str:
    """A SHA-256 in hex over everything of a service that needs a new container when it changes."""
    return _hash(_fixed(design, service))


def key_hashes(design: Design, service: str) -> dict[str, str]:
    """Compose key → eight hex digits, for each key that is written: a difference names what changed."""
    return {key: _hash(value)[:8] for key, value in sorted(_fixed(design, service).items())}


def network_hash(network: Network) -> str:
    """A SHA-256 in hex over a network's settings; its name and labels can differ."""
    return _hash(network_body(network))


def changed_keys(design: Design, service: str, *, label: str) -> list[str]:
    """The Compose keys that differ from those which the container's label tells, sorted; empty where it tells none."""
    if not label:
        return []
    before = dict(part.partition("=")[::2] for part in label.split(","))
    now = key_hashes(design, service)
    return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))


def _fixed(design: Design, service: str) -> dict[str, Any]:
    """Compose key → plain value, of those keys that are written and fixed at creation."""
    spec = design.services[service]
    found: dict[str, Any] = {"image": spec.image or f"{design.project}-{service}"}
    for field in fields(Service):
        if field.name not in LEFT_OUT and (value := _plain(getattr(spec, field.name))) not in (None, False, [], {}):
            found[NAMES.get(field.name, field.name)] = value
    for key in ("init", "healthcheck", "logging", "entrypoint", "command"):  # here a written "empty" says something
        if (value := getattr(spec, key)) is not None:
            found[key] = _plain(value)
    fixed = (CARRIED.keys() - IN_PLACE) | PLAIN
    found |= {key: _plain(spec.other[key]) for key in sorted(fixed) if spec.other.get(key) is not None}
    if devices := reservations(spec):
        found["deploy"] = _plain(devices)
    for one in files_of(design, spec):
        found.setdefault(one.section, []).append(_plain(one))
    return found | _resolved(design, spec)


def _resolved(design: Design, spec: Service) -> dict[str, Any]:
    """Keys that name other objects of the design, by the engine's names, so that a renamed volume is seen as a change."""
    found: dict[str, Any] = {}
    if spec.mounts:
        names = {key: design.volume_name(key) for key in design.volumes}
        found["volumes"] = [_plain(mount) | {"source": names.get(mount.source or "", mount.source)} for mount in spec.mounts]
    if spec.volumes_from:
        found["volumes_from"] = list(spec.volumes_from)
    if (mode := wanted_mode(spec)) not in WIRED:
        found["network_mode"] = f"container:{join_target(design, spec.network_mode or '')}" if mode != "host" else "host"
    for key in ("pid", "ipc"):
        if value := getattr(spec, key):
            joins = value.startswith(("service:", "container:"))
            found[key] = f"container:{join_target(design, value)}" if joins else value
    primary = primary_attachment(spec)
    if mac := spec.mac_address or (primary.mac if primary else None):
        found["mac_address"] = mac
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
