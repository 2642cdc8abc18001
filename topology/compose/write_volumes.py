"""Named volumes: add, remove with their mounts, rename with them."""

from __future__ import annotations

from typing import Any

from topology.compose.change import (
    Change,
    Raw,
    check_known,
    check_new,
    check_rename,
    each_service,
    said,
    section,
    with_key,
    with_section,
)
from topology.compose.values import dropped, plain, renamed
from topology.core.edit import AddVolume, RemoveVolume, RenameVolume
from topology.core.problems import Problem


def add_volume(raw: Raw, edit: AddVolume) -> Change | Problem:
    if problem := check_new(raw, "volume", edit.name):
        return problem
    return Change(with_section(raw, "volumes", {**section(raw, "volumes"), edit.name: plain(edit.keys) or None}))


def remove_volume(raw: Raw, edit: RemoveVolume) -> Change | Problem:
    if problem := check_known(raw, "volume", edit.name):
        return problem
    notes: list[str] = []

    def unmount(name: str, keys: Raw) -> Raw:
        mounts = keys.get("volumes")
        if not isinstance(mounts, list) or not any(_source(item) == edit.name for item in mounts):
            return keys
        notes.append(f"{name} no longer mounts {edit.name}.")
        return with_key(keys, "volumes", [item for item in mounts if _source(item) != edit.name])

    rest = with_section(raw, "volumes", dropped(section(raw, "volumes"), edit.name))
    return Change(each_service(rest, unmount), tuple(notes))


def rename_volume(raw: Raw, edit: RenameVolume) -> Change | Problem:
    if (ended := check_rename(raw, "volume", edit)) is not None:
        return ended

    def follow(_: str, keys: Raw) -> Raw:
        mounts = keys.get("volumes")
        if not isinstance(mounts, list) or not any(_source(item) == edit.name for item in mounts):
            return keys
        return {**keys, "volumes": [_moved(item, edit) if _source(item) == edit.name else item for item in mounts]}

    new = each_service({**raw, "volumes": renamed(section(raw, "volumes"), edit.name, edit.to)}, follow)
    note = f"The engine keeps the data of `{edit.name}` under its old name; `{edit.to}` begins empty unless it has a `name`."
    keys = section(raw, "volumes")[edit.name]
    return Change(new, () if isinstance(keys, dict) and ("name" in keys or "external" in keys) else (note,))


def _source(mount: Any) -> str | None:
    """The named volume of a mount in its short ("data:/x") or long form."""
    if isinstance(mount, str):
        source, colon, _ = said(mount).partition(":")
        return source if colon else None
    if isinstance(mount, dict) and mount.get("type", "volume") == "volume":
        named = said(mount.get("source", mount.get("src")))
        return named if isinstance(named, str) else None
    return None


def _moved(mount: Any, edit: RenameVolume) -> Any:
    if isinstance(mount, str):
        return edit.to + (mount if mount.startswith(edit.name) else said(mount))[len(edit.name) :]
    return {**mount, "source" if "source" in mount else "src": edit.to}
