"""Changes of block lists: items kept, changed, cut and put in; and a list of names becoming a map of the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topology.compose.document import Node, ScalarNode, SequenceNode
from topology.compose.match import match_items
from topology.compose.places import Slot, Spot
from topology.compose.render import item_lines, mapping_lines, pair_value
from topology.compose.values import same

if TYPE_CHECKING:
    from topology.compose.splice import Splicer


def change_list(splicer: Splicer, node: SequenceNode, new: list[Any], *, path: tuple[str | int, ...]) -> None:
    """Change a block list: equal items keep their bytes."""
    spots = splicer.places.items(node)
    start = splicer.places.content_start(Spot(node, node.start_mark.index, splicer.places.end(node)))
    dashes = [splicer.places.dash(spot, after=spots[i - 1].end if i else start) for i, spot in enumerate(spots)]
    column = splicer.places.column(dashes[0])
    matched, inserted = match_items([splicer.values.of(spot.node) for spot in spots], new, same=same)
    same_length = len(matched) == len(spots) and not inserted
    if not matched or not (same_length or splicer.places.starts_line(dashes[0])):  # a list in a list begins behind a dash
        lines = [line for item in new for line in item_lines(item, column=column, habits=splicer.habits)]
        splicer.rewrite(dashes[0], spots[-1].end, lines)
        return
    style = habitual_quote([spot.node for spot in spots])
    for index, spot in enumerate(spots):
        if index in matched:
            slot = Slot("item", spot, dashes[index] + 1, column, style=style)
            splicer.change(slot, new[matched[index]], path=(*path, matched[index]))
        if index in matched and (here := inserted.get(index)):
            _add_items(
                splicer, splicer.places.tail(max(spot.end, dashes[index]), column=column), here, new, column=column, style=style
            )
    if here := inserted.get(-1):
        _add_first_items(splicer, dashes[0], here, new, column=column, style=style)
    for index, spot in enumerate(spots):
        if index not in matched:
            splicer.cut(dashes[index], max(spot.end, dashes[index]), column=column)


def _add_items(splicer: Splicer, at: int, indexes: list[int], new: list[Any], *, column: int, style: str | None) -> None:
    lines = [line for i in indexes for line in item_lines(new[i], column=column, habits=splicer.habits, style=style)]
    splicer.put_lines(at, lines)


def _add_first_items(splicer: Splicer, dash: int, indexes: list[int], new: list[Any], *, column: int, style: str | None) -> None:
    lines = [line for i in indexes for line in item_lines(new[i], column=column, habits=splicer.habits, style=style)]
    at = splicer.places.line_start(dash)
    splicer.put(at, at, "".join(line + splicer.habits.newline for line in lines))


def list_becomes_map(splicer: Splicer, slot: Slot, old: Any, new: dict[str, Any]) -> bool:
    """A block list of names becomes a map of the same names in their places; False where it has another form."""
    node = slot.spot.node
    if not isinstance(node, SequenceNode) or node.flow_style or slot.kind != "pair" or not node.value:
        return False
    names = list(new)[: len(old)]
    if old != names or any(not isinstance(one, ScalarNode) or one.style in ("|", ">") for one in node.value):
        return False
    spots, at = splicer.places.items(node), splicer.places.content_start(slot.spot)
    if any(spot.alias for spot in spots):
        return False
    column = slot.column
    for spot in spots:
        dash = splicer.places.dash(spot, after=at)
        at, indented = spot.end, splicer.places.column(dash) > slot.column
        column = splicer.places.column(dash) if indented else splicer.places.column(spot.start)
        splicer.put(dash, spot.start if indented else dash + 1, "" if indented else " ")
        first, rest = pair_value(new[spot.node.value], column=column, habits=splicer.habits)
        splicer.put(spot.end, spot.end, ":" + (" " + first if first else ""))
        if rest:
            splicer.put_lines(spot.end, rest)
    added = {key: value for key, value in new.items() if key not in names}
    if added:
        splicer.put_lines(
            splicer.places.tail(spots[-1].end, column=column), mapping_lines(added, column=column, habits=splicer.habits)
        )
    return True


def habitual_quote(nodes: list[Node]) -> str | None:
    """The quote that every text among these nodes has; None where they have none, or differ."""
    styles = {node.style for node in nodes if isinstance(node, ScalarNode) and node.tag.endswith(":str")}
    style = styles.pop() if len(styles) == 1 else None
    return style if style in ("'", '"') else None
