"""Nodes → plain mappings, lists and scalars that know where each of their entries stands: file, line and column.

Anchors and merge keys are followed. What is merged, extended or included later keeps its places, so that a problem is always
told where its value is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from topology.compose.document import Document, MappingNode, Node, ScalarNode, SequenceNode, scalar_value
from topology.core.problems import Problem

Path = tuple[str | int, ...]
Place = tuple[Node | None, Node, str]
"""The key's node (None in a list), the value's node, and the file as it is shown ("" for the main one)."""

MAIN = ""
_MERGE = "tag:yaml.org,2002:merge"
_RESET, _OVERRIDE = "!reset", "!override"
_SECTIONS = {
    "services": "service",
    "networks": "network",
    "volumes": "volume",
    "configs": "config",
    "secrets": "secret",
}


class Map(dict[str, Any]):
    """A mapping whose entries know their places."""

    __slots__ = ("places",)

    def __init__(self, values: Any = (), places: dict[str, Place] | None = None) -> None:
        super().__init__(values)
        self.places: dict[str, Place] = {} if places is None else places


class Seq(list[Any]):
    """A list whose items know their places; `places` is as long as the list, or empty when nothing is known."""

    __slots__ = ("places",)

    def __init__(self, values: Any = (), places: list[Place] | None = None) -> None:
        super().__init__(values)
        self.places: list[Place] = [] if places is None else places


def place_in(container: Any, step: str | int) -> Place | None:
    """The place of one entry, None when it is not known."""
    if isinstance(container, Map):
        return container.places.get(str(step))
    if isinstance(container, Seq) and isinstance(step, int) and 0 <= step < len(container.places):
        return container.places[step]
    return None


def subject_of(path: Path) -> str:
    """The object on the canvas that a path belongs to: ("services", "web", "ports", 0) → "service:web"; else ""."""
    kind = _SECTIONS.get(str(path[0])) if len(path) > 1 else None
    return f"{kind}:{path[1]}" if kind else ""


def to_plain(document: Document) -> tuple[Any, list[Problem]]:
    """The document as plain data, with a Problem for every key that stands twice or is not text."""
    plain = Plain(MAIN)
    value = plain.of(document.root, ()) if document.root is not None else None
    return value, plain.problems


class Plain:
    """One document's way to plain data: its problems, and the paths that `!reset` and `!override` name."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.resets: list[Path] = []

    def of(self, node: Node, path: Path) -> Any:
        if isinstance(node, ScalarNode):
            try:
                value = scalar_value(node)
            except (ValueError, OverflowError):  # `!!int twelve`, or a number of thousands of digits
                return node.value
            if isinstance(value, str) and not node.style and value[:2].isdecimal() and (match := _DAY.match(value)):
                return _timestamp(match)
            return value
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        assert isinstance(node, SequenceNode)
        result = Seq()
        for index, item in enumerate(node.value):
            if item.tag != _RESET:
                result.append(self.of(item, (*path, index)))
                result.places.append((None, item, self.file))
        return result

    def _mapping(self, node: MappingNode, path: Path) -> Map:
        written, merged = Map(), list[Map]()
        places, file = written.places, self.file
        for key, value in node.value:
            if key.tag == _MERGE:
                merged.extend(self._merged(value, path))
                continue
            if (name := self._key(key, path)) is None:
                continue
            if value.tag in (_RESET, _OVERRIDE):
                self.resets.append((*path, name))
                if value.tag == _RESET:
                    continue
            if name in written:
                message = f"`{name}` stands twice in the same place."
                self._say(key, "key-twice", message, "Keep one of the two.", (*path, name))
                continue
            written[name] = self.of(value, (*path, name))
            places[name] = (key, value, file)
        return _laid(merged, written) if merged else written

    def _merged(self, node: Node, path: Path) -> Iterator[Map]:
        for source in node.value if isinstance(node, SequenceNode) else [node]:
            if isinstance(source, MappingNode):
                said = len(self.problems)
                yield self._mapping(source, path)
                del self.problems[said:]  # what is wrong with it was said where the anchor stands
            else:
                fix = "Point it at an anchor on a mapping."
                self._say(source, "bad-merge", "`<<` takes a mapping (`*anchor`) or a list of them.", fix, path)

    def _key(self, key: Node, path: Path) -> str | None:
        if not isinstance(key, ScalarNode):
            self._say(key, "key-not-text", "A key must be text, not a list or a mapping.", "Write a plain name.", path)
            return None
        name = str(key.value)
        if key.tag in _KINDS:
            message = f"The key `{name}` is read as a {_KINDS[key.tag]}, not as text."
            self._say(key, "key-not-text", message, f'Put it in quotes: "{name}".', (*path, name))
        return name

    def _say(self, node: Node, code: str, message: str, fix: str, path: Path) -> None:
        mark = node.start_mark
        self.problems.append(
            Problem(code, message, fix=fix, subject=subject_of(path), path=path, line=mark.line + 1, column=mark.column + 1,
                    file=self.file)
        )  # fmt: skip


_DAY = re.compile(
    r"^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt ](\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,9}))?)?$",
    re.ASCII,
)


def _timestamp(match: re.Match[str]) -> str:
    """A plain `2020-01-01`: YAML's date, which the reference tool prints as Go does."""
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return match[0]
    fraction = (match[7] or "").rstrip("0")
    return f"{moment:%Y-%m-%d %H:%M:%S}{'.' if fraction else ''}{fraction} +0000 UTC"


_KINDS = {
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
    "tag:yaml.org,2002:bool": "truth value",
    "tag:yaml.org,2002:null": "null",
}


def _laid(merged: list[Map], written: Map) -> Map:
    result = Map()
    for source in (*reversed(merged), written):  # of several sources the first wins, and what is written here over all
        result.update(source)
        result.places.update(source.places)
    return result


def locate(tree: Any, problem: Problem, *, at_key: bool = False) -> Problem:
    """The problem with file, line and column of its path, or of the nearest place above it that is written somewhere.

    A scalar's place is its own; a list's or mapping's is that of its key (`at_key`: always the key's).
    """
    if problem.line:
        return problem
    found: Place | None = None
    value = tree
    for step in problem.path:
        if isinstance(value, list) and isinstance(step, str):
            step = _item_named(value, step)  # ("networks", "front") where the networks are a list
        place = place_in(value, step)
        if place is None:
            break
        value, found = value[step], place
    if found is None:
        return replace(problem, line=1, column=1)
    key, node, file = found
    inline = isinstance(node, ScalarNode) and node.value != "" and not at_key
    mark = (node if inline or key is None else key).start_mark
    return replace(problem, line=mark.line + 1, column=mark.column + 1, file=file)


def _item_named(items: list[Any], name: str) -> int:
    starts = (f"{name}=", f"{name}:")
    return next((at for at, item in enumerate(items) if isinstance(item, str) and (item == name or item.startswith(starts))), -1)
