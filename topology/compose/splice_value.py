"""Values that are written anew where they stand: scalars, blocks that become something else, tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topology.compose.document import MappingNode, ScalarNode, SequenceNode
from topology.compose.places import CannotWriteError, Slot, is_flow
from topology.compose.render import item_value, pair_value

if TYPE_CHECKING:
    from topology.compose.splice import Splicer


def retag(splicer: Splicer, slot: Slot, new: Any) -> None:
    """Write a value anew with the tag it has to have from now on, or without one."""
    spot = slot.spot
    if splicer.places.anchor(spot):
        raise CannotWriteError("an anchor beside a tag")
    first, rest = _render(splicer, slot, new)
    below = "".join(splicer.habits.newline + line for line in rest)
    end = spot.end if isinstance(spot.node, ScalarNode) or is_flow(spot.node) else splicer.places.line_end(spot.end)
    if below:
        end = splicer.places.line_end(spot.end)
    splicer.put(slot.after, max(end, slot.after), (" " + first if first else "") + below)


def replace(splicer: Splicer, slot: Slot, new: Any) -> None:
    """Write a slot's value anew; the comment behind it stays on its line."""
    spot, node = slot.spot, slot.spot.node
    first, rest = _render(splicer, slot, new)
    begin = spot.start if spot.alias else splicer.places.content_start(spot)
    if not spot.alias and not isinstance(node, ScalarNode) and not is_flow(node):
        if new in ({}, []) and slot.kind == "pair" and type(new) is type(splicer.values.inside(node)):
            _empty_block(splicer, slot, first)
        else:
            _replace_block(splicer, slot, begin, first, rest)
        return
    is_property = begin > spot.start
    if first and begin == spot.end and (begin == slot.after or is_property):
        splicer.put(begin, begin, " " + first)
    elif first:
        splicer.put(begin, spot.end, first)
    elif not is_property:
        splicer.put(slot.after, spot.end, "")
    else:
        splicer.put(begin, spot.end, "")
    if rest:
        splicer.put_lines(spot.end, rest)


def _empty_block(splicer: Splicer, slot: Slot, first: str) -> None:
    """Cut every entry of a block, so that the comments between them stay; `{}` or `[]` stands behind the key."""
    node = slot.spot.node
    behind = _behind_properties(splicer, slot)
    splicer.put(behind, behind, " " + first)
    starts = [pair.start for pair in splicer.places.pairs(node)] if isinstance(node, MappingNode) else []
    ends = [max(pair.value.end, pair.colon) for pair in splicer.places.pairs(node)] if isinstance(node, MappingNode) else []
    if isinstance(node, SequenceNode):
        spots, at = splicer.places.items(node), splicer.places.content_start(slot.spot)
        for spot in spots:
            starts.append(splicer.places.dash(spot, after=at))
            at = spot.end
            ends.append(max(at, starts[-1]))
    for start, end in zip(starts, ends, strict=True):
        splicer.places.starts_line(start)
        splicer.cut(start, end, column=splicer.places.column(start))


def _behind_properties(splicer: Splicer, slot: Slot) -> int:
    anchor = splicer.places.anchor(slot.spot)
    return splicer.text.index(anchor, slot.after) + len(anchor) if anchor else slot.after


def _replace_block(splicer: Splicer, slot: Slot, begin: int, first: str, rest: list[str]) -> None:
    end = splicer.places.line_end(slot.spot.end)
    if slot.kind == "item":
        splicer.put(begin, end, splicer.habits.newline.join([first, *rest]))
        return
    behind = _behind_properties(splicer, slot)
    if first:
        splicer.put(behind, behind, " " + first)
    header = splicer.places.line_end(behind)
    splicer.put(header, end, "".join(splicer.habits.newline + line for line in rest))


def _render(splicer: Splicer, slot: Slot, new: Any) -> tuple[str, list[str]]:
    node = slot.spot.node
    style = slot.style
    if isinstance(node, ScalarNode) and not slot.spot.alias and isinstance(new, str) and isinstance(splicer.values.of(node), str):
        style = node.style if node.style in ("'", '"') else None
    if slot.kind == "item":
        return item_value(new, column=slot.column, habits=splicer.habits, style=style)
    return pair_value(new, column=slot.column, habits=splicer.habits, key=slot.key, style=style)
