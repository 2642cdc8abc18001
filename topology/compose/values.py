"""Nodes as plain values with anchors and merge keys followed, and exact comparison of such values.

Keys are the text of the key as written. Values are shared, never changed in place: an edit makes new dicts along its path,
so that comparing old with new is cheap wherever they are the same object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from topology.compose.document import MappingNode, Node, ScalarNode, SequenceNode, scalar_value
from topology.compose.places import MERGE_TAG

_TEXT_TAG = "tag:yaml.org,2002:str"
RESET, OVERRIDE = "!reset", "!override"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value under one of Compose's own tags: `!reset null` takes a key away, `!override` replaces instead of merging.

    Source: Compose Specification, 13-merge.md; Compose 2.24 has the first, 2.24.4 the second.
    """

    tag: str
    value: Any


TAKEN_AWAY = Tagged(RESET, None)


class Values:
    """The values of one document's nodes, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, Any] = {}
        self.has_tags = False

    def of(self, node: Node | None) -> Any:
        if node is not None and node.tag in (RESET, OVERRIDE):
            self.has_tags = True
            return Tagged(node.tag, None if node.tag == RESET else self.inside(node))
        return self.inside(node)

    def inside(self, node: Node | None) -> Any:
        """The value of a node without its own tag."""
        if isinstance(node, ScalarNode) and node.tag == OVERRIDE:
            return node.value or None
        if isinstance(node, ScalarNode):
            return node.value if node.tag == _TEXT_TAG else scalar_value(node)
        if node is None:
            return None
        if id(node) not in self._known:
            self._known[id(node)] = self._mapping(node) if isinstance(node, MappingNode) else [self.of(one) for one in node.value]
        return self._known[id(node)]

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: list[Node] = []
        for key, value in node.value:
            if key.tag == MERGE_TAG:
                merged.extend(value.value if isinstance(value, SequenceNode) else [value])
            else:
                own[key.value if isinstance(key, ScalarNode) else repr(self.of(key))] = self.of(value)
        for source in merged:
            values = self.of(source)
            for name, value in values.items() if isinstance(values, dict) else ():
                own.setdefault(name, value)
        return own


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal in kind too: 1, 1.0, True and "1" all differ. The order of keys does not count."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return len(left) == len(right) and all(key in right and same(value, right[key]) for key, value in left.items())
    if isinstance(left, Tagged):
        return bool(left.tag == right.tag) and same(left.value, right.value)
    if isinstance(left, list):
        return len(left) == len(right) and all(same(one, other) for one, other in zip(left, right, strict=True))
    return bool(left == right) or (left != left and right != right)


def plain(value: Any) -> Any:
    """A value from an edit as dicts, lists and scalars, keys as text."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def dropped(mapping: dict[str, Any], name: str) -> dict[str, Any]:
    """The mapping without one key."""
    return {key: value for key, value in mapping.items() if key != name}


def renamed(mapping: dict[str, Any], name: str, to: str) -> dict[str, Any]:
    """The mapping with one key renamed in its place."""
    return {to if key == name else key: value for key, value in mapping.items()}


def bare(value: Any) -> Any:
    """The value as it stands by itself: without tags, and without the keys that `!reset` takes away."""
    if isinstance(value, Tagged):
        return bare(value.value)
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items() if not _is_reset(item)}
    if isinstance(value, list):
        return [bare(item) for item in value if not _is_reset(item)]
    return value


def _is_reset(value: Any) -> bool:
    return isinstance(value, Tagged) and value.tag == RESET


def with_tags(old: Any, new: Any, *, apart: frozenset[str] = frozenset()) -> Any:
    """A changed bare value with the tags that the old one had; what was taken away and is there again replaces what it hid.

    `apart`: services of a whole file that have their tags already.
    """
    if isinstance(new, Tagged):
        return new
    if isinstance(old, Tagged):
        return old if same(bare(old), new) else Tagged(OVERRIDE, with_tags(old.value, new))
    if isinstance(old, dict) and isinstance(new, dict):
        if apart:
            return {key: _except(old.get(key), item, apart) if key == "services" else with_tags(old.get(key), item)
                    for key, item in new.items()} | _resets(old, new)  # fmt: skip
        return {key: with_tags(old[key], item) if key in old else item for key, item in new.items()} | _resets(old, new)
    if isinstance(old, list) and isinstance(new, list) and any(isinstance(item, Tagged) for item in old):
        return [next((one for one in old if same(bare(one), item)), item) for item in new]
    return new


def _resets(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in old.items() if _is_reset(item) and key not in new}


def _except(old: Any, new: Any, apart: frozenset[str]) -> Any:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {name: keys if name in apart else with_tags(old.get(name), keys) for name, keys in new.items()}
