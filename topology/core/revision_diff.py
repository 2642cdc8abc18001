"""What differs between two versions of a stack: lines of its files, and nodes of its graph with the keys that changed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any, Literal

from topology.core.bundle import Bundle
from topology.core.design import Design
from topology.core.fingerprint import NAMES

CONTEXT_LINES = 3
MOST_COMPARED = 20_000  # lines of both middles; farther apart texts are one hunk, since comparing grows with their product

Change = Literal["added", "removed", "changed"]
LineKind = Literal["same", "added", "removed"]
_PLACES = frozenset({"line", "hash", "hash_text", "name", "key"})
_KEYS = {"attachments": "networks", "mounts": "volumes", "pools": "ipam", "ipam_driver": "ipam", "ipam_options": "ipam"}
_UNIT = re.compile(r"_(?:s|bytes)$")
_LINES = re.compile(r"[^\n]*\n|[^\n]+$")


@dataclass(frozen=True, slots=True)
class Line:
    kind: LineKind
    text: str  # without its end


@dataclass(frozen=True, slots=True)
class LineHunk:
    """`old_line` and `new_line`, from 1, are where `lines` begin in either text."""

    old_line: int
    new_line: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FileChange:
    """`path` "" is the main text. `hunks` is empty where only bytes differ that no line shows."""

    path: str
    change: Change
    hunks: tuple[LineHunk, ...]


@dataclass(frozen=True, slots=True)
class NodeChange:
    """`id` is the node's: "service:web". `keys` are the Compose keys that differ, sorted; empty unless it is changed."""

    id: str
    change: Change
    keys: tuple[str, ...] = ()


def file_changes(old: Bundle, new: Bundle) -> tuple[FileChange, ...]:
    """The files that differ, the main text first, then companions by path."""
    found = [FileChange("", "changed", text_hunks(old.text, new.text))] if old.text != new.text else []
    for path in sorted({*old.files, *new.files}):
        before, after = old.files.get(path), new.files.get(path)
        if before != after:
            change: Change = "added" if before is None else "removed" if after is None else "changed"
            found.append(FileChange(path, change, text_hunks(before or "", after or "")))
    return tuple(found)


def text_hunks(old: str, new: str) -> tuple[LineHunk, ...]:
    """The lines that differ, each group with three lines around it. Every line of both texts is compared with its end."""
    before, after = _LINES.findall(old), _LINES.findall(new)
    groups: list[list[tuple[str, int, int, int, int]]] = []
    for code in _opcodes(before, after):
        if code[0] == "equal":
            continue
        if groups and code[1] - groups[-1][-1][2] <= 2 * CONTEXT_LINES:
            groups[-1].append(code)
        else:
            groups.append([code])
    return tuple(_hunk(group, before, after) for group in groups)


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Spans that are equal, or not, in order; what both begin and end with is not compared line by line."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) + len(new) > MOST_COMPARED:
        yield "replace", head, head + len(old), head, head + len(new)
        return
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=len(old) > 2000).get_opcodes():
        yield tag, a1 + head, a2 + head, b1 + head, b2 + head


def _hunk(group: list[tuple[str, int, int, int, int]], before: Sequence[str], after: Sequence[str]) -> LineHunk:
    lead = min(CONTEXT_LINES, group[0][1])
    lines = [Line("same", _shown(text)) for text in before[group[0][1] - lead : group[0][1]]]
    at = group[0][1]
    for _, a1, a2, b1, b2 in group:
        lines += [Line("same", _shown(text)) for text in before[at:a1]]
        lines += [Line("removed", _shown(text)) for text in before[a1:a2]]
        lines += [Line("added", _shown(text)) for text in after[b1:b2]]
        at = a2
    lines += [Line("same", _shown(text)) for text in before[at : at + CONTEXT_LINES]]
    return LineHunk(group[0][1] - lead + 1, group[0][3] - lead + 1, tuple(lines))


def _shown(line: str) -> str:
    """A line as it is shown; an end that is no plain line feed is seen, since it may be all that differs."""
    if line.endswith("\r\n"):
        return line[:-2] + "␍"
    return line[:-1] if line.endswith("\n") else f"{line} (no line end)"


def node_changes(old: Design, new: Design) -> tuple[NodeChange, ...]:
    """The services, networks and volumes that differ, by id. Where in the file something stands is no difference."""
    found = [
        *_section("service", old.services, new.services),
        *_section("network", old.networks, new.networks),
        *_section("volume", old.volumes, new.volumes),
        *_section("config", old.configs, new.configs),
        *_section("secret", old.secrets, new.secrets),
    ]
    return tuple(sorted(found, key=lambda one: one.id))


def _section(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[NodeChange]:
    for name in {*old, *new}:
        if name not in old:
            yield NodeChange(f"{kind}:{name}", "added")
        elif name not in new:
            yield NodeChange(f"{kind}:{name}", "removed")
        elif keys := changed_fields(old[name], new[name]):
            yield NodeChange(f"{kind}:{name}", "changed", keys)


def changed_fields(old: Any, new: Any) -> tuple[str, ...]:
    """The Compose keys in which two records of one kind differ, sorted."""
    found: set[str] = set()
    for field in fields(old):
        one, other = getattr(old, field.name), getattr(new, field.name)
        if field.name == "other":
            found |= {key for key in {*one, *other} if one.get(key) != other.get(key)}
        elif field.name not in _PLACES and one != other:
            found.add(_KEYS.get(field.name) or NAMES.get(field.name) or _UNIT.sub("", field.name))
        elif field.name == "name" and hasattr(old, "key") and one != other:  # a service's name is what it is known by
            found.add("name")
    return tuple(sorted(found))
