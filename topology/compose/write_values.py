"""Any value at any path: set and remove."""

from __future__ import annotations

from typing import Any

from topology.compose.change import SECTIONS, Change, Raw, check_name, service
from topology.compose.values import dropped, plain
from topology.core.edit import Path, RemoveValue, SetValue
from topology.core.problems import Problem


def set_value(raw: Raw, edit: SetValue) -> Change | Problem:
    if not edit.path:
        return Problem("path-empty", "A value needs a path.", fix="Give at least one key, or replace the whole text.")
    if edit.path[0] == "services" and len(edit.path) > 2:
        known = service(raw, str(edit.path[1]))
        if isinstance(known, Problem):
            return known
    noun = str(edit.path[0]).removesuffix("s")
    if edit.path[0] in SECTIONS and len(edit.path) > 1 and (problem := check_name(noun, str(edit.path[1]))):
        return problem
    new = _set(raw, edit.path, plain(edit.value), done=0)
    return new if isinstance(new, Problem) else Change(new)


def _set(parent: Any, path: Path, value: Any, *, done: int) -> Any:
    """The parent with a value set at the rest of a path; missing parents are made."""
    step, last = path[done], done + 1 == len(path)
    if parent is None:
        parent = [] if isinstance(step, int) else {}
    if isinstance(parent, dict):
        child = value if last else _set(parent.get(str(step)), path, value, done=done + 1)
        return child if isinstance(child, Problem) else {**parent, str(step): child}
    if not isinstance(parent, list) or not isinstance(step, int) or not 0 <= step <= len(parent):
        return _no_place(path, done)
    old = parent[step] if step < len(parent) else None
    child = value if last else _set(old, path, value, done=done + 1)
    return child if isinstance(child, Problem) else [*parent[:step], child, *parent[step + 1 :]]


def remove_value(raw: Raw, edit: RemoveValue) -> Change | Problem:
    if not edit.path:
        return Problem("path-empty", "A value needs a path.", fix="Give at least one key.")
    new = _remove(raw, edit.path, done=0)
    if isinstance(new, Problem):
        return new
    return Change(new)


def _remove(parent: Any, path: Path, *, done: int) -> Any:
    step, last = path[done], done + 1 == len(path)
    if isinstance(parent, dict) and str(step) in parent:
        old = parent[str(step)]
    elif isinstance(parent, list) and isinstance(step, int) and 0 <= step < len(parent):
        old = parent[step]
    else:
        return _no_place(path, done)
    child = None if last else _remove(old, path, done=done + 1)
    if isinstance(child, Problem):
        return child
    if last or (not child and not _stays_empty(path[: done + 1])):
        return dropped(parent, str(step)) if isinstance(parent, dict) else [*parent[:step], *parent[int(step) + 1 :]]
    if isinstance(parent, dict):
        return {**parent, str(step): child}
    return [*parent[:step], child, *parent[int(step) + 1 :]]


def _stays_empty(path: Path) -> bool:
    """Whether an emptied value is still a declaration: `services` itself, and what is declared in a section."""
    return path == ("services",) or (len(path) == 2 and path[0] in SECTIONS)


def _no_place(path: Path, done: int) -> Problem:
    shown = ".".join(map(str, path[: done + 1]))
    return Problem(
        "path-unknown", f"There is no place `{shown}` in this file.", fix="Reload the graph, or mend the text.", path=path
    )
