"""What a file of the first Compose format means in the current one, as values: services under `services:`, keys in new places.

Sources: the reference of versions 1.x (`net`, `log_driver`, `dockerfile`, `volumes_from`, `volume_driver`) and what the engine does
with them: a volume's name was taken as it is, links and plain services were on docker0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Raw = dict[str, Any]

SECTIONS = frozenset({"networks", "volumes", "configs", "secrets", "include", "models", "version", "name"})
SERVICE_SIGNS = frozenset({"image", "build", "extends", "command", "links", "ports", "net"})
# Keys of the hosted service that read the same files; Compose never knew them. Kept as extension keys.
HOSTED_KEYS = frozenset({
    "autodestroy", "autoredeploy", "deployment_strategy", "deployment-strategy", "roles", "sequential_deployment", "tags",
    "target_num_containers",
})  # fmt: skip
# New key in a mapping of its own: old key → (mapping, key).
NESTED = {
    "log_driver": ("logging", "driver"),
    "log_opt": ("logging", "options"),
    "build": ("build", "context"),
    "dockerfile": ("build", "dockerfile"),
}
_VOLUME_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*\Z")
_DRIVE = re.compile(r"[a-zA-Z]:[\\/]")
_NETWORK_KINDS = frozenset({"bridge", "host", "none", "default"})


def service_names(raw: Mapping[str, Any]) -> list[str]:
    """The top-level keys that are services: mappings that are no section, or have a service's keys."""
    return [name for name, value in raw.items() if _is_service(name, value)]


def _is_service(name: str, value: Any) -> bool:
    if not isinstance(value, dict) or name.startswith("x-"):
        return False
    return name not in SECTIONS or isinstance(value.get("image"), str) or isinstance(value.get("build"), str)


@dataclass
class Conversion:
    """Collects what one file becomes. `value` is the whole file's new value; notes say what differs for its user."""

    raw: Raw
    bridge: bool = False
    notes: list[str] = field(default_factory=list)
    volumes: dict[str, Raw] = field(default_factory=dict)
    networks: dict[str, Raw] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = service_names(self.raw)
        self.on_bridge = set(self._bridge_services())

    def value(self) -> Raw:
        services = {name: self.service(name) for name in self.names}
        rest = {key: value for key, value in self.raw.items() if key not in services}
        result = {"services": services, **rest}
        for section, wanted in (("volumes", self.volumes), ("networks", self.networks)):
            known = rest.get(section) if isinstance(rest.get(section), dict) else {}
            assert isinstance(known, dict)
            if missing := {key: spec for key, spec in wanted.items() if key not in known}:
                result[section] = {**known, **missing}
        return result

    def service(self, name: str) -> Raw:
        keys: Raw = self.raw[name]
        nest_build = "dockerfile" in keys and isinstance(keys.get("build"), str | type(None))
        new: Raw = {}
        for key, value in keys.items():
            if key in NESTED and (key != "build" or nest_build):
                parent, inner = NESTED[key]
                new[parent] = {**new.get(parent, {}), inner: value}
            elif key == "net":
                new.update(self.network(value))
            elif key == "volume_driver":
                self.notes.append(f"`{name}`: `volume_driver: {value}` stands at its volumes now, in the section `volumes:`.")
            else:
                new_key, new_value = self.pair(name, key, value)
                new[new_key] = new_value
        if name in self.on_bridge and "network_mode" not in new:
            new["network_mode"] = "bridge"
        return new

    def pair(self, name: str, key: str, value: Any) -> tuple[str, Any]:
        """A key of a service that stays where it stands."""
        if key in HOSTED_KEYS:
            self.notes.append(f"`{name}`: `{key}` was of a hosted service; Compose never read it. It is kept as `x-{key}`.")
            return f"x-{key}", value
        if key == "volumes_from" and isinstance(value, list):
            return key, [self._from(one) for one in value]
        if key == "volumes" and isinstance(value, list):
            return key, [self._mount(name, one) for one in value]
        return key, value

    def network(self, value: Any) -> Raw:
        """`net:` as `network_mode:`; another service's, another container's, or a network that is already there."""
        if not isinstance(value, str) or "$" in value or value in _NETWORK_KINDS:
            return {"network_mode": value}
        kind, colon, target = value.partition(":")
        if kind == "container" and colon:
            return {"network_mode": f"service:{target}" if target in self.names else value}
        self.networks[value] = {"external": True}
        self.notes.append(f"The network `{value}` was used by name; it is declared as external, so it must exist beforehand.")
        return {"networks": [value]}

    def _from(self, one: Any) -> Any:
        if not isinstance(one, str) or one.startswith("container:") or "$" in one:
            return one
        return one if one.partition(":")[0] in self.names else f"container:{one}"

    def _mount(self, name: str, one: Any) -> Any:
        """A named volume is declared under its own name; a path with no dot in front gets one."""
        if not isinstance(one, str) or ":" not in one or _DRIVE.match(one):
            return one
        source = one.partition(":")[0]
        if _VOLUME_NAME.match(source):
            driver = self.raw[name].get("volume_driver")
            self.volumes[source] = {"name": source, **({"driver": driver} if isinstance(driver, str) else {})}
        elif source and "/" in source and source[0] not in "./~$":
            return f"./{one}"
        return one

    def _bridge_services(self) -> Iterator[str]:
        """The services put on docker0: all that named no network (`bridge`), else those that share links with one on it."""
        free = {name for name in self.names if not {"net", "networks", "network_mode", "extends"} & set(self.raw[name])}
        if self.bridge:
            yield from free
            return
        partners: dict[str, set[str]] = {}
        for name in self.names:
            for target in link_targets(self.raw[name]):
                partners.setdefault(name, set()).add(target)
                partners.setdefault(target, set()).add(name)
        waiting = [name for name in self.names if self.raw[name].get("net") in ("bridge", "default")]
        while waiting:
            for partner in partners.get(waiting.pop(), set()) & free:
                free.discard(partner)
                waiting.append(partner)
                yield partner


def link_targets(keys: Mapping[str, Any]) -> list[str]:
    """The services that a service's links name."""
    links = keys.get("links")
    return [one.partition(":")[0] for one in links if isinstance(one, str)] if isinstance(links, list) else []
