"""Services: add, remove, rename with every reference; links and environment variables."""

from __future__ import annotations

from typing import Any

from topology.compose.change import (
    Change,
    Raw,
    check_known,
    check_name,
    check_new,
    check_rename,
    each_service,
    said,
    section,
    service,
    with_key,
    with_service,
)
from topology.compose.values import dropped, plain, renamed
from topology.compose.write_references import named_in_values, with_references, without_references
from topology.core.edit import AddLink, AddService, RemoveLink, RemoveService, RenameService, SetEnvironment
from topology.core.problems import Problem

_KNOWN_TOP = {"version", "name", "services", "networks", "volumes", "configs", "secrets", "include", "models"}


def add_service(raw: Raw, edit: AddService) -> Change | Problem:
    if problem := check_new(raw, "service", edit.name):
        return problem
    if "services" not in raw and any(key not in _KNOWN_TOP and not key.startswith("x-") for key in raw):
        return Problem(
            "file-too-old",
            "This file has its services at the top level, as before Compose 2.",
            fix="Put the services under a `services:` key first.",
        )
    return Change(with_service(raw, edit.name, plain(edit.keys)))


def remove_service(raw: Raw, edit: RemoveService) -> Change | Problem:
    if problem := check_known(raw, "service", edit.name):
        return problem
    notes: list[str] = []

    def forget(name: str, keys: Raw) -> Raw:
        new = without_references(keys, edit.name)
        if new is not keys:
            gone = ", ".join(key for key in keys if new.get(key) is not keys[key])
            notes.append(f"{name} no longer refers to {edit.name} ({gone}).")
        return new

    rest = {**raw, "services": dropped(section(raw, "services"), edit.name)}
    return Change(each_service(rest, forget), tuple(notes))


def rename_service(raw: Raw, edit: RenameService) -> Change | Problem:
    if (ended := check_rename(raw, "service", edit)) is not None:
        return ended
    new = {**raw, "services": renamed(section(raw, "services"), edit.name, edit.to)}
    notes = [
        f"{name} names {edit.name} in the variable {variable}, which stays as it is: {edit.name} is no name of {edit.to} any more."
        for name, keys in section(raw, "services").items()
        if isinstance(keys, dict) and name != edit.name
        for variable in named_in_values(keys, edit.name)
    ]
    return Change(each_service(new, lambda _, keys: with_references(keys, edit.name, edit.to)), tuple(notes))


def _link_parts(item: Any) -> tuple[str, str]:
    target, _, alias = str(said(item)).partition(":")
    return target, alias or target


def add_link(raw: Raw, edit: AddLink) -> Change | Problem:
    keys = service(raw, edit.service)
    if isinstance(keys, Problem):
        return keys
    alias = edit.alias or edit.target
    if problem := check_known(raw, "service", edit.target) or check_name("link", alias):
        return problem
    subject, path = f"service:{edit.service}", ("services", edit.service, "links")
    if edit.target == edit.service:
        return Problem(
            "link-to-itself", f"`{edit.service}` cannot link to itself.", fix="Choose another target.", subject=subject, path=path
        )
    links = keys.get("links") or []
    if not isinstance(links, list):
        return Problem(
            "links-not-a-list", "`links` is not a list here.", fix="Mend it in the text first.", subject=subject, path=path
        )
    if (edit.target, alias) in [_link_parts(item) for item in links]:
        return Problem(
            "link-exists",
            f"`{edit.service}` has the link `{edit.target}` as `{alias}` already.",
            fix="Choose another alias.",
            subject=subject,
            path=path,
        )
    written = edit.target if alias == edit.target else f"{edit.target}:{alias}"
    return Change(with_service(raw, edit.service, {**keys, "links": [*links, written]}))


def remove_link(raw: Raw, edit: RemoveLink) -> Change | Problem:
    keys = service(raw, edit.service)
    if isinstance(keys, Problem):
        return keys
    wanted = (edit.target, edit.alias or edit.target)
    for key in ("links", "external_links"):
        links = keys.get(key)
        if isinstance(links, list) and wanted in [_link_parts(item) for item in links]:
            left = [item for item in links if _link_parts(item) != wanted]
            return Change(with_service(raw, edit.service, with_key(keys, key, left)))
    return Problem(
        "link-unknown",
        f"`{edit.service}` has no link to `{edit.target}` as `{wanted[1]}`.",
        fix="Reload the graph.",
        subject=f"service:{edit.service}",
        path=("services", edit.service, "links"),
    )


def set_environment(raw: Raw, edit: SetEnvironment) -> Change | Problem:
    keys = service(raw, edit.service)
    if isinstance(keys, Problem):
        return keys
    subject, path = f"service:{edit.service}", ("services", edit.service, "environment")
    if not edit.variable or "=" in edit.variable or any(char.isspace() or char == "\0" for char in edit.variable):
        return Problem(
            "variable-invalid",
            f"`{edit.variable}` is no name for a variable.",
            fix="Use letters, digits and `_`.",
            subject=subject,
            path=path,
        )
    written = keys.get("environment")
    if written is not None and not isinstance(written, dict | list):
        return Problem(
            "environment-form",
            "`environment` is neither a map nor a list here.",
            fix="Mend it in the text first.",
            subject=subject,
            path=path,
        )
    new = _set_in_list(written, edit) if isinstance(written, list) else _set_in_map(written or {}, edit)
    if new is None:
        return Problem(
            "variable-unknown",
            f"`{edit.service}` has no variable `{edit.variable}`.",
            fix="Reload the graph.",
            subject=subject,
            path=path,
        )
    return Change(with_service(raw, edit.service, with_key(keys, "environment", new)))


def _set_in_map(written: Raw, edit: SetEnvironment) -> Raw | None:
    if edit.value is None:
        return dropped(written, edit.variable) if edit.variable in written else None
    old = written.get(edit.variable)
    # A bare number stays a bare number: `PORT: 80` becomes `PORT: 81`.
    digits = isinstance(old, int) and not isinstance(old, bool) and edit.value.isdecimal() and str(int(edit.value)) == edit.value
    return {**written, edit.variable: int(edit.value) if digits else edit.value}


def _set_in_list(written: list[Any], edit: SetEnvironment) -> list[Any] | None:
    places = [index for index, item in enumerate(written) if str(item).partition("=")[0] == edit.variable]
    if edit.value is None:
        return [item for index, item in enumerate(written) if index not in places] if places else None
    text = f"{edit.variable}={edit.value}"
    if not places:
        return [*written, text]
    return [text if index == places[-1] else item for index, item in enumerate(written)]
