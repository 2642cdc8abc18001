"""What an edit does to a Compose file's values, before any text is touched: the shared pieces of the write_* files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from topology.compose.interpolate import Interpolation
from topology.compose.values import dropped
from topology.core.edit import RenameEntry, RenameNetwork, RenameService, RenameVolume
from topology.core.problems import Problem

Raw = dict[str, Any]

_NAME = re.compile(r"[a-zA-Z0-9._-]+\Z")
SECTIONS = ("services", "networks", "volumes", "configs", "secrets")


@dataclass(frozen=True, slots=True)
class Change:
    """The whole file's new value, and what the user should be told."""

    value: Raw
    notes: tuple[str, ...] = ()


def section(raw: Raw, name: str) -> Raw:
    """A top-level section as a mapping; empty where it is missing or not one."""
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def service(raw: Raw, name: str) -> Raw | Problem:
    """A service's keys, or a Problem when there is no such service."""
    services = section(raw, "services")
    if name not in services:
        known = ", ".join(sorted(services)[:12]) or "none yet"
        return Problem(
            "service-unknown",
            f"There is no service `{name}` in this file.",
            fix=f"Use one of: {known}.",
            subject=f"service:{name}",
            path=("services", name),
        )
    found = services[name]
    if found is not None and not isinstance(found, dict):
        return Problem(
            "service-not-a-mapping",
            f"Service `{name}` is not written as a mapping.",
            fix="Mend it in the text first.",
            subject=f"service:{name}",
            path=("services", name),
        )
    return found or {}


def with_section(raw: Raw, name: str, value: Raw) -> Raw:
    """The file with a section written; an emptied one is taken out, except `services`."""
    return {**raw, name: value} if value or name == "services" else dropped(raw, name)


def with_service(raw: Raw, name: str, keys: Raw) -> Raw:
    return {**raw, "services": {**section(raw, "services"), name: keys}}


def with_key(keys: Raw, name: str, value: Any) -> Raw:
    """Keys with one set, or taken out when the value is empty (None, {} or [])."""
    return {**keys, name: value} if value not in (None, {}, []) else dropped(keys, name)


def each_service(raw: Raw, change: Callable[[str, Raw], Raw]) -> Raw:
    """The file with every service changed by a function that returns the same object where nothing changes."""
    services = section(raw, "services")
    changed = {name: change(name, keys) if isinstance(keys, dict) else keys for name, keys in services.items()}
    return {**raw, "services": changed} if any(changed[name] is not services[name] for name in services) else raw


def check_name(noun: str, name: str) -> Problem | None:
    """A name that Compose takes: letters, digits, `.`, `_` and `-`. Source: compose-spec.json, patternProperties."""
    if _NAME.match(name):
        return None
    return Problem(
        "name-invalid", f"`{name}` is no name for a {noun}.", fix="Use letters, digits, `.`, `_` and `-`.", subject=f"{noun}:{name}"
    )


def check_new(raw: Raw, noun: str, name: str) -> Problem | None:
    """A valid name that nothing in its section has yet."""
    if problem := check_name(noun, name):
        return problem
    if name in section(raw, f"{noun}s"):
        return Problem(
            f"{noun}-exists",
            f"There is a {noun} `{name}` already.",
            fix="Choose another name.",
            subject=f"{noun}:{name}",
            path=(f"{noun}s", name),
        )
    return None


def check_known(raw: Raw, noun: str, name: str) -> Problem | None:
    """Something declared in its section."""
    known = section(raw, f"{noun}s")
    if name in known:
        return None
    listed = ", ".join(sorted(known)[:12]) or "none yet"
    return Problem(
        f"{noun}-unknown",
        f"There is no {noun} `{name}` in this file.",
        fix=f"Add it first, or use one of: {listed}.",
        subject=f"{noun}:{name}",
        path=(f"{noun}s", name),
    )


def check_rename(raw: Raw, noun: str, edit: RenameEntry | RenameNetwork | RenameService | RenameVolume) -> Change | Problem | None:
    """What ends a rename before it begins: a name that is not there, one that is taken, or the same one again. None goes on."""
    if problem := check_known(raw, noun, edit.name):
        return problem
    return Change(raw) if edit.name == edit.to else check_new(raw, noun, edit.to)


def said(text: Any) -> Any:
    """A name as it reads with no variable set (`${DB:-postgres}` → "postgres"): what the graph calls it."""
    if not isinstance(text, str) or "$" not in text:
        return text
    return Interpolation({}).fill(text)


def put_at(value: Any, path: tuple[str | int, ...], item: Any) -> Any:
    """The value with an item at a path whose parents are there."""
    if not path:
        return item
    child = put_at(value[path[0]] if len(path) > 1 else None, path[1:], item)
    if isinstance(value, list):
        return [child if index == path[0] else one for index, one in enumerate(value)]
    return {**value, path[0]: child}


def renames_of(edit: Any) -> dict[tuple[str, str], str]:
    """(section, new name) → old name, for an edit that renames."""
    match edit:
        case RenameService():
            return {("services", edit.to): edit.name}
        case RenameNetwork():
            return {("networks", edit.to): edit.name}
        case RenameVolume():
            return {("volumes", edit.to): edit.name}
        case RenameEntry():
            return {(edit.section, edit.to): edit.name}
    return {}
