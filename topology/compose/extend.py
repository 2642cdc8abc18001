"""`extends`: a service that takes over another's keys. Source: Compose Specification, "extends" and "13-merge.md"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from topology.compose.forms import mapping, pairs, texts
from topology.compose.report import Report
from topology.compose.units import as_text

Services = Mapping[str, Any]
_MAX_CHAIN = 30
_REPLACED = frozenset({"command", "entrypoint", "test"})
_PAIRS = frozenset({"environment", "labels", "annotations", "sysctls", "args", "driver_opts"})
_NAMED = frozenset({"depends_on", "networks"})


def extend(services: Services, *, other_file: Callable[[str], Services | None], report: Report) -> dict[str, Any]:
    """All services with what they extend merged in. `other_file` gives another file's services, None when it is not at hand."""
    return {name: _Chain(other_file, report).resolve(services, name, origin=name) for name in services}


class _Chain:
    """One service's way up: service → extended → extended …, which must end."""

    def __init__(self, other_file: Callable[[str], Services | None], report: Report) -> None:
        self._other_file, self._report = other_file, report
        self._seen: list[tuple[int, str]] = []

    def resolve(self, services: Services, name: str, *, origin: str) -> Any:
        keys = services[name]
        if not isinstance(keys, dict) or keys.get("extends") is None:
            return keys
        own = {key: value for key, value in keys.items() if key != "extends"}
        path = ("services", origin, "extends")
        spec = keys["extends"]
        target, file = (as_text(spec.get("service")), spec.get("file")) if isinstance(spec, dict) else (as_text(spec), None)
        source = services if file is None else self._other_file(as_text(file))
        if source is None:
            self._report.warn(
                "extends-not-followed",
                f"`{origin}` extends `{target}` of `{file}`, which is not followed yet: what it takes from there is missing here.",
                "Copy the keys into this file.",
                path,
            )
            return own | {"extends": spec}
        step = (id(source), target)
        if step in self._seen or (source is services and target == name) or len(self._seen) >= _MAX_CHAIN:
            self._report.error(
                "extends-cycle",
                f"`{origin}` extends itself in the end, by way of `{target}`.",
                "Take one of the `extends` away.",
                path,
            )
            return own
        if target not in source:
            self._report.error(
                "extends-unknown",
                f"`{origin}` extends `{target}`, but there is no such service.",
                "Name a service that exists.",
                path,
            )
            return own
        self._seen.append(step)
        base = self.resolve(source, target, origin=origin)
        return merge(mapping(base), own)


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid on `base`: mappings key by key, lists one behind the other, everything else replaced."""
    result = dict(base)
    for key, value in over.items():
        result[key] = _merge_value(key, base[key], value) if base.get(key) is not None else value
    return result


def _merge_value(key: str, base: Any, over: Any) -> Any:
    if over is None:
        return base
    if key in _REPLACED:
        return over
    if key in _PAIRS:
        return pairs(base) | pairs(over)
    if key in _NAMED:
        return merge(_named(key, base), _named(key, over))
    if isinstance(base, dict) and isinstance(over, dict):
        return merge(base, over)
    if isinstance(base, list) and isinstance(over, list):
        return _volumes(base, over) if key == "volumes" else [*base, *(item for item in over if item not in base)]
    return over


def _named(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {name: {"condition": "service_started"} if key == "depends_on" else None for name in texts(value)}


def _volumes(base: list[Any], over: list[Any]) -> list[Any]:
    """By the place inside the container: the later one wins."""
    replaced = {_target(item) for item in over}
    return [*(item for item in base if _target(item) not in replaced), *over]


def _target(item: Any) -> str:
    if isinstance(item, dict):
        return as_text(item.get("target"))
    parts = as_text(item).split(":")
    return parts[1] if len(parts) > 1 else parts[0]
