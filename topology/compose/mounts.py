"""`volumes` of a service in their short and long forms. Source: Compose Specification, "volumes"."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from topology.compose.forms import mapping
from topology.compose.plain import Path
from topology.compose.report import Report
from topology.compose.units import as_text, truth
from topology.core.design import Mount

_WINDOWS = re.compile(r"^[A-Za-z]:[\\/]")
_PROPAGATION = ("private", "rprivate", "shared", "rshared", "slave", "rslave")
_IGNORED = ("cached", "delegated", "consistent", "rw")


def read_mounts(value: Any, *, path: Path, report: Report) -> tuple[Mount, ...]:
    mounts: list[Mount] = []
    for index, item in enumerate(value if isinstance(value, list) else ()):
        place = (*path, index)
        mount = _long(item, place, report) if isinstance(item, dict) else _short(as_text(item), place, report)
        if mount is not None:
            mounts.append(mount)
    return tuple(mounts)


def _short(text: str, path: Path, report: Report) -> Mount | None:
    parts = _split(text)
    if not 1 <= len(parts) <= 3 or not all(parts):
        report.error(
            "bad-volume",
            f"`{text[:60]}` is not a volume.",
            "Write NAME:/path, ./folder:/path or /path, with `:ro` behind it for read-only.",
            path,
        )
        return None
    if len(parts) == 1:
        return Mount("volume", _clean(parts[0]))
    source, target, words = parts[0], _clean(parts[1]), parts[2].split(",") if len(parts) == 3 else []
    kind = "bind" if is_host_path(source) else "volume"
    options: dict[str, Any] = {"create_host_path": True} if kind == "bind" else {}
    for word in words:
        if word in _PROPAGATION:
            options["propagation"] = word
        elif word in ("z", "Z"):
            options["selinux"] = word
        elif word == "nocopy":
            options["nocopy"] = True
        elif word not in ("ro", *_IGNORED):
            report.warn(
                "volume-option",
                f"The volume option `{word[:40]}` is not known and left out.",
                "Use ro, rw, z, Z, nocopy or a propagation such as rslave.",
                path,
            )
    return Mount(kind, target, source, read_only="ro" in words, options=options)


def _clean(target: str) -> str:
    """A path inside the container without a closing slash or doubled ones."""
    return posixpath.normpath(target) if target.startswith("/") else target


def _split(text: str) -> list[str]:
    """Split at colons, but not behind a Windows drive letter."""
    parts: list[str] = []
    for piece in text.split(":"):
        if parts and len(parts[-1]) == 1 and parts[-1].isalpha() and piece[:1] in ("\\", "/"):
            parts[-1] = f"{parts[-1]}:{piece}"
        else:
            parts.append(piece)
    return parts


def is_host_path(source: str) -> bool:
    """Whether a short form's source is a path of the host rather than a volume's name."""
    return source[:1] in (".", "/", "~", "\\") or bool(_WINDOWS.match(source))


def _long(item: dict[str, Any], path: Path, report: Report) -> Mount | None:
    kind = as_text(item.get("type")) or "volume"
    target, source = _clean(as_text(item.get("target"))), item.get("source")
    if not target:
        report.error("bad-volume", "This volume has no `target`, the path inside the container.", "Add `target:`.", path)
        return None
    if kind == "bind" and not source:
        report.error("bad-volume", "This bind has no `source`, the path on the host.", "Add `source:`.", path)
        return None
    options = dict(mapping(item.get(kind)))
    for key in ("nocopy", "create_host_path"):
        if key in options:
            options[key] = truth(options[key])
    if kind == "tmpfs" and "size" in options:
        options["size"] = report.size(options["size"], (*path, "tmpfs", "size"))
    if kind == "bind":
        options.setdefault("create_host_path", True)
    read_only = report.truth(item.get("read_only"), (*path, "read_only")) or False
    return Mount(kind, target, as_text(source) or None, read_only=read_only, options=options)
