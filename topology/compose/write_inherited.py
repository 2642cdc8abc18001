"""Services that `extends` another: edits see what the service really has, and write into it only what differs from its base.

What is added is written as an override; what is taken away gets `!reset null` or `!override`, which Compose 2.24.4 knows.
Source: Compose Specification, "extends" and 13-merge.md; checked with Compose 2.26.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from topology.compose.change import Raw, section
from topology.compose.forms import pairs
from topology.compose.units import as_text
from topology.compose.values import OVERRIDE, TAKEN_AWAY, Tagged, bare, dropped, same

Base = Callable[[Any, Mapping[str, Any]], Mapping[str, Any] | None]  # what `extends` says, the file's services → its base's keys

_REPLACED = frozenset({"command", "entrypoint", "test"})
_PAIRS = frozenset({"environment", "labels", "annotations", "sysctls", "args", "driver_opts"})
_NAMED = frozenset({"depends_on", "networks"})
_ABSENT = object()
_MAX_CHAIN = 30


@dataclass(frozen=True, slots=True)
class Heirs:
    """The services of one file that extend a base at hand: what each has in all, and its base."""

    whole: Mapping[str, Raw]
    bases: Mapping[str, Raw]


NO_HEIRS = Heirs({}, {})


def find_heirs(services: Mapping[str, Any], other_file: Callable[[str], Mapping[str, Any] | None]) -> Heirs:
    """`services` as written (tags and all); `other_file` gives the services of another file, None where it is not at hand."""
    whole: dict[str, Raw] = {}
    bases: dict[str, Raw] = {}
    for name, keys in services.items():
        base = _base_of(services, keys, other_file, 0) if isinstance(keys, dict) and keys.get("extends") else None
        if base is not None:
            bases[name] = base
            whole[name] = laid(base, keys)
    return Heirs(whole, bases)


def _base_of(services: Mapping[str, Any], keys: Raw, other_file: Callable[[str], Any], depth: int) -> Raw | None:
    said = bare(keys["extends"])
    target, file = (said.get("service"), said.get("file")) if isinstance(said, dict) else (said, None)
    source = services if file is None else other_file(str(file))
    found = source.get(str(target)) if source is not None else None
    if not isinstance(found, dict) or found is keys or depth > _MAX_CHAIN:
        return None
    above = _base_of(source, found, other_file, depth + 1) if source is not None and found.get("extends") else {}
    return None if above is None else dropped(laid(above, found), "extends")


def with_own_keys(
    own: Raw, raw: Raw, seen: Raw, changed: Raw, heirs: Heirs, renamed: Mapping[tuple[str, str], str]
) -> tuple[Raw, tuple[str, ...]]:
    """The file's value with heirs' own keys only. `raw` as written, `seen` and `changed` with all that heirs have."""
    notes: list[str] = []
    services: Raw = {}
    for name, keys in section(own, "services").items():
        old = renamed.get(("services", name), name)
        if old not in heirs.whole:
            services[name] = keys
        elif keys is seen["services"][old]:
            services[name] = raw["services"][old]
            if (target := _target_of(keys)) and changed["services"].get(target) is not seen["services"].get(target):
                notes.append(f"{name} extends {target}, so what it takes from there changes too.")
        elif not isinstance(keys, dict) or "extends" not in keys:
            services[name] = _written_out(raw["services"][old], keys) if isinstance(keys, dict) else keys
            notes.append(f"{name} no longer extends anything: what it took from there is written out.")
        else:
            target = _target_of(keys)
            base = dropped(changed["services"][target], "extends") if target in changed["services"] else heirs.bases[old]
            services[name], told = own_keys(name, base, raw["services"][old], keys)
            notes += told
    return {**own, "services": services}, tuple(notes)


def _written_out(own: Raw, keys: Raw) -> Raw:
    """All that a service has, its own lists still lists where its base had a map."""
    result = dict(keys)
    for key, value in keys.items():
        mine = bare(own.get(key))
        if key not in _PAIRS | _NAMED or not isinstance(mine, list) or not isinstance(value, dict):
            continue
        more = {name: item for name, item in value.items() if name not in _as_map(key, mine)}
        plain = {"condition": "service_started"} if key == "depends_on" else None
        if key in _PAIRS:
            result[key] = [*mine, *(name if item is None else f"{name}={as_text(item)}" for name, item in more.items())]
        elif all(item == plain for item in more.values()):
            result[key] = [*mine, *more]
    return result


def _target_of(keys: Raw) -> str | None:
    """The service of the same file that one extends."""
    said = bare(keys.get("extends"))
    if isinstance(said, dict):
        return str(said.get("service")) if "file" not in said else None
    return str(said) if said else None


def laid(base: Mapping[str, Any], own: Mapping[str, Any]) -> Raw:
    """A service's own keys, with their tags, laid on its base's."""
    return _laid_map(base, own)


def _laid_map(base: Mapping[str, Any], own: Mapping[str, Any]) -> Raw:
    result = dict(base)
    for key, value in own.items():
        new = _laid(key, base.get(key, _ABSENT), value)
        if new is _ABSENT:
            result.pop(key, None)
        else:
            result[key] = new
    return result


def _laid(key: str, base: Any, own: Any) -> Any:
    if own is _ABSENT:
        return base
    if isinstance(own, Tagged):
        return _ABSENT if own == TAKEN_AWAY else bare(own)
    if base in (_ABSENT, None) or key in _REPLACED:
        return bare(own)
    if own is None:
        return base
    if isinstance(base, list) and isinstance(own, list):
        return _joined(key, base, bare(own))
    if isinstance(own, dict) and isinstance(base, list):  # a nested `!reset` has nothing to take away from a list
        return _laid_map(_as_map(key, base), bare(own)) if key in _PAIRS | _NAMED else bare(own)
    if isinstance(own, list) and isinstance(base, dict) and key in _PAIRS | _NAMED:
        return _laid_map(base, _as_map(key, bare(own)))
    return _laid_map(base, own) if isinstance(own, dict) and isinstance(base, dict) else bare(own)


def _as_map(key: str, value: list[Any]) -> Raw:
    if key in _PAIRS:
        return dict(pairs(value))
    return {str(one): {"condition": "service_started"} if key == "depends_on" else None for one in value}


def _joined(key: str, base: list[Any], own: list[Any]) -> list[Any]:
    """Two lists as one: variables by name and mounts by the place inside, the later one wins; else each item once."""
    name = _IDENTITY.get("environment" if key in _PAIRS else key)
    if name is None:
        return [*base, *(item for item in own if not any(same(item, one) for one in base))]
    later = {name(item) for item in own}
    return [*(item for item in base if name(item) not in later), *own]


def _target(item: Any) -> str:
    if isinstance(item, dict):
        return str(item.get("target"))
    parts = re.sub(r"\$\{[^}]*\}", lambda found: found.group().replace(":", "="), str(item)).split(":")
    return parts[1] if len(parts) > 1 else parts[0]


_IDENTITY: Mapping[str, Callable[[Any], str]] = {
    "environment": lambda item: str(item).partition("=")[0],
    "volumes": _target,
}


def own_keys(name: str, base: Mapping[str, Any], own: Raw, wanted: Raw) -> tuple[Raw, tuple[str, ...]]:
    """The keys to write in a service so that, laid on its base, they make `wanted`; and what to tell."""
    changed: Raw = {}
    told: list[str] = []
    for key in [*own, *(key for key in wanted if key not in own), *(key for key in base if key not in own and key not in wanted)]:
        mine = own.get(key, _ABSENT)
        new = _own(key, base.get(key, _ABSENT), mine, wanted.get(key, _ABSENT))
        if new is not _ABSENT:
            changed[key] = new
        if key in base and new is not mine and not (new is not _ABSENT and mine is not _ABSENT and same(new, mine)):
            told.append(_said(name, key, new))
    return changed, tuple(told)


def _said(name: str, key: str, new: Any) -> str:
    needs = " `!reset` and `!override` need Compose 2.24.4 or newer." if _has_tag(new) else ""
    if new is _ABSENT:
        return f"{name} has `{key}` as its base has it again."
    if new == TAKEN_AWAY:
        return f"{name} gets `{key}` through `extends`; it takes it away now.{needs}"
    return f"{name} gets `{key}` through `extends`; what differs is written in {name}.{needs}"


def _has_tag(value: Any) -> bool:
    if isinstance(value, Tagged):
        return True
    return isinstance(value, dict) and any(_has_tag(item) for item in value.values())


def _own(key: str, base: Any, own: Any, wanted: Any) -> Any:
    """The first way to write one key that gives what is wanted."""
    ways = (
        [own, _ABSENT, TAKEN_AWAY]
        if wanted is _ABSENT
        else [own, _ABSENT, *_ways(key, base, own, wanted), Tagged(OVERRIDE, wanted)]
    )
    return next(way for way in ways if _agrees(_laid(key, base, way), wanted))


def _agrees(left: Any, right: Any) -> bool:
    return left is right or (left is not _ABSENT and right is not _ABSENT and same(left, right))


def _ways(name: str, base: Any, own: Any, wanted: Any) -> list[Any]:
    mine = bare(own) if own is not _ABSENT and not isinstance(own, Tagged) else None
    if isinstance(wanted, dict):
        under = (
            base if isinstance(base, dict) else _as_map(name, base) if name in _PAIRS | _NAMED and isinstance(base, list) else {}
        )
        kept = own if isinstance(own, dict) else {}
        part: Raw = {}
        for key in [*wanted, *(key for key in under if key not in wanted)]:  # in this order a renamed key keeps its place
            if (new := _own(key, under.get(key, _ABSENT), kept.get(key, _ABSENT), wanted.get(key, _ABSENT))) is not _ABSENT:
                part[key] = new
        listed = _as_list(name, base, own, wanted) if isinstance(own, list) and name in _PAIRS | _NAMED else None
        return [part, wanted] if listed is None else [listed, part, wanted]
    if isinstance(wanted, list):
        under_items = base if isinstance(base, list) else []
        own_items = mine if isinstance(mine, list) else []
        fresh = [item for item in wanted if _in(item, own_items) or not _in(item, under_items)]
        return [fresh, wanted] if fresh else [wanted]
    return [wanted]


def _as_list(name: str, base: Any, own: list[Any], wanted: Raw) -> list[Any] | None:
    """What differs from a base, in the list form that the service has; None where a list cannot say it."""
    under = base if isinstance(base, dict) else _as_map(name, base) if isinstance(base, list) else {}
    mine = _as_map(name, own)
    plain = {"condition": "service_started"} if name == "depends_on" else None

    def item(key: str) -> Any:
        value = wanted[key]
        return key if name in _NAMED or value is None else f"{key}={as_text(value)}"

    changed = [key for key in wanted if key in mine or key not in under or not same(under[key], wanted[key])]
    if name in _NAMED and any(not same(wanted[key], plain) for key in changed):
        return None
    written = {str(one).partition("=")[0] if name in _PAIRS else str(one): one for one in own}
    kept = [written[key] if same(mine[key], wanted[key]) else item(key) for key in mine if key in wanted]
    return [*kept, *(item(key) for key in changed if key not in mine)]


def _in(item: Any, items: list[Any]) -> bool:
    return any(same(item, one) for one in items)
