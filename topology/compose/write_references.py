"""What in a service refers to another one: found, taken out, renamed.

depends_on, links, volumes_from, `service:` modes, `extends` in the same file, and `service:` contexts of a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from topology.compose.change import Raw, said, with_key
from topology.compose.values import dropped, renamed

_MODES = ("network_mode", "ipc", "pid", "uts", "cgroup")
_SERVICE = "service:"


def _refers(item: Any, name: str) -> bool:
    text = said(item)
    return isinstance(text, str) and text.partition(":")[0] == name and not (name == "container" and ":" in text)


def without_references(keys: Raw, name: str) -> Raw:
    """A service's keys without any reference to another; the same object where there was none."""
    new = keys
    for key in ("depends_on", "links", "volumes_from"):
        written = keys.get(key)
        if isinstance(written, list) and any(_refers(item, name) for item in written):
            new = with_key(new, key, [item for item in written if not _refers(item, name)])
        elif isinstance(written, dict) and name in written:
            new = with_key(new, key, dropped(written, name))
    for key in _MODES:
        if said(keys.get(key)) == _SERVICE + name:
            new = dropped(new, key)
    if extended(keys) == name:
        new = dropped(new, "extends")
    return _with_contexts(new, name, None)


def with_references(keys: Raw, name: str, to: str) -> Raw:
    """A service's keys with every reference to another renamed; the same object where there was none."""
    new = keys
    for key in ("depends_on", "volumes_from"):
        written = keys.get(key)
        if isinstance(written, list) and any(_refers(item, name) for item in written):
            new = {**new, key: [to + said(item)[len(name) :] if _refers(item, name) else item for item in written]}
        elif isinstance(written, dict) and name in written:
            new = {**new, key: renamed(written, name, to)}
    links = keys.get("links")
    if isinstance(links, list) and any(_refers(item, name) for item in links):
        new = {**new, "links": [_renamed_link(item, name, to) for item in links]}
    for key in _MODES:
        if said(keys.get(key)) == _SERVICE + name:
            new = {**new, key: _SERVICE + to}
    if extended(keys) == name:
        extends = keys["extends"]
        new = {**new, "extends": {**extends, "service": to} if isinstance(extends, dict) else to}
    return _with_contexts(new, name, to)


def extended(keys: Raw) -> str | None:
    """The service of the same file that one extends."""
    extends = keys.get("extends")
    if isinstance(extends, dict):
        return extends.get("service") if "file" not in extends else None
    return extends if isinstance(extends, str) else None


def _renamed_link(item: Any, name: str, to: str) -> Any:
    if not _refers(item, name):
        return item
    alias = said(item).partition(":")[2] or name
    return to if alias == to else f"{to}:{alias}"


def _with_contexts(keys: Raw, name: str, to: str | None) -> Raw:
    """`build.additional_contexts`: `base: service:web`, as a map or a list of `base=service:web`."""
    build = keys.get("build")
    written = build.get("additional_contexts") if isinstance(build, dict) else None
    old = _SERVICE + name
    if isinstance(written, dict) and old in written.values():
        new: Any = {key: _SERVICE + to if item == old and to else item for key, item in written.items() if to or item != old}
    elif isinstance(written, list) and any(str(item).partition("=")[2] == old for item in written):
        found = [(item, str(item).partition("=")[2] == old) for item in written]
        new = [f"{str(item).partition('=')[0]}={_SERVICE}{to}" if hit else item for item, hit in found if to or not hit]
    else:
        return keys
    return {**keys, "build": with_key(keys["build"], "additional_contexts", new)}


def named_in_values(keys: Raw, name: str) -> Iterator[str]:
    """Where a service's values name another one as a host (`DATABASE_URL: postgres://db/x`); only a person can judge it."""
    host = re.compile(rf"(?:\A|//|@|,){re.escape(name)}(?:[:/,?]|\Z)")
    written = keys.get("environment")
    pairs = [str(one).partition("=")[::2] for one in written] if isinstance(written, list) else []
    for variable, value in written.items() if isinstance(written, dict) else pairs:
        if isinstance(value, str) and host.search(value):
            yield str(variable)
