"""Edits from JSON and to it: {"kind": "attach", "service": "web", "network": "front", …}, an edit's fields beside its kind.

What is read comes from a browser or a file, so it is bounded, and what is wrong with it is a Problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from topology.core.edit import KINDS, Edit, Hunk, SetEnvironment, SetValue
from topology.core.problems import Problem

MAX_DEPTH = 3  # edits in edits
MAX_EDITS = 2000


def to_json(edit: Edit) -> dict[str, Any]:
    """The edit's JSON form: its fields beside "kind"."""
    return {"kind": edit.kind} | {f.name: _plain(getattr(edit, f.name)) for f in fields(edit)}


def _plain(value: Any) -> Any:
    if hasattr(value, "kind"):
        return to_json(value)
    if isinstance(value, Hunk):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


# What each field must be; a field that is not named here is a plain string.
_SHAPES: Mapping[str, tuple[type, ...]] = {
    "keys": (dict,),
    "aliases": (list, type(None)),
    "ipv4": (str, type(None)),
    "ipv6": (str, type(None)),
    "mac": (str, type(None)),
    "keep_default": (bool,),
    "mode": (str, type(None)),
    "path": (list,),
    "hunks": (list,),
    "edits": (list,),
    "edit": (dict,),
    "files": (list,),
    "line": (int,),
    "old": (list,),
    "new": (list,),
}


def from_json(value: Any, *, depth: int = 0) -> Edit | Problem:
    """Read an edit from JSON; a Problem names the first thing that is wrong with it."""
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str) or value["kind"] not in KINDS:
        known = ", ".join(sorted(KINDS))
        kind = value.get("kind") if isinstance(value, dict) else None
        what = f"`{kind[:60]}` is no kind of edit." if isinstance(kind, str) else "This is not an edit: it has no `kind`."
        return Problem("edit-unknown", what, fix=f"Give an object whose `kind` is one of: {known}.")
    named = KINDS[value["kind"]]
    read: Edit | Problem = _read_fields(named, {key: item for key, item in value.items() if key != "kind"}, depth=depth)
    return read


def _read_fields(kind: type, value: dict[str, Any], *, depth: int) -> Any:
    named = {f.name: f for f in fields(kind)}
    label = getattr(kind, "kind", kind.__name__.lower())
    if unknown := sorted(set(value) - set(named)):
        return Problem("edit-field", f"`{label}` has no field `{unknown[0]}`.", fix=f"It has: {', '.join(named)}.")
    taken: dict[str, Any] = {}
    for name, spec in named.items():
        if name not in value:
            if spec.default is MISSING:
                return Problem("edit-field", f"`{label}` lacks `{name}`.", fix=f"Give `{name}`.")
            continue
        item = _read_field(kind, name, value[name], depth=depth)
        if isinstance(item, Problem):
            return item
        taken[name] = item
    return kind(**taken)


def _read_field(kind: type, name: str, item: Any, *, depth: int) -> Any:
    if kind is SetValue and name == "value":
        return item
    shapes = (str, type(None)) if (kind, name) == (SetEnvironment, "value") else _SHAPES.get(name, (str,))
    if not isinstance(item, shapes) or (isinstance(item, bool) and bool not in shapes):
        wanted = " or ".join("null" if shape is type(None) else shape.__name__ for shape in shapes)
        return Problem("edit-field", f"`{name}` must be {wanted}.", fix=f"Give {wanted}.")
    if name == "edit":
        return from_json(item, depth=depth + 1) if depth <= MAX_DEPTH else _too_many()
    if not isinstance(item, list):
        return item
    if name in ("hunks", "edits"):
        if depth > MAX_DEPTH or len(item) > MAX_EDITS:
            return _too_many()
        read = [
            from_json(one, depth=depth + 1) if name == "edits"
            else _read_fields(Hunk, one, depth=depth) if isinstance(one, dict)
            else Problem("edit-field", "A hunk must be an object.", fix="Give line, old and new.")
            for one in item
        ]  # fmt: skip
        return next((one for one in read if isinstance(one, Problem)), tuple(read))
    allowed = (str, int) if name == "path" else (str,)
    if not all(isinstance(one, allowed) and not isinstance(one, bool) for one in item):
        return Problem("edit-field", f"`{name}` must hold text only.", fix="Give a list of texts.")
    return tuple(item)


def _too_many() -> Problem:
    return Problem("edit-too-large", "Too many edits at once.", fix="Split them.")
