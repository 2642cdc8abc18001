"""Where nodes really stand in a text. libyaml's end marks of block collections run to the next token, past comments.

All places are character indexes into the text. An alias has no node of its own (it *is* the anchored node), so its place is
found by scanning; a node is an alias exactly when it begins before its parent does, since an anchor precedes its aliases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from topology.compose.document import MappingNode, Node, ScalarNode, SequenceNode

MERGE_TAG = "tag:yaml.org,2002:merge"

_GAP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_COLON = re.compile(r"\s*:")
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_EXPLICIT = re.compile(r"\?[ \t]+\Z")
_KEY_PREFIX = re.compile(r"(?:[ ]|-(?= ))*\Z")


def is_flow(node: Node) -> bool:
    """Whether a collection is in flow style."""
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


class CannotWriteError(Exception):
    """The text has a form that is not edited here; the caller turns it into a Problem."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value's place: from its first character (of an anchor or tag, where it has one) to its real end."""

    node: Node
    start: int
    end: int
    alias: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value; `start` is where the pair begins (at the `?` of an explicit key); `colon` the index after the colon
    (the key's end in a flow mapping's lone key)."""

    key: ScalarNode
    colon: int
    value: Spot
    start: int

    @property
    def name(self) -> str:
        return str(self.key.value)

    @property
    def is_merge(self) -> bool:
        return bool(self.key.tag == MERGE_TAG)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value sits: after a key's colon ("pair"), after a dash ("item"). `after` is the index behind colon or dash."""

    kind: str
    spot: Spot
    after: int
    column: int  # of the key or the dash
    key: str = ""
    style: str | None = None


class Places:
    """Line and node geometry of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends: dict[int, int] = {}

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """The end of the line's content, before its line break."""
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def next_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def column(self, at: int) -> int:
        return at - self.line_start(at)

    def skip(self, at: int) -> int:
        """The next place that is neither white space nor comment."""
        found = _GAP.match(self.text, at)
        return found.end() if found else at

    def content_start(self, spot: Spot) -> int:
        """Where a value begins after its anchor and tag."""
        at = spot.start
        while at < spot.end and (found := _PROPERTY.match(self.text, at)):
            at = self.skip(found.end())
        return min(at, spot.end)

    def anchor(self, spot: Spot) -> str:
        """The anchor of a value ("&name"), or ""."""
        head = self.text[spot.start : self.content_start(spot)]
        found = re.search(r"&[^\s,\[\]{}]+", head)
        return found.group() if found else ""

    def pairs(self, node: MappingNode) -> list[Pair]:
        return [self._pair(node, key, value) for key, value in node.value]

    def _pair(self, node: MappingNode, key: Node, value: Node) -> Pair:
        start, end = key.start_mark.index, key.end_mark.index
        if not isinstance(key, ScalarNode) or start < node.start_mark.index:
            raise CannotWriteError("a key that is not a plain text")
        found = _COLON.match(self.text, end)
        colon = found.end() if found else end
        explicit = _EXPLICIT.search(self.text, self.line_start(start), start)
        begin = explicit.start() if explicit else start
        if value.start_mark.index < start:
            return Pair(key, colon, self._alias(value, colon), begin)
        return Pair(key, colon, Spot(value, value.start_mark.index, self.end(value)), begin)

    def items(self, node: SequenceNode) -> list[Spot]:
        spots: list[Spot] = []
        at = self.content_start(Spot(node, node.start_mark.index, node.end_mark.index))
        at += bool(node.flow_style)
        for item in node.value:
            if item.start_mark.index < at - 1 or item.start_mark.index < node.start_mark.index:
                begin = self.skip(at)
                begin = self.skip(begin + 1) if self.text[begin : begin + 1] in ("-", ",") else begin
                spot = self._alias(item, begin)
            else:
                spot = Spot(item, item.start_mark.index, self.end(item))
            spots.append(spot)
            at = spot.end
        return spots

    def dash(self, spot: Spot, *, after: int) -> int:
        """The dash of a block sequence's item; `after` is the end of the item before it, or the sequence's start."""
        at = self.skip(after)
        if self.text[at : at + 1] != "-" or at > spot.start:
            raise CannotWriteError("a list whose dashes cannot be found")
        return at

    def _alias(self, node: Node, at: int) -> Spot:
        begin = self.skip(at)
        found = _ALIAS.match(self.text, begin)
        if not found:
            raise CannotWriteError("an alias that cannot be found")
        return Spot(node, begin, found.end(), alias=True)

    def end(self, node: Node) -> int:
        """The real end of a node: of its last scalar, before comments and blank lines."""
        known = self._ends.get(id(node))
        if known is None:
            known = self._ends[id(node)] = self._find_end(node)
        return known

    def _find_end(self, node: Node) -> int:
        mark: int = node.end_mark.index
        if isinstance(node, ScalarNode):
            return self._block_scalar_end(node) if node.style in ("|", ">") else mark
        if is_flow(node) or not node.value:
            return mark
        if isinstance(node, MappingNode):
            last = self._pair(node, *node.value[-1])
            return max(last.value.end, last.colon)
        assert isinstance(node, SequenceNode)
        if node.value[-1].start_mark.index < node.start_mark.index or len(node.value) > 1:
            return self.items(node)[-1].end
        return self.end(node.value[-1])

    def _block_scalar_end(self, node: ScalarNode) -> int:
        start, mark = node.start_mark.index, node.end_mark.index
        header = self.text[start : self.line_end(start)].partition("#")[0]
        if "+" in header:
            at = self.line_start(mark)
            return self.line_end(self.line_start(at - 1)) if 0 < at <= mark and at > start else mark
        return start + len(self.text[start:mark].rstrip())

    def tail(self, end: int, *, column: int) -> int:
        """The end of the lines that belong to a block: its last line, then comments indented deeper than `column`."""
        best = at = self.line_end(end)
        while (begin := self.next_line(at)) > at and begin < len(self.text):
            at = self.line_end(begin)
            line = self.text[begin:at]
            body = line.lstrip(" \t")
            if body and not (body.startswith("#") and len(line) - len(body) > column):
                break
            if body:
                best = at
        return best

    def is_blank(self, start: int) -> bool:
        return not self.text[start : self.line_end(start)].strip()

    def starts_line(self, at: int) -> bool:
        """Whether only spaces stand before a place on its line. Raises where something else than a dash does."""
        before = self.text[self.line_start(at) : at]
        if not _KEY_PREFIX.match(before):
            raise CannotWriteError("a key that does not begin its line")
        return not before.strip()
