"""Nodes → plain dicts, lists and scalars (anchors and merge keys followed), and a path back to its line and column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from topology.compose.document import Document, MappingNode, Node, ScalarNode, SequenceNode, scalar_value
from topology.core.problems import Problem

Path = tuple[str | int, ...]

_MERGE = "tag:yaml.org,2002:merge"
_RESET = "!reset"  # of an override file: the key is taken away
_SECTIONS = {
    "services": "service",
    "networks": "network",
    "volumes": "volume",
    "configs": "config",
    "secrets": "secret",
}


def subject_of(path: Path) -> str:
    """The object on the canvas that a path belongs to: ("services", "web", "ports", 0) → "service:web"; else ""."""
    kind = _SECTIONS.get(str(path[0])) if len(path) > 1 else None
    return f"{kind}:{path[1]}" if kind else ""


def to_plain(document: Document) -> tuple[Any, list[Problem]]:
    """The document as plain data, with a Problem for every key that stands twice or is not text."""
    problems: list[Problem] = []
    value = _plain(document.root, (), problems) if document.root is not None else None
    return value, problems


def _plain(node: Node, path: Path, problems: list[Problem]) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, path, problems)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, index), problems) for index, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    try:
        return scalar_value(node)
    except (ValueError, OverflowError):  # `!!int twelve`, or a number of thousands of digits
        return node.value


def _mapping(node: MappingNode, path: Path, problems: list[Problem]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    merged: list[dict[str, Any]] = []
    for key, value in node.value:
        if key.tag == _MERGE:
            merged.extend(_merged(value, path, problems))
        elif (name := _key(key, path, problems)) is None or value.tag == _RESET:
            continue
        elif name in written:
            problems.append(
                _at(key, "key-twice", f"`{name}` stands twice in the same place.", "Keep one of the two.", (*path, name))
            )
        else:
            written[name] = _plain(value, (*path, name), problems)
    if not merged:
        return written
    result: dict[str, Any] = {}
    for source in reversed(merged):  # of several sources the first wins
        result.update(source)
    return result | written


def _merged(node: Node, path: Path, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    sources = node.value if isinstance(node, SequenceNode) else [node]
    for source in sources:
        if isinstance(source, MappingNode):
            yield _mapping(source, path, [])  # what is wrong with it was said where the anchor stands
        else:
            problems.append(
                _at(
                    source,
                    "bad-merge",
                    "`<<` takes a mapping (`*anchor`) or a list of them.",
                    "Point it at an anchor on a mapping.",
                    path,
                )
            )


def _key(key: Node, path: Path, problems: list[Problem]) -> str | None:
    if not isinstance(key, ScalarNode):
        problems.append(_at(key, "key-not-text", "A key must be text, not a list or a mapping.", "Write a plain name.", path))
        return None
    kind = key.tag.rpartition(":")[2]
    if kind in ("int", "float", "bool", "null"):
        problems.append(
            _at(
                key,
                "key-not-text",
                f"The key `{key.value}` is read as a {_KINDS[kind]}, not as text.",
                f'Put it in quotes: "{key.value}".',
                (*path, key.value),
            )
        )
    return str(key.value)


_KINDS = {"int": "number", "float": "number", "bool": "truth value", "null": "null"}


def _at(node: Node, code: str, message: str, fix: str, path: Path) -> Problem:
    mark = node.start_mark
    return Problem(code, message, fix=fix, subject=subject_of(path), path=path, line=mark.line + 1, column=mark.column + 1)


def locate(document: Document, problem: Problem, *, at_key: bool = False) -> Problem:
    """The problem with line and column of its path, or of the nearest place above it that stands in the text.

    A scalar's place is its own; a list's or mapping's is that of its key (`at_key`: always the key's). Merge keys are followed.
    """
    if problem.line:
        return problem
    node, key = _walk(document.root, problem.path)
    if node is None:
        return replace(problem, line=1, column=1) if document.root is not None else problem
    inline = isinstance(node, ScalarNode) and node.value != "" and not at_key
    mark = (node if inline or key is None else key).start_mark
    return replace(problem, line=mark.line + 1, column=mark.column + 1)


def _walk(node: Node | None, path: Path) -> tuple[Node | None, Node | None]:
    """The deepest node on the path and its key; (None, None) when not even the first step is there."""
    found: tuple[Node | None, Node | None] = (None, None)
    for step in path:
        if isinstance(node, MappingNode):
            pair = _pair(node, str(step), depth=0)
            if pair is None:
                return found
            node, found = pair[1], (pair[1], pair[0])
        elif isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
            node = node.value[step]
            found = (node, None)
        elif isinstance(node, SequenceNode) and (item := _item_named(node, str(step))) is not None:
            found = (item, None)  # ("networks", "front") where the networks are a list
            node = item
        else:
            return found
    return found


def _pair(node: MappingNode, name: str, *, depth: int) -> tuple[Node, Node] | None:
    merges = []
    for key, value in node.value:
        if key.tag == _MERGE:
            merges.append(value)
        elif isinstance(key, ScalarNode) and key.value == name:
            return key, value
    for value in merges if depth < 20 else ():
        for source in value.value if isinstance(value, SequenceNode) else [value]:
            if isinstance(source, MappingNode) and (pair := _pair(source, name, depth=depth + 1)):
                return pair
    return None


def _item_named(node: SequenceNode, name: str) -> Node | None:
    items = (item for item in node.value if isinstance(item, ScalarNode))
    return next((item for item in items if item.value == name or item.value.startswith((f"{name}=", f"{name}:"))), None)
