"""`volumes`, `configs`, `secrets` and `devices` of a service in their long forms."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from topology.compose.canonical.fields import OMIT, Around, Convert, Record, flag, integer, listed, size, text
from topology.compose.canonical.paths import host_path
from topology.compose.canonical.values import mode, options
from topology.compose.units import as_text

_PROPAGATION = ("rprivate", "private", "rshared", "shared", "rslave", "slave")
_VOLUME = Record((
    ("type", text), ("source", text), ("target", text), ("read_only", flag), ("consistency", text),
    ("bind", Record((("selinux", text), ("propagation", text), ("create_host_path", flag), ("recursive", text)))),
    ("volume", Record((("labels", options), ("nocopy", flag), ("subpath", text)))),
    ("tmpfs", Record((("size", size), ("mode", integer)))),
    ("image", Record((("subpath", text),))),
))  # fmt: skip
_REFERENCE = Record((("source", text), ("target", text), ("uid", text), ("gid", text), ("mode", mode)))
_DEVICE = Record((("source", text), ("target", text), ("permissions", text)))
_REQUEST = Record((
    ("capabilities", listed(text)), ("driver", text), ("count", lambda value, around: _count(value)),
    ("device_ids", listed(text)), ("options", options),
))  # fmt: skip


def volumes(value: Any, around: Around) -> Any:
    """Every mount. Of two at one place the later one stands, in the place of the earlier."""
    found: dict[str, Any] = {}
    for index, item in enumerate(value if isinstance(value, list) else ()):
        one = dict(item) if isinstance(item, Mapping) else _short(as_text(item))
        one["target"] = _clean(as_text(one.get("target")))
        if one.get("type") == "bind":
            one["source"] = host_path(one.get("source"), around)
        found[one["target"] or f" {index}"] = _VOLUME.of({key: part for key, part in one.items() if part is not OMIT}, around)
    return list(found.values()) or OMIT


def _clean(target: str) -> str:
    return posixpath.normpath(target) if target else ""


def _short(spec: str) -> dict[str, Any]:
    if len(spec) <= 2:
        return {"type": "volume", "target": spec}
    parts = _split(spec)
    if len(parts) == 1:
        return {"type": "volume", "target": spec, "volume": {}}
    words = parts[2].split(",") if len(parts) > 2 else []
    found: dict[str, Any] = {"source": parts[0], "target": parts[1]}
    for word in words:
        if word in ("ro", "rw"):
            found["read_only"] = word == "ro"
        elif word == "nocopy":
            found["volume"] = {"nocopy": True}
        elif word in _PROPAGATION or word in ("z", "Z"):
            found.setdefault("bind", {})["propagation" if word in _PROPAGATION else "selinux"] = word
    if is_file_path(parts[0]):
        return found | {"type": "bind", "bind": found.get("bind", {}) | {"create_host_path": True}}
    return found | {"type": "volume", "volume": found.get("volume", {})}


def _split(spec: str) -> list[str]:
    """At colons, but not behind a part of one letter, which is a Windows drive."""
    parts: list[str] = [""]
    for char in spec:
        if char == ":" and not (len(parts[-1]) == 1 and parts[-1].isalpha()):
            parts.append("")
        else:
            parts[-1] += char
    return parts


def is_file_path(source: str) -> bool:
    """Whether the source of a short form is a path of the host rather than a volume's name."""
    return source[:1] in (".", "/", "~") or source.startswith("\\\\") or bool(re.match(r"^[A-Za-z]:", source))


def references(folder: str) -> Convert:
    """`configs` or `secrets`; one without a target gets one in `folder` ("" for none, as the tool does for configs)."""

    def run(value: Any, around: Around) -> Any:
        found: dict[str, Any] = {}
        for item in value if isinstance(value, list) else ():
            one = dict(item) if isinstance(item, Mapping) else {"source": as_text(item)}
            source = as_text(one.get("source"))
            if folder and not one.get("target"):
                one["target"] = f"{folder}/{source}"
            found[as_text(one.get("target")) or f"/{source}"] = _REFERENCE.of(one, around)
        return list(found.values()) or OMIT

    return run


def devices(value: Any, around: Around) -> Any:
    """Device mappings; of two at one place the later one stands."""
    found: dict[str, Any] = {}
    for item in value if isinstance(value, list) else ():
        one = dict(item) if isinstance(item, Mapping) else _device(as_text(item))
        found[as_text(one.get("target"))] = _DEVICE.of(one, around)
    return list(found.values()) or OMIT


def _device(spec: str) -> dict[str, Any]:
    parts = spec.split(":")
    source = parts[0]
    return {
        "source": source,
        "target": parts[1] if len(parts) > 1 else source,
        "permissions": parts[2] if len(parts) > 2 else "rwm",
    }


def device_requests(value: Any, around: Around) -> Any:
    """`gpus` and a reservation's `devices`: all of them where nothing says how many."""
    if value == "all":
        return [{"count": -1}]
    found = []
    for item in value if isinstance(value, list) else ():
        one = dict(item) if isinstance(item, Mapping) else {}
        if one.get("count") is None and not one.get("device_ids"):
            one["count"] = "all"
        found.append(_REQUEST.of(one, around))
    return found or OMIT


def _count(value: Any) -> Any:
    return -1 if value == "all" else integer(value, Around(""))
