"""Relative paths, seen from the project's directory."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from topology.compose.canonical.fields import OMIT, Around
from topology.compose.units import as_text

_WINDOWS = re.compile(r"^(?:[A-Za-z]:[\\/]|\\\\)")
_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


def cleaned(path: str) -> str:
    """Without `.`, `..`, doubled and closing slashes."""
    found = posixpath.normpath(path) if path else ""
    return "/" + found.lstrip("/") if found.startswith("//") else found


def absolute(path: str, around: Around) -> str:
    """A path seen from the project's directory; `~` is the user's home where that is known."""
    if path.startswith("~") and around.home is not None:
        path = cleaned(f"{around.home}/{path[1:]}") if len(path) > 1 else around.home
    if not path or path.startswith("/") or (path.startswith("~") and around.home is None):
        return path
    return cleaned(f"{around.directory}/{path}")


def file(value: Any, around: Around) -> Any:
    """A file of the host."""
    return absolute(as_text(value), around) or OMIT


def host_path(value: Any, around: Around) -> Any:
    """A path of the host that may be Windows' own. An empty one, such as a variable without a value, is the project's folder."""
    if value is None:
        return OMIT
    path = as_text(value)
    return path if _WINDOWS.match(path) else absolute(path, around) or around.directory


def build_context(value: Any, around: Around) -> Any:
    """A folder, or a remote source (git, https, `service:`, `docker-image://`), which stays as it is."""
    path = as_text(value)
    if not path:
        return OMIT
    if "://" in path or path.startswith(("service:", *_REMOTE)):
        return path
    return absolute(path, around)
