"""`-v`, `--mount`, `--tmpfs`: what they become under `volumes:`."""

from __future__ import annotations

import csv
import re
from typing import Any

from topology.compose.units import size_bytes

Raw = dict[str, Any]

VOLUME_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*\Z")
_DRIVE = re.compile(r"[a-zA-Z]:[\\/]")
_HERE = re.compile(r"\$\{PWD\}(?=[/\\]|$)")
_READ_ONLY = frozenset({"readonly", "ro"})
_TRUE = frozenset({"", "1", "t", "T", "true", "TRUE", "True"})


def here(path: str) -> str:
    """A path with the current folder written as Compose writes it: `.`."""
    return _HERE.sub(".", path, count=1) if path.startswith("${PWD}") else path


def parts_of(text: str) -> list[str]:
    """A `-v` value at its colons; those of a drive letter and inside `${…}` do not count."""
    parts: list[str] = []
    at = start = 0
    while at < len(text):
        if text.startswith("${", at):
            at = text.find("}", at) + 1 or len(text)
        elif text[at] == ":" and not (at == start + 1 and _DRIVE.match(text, start)):
            parts.append(text[start:at])
            at = start = at + 1
        else:
            at += 1
    return [*parts, text[start:]]


def volume(text: str) -> tuple[str, str]:
    """A `-v` value as Compose's short form, and the named volume in it ("" for a path or none)."""
    parts = parts_of(text)
    if len(parts) == 1:
        return text, ""
    parts[0] = here(parts[0])
    return ":".join(parts), parts[0] if VOLUME_NAME.match(parts[0]) else ""


def fields(text: str) -> list[tuple[str, str]]:
    """`key=value,key="a,b"` as pairs; a key alone has the value ""."""
    row = next(csv.reader([text], skipinitialspace=True), [])
    return [(key.strip().lower(), value) for key, _, value in (one.partition("=") for one in row)]


def mount(text: str) -> tuple[Raw, Raw | None] | str:
    """A `--mount` value as Compose's long form and, for a named volume, its own keys; a sentence when it cannot be read."""
    given = fields(text)
    kind = next((value for key, value in given if key == "type"), "volume")
    result: Raw = {"type": kind}
    own: Raw = {}
    for key, value in given:
        problem = _field(result, own, kind, key, value)
        if problem:
            return problem
    if "target" not in result:
        return "it has no `target=`"
    if kind == "bind":
        result["bind"] = {**result.get("bind", {}), "create_host_path": False}
    named = kind == "volume" and VOLUME_NAME.match(result.get("source", "")) is not None
    return result, own if named else None


def _field(result: Raw, own: Raw, kind: str, key: str, value: str) -> str:
    if key in ("source", "src"):
        result["source"] = here(value)
    elif key in ("target", "destination", "dst"):
        result["target"] = value
    elif key in _READ_ONLY:
        if value in _TRUE:
            result["read_only"] = True
    elif key == "consistency":
        result["consistency"] = value
    elif key.startswith(("bind-", "tmpfs-", "volume-")):
        return _inner(result, own, key, value)
    elif key not in ("type", "readonly-nonrecursive"):
        return f"`{key}` is no field of a mount of type `{kind}` that Compose knows"
    return ""


def _inner(result: Raw, own: Raw, key: str, value: str) -> str:
    section, _, name = key.partition("-")
    inner: Raw = result.setdefault(section, {})
    if key == "bind-propagation":
        inner["propagation"] = value
    elif key == "tmpfs-size":
        size = size_bytes(value)
        inner["size"] = value if size is None else size
    elif key == "tmpfs-mode":
        if not re.fullmatch(r"[0-7]+", value):
            return f"`tmpfs-mode={value}` is no octal number"
        inner["mode"] = int(value, 8)
    elif key in ("volume-nocopy", "volume-subpath"):
        inner[name] = value in _TRUE if name == "nocopy" else value
    elif key == "volume-driver":
        own["driver"] = value
    elif key in ("volume-opt", "volume-label"):
        option, _, text = value.partition("=")
        own.setdefault("driver_opts" if name == "opt" else "labels", {})[option] = text
    else:
        return f"Compose has no key for `{key}`"
    if not inner:
        del result[section]
    return ""
