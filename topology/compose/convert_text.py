"""The text of a file of the first format, line by line: keys renamed where they stand, lines put under a new key, and everything
indented under `services:`. Comments, order, quoting and blank lines move with their lines.

What cannot be done with whole lines (flow style, merge keys) is left as it is; `convert` makes the rest with the splicer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from topology.compose.convert_values import HOSTED_KEYS, NESTED, Conversion
from topology.compose.document import Document, MappingNode, ScalarNode, SequenceNode, parse
from topology.compose.places import Pair, Places, Spot, is_flow
from topology.compose.render import string

_INNER = {inner: parent for parent, inner in NESTED.values()}


@dataclass(frozen=True, slots=True)
class Put:
    """The text from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str


def spliced(text: str, puts: list[Put]) -> str:
    parts: list[str] = []
    at = 0
    for put in sorted(puts, key=lambda one: (one.start, one.end)):
        parts += [text[at : put.start], put.text]
        at = put.end
    return "".join([*parts, text[at:]])


def _services(document: Document, names: list[str]) -> Iterator[tuple[str, MappingNode, list[Pair]]]:
    """The services written as block mappings, with their pairs."""
    root, places = document.root, Places(document.text)
    if not isinstance(root, MappingNode):
        return
    for pair in places.pairs(root):
        node = pair.value.node
        if pair.name in names and isinstance(node, MappingNode) and not pair.value.alias and not is_flow(node):
            yield pair.name, node, places.pairs(node)


def rename(text: str, conversion: Conversion) -> str:
    """Keys and single values replaced where they stand. Nested ones get their inner names: `nest` puts them under their key."""
    document = parse(text)
    places = Places(text)
    quiet = Conversion(conversion.raw, conversion.bridge)  # its notes are not wanted twice
    puts: list[Put] = []
    for name, _, pairs in _services(document, conversion.names):
        keys = conversion.raw[name]
        for pair in pairs:
            if pair.is_merge:
                continue
            new_key, value = _renamed(quiet, name, pair.name, keys)
            if new_key != pair.name:
                style = pair.key.style if pair.key.style in ("'", '"') else None
                puts.append(Put(pair.start, pair.key.end_mark.index, string(new_key, style=style)))
            puts += _scalars(places, pair.value, keys[pair.name], value)
    return spliced(text, puts)


def _renamed(quiet: Conversion, name: str, key: str, keys: dict[str, Any]) -> tuple[str, Any]:
    value = keys[key]
    if key in NESTED and (key != "build" or ("dockerfile" in keys and isinstance(value, str))):
        return NESTED[key][1], value
    if key == "net":
        return next(iter(quiet.network(value).items()))
    if key in HOSTED_KEYS or key in ("volumes", "volumes_from"):
        return quiet.pair(name, key, value)
    return key, value


def _scalars(places: Places, spot: Spot, old: Any, new: Any) -> Iterator[Put]:
    """The texts of a value (itself, or a list's items) that become other texts."""
    if old == new or spot.alias:
        return
    node = spot.node
    if isinstance(node, ScalarNode) and node.style not in ("|", ">"):
        style = node.style if node.style in ("'", '"') else None
        shown = f"[{string(new[0], style=style, flow=True)}]" if isinstance(new, list) else string(new, style=style)
        yield Put(places.content_start(spot), spot.end, shown)
    elif isinstance(node, SequenceNode) and isinstance(new, list):
        for item, before, after in zip(places.items(node), old, new, strict=True):
            yield from _scalars(places, item, before, after)


def nest(text: str, conversion: Conversion, *, newline: str) -> str:
    """A service's `driver`, `options`, `context` and `dockerfile` under `logging:` and `build:`; docker0 written out.

    `volume_driver` is taken away: it stands in the section `volumes:`.
    """
    document = parse(text)
    if document.problems:
        return text
    puts: list[Put] = []
    places = Places(text)
    for name, _, pairs in _services(document, conversion.names):
        for parent in ("logging", "build"):
            inner = [pair for pair in pairs if _INNER.get(pair.name) == parent]
            puts += _gather(places, inner, parent, newline=newline)
        puts += [_cut(places, pair) for pair in pairs if pair.name == "volume_driver" and places.starts_line(pair.start)]
        if name in conversion.on_bridge and not {"network_mode", "<<"} & {pair.name for pair in pairs}:
            pad = " " * places.column(pairs[0].start)
            last = [pair for pair in pairs if pair.name != "volume_driver"][-1:]
            end = places.line_end(max(last[0].value.end, last[0].colon)) if last else -1
            puts += [Put(end, end, f"{newline}{pad}network_mode: bridge")] if last else []
    return spliced(text, _apart(puts))


def _apart(puts: list[Put]) -> list[Put]:
    """Places that overlap are left to the splicer: the first of them is kept."""
    kept: list[Put] = []
    for put in sorted(puts, key=lambda one: (one.start, one.end)):
        if not kept or put.start >= kept[-1].end:
            kept.append(put)
    return kept


def _block(places: Places, pair: Pair) -> tuple[int, int]:
    """The whole lines of a pair, with deeper comments below it; the end is after the line break."""
    end = places.tail(max(pair.value.end, pair.colon), column=places.column(pair.start))
    return places.line_start(pair.start), places.next_line(end)


def _above(places: Places, start: int) -> int:
    """Where the comment lines directly above a line begin."""
    while start > 0:
        before = places.line_start(start - 1)
        if not places.text[before:start].lstrip().startswith("#"):
            break
        start = before
    return start


def _cut(places: Places, pair: Pair) -> Put:
    start, end = _block(places, pair)
    return Put(start, end, "")


def _gather(places: Places, pairs: list[Pair], parent: str, *, newline: str) -> list[Put]:
    """A key of its own for some pairs of one service: at the first of them, the others' lines moved below it."""
    if not pairs or not all(places.starts_line(pair.start) for pair in pairs):
        return []
    text = places.text
    column = places.column(pairs[0].start)
    step = 2
    start, end = _block(places, pairs[0])
    moved = [(_above(places, _block(places, pair)[0]), _block(places, pair)[1]) for pair in pairs[1:]]
    blocks = [text[start:end], *(text[one:other] for one, other in moved)]
    blocks = [block if block.endswith("\n") else block + newline for block in blocks]
    whole = "".join(blocks)
    at_end = max([end, *(other for _, other in moved)]) == len(text) and not text.endswith("\n")
    new = f"{' ' * column}{parent}:{newline}" + indented(whole, step=step)
    puts = [Put(start, end, new), *(Put(one, other, "") for one, other in moved)]
    if at_end and len(moved) == 0:
        puts[0] = Put(start, end, new.removesuffix(newline))
    return puts


def indented(text: str, *, step: int) -> str:
    """Every line that is not blank moved to the right; lines of only spaces too, since inside a block text they count."""
    pad = " " * step
    lines = text.split("\n")
    return "\n".join(pad + line if line.rstrip("\r") else line for line in lines)


def under_services(text: str, names: list[str], *, step: int, newline: str) -> str:
    """The services' lines under `services:`; other sections keep their place, before or after."""
    document = parse(text)
    root, places = document.root, Places(text)
    if not isinstance(root, MappingNode):
        return text
    if root.flow_style:
        return spliced(text, [Put(root.start_mark.index, root.end_mark.index, _wrapped(text, root, places, names))])
    pairs = places.pairs(root)
    column = places.column(pairs[0].start)
    starts = [_above(places, places.line_start(pair.start)) for pair in pairs]
    starts[0] = max(starts[0], _behind_start(text, places, pairs[0]))
    stops = [*starts[1:], _document_end(text, places, pairs[-1])]
    blocks = [(pair.name in names, text[start:stop]) for pair, start, stop in zip(pairs, starts, stops, strict=True)]
    first = next(index for index, (is_service, _) in enumerate(blocks) if is_service)
    before = [block for is_service, block in blocks[:first] if not is_service]
    after = [block for is_service, block in blocks[first:] if not is_service]
    inside = [block for is_service, block in blocks if is_service]
    if after or (first and not inside[-1].endswith("\n")):
        inside[-1] = inside[-1] if inside[-1].endswith("\n") else inside[-1] + newline
    lines = [*before, f"{' ' * column}services:{newline}", indented("".join(inside), step=step), *_ended(after, newline)]
    return text[: starts[0]] + "".join(lines) + text[stops[-1] :]


def _ended(blocks: list[str], newline: str) -> list[str]:
    """Every block but the last ends its line."""
    return [block if block.endswith("\n") else block + newline for block in blocks[:-1]] + blocks[-1:]


def _behind_start(text: str, places: Places, first: Pair) -> int:
    """Nothing above `---` or a directive moves."""
    head = text.rfind("---", 0, first.start)
    return places.next_line(head) if head >= 0 and places.line_start(head) == head else 0


def _document_end(text: str, places: Places, last: Pair) -> int:
    """The end of the text, or of the document where a line `...` ends it."""
    at = places.line_end(max(last.value.end, last.colon))
    found = text.find("\n...", at)
    return len(text) if found < 0 else found + 1


def _wrapped(text: str, root: MappingNode, places: Places, names: list[str]) -> str:
    whole = text[root.start_mark.index : root.end_mark.index]
    pairs = places.pairs(root)
    if all(pair.name in names for pair in pairs):
        return "{services: " + whole + "}"
    return whole
