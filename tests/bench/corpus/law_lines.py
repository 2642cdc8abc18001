"""Which lines of a text belong to a key: by the marks of PyYAML's own tree, without any of the writer's code."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]


class Lines:
    """The tree of one text, asked for lines (from 0) by path."""

    def __init__(self, text: str) -> None:
        self.lines = text.removeprefix("\ufeff").split("\n")
        self.root = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.CSafeLoader)

    def whole(self, path: Path) -> set[int]:
        """A key with all that stands in it, comments that are indented deeper included; nothing where it is not written there."""
        key, value, above = self._find(path)
        if value is None or above is None:
            return set()
        if key is None and isinstance(above, SequenceNode) and value.start_mark.index < above.start_mark.index:
            return self._alias_item(above, path)
        first = (key or value).start_mark.line
        last = max(first, first if value.start_mark.index < above.start_mark.index else self._last(value))
        return set(range(first, last + 1)) | self._comments(last + 1, column=self._column(key or value))

    def _alias_item(self, above: Node, path: Path) -> set[int]:
        """An item that is an alias has no place of its own in the tree: it stands on the next line after the item before it."""
        if getattr(above, "flow_style", False):
            return set(range(above.start_mark.line, above.end_mark.line + 1))
        at = int(path[-1])
        return {self._next(max(self.whole((*path[:-1], at - 1)))) if at else above.start_mark.line}

    def _next(self, line: int) -> int:
        """The next line that is neither blank nor a comment."""
        for number in range(line + 1, len(self.lines)):
            if (body := self.lines[number].strip()) and not body.startswith("#"):
                return number
        return line

    def _column(self, node: Node) -> int:
        line = self.lines[node.start_mark.line]
        return line.index("?") if line.lstrip().startswith("? ") else int(node.start_mark.column)

    def _key_lines(self, key: Node) -> set[int]:
        """The key's line; of an explicit key (`? key`) its colon's too."""
        first = last = key.start_mark.line
        if self.lines[first].lstrip().startswith("? "):
            last = next((at for at in range(first + 1, len(self.lines)) if self.lines[at].lstrip().startswith(":")), first)
        return {first, last}

    def header(self, path: Path) -> set[int]:
        """A key's own line, and all lines of a value in flow style: where a new entry may leave a mark."""
        key, value, above = self._find(path)
        if value is None:
            return {0} if not path else set()
        lines = self._key_lines(key) if key is not None else set()
        is_alias = above is not None and value.start_mark.index < above.start_mark.index
        if getattr(value, "flow_style", False) and not is_alias:
            lines |= set(range(value.start_mark.line, value.end_mark.line + 1))
        return lines

    def key(self, path: Path) -> set[int]:
        """A key's own line."""
        key, value, _ = self._find(path)
        return self._key_lines(key) if key is not None else {value.start_mark.line} if value is not None else set()

    def holder(self, path: Path) -> set[int]:
        """The header of the nearest key above a path that is written, when the path is not."""
        while path and self._find(path)[1] is None:
            path = path[:-1]
        return self.header(path)

    def size(self, path: Path) -> int:
        value = self._find(path)[1]
        return len(value.value) if isinstance(value, MappingNode | SequenceNode) else 0

    def shared(self) -> set[int]:
        """The lines of anchors, aliases, merge keys and Compose's tags: one place may have to part from those that share it."""
        return {number for number, line in enumerate(self.lines) if re.search(r"[*&]|<<|!reset|!override", line)}

    def _find(self, path: Path) -> tuple[Node | None, Node | None, Node | None]:
        """(key, value, the node that holds them)."""
        key: Node | None = None
        node: Node | None = self.root
        above: Node | None = None
        for step in path:
            key, found = None, None
            if isinstance(node, MappingNode):
                for one, value in node.value:
                    if one.value == str(step):
                        key, found = one, value
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
                found = node.value[step]
            if found is None:
                return None, None, None
            node, above = found, node
        return key, node, above

    def _last(self, node: Node) -> int:
        if isinstance(node, ScalarNode) or getattr(node, "flow_style", False) or not node.value:
            last = node.end_mark.line
            if node.end_mark.column == 0 and last > node.start_mark.line:
                last -= 1
            while last > node.start_mark.line and not self.lines[last].strip():
                last -= 1
            return last
        children = [one for pair in node.value for one in (pair if isinstance(pair, tuple) else (pair,))]
        here = [one for one in children if one.start_mark.index >= node.start_mark.index]
        last = max([node.start_mark.line, *(self._last(one) for one in here)])
        if isinstance(node, SequenceNode):
            own = [index for index, one in enumerate(children) if one.start_mark.index >= node.start_mark.index]
            for _ in range(len(children) - 1 - max(own, default=0)):  # aliases at the end
                last = self._next(last)
        return last

    def _comments(self, first: int, *, column: int) -> set[int]:
        found: set[int] = set()
        pending: set[int] = set()
        for number in range(first, len(self.lines)):
            body = self.lines[number].strip()
            pending.add(number)
            if body.startswith("#") and len(self.lines[number]) - len(self.lines[number].lstrip()) > column:
                found |= pending
            elif body:
                break
        return found


def blank_beside(lines: list[str], touched: set[int]) -> set[int]:
    """Blank lines that touch a touched line: an entry that goes takes the blank line that set it apart along."""
    found: set[int] = set()
    for start in touched:
        for step in (-1, 1):
            at = start + step
            while 0 <= at < len(lines) and not lines[at].strip():
                found.add(at)
                at += step
    return found


def lost(old: list[str], new: list[str], *, free: set[int]) -> list[int]:
    """The old lines outside `free` that are not in the new text, in their order."""
    kept = [number for number in range(len(old)) if number not in free]
    lines = [old[number] for number in kept]
    at = 0
    for line in new:  # the usual case: all are there
        at += at < len(lines) and line in (lines[at], _ended(lines[at], kept[at], old))
    if at == len(lines):
        return []
    blocks = SequenceMatcher(None, lines, new, autojunk=False).get_matching_blocks()
    found = {index for block in blocks for index in range(block.a, block.a + block.size)}
    return [number for index, number in enumerate(kept) if index not in found]


def _ended(line: str, number: int, old: list[str]) -> str:
    """The last line, without an end in the old text, may have got one."""
    return line + "\r" if number == len(old) - 1 else line
