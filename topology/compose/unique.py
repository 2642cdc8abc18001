"""Lists of a service that hold each thing once: of two that name the same thing the later counts, in the place of the earlier."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Hashable
from typing import Any

from topology.compose.plain import Map, Path, Seq, subject_of
from topology.compose.units import as_text
from topology.core.problems import Problem, Severity


def unique_lists(tree: Map, *, say: Callable[[Problem], None] | None = None) -> Map:
    """The tree with such lists of its services made unique; `say` is told of each that was not."""
    services = tree.get("services")
    if not isinstance(services, Map):
        return tree
    changed = {name: found for name, keys in services.items() if (found := _service(name, keys, say)) is not keys}
    return with_keys(tree, {"services": with_keys(services, changed)}) if changed else tree


def with_keys(value: Map, changed: dict[str, Any]) -> Map:
    """The mapping with some values replaced; places stay."""
    return Map({key: changed.get(key, item) for key, item in value.items()}, value.places)


def _service(name: str, keys: Any, say: Callable[[Problem], None] | None) -> Any:
    if not isinstance(keys, Map):
        return keys
    changed: dict[str, Any] = {}
    for key, value in keys.items():
        reader = _KEYS.get(key)
        if reader is not None and isinstance(value, Seq) and len(value) > 1:
            found = _unique(value, reader, ("services", name, key), say)
            if found is not value:
                changed[key] = found
    if isinstance(keys.get("networks"), Map) and (networks := _aliases(keys["networks"])) is not keys["networks"]:
        changed["networks"] = networks
    return with_keys(keys, changed) if changed else keys


def _aliases(networks: Map) -> Map:
    changed = {}
    for name, spec in networks.items():
        aliases = spec.get("aliases") if isinstance(spec, Map) else None
        if isinstance(aliases, Seq) and len(aliases) > 1 and (found := _unique(aliases, _itself, (), None)) is not aliases:
            changed[name] = with_keys(spec, {"aliases": found})
    return with_keys(networks, changed) if changed else networks


def _unique(items: Seq, reader: Callable[[Any], Hashable], path: Path, say: Callable[[Problem], None] | None) -> Seq:
    known: dict[Hashable, int] = {}
    kept: list[int] = []
    first_twice = -1
    for index, item in enumerate(items):
        name = reader(item)
        if name is None or name not in known:
            if name is not None:
                known[name] = len(kept)
            kept.append(index)
        else:
            first_twice = index if first_twice < 0 else first_twice
            kept[known[name]] = index
    if first_twice < 0:
        return items
    if say is not None:
        say(_twice(items[first_twice], (*path, first_twice)))
    places = [items.places[index] for index in kept] if len(items.places) == len(items) else None
    return Seq([items[index] for index in kept], places)


def _twice(item: Any, path: Path) -> Problem:
    shown = item if isinstance(item, str) and len(item) <= 60 else "the same"
    return Problem(
        "item-twice",
        f"`{shown}` names what an earlier item of `{path[-2]}` names already; the later one counts.",
        fix="Remove one of the two.",
        subject=subject_of(path),
        path=path,
        severity=Severity.WARNING,
    )


def _itself(item: Any) -> Hashable:
    return item if isinstance(item, str | int | float) else None


def _name(item: Any) -> Hashable:
    return as_text(item).partition("=")[0] if isinstance(item, str | int | float) else None


def _target(item: Any) -> Hashable:
    """Where a volume or device is in the container."""
    if isinstance(item, dict):
        target = item.get("target")
        return _clean(target) if isinstance(target, str) else None
    if not isinstance(item, str):
        return None
    parts = re.split(r"(?<!^[A-Za-z]):|(?<=^[A-Za-z]):(?![\\/])", item)
    return _clean(parts[1] if len(parts) > 1 else parts[0])


def _device(item: Any) -> Hashable:
    return _target(item) if not isinstance(item, dict) else item.get("target") or item.get("source")


def _clean(target: str) -> str:
    return posixpath.normpath(target) if target.startswith("/") else target


def _mounted(folder: str) -> Callable[[Any], Hashable]:
    """Where a config or secret is in the container."""

    def place(item: Any) -> Hashable:
        if isinstance(item, dict):
            return as_text(item.get("target")) or f"{folder}/{as_text(item.get('source'))}"
        return f"{folder}/{item}" if isinstance(item, str) else None

    return place


def _env_file(item: Any) -> Hashable:
    return item.get("path") if isinstance(item, dict) else _itself(item)


def _port(item: Any) -> Hashable:
    """(address, host port, container port, protocol); a range is itself."""
    if isinstance(item, dict):
        values = [as_text(item.get(key)) for key in ("host_ip", "published", "target", "protocol")]
        return (values[0] or "0.0.0.0", values[1], values[2], (values[3] or "tcp").lower())  # noqa: S104
    if not isinstance(item, str | int):
        return None
    rest, _, protocol = as_text(item).partition("/")
    before, _, container = rest.rpartition(":")
    address, _, host = before.rpartition(":")
    return (address.strip("[]") or "0.0.0.0", host, container, (protocol or "tcp").lower())  # noqa: S104


_KEYS: dict[str, Callable[[Any], Hashable]] = {
    **dict.fromkeys(("cap_add", "cap_drop", "dns", "dns_opt", "dns_search", "expose", "links", "profiles", "tmpfs"), _itself),
    **dict.fromkeys(("environment", "labels", "annotations", "sysctls"), _name),
    "env_file": _env_file,
    "volumes": _target,
    "devices": _device,
    "configs": _mounted(""),
    "secrets": _mounted("/run/secrets"),
    "ports": _port,
}
