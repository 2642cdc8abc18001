"""Changes inside flow style: `[a, b]`, `{a: 1}` and JSON, also over several lines. New items go behind the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topology.compose.document import MappingNode, Node, ScalarNode, SequenceNode
from topology.compose.match import match_items, match_keys
from topology.compose.places import Pair, Spot
from topology.compose.render import flow, flow_pair, string
from topology.compose.splice_merge import own_wanted, settle_merges
from topology.compose.values import Tagged, same

if TYPE_CHECKING:
    from topology.compose.splice import Splicer


def change_flow(splicer: Splicer, spot: Spot, new: Any, *, path: tuple[str | int, ...] = ()) -> None:
    """Make a flow collection's value another one, inside its brackets."""
    node = spot.node
    if isinstance(node, MappingNode) and isinstance(new, dict) and node.value and new:
        _change_map(splicer, node, new, path)
    elif isinstance(node, SequenceNode) and isinstance(new, list) and node.value and new:
        _change_list(splicer, node, new, path)
    else:
        splicer.put(splicer.places.content_start(spot), spot.end, flow(new, style=_json_style(node)))


def _change_value(
    splicer: Splicer, spot: Spot, new: Any, *, style: str | None, after: int | None = None, path: tuple[str | int, ...] = ()
) -> None:
    node = spot.node
    old = splicer.values.of(node)
    if same(old, new):
        return
    tagged = isinstance(old, Tagged) or isinstance(new, Tagged)
    if isinstance(old, Tagged) and isinstance(new, Tagged) and old.tag == new.tag and not spot.alias:
        old, new, tagged = old.value, new.value, False
    if tagged and not spot.alias:
        splicer.put(spot.start, spot.end, flow(new, style=style) if after is None else f" {flow(new, style=style)}".lstrip())
        return
    if not spot.alias and isinstance(node, MappingNode | SequenceNode) and type(old) is type(new):
        change_flow(splicer, spot, new, path=path)
        return
    if isinstance(node, ScalarNode) and isinstance(old, str) and isinstance(new, str) and not spot.alias:
        style = node.style if node.style in ("'", '"') else None
    text = flow(new, style=style)
    start = spot.start if spot.alias else splicer.places.content_start(spot)
    if start == spot.end and after is not None:
        colon = "" if splicer.text[after - 1 : after] == ":" else ":"
        splicer.put(after, after, f"{colon} {text}")
    else:
        splicer.put(start, spot.end, text)


def _change_map(splicer: Splicer, node: MappingNode, new: dict[str, Any], path: tuple[str | int, ...]) -> None:
    pairs = splicer.places.pairs(node)
    own = {pair.name: pair for pair in pairs if not pair.is_merge}
    merges = settle_merges(splicer, pairs, splicer.values.inside(node), new, path)
    wanted, out = own_wanted(merges, new), merges.written_out
    moved, added = match_keys(list(own), list(wanted))
    style = _json_style(node)
    for pair in pairs:
        if pair.is_merge or pair.name not in moved:
            continue
        name = moved[pair.name]
        if name != pair.name:
            quote = pair.key.style if pair.key.style in ("'", '"') else None
            splicer.put(pair.key.start_mark.index, pair.key.end_mark.index, string(name, style=quote, flow=True))
        _change_value(splicer, pair.value, wanted[name], style=style, after=pair.colon, path=(*path, name))
    for index, keys in out.items():
        if keys:
            written = ", ".join(flow_pair(key, item, style=style) for key, item in keys.items())
            splicer.put(pairs[index].start, pairs[index].value.end, written)
    ends = [(pair.start, _pair_end(pair)) for pair in pairs]
    keep = [out.get(index) != {} if pair.is_merge else pair.name in moved for index, pair in enumerate(pairs)]
    _cut_and_add(splicer, ends, keep, {len(pairs) - 1: [flow_pair(key, wanted[key], style=style) for key in added]})


def _pair_end(pair: Pair) -> int:
    return max(pair.value.end, pair.colon) if pair.value.end >= pair.start and not _is_empty(pair.value) else pair.colon


def _is_empty(spot: Spot) -> bool:
    return spot.start == spot.end


def _change_list(splicer: Splicer, node: SequenceNode, new: list[Any], path: tuple[str | int, ...]) -> None:
    spots = splicer.places.items(node)
    matched, inserted = match_items([splicer.values.of(spot.node) for spot in spots], new, same=same)
    style = _json_style(node)
    for index, spot in enumerate(spots):
        if index in matched:
            _change_value(splicer, spot, new[matched[index]], style=style, path=(*path, matched[index]))
    texts = {index: [flow(new[i], style=style) for i in here] for index, here in inserted.items()}
    _cut_and_add(splicer, [(spot.start, spot.end) for spot in spots], [i in matched for i in range(len(spots))], texts)


def _cut_and_add(splicer: Splicer, ends: list[tuple[int, int]], keep: list[bool], added: dict[int, list[str]]) -> None:
    """Cut the items that are not kept and put new ones behind the kept ones they follow (-1: in front)."""
    if not any(keep):
        texts = [text for here in added.values() for text in here]
        splicer.put(ends[0][0], ends[-1][1], ", ".join(texts))
        return
    last = max(index for index, stays in enumerate(keep) if stays)
    lead = _lead(splicer, ends)
    for index, (start, _) in enumerate(ends):
        if not keep[index] and index < last:
            splicer.put(start, ends[index + 1][0], "")
    for index, texts in sorted(added.items()):
        if not texts:
            continue
        if index < 0:
            splicer.put(ends[0][0], ends[0][0], "".join(text + "," + lead for text in texts))
        else:
            at = ends[min(index, last)][1]
            gap = " " if splicer.text[at - 1] == ":" else ""  # "a:," would not be a key with nothing
            splicer.put(at, at, gap + "".join("," + lead + text for text in texts))
    if last + 1 < len(ends):
        splicer.put(ends[last][1], ends[-1][1], "")


def _lead(splicer: Splicer, ends: list[tuple[int, int]]) -> str:
    """What stands between two items: a blank, or a line break and the items' indent."""
    places = splicer.places
    last = ends[-1][0]
    opener = splicer.text[places.line_start(last) : last]
    return splicer.habits.newline + opener if not opener.strip() and opener is not None and places.line_start(last) else " "


def _json_style(node: Node) -> str | None:
    """'"' where every text (keys too) is in double quotes, as in JSON."""
    if not isinstance(node, MappingNode | SequenceNode) or not node.value:
        return None
    nodes = [one for pair in node.value for one in pair] if isinstance(node, MappingNode) else node.value
    texts = [one for one in nodes if isinstance(one, ScalarNode) and one.tag.endswith(":str")]
    keys_quoted = not isinstance(node, MappingNode) or all(key.style == '"' for key, _ in node.value)
    styles = {one.style for one in texts}
    if len(styles) == 1 and keys_quoted and styles <= {'"', "'"}:
        return str(styles.pop())
    return '"' if isinstance(node, MappingNode) and keys_quoted else None
