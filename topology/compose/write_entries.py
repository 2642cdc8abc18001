"""Configs, secrets and models: rename and remove, with the services that use them."""

from __future__ import annotations

from typing import Any

from topology.compose.change import Change, Raw, check_known, check_rename, each_service, section, with_key, with_section
from topology.compose.values import dropped, renamed
from topology.core.edit import RemoveEntry, RenameEntry
from topology.core.problems import Problem

_SECTIONS = ("configs", "secrets", "models")


def rename_entry(raw: Raw, edit: RenameEntry) -> Change | Problem:
    noun = edit.section.removesuffix("s")
    if (ended := _check_section(edit.section) or check_rename(raw, noun, edit)) is not None:
        return ended
    new = {**raw, edit.section: renamed(section(raw, edit.section), edit.name, edit.to)}
    return Change(each_service(new, lambda _, keys: _with_entry(keys, edit.section, edit.name, edit.to)))


def remove_entry(raw: Raw, edit: RemoveEntry) -> Change | Problem:
    if problem := _check_section(edit.section) or check_known(raw, edit.section.removesuffix("s"), edit.name):
        return problem
    notes: list[str] = []

    def forget(name: str, keys: Raw) -> Raw:
        new = _with_entry(keys, edit.section, edit.name, None)
        if new is not keys:
            notes.append(f"{name} no longer uses {edit.name}.")
        return new

    rest = with_section(raw, edit.section, dropped(section(raw, edit.section), edit.name))
    return Change(each_service(rest, forget), tuple(notes))


def _check_section(name: str) -> Problem | None:
    if name in _SECTIONS:
        return None
    return Problem("section-unknown", f"`{name}` is no section of this kind.", fix="Use configs, secrets or models.")


def _with_entry(keys: Raw, part: str, name: str, to: str | None) -> Raw:
    """A service's keys with every use of an entry renamed, or taken out with None."""
    new = keys
    if (uses := _uses(keys.get(part), part, name, to)) is not None:
        new = with_key(new, part, uses)
    build = keys.get("build")
    if part == "secrets" and isinstance(build, dict) and (uses := _uses(build.get(part), part, name, to)) is not None:
        new = {**new, "build": with_key(build, part, uses)}
    credential = keys.get("credential_spec")
    if part == "configs" and isinstance(credential, dict) and credential.get("config") == name:
        new = with_key(new, "credential_spec", {**credential, "config": to} if to else dropped(credential, "config"))
    return new


def _uses(written: Any, part: str, name: str, to: str | None) -> Any:
    """A list or map of uses, changed; None where it has no such use."""
    if isinstance(written, dict) and name in written:
        return renamed(written, name, to) if to else dropped(written, name)
    if not isinstance(written, list) or not any(_used(item) == name for item in written):
        return None
    if to is None:
        return [item for item in written if _used(item) != name]
    return [(_renamed_use(item, part, name, to) if _used(item) == name else item) for item in written]


def _used(item: Any) -> str | None:
    found = item.get("source") if isinstance(item, dict) else item
    return found if isinstance(found, str) else None


def _renamed_use(item: Any, part: str, name: str, to: str) -> Any:
    """Where no file is named, it has the entry's name; the container finds it there still."""
    if part == "models":
        return to
    target = f"/{name}" if part == "configs" else name
    return (
        {**item, "source": to, "target": item.get("target", target)} if isinstance(item, dict) else {"source": to, "target": target}
    )
