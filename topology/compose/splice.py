"""Turn a document into another value by the smallest splices of its text.

Old and new value are compared node by node: equal ones keep their bytes, changed scalars are replaced where they stand, lines
are cut or put in whole. Block mappings are written here, lists in `splice_list`, flow style in `splice_flow`, whole values in
`splice_value`. Every splice has places of the old text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from topology.compose.document import Document, MappingNode, SequenceNode
from topology.compose.match import match_keys
from topology.compose.places import CannotWriteError, Pair, Places, Slot, Spot, is_flow
from topology.compose.render import Habits, mapping_lines, pair_lines, string
from topology.compose.splice_anchor import move_anchors
from topology.compose.splice_flow import change_flow
from topology.compose.splice_list import change_list, habitual_quote, list_becomes_map
from topology.compose.splice_merge import own_wanted, settle_merges
from topology.compose.splice_value import replace, retag
from topology.compose.values import Tagged, Values, same


@dataclass(frozen=True, slots=True)
class Splice:
    """The text from `start` to `end` becomes `text`."""

    start: int
    end: int
    text: str


@dataclass
class Splicer:
    """Collects the splices that make one document's value another."""

    document: Document
    values: Values
    habits: Habits
    splices: list[Splice] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    settled: list[tuple[tuple[str | int, ...], Any]] = field(default_factory=list)  # explicit empty values over merge keys

    def __post_init__(self) -> None:
        self.text = self.document.text
        self.places = Places(self.text)

    def put(self, start: int, end: int, text: str) -> None:
        self.splices.append(Splice(start, end, text))

    def put_lines(self, at: int, lines: list[str]) -> None:
        """Put lines in below the line that `at` stands on."""
        newline = self.habits.newline
        at = self.places.line_end(at)
        self.put(at, at, "".join(newline + line for line in lines))

    def change_root(self, new: dict[str, Any]) -> None:
        root = self.document.root
        old = self.values.of(root)
        if isinstance(root, MappingNode) and root.value and (new or root.flow_style):
            spot = Spot(root, root.start_mark.index, self.places.end(root))
            if root.flow_style:
                change_flow(self, spot, new, path=())
            else:
                self.change_mapping(root, new, path=())
        elif isinstance(root, MappingNode) and root.flow_style:
            self.put(root.start_mark.index, root.end_mark.index, self.habits.newline.join(self._lines(new)))
        elif old is None:
            lead = "" if not self.text or self.text.endswith("\n") else self.habits.newline
            end = len(self.text)
            self.put(end, end, lead + "".join(line + self.habits.newline for line in self._lines(new)))
        else:
            self.put(root.start_mark.index if root else 0, self.places.end(root) if root else 0, "{}")

    def _lines(self, new: dict[str, Any]) -> list[str]:
        return mapping_lines(new, column=0, habits=self.habits)

    def change(self, slot: Slot, new: Any, *, path: tuple[str | int, ...]) -> None:
        """Make the value in a slot another one."""
        spot, node = slot.spot, slot.spot.node
        old = self.values.of(node)
        if same(old, new):
            return
        if isinstance(old, Tagged) and isinstance(new, Tagged) and old.tag == new.tag and not spot.alias:
            old, new = old.value, new.value
        if spot.alias:
            self.replace_alias(slot, old, new, path=path)
        elif isinstance(old, Tagged) or isinstance(new, Tagged):
            if not self._tag_only(slot, old, new, path=path):
                retag(self, slot, new)
        elif not same(old, new):
            self.change_inside(slot, old, new, path=path)

    def change_inside(self, slot: Slot, old: Any, new: Any, *, path: tuple[str | int, ...]) -> None:
        """The same for a value that is no alias and whose tag stays."""
        spot, node = slot.spot, slot.spot.node
        if isinstance(node, MappingNode | SequenceNode) and is_flow(node) and node.value and type(old) is type(new):
            change_flow(self, spot, new, path=path)
        elif isinstance(node, MappingNode) and isinstance(new, dict) and new and not is_flow(node):
            self.change_mapping(node, new, path=path)
        elif isinstance(node, SequenceNode) and isinstance(new, list) and new and not is_flow(node):
            change_list(self, node, new, path=path)
        elif isinstance(node, SequenceNode) and isinstance(new, dict) and list_becomes_map(self, slot, old, new):
            return
        else:
            replace(self, slot, new)

    def replace_alias(self, slot: Slot, old: Any, new: Any, *, path: tuple[str | int, ...]) -> None:
        """An alias gets a value of its own: by a merge key and what differs, else by a copy with the change."""
        where = ".".join(map(str, path))
        name = self.text[slot.spot.start : slot.spot.end]
        if isinstance(old, dict) and isinstance(new, dict) and new and set(old) <= set(new) and slot.kind == "pair":
            column = slot.column + self.habits.step
            own = {key: value for key, value in new.items() if key not in old or not same(old[key], value)}
            lines = [f"{' ' * column}<<: {name}", *mapping_lines(own, column=column, habits=self.habits)]
            self.put(slot.after, slot.spot.end, "")
            self.put_lines(slot.spot.end, lines)
            self.notes.append(f"{where} was only {name}; it now takes {name} and overrides {', '.join(sorted(own))}.")
            return
        self.notes.append(f"{where} was shared through {name}; it has its own copy now.")
        replace(self, slot, new)

    def _tag_only(self, slot: Slot, old: Any, new: Any, *, path: tuple[str | int, ...]) -> bool:
        """A list or map gets a tag, or loses it, and its items keep their bytes; False where it is another kind of change."""
        inner, wanted = (one.value if isinstance(one, Tagged) else one for one in (old, new))
        if type(inner) is not type(wanted) or not isinstance(wanted, dict | list) or not inner or not wanted:
            return False
        if slot.kind != "pair" or self.places.anchor(slot.spot):
            return False
        if isinstance(old, Tagged):
            self.put(slot.after, slot.spot.start + len(old.tag), "")
        if isinstance(new, Tagged):
            self.put(slot.after, slot.after, f" {new.tag}")
        self.change_inside(slot, inner, wanted, path=path)
        return True

    def change_mapping(self, node: MappingNode, new: dict[str, Any], *, path: tuple[str | int, ...]) -> None:
        """Change a block mapping: keys renamed and values changed in place, lines cut, new keys after the last."""
        pairs = self.places.pairs(node)
        own = {pair.name: pair for pair in pairs if not pair.is_merge}
        merges = settle_merges(self, pairs, self.values.inside(node), new, path)
        wanted = own_wanted(merges, new)
        moved, added = match_keys(list(own), list(wanted))
        column = self.places.column(pairs[0].start)
        out = merges.written_out
        kept = [pair for index, pair in enumerate(pairs) if (pair.is_merge and out.get(index) != {}) or pair.name in moved]
        if not kept:
            self.rewrite(pairs[0].start, pairs[-1].value.end, mapping_lines(wanted, column=column, habits=self.habits))
            return
        for pair in kept:
            if not pair.is_merge:
                self.change_pair(pair, moved[pair.name], wanted[moved[pair.name]], column=column, path=path)
        for key in [key for key in added if key in merges.kept]:
            self.notes.append(f"{'.'.join(map(str, path))} had `{key}` through a merge key; it overrides it with its own copy now.")
        style = habitual_quote([pair.value.node for pair in pairs])
        if not path and (top := [key for key in added if key == "name"]):
            self._put_on_top(pairs, {key: wanted[key] for key in top}, style=style)
            added = [key for key in added if key not in top]
        self.add_pairs(kept[-1], {key: wanted[key] for key in added}, column=column, gap=self._gap(pairs, path), style=style)
        for index, pair in enumerate(pairs):
            if out.get(index):
                self.rewrite(pair.start, pair.value.end, mapping_lines(out[index], column=column, habits=self.habits))
            elif index in out or (not pair.is_merge and pair.name not in moved):
                self.cut_pair(pairs, index, column=column)

    def _put_on_top(self, pairs: list[Pair], added: dict[str, Any], *, style: str | None) -> None:
        """A new `name` of the project stands first, below the file's head comment; below `version` where that is first."""
        newline = self.habits.newline
        lines = [line for key, value in added.items() for line in pair_lines(key, value, column=0, habits=self.habits, style=style)]
        if pairs[0].name == "version" and len(pairs) > 1:
            self.put_lines(pairs[0].value.end, lines)
            return
        at = self.places.line_start(pairs[0].start)
        if self.text[at : pairs[0].start].strip():  # `--- services:`
            raise CannotWriteError("a first key that does not begin its line")
        lines += [""] * self._gap(pairs, ())
        self.put(at, at, "".join(line + newline for line in lines))

    def change_pair(self, pair: Pair, name: str, value: Any, *, column: int, path: tuple[str | int, ...]) -> None:
        if pair.name != name:
            style = pair.key.style if pair.key.style in ("'", '"') else None
            self.put(pair.key.start_mark.index, pair.key.end_mark.index, string(name, style=style))
        if not same(self.values.of(pair.value.node), value):
            self.places.starts_line(pair.start)
            self.change(Slot("pair", pair.value, pair.colon, column, key=name), value, path=(*path, name))

    def add_pairs(self, last: Pair, added: dict[str, Any], *, column: int, gap: bool, style: str | None) -> None:
        if not added:
            return
        self.places.starts_line(last.start)
        lines: list[str] = []
        for key, value in added.items():
            lines += [""] * gap + pair_lines(key, value, column=column, habits=self.habits, style=style)
        self.put_lines(self.places.tail(max(last.value.end, last.colon), column=column), lines)

    def _gap(self, pairs: list[Pair], path: tuple[str | int, ...]) -> bool:
        """Whether entries of this mapping stand apart by blank lines: sections, and what is in them."""
        if len(path) > 1:
            return False
        if len(pairs) < 2:
            return not path
        gaps = [self.places.is_blank(self.places.next_line(one.value.end)) for one in pairs[:-1] if one.value.end >= one.colon]
        return gaps[-1] if path else any(gaps)

    def cut_pair(self, pairs: list[Pair], index: int, *, column: int) -> None:
        """Remove a key with its value; the first key of a list's item hands its place to the next one."""
        pair = pairs[index]
        if self.places.starts_line(pair.start):
            self.cut(pair.start, max(pair.value.end, pair.colon), column=column)
        elif index + 1 < len(pairs):
            self.put(pair.start, pairs[index + 1].start, "")
        else:
            raise CannotWriteError("the only key of a list's item")

    def cut(self, start: int, end: int, *, column: int) -> None:
        """Remove whole lines, with the comments inside the block, and a blank line that would stand double."""
        places, text = self.places, self.text
        first, stop = places.line_start(start), places.tail(end, column=column)
        following = places.next_line(stop)
        while following < len(text) and places.is_blank(following):
            following = places.next_line(following)
        above = places.line_start(first - 1) if first else 0
        if following >= len(text):
            while first and places.is_blank(above):
                first, above = above, places.line_start(above - 1) if above else 0
        elif first == 0 or places.is_blank(above) or text[above:first].rstrip().endswith(":"):
            stop = places.line_end(following - 1) if following > places.next_line(stop) else stop
            stop = self._before_break(following) if following > places.next_line(end) else stop
        if first == 0:
            self.put(0, places.next_line(stop), "")
        elif stop >= len(text):  # no line break at the end: the line above keeps its own
            self.put(first, stop, "")
        else:
            self.put(self._before_break(first), stop, "")

    def _before_break(self, line_start: int) -> int:
        """The end of the content of the line above the one that begins here."""
        end = line_start - 1
        return end - 1 if end > 0 and self.text[end - 1] == "\r" else end

    def rewrite(self, start: int, end: int, lines: list[str]) -> None:
        column = self.places.column(start)
        self.put(start, self.places.line_end(end), self.habits.newline.join(lines)[column:])

    def result(self) -> str:
        """The text with every splice made."""
        move_anchors(self)
        parts: list[str] = []
        at = 0
        for splice in sorted(self.splices, key=lambda one: (one.start, one.end)):
            if splice.start < at:
                if splice.text:
                    raise CannotWriteError("changes that overlap")
                at = max(at, splice.end)
                continue
            parts += (self.text[at : splice.start], splice.text)
            at = splice.end
        return "".join([*parts, self.text[at:]])
