"""Anchors that are cut while aliases still name them: the first alias that stays takes over the anchor and its value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from topology.compose.document import MappingNode, Node, ScalarNode, SequenceNode
from topology.compose.places import Spot, is_flow
from topology.compose.render import flow, pair_value

if TYPE_CHECKING:
    from topology.compose.splice import Splicer


def move_anchors(splicer: Splicer) -> None:
    """Add the splices that keep every alias defined."""
    cut = [one for one in splicer.splices if one.end > one.start and "&" in splicer.text[one.start : one.end]]
    root = splicer.document.root
    if not cut or root is None or "*" not in splicer.text:
        return
    anchors: dict[int, str] = {}
    moved: set[int] = set()
    for spot, key_column in _spots(splicer, root, 0):
        node = spot.node
        if not spot.alias:
            name = splicer.places.anchor(spot) if splicer.text[spot.start : spot.start + 1] in "&!" else ""
            if name and any(one.start <= spot.start < one.end and name not in one.text for one in cut):
                anchors[id(node)] = name
        elif id(node) in anchors and id(node) not in moved and not _is_cut(splicer, spot):
            _take_over(splicer, spot, anchors[id(node)], key_column)
            moved.add(id(node))


def _is_cut(splicer: Splicer, spot: Spot) -> bool:
    return any(one.start <= spot.start < one.end for one in splicer.splices)


def _take_over(splicer: Splicer, spot: Spot, name: str, column: int) -> None:
    value = splicer.values.of(spot.node)
    alias = splicer.text[spot.start : spot.end]
    if column < 0:
        splicer.put(spot.start, spot.end, f"{name} {flow(value)}")
    else:
        first, rest = pair_value(value, column=column, habits=splicer.habits)
        splicer.put(spot.start, spot.end, f"{name} {first}".rstrip())
        splicer.put_lines(spot.end, rest)
    line = splicer.text.count("\n", 0, spot.start) + 1
    splicer.notes.append(f"The anchor {name} was removed; its value stands where {alias} used it first (line {line}).")


def _spots(splicer: Splicer, node: Node, column: int) -> Iterator[tuple[Spot, int]]:
    """Every value's place in the text's order, with the column of its key; -1 inside flow style and lists."""
    if isinstance(node, MappingNode):
        flowing = is_flow(node) or column < 0
        for pair in splicer.places.pairs(node):
            at = -1 if flowing else splicer.places.column(pair.start)
            yield pair.value, at
            if not pair.value.alias and not isinstance(pair.value.node, ScalarNode):
                yield from _spots(splicer, pair.value.node, at)
    elif isinstance(node, SequenceNode):
        flowing = is_flow(node) or column < 0
        for spot in splicer.places.items(node):
            yield spot, -1
            if not spot.alias and not isinstance(spot.node, ScalarNode):
                yield from _spots(splicer, spot.node, -1 if flowing else 0)
