"""Nodes as plain values with anchors and merge keys followed, and exact comparison of such values.

Keys are the text of the key as written. Values are shared, never changed in place: an edit makes new dicts along its path,
so that comparing old with new is cheap wherever they are the same object.
"""

from __future__ import annotations

from typing import Any

from topology.compose.document import MappingNode, Node, ScalarNode, SequenceNode, scalar_value
from topology.compose.places import MERGE_TAG

_TEXT_TAG = "tag:yaml.org,2002:str"


class Values:
    """The values of one document's nodes, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, Any] = {}

    def of(self, node: Node | None) -> Any:
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
