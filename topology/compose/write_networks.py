"""Networks: add, remove, rename; services joining and leaving them; network modes."""

from __future__ import annotations

import ipaddress
import re
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
    service,
    with_key,
    with_section,
    with_service,
)
from topology.compose.values import dropped, plain, renamed
from topology.core.design import DEFAULT_NETWORK
from topology.core.edit import AddNetwork, Attach, Detach, RemoveNetwork, RenameNetwork, SetNetworkMode
from topology.core.problems import Problem

_MAC = re.compile(r"[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}\Z|[0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2}){5}\Z")


def add_network(raw: Raw, edit: AddNetwork) -> Change | Problem:
    if problem := check_new(raw, "network", edit.name):
        return problem
    return Change(with_section(raw, "networks", {**section(raw, "networks"), edit.name: plain(edit.keys) or None}))


def remove_network(raw: Raw, edit: RemoveNetwork) -> Change | Problem:
    if problem := check_known(raw, "network", edit.name):
        return problem
    notes: list[str] = []

    def leave(name: str, keys: Raw) -> Raw:
        left = _without(keys.get("networks"), edit.name)
        if left is None:
            return keys
        if not left and edit.name != DEFAULT_NETWORK:
            notes.append(f"{name} had no other network; it is on `default` now.")
        return with_key(keys, "networks", left)

    rest = with_section(raw, "networks", dropped(section(raw, "networks"), edit.name))
    return Change(each_service(rest, leave), tuple(notes))


def rename_network(raw: Raw, edit: RenameNetwork) -> Change | Problem:
    if (ended := check_rename(raw, "network", edit)) is not None:
        return ended

    def follow(_: str, keys: Raw) -> Raw:
        written = keys.get("networks")
        if edit.name == DEFAULT_NETWORK and not written and "network_mode" not in keys and "provider" not in keys:
            return {**keys, "networks": [edit.to]}  # it was there because nothing else was said, which would mean another one now
        if isinstance(written, list) and edit.name in map(said, written):
            return {**keys, "networks": [edit.to if said(item) == edit.name else item for item in written]}
        if isinstance(written, dict) and edit.name in written:
            return {**keys, "networks": renamed(written, edit.name, edit.to)}
        return keys

    return Change(each_service({**raw, "networks": renamed(section(raw, "networks"), edit.name, edit.to)}, follow))


def _without(written: Any, name: str) -> Any:
    """A service's networks without one; None when it is not among them."""
    if isinstance(written, list) and name in map(said, written):
        return [item for item in written if said(item) != name]
    if isinstance(written, dict) and name in written:
        return dropped(written, name)
    return None


def attach(raw: Raw, edit: Attach) -> Change | Problem:
    keys = service(raw, edit.service)
    if isinstance(keys, Problem):
        return keys
    joined = [said(one) for one in keys.get("networks") or ()] if isinstance(keys.get("networks"), dict | list) else []
    declared = edit.network == DEFAULT_NETWORK or edit.network in joined  # where another file declares it
    if not declared and (problem := check_known(raw, "network", edit.network)):
        return problem
    if problem := _check_settings(edit):
        return problem
    notes: tuple[str, ...] = ()
    mode = keys.get("network_mode")
    if mode is not None:
        notes = (f"{edit.service} left network_mode `{mode}`.",)
    written = keys.get("networks")
    if written is not None and not isinstance(written, dict | list):
        return Problem(
            "networks-form",
            "`networks` is neither a list nor a map here.",
            fix="Mend it in the text first.",
            subject=f"service:{edit.service}",
            path=("services", edit.service, "networks"),
        )
    new = _attached(written, edit, on_default=not written and mode is None)
    return Change(with_service(raw, edit.service, with_key(dropped(keys, "network_mode"), "networks", new)), notes)


def _attached(written: Any, edit: Attach, *, on_default: bool) -> Any:
    if not written:
        if edit.network == DEFAULT_NETWORK and not _settings(edit):
            return None
        written = [DEFAULT_NETWORK] if on_default and edit.keep_default and edit.network != DEFAULT_NETWORK else []
    if isinstance(written, list):
        names = written if edit.network in map(said, written) else [*written, edit.network]
        if not any(_settings(edit).values()):
            return names
        written = dict.fromkeys(str(said(name)) for name in names)
    old = written.get(edit.network)
    changed = dict(old) if isinstance(old, dict) else {}
    for key, value in _settings(edit).items():
        changed = with_key(changed, key, value or None)
    return {**written, edit.network: changed or (old if not isinstance(old, dict) or not old else None)}


def _settings(edit: Attach) -> dict[str, Any]:
    """What the edit says of the attachment, by Compose's keys; an empty value takes the key out."""
    said = {
        "aliases": None if edit.aliases is None else list(edit.aliases),
        "ipv4_address": edit.ipv4,
        "ipv6_address": edit.ipv6,
        "mac_address": edit.mac,
    }
    return {key: value for key, value in said.items() if value is not None}


def _check_settings(edit: Attach) -> Problem | None:
    subject = f"service:{edit.service}"
    path = ("services", edit.service, "networks", edit.network)
    for text, version in ((edit.ipv4, 4), (edit.ipv6, 6)):
        if text and "$" not in text and not _is_address(text, version):
            return Problem(
                "address-invalid",
                f"`{text}` is no IPv{version} address.",
                subject=subject,
                path=path,
                fix="Give an address such as 172.28.0.10." if version == 4 else "Give an address such as 2001:db8::10.",
            )
    if edit.mac and "$" not in edit.mac and not _MAC.match(edit.mac):
        return Problem(
            "mac-invalid",
            f"`{edit.mac}` is no MAC address.",
            fix="Give six pairs of hex digits: 02:42:ac:11:00:02.",
            subject=subject,
            path=path,
        )
    if bad := [alias for alias in edit.aliases or () if not alias.strip() or any(char.isspace() for char in alias)]:
        return Problem(
            "alias-invalid", f"`{bad[0]}` is no alias.", fix="Use a host name, without spaces.", subject=subject, path=path
        )
    return None


def _is_address(text: str, version: int) -> bool:
    try:
        return ipaddress.ip_address(text).version == version
    except ValueError:
        return False


def detach(raw: Raw, edit: Detach) -> Change | Problem:
    keys = service(raw, edit.service)
    if isinstance(keys, Problem):
        return keys
    written = keys.get("networks")
    left = _without(written, edit.network)
    implicit = edit.network == DEFAULT_NETWORK and not written and "network_mode" not in keys
    if left is None and not implicit:
        return Problem(
            "not-attached",
            f"`{edit.service}` is not on network `{edit.network}`.",
            fix="Reload the graph.",
            subject=f"service:{edit.service}",
            path=("services", edit.service, "networks"),
        )
    if left:
        return Change(with_service(raw, edit.service, {**keys, "networks": left}))
    rest = dropped(keys, "networks")
    if edit.network == DEFAULT_NETWORK:
        note = f"{edit.service} has no network left; it is on `network_mode: none` now."
        return Change(with_service(raw, edit.service, {**rest, "network_mode": "none"}), (note,))
    return Change(with_service(raw, edit.service, rest), (f"{edit.service} had no other network; it is on `default` now.",))


def set_network_mode(raw: Raw, edit: SetNetworkMode) -> Change | Problem:
    keys = service(raw, edit.service)
    if isinstance(keys, Problem):
        return keys
    if edit.mode is None:
        return Change(with_service(raw, edit.service, dropped(keys, "network_mode")) if "network_mode" in keys else raw)
    kind, _, name = edit.mode.partition(":")
    if not (edit.mode in ("bridge", "host", "none") or (kind in ("service", "container") and name)):
        return Problem(
            "mode-invalid",
            f"`{edit.mode}` is no network mode.",
            fix="Use bridge, host, none, service:NAME or container:NAME.",
            subject=f"service:{edit.service}",
            path=("services", edit.service, "network_mode"),
        )
    if kind == "service" and (problem := check_known(raw, "service", name)):
        return problem
    if edit.mode == f"service:{edit.service}":
        return Problem(
            "mode-itself",
            f"`{edit.service}` cannot share its own network.",
            fix="Choose another service.",
            subject=f"service:{edit.service}",
            path=("services", edit.service, "network_mode"),
        )
    notes = (f"{edit.service} left its networks.",) if keys.get("networks") else ()
    return Change(with_service(raw, edit.service, {**dropped(keys, "networks"), "network_mode": edit.mode}), notes)
