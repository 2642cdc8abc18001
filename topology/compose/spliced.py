"""The text that holds another value, checked: it is parsed again and must hold exactly that value, or nothing is changed.

Where an edit stays within one entry of a section (a service, a network), only that entry's lines are parsed again. That is
enough: the lines before and behind are as they were, the entry begins and ends where it did, and by itself it is one whole mapping
of one key, so that nothing in it (an open quote, a bracket, a block that goes on) reaches over its end. A text with aliases is
parsed as a whole, for what they give stands elsewhere.
"""

from __future__ import annotations

import re
from typing import Any

from topology.compose.change import Raw, put_at, section
from topology.compose.document import Document, MappingNode, may_have_aliases, parse
from topology.compose.habits import find_habits
from topology.compose.places import CannotWriteError
from topology.compose.splice import Splicer
from topology.compose.values import Values, same

_MAX_ROUNDS = 4  # a change of an anchored value reaches its aliases; each round gives those their old value back
_LARGE = 300_000  # characters: such a text may come near the bounds of `parse`, which counts all of it
_MARKER = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)
_SHARED = "it is written in a way (an anchor, a key that stands twice) that the change would change something else too"


def spliced_to(document: Document, values: Values, wanted: Raw) -> tuple[str, list[str]]:
    """Splice until the text holds the wanted value; one round but where anchors share what changes."""
    notes: list[str] = []
    habits = find_habits(document)
    for done in range(_MAX_ROUNDS if "*" in document.text else 1):
        splicer = Splicer(document, values, habits)
        try:
            splicer.change_root(wanted)
            text = splicer.result()
            for path, empty in splicer.settled:
                wanted = put_at(wanted, path, empty)
            if not splicer.settled and is_whole(document, text, _only_entry(values.of(document.root), wanted), wanted):
                return text, notes + splicer.notes
            document, values = _parsed(text, wanted, newline=habits.newline)
        except CannotWriteError as reason:
            raise (CannotWriteError(_SHARED) if done else reason) from None
        notes += splicer.notes
        if document.problems:
            message = document.problems[0].message
            raise CannotWriteError(
                "an anchor that goes with it is used elsewhere in the file"
                if "alias" in message
                else f"it would not be YAML ({message.removesuffix('.')})"
            )
        if same(values.of(document.root) or {}, wanted):
            return document.text, notes
    raise CannotWriteError(_SHARED)


def _parsed(text: str, wanted: Raw, *, newline: str) -> tuple[Document, Values]:
    """The new text's document; a literal block at the very end gets the line break that its value needs."""
    document, values = parse(text), Values()
    if not text.endswith("\n") and not document.problems and not same(values.of(document.root) or {}, wanted):
        document, values = parse(text + newline), Values()
    return document, values


def _only_entry(old: Any, wanted: Raw) -> tuple[str, str] | None:
    """The section and name of the one entry that differs; None where more does, or names come, go or change their order."""
    if not isinstance(old, dict) or list(old) != list(wanted):
        return None
    differing = [name for name in old if old[name] is not wanted[name]]
    if len(differing) != 1 or list(section(old, differing[0])) != list(section(wanted, differing[0])):
        return None
    before, after = section(old, differing[0]), section(wanted, differing[0])
    names = [name for name in before if before[name] is not after[name]]
    return (differing[0], names[0]) if len(names) == 1 else None


def is_whole(document: Document, text: str, entry: tuple[str, str] | None, wanted: Raw) -> bool:
    """Whether the new text is sure to hold the wanted value, by that entry's lines alone; False: parse all of it."""
    if entry is None or document.more or len(text) > _LARGE or may_have_aliases(text):
        return False
    lines = lines_of(document, *entry)
    if lines is None:
        return False
    start, end = lines
    old = document.text
    stop = len(text) - (len(old) - end)
    if stop < start or text[:start] != old[:start] or text[stop:] != old[end:] or (end < len(old) and text[stop - 1] != "\n"):
        return False
    if _MARKER.search(text, start, stop):
        return False
    own = parse(text[start:stop])
    if own.problems or own.more or not isinstance(own.root, MappingNode) or len(own.root.value) != 1:
        return False
    if own.root.start_mark.column != _column(old, start) or own.root.flow_style:
        return False
    return same(Values().of(own.root), {entry[1]: wanted[entry[0]][entry[1]]})


def _column(text: str, start: int) -> int:
    """The column of the first letter of the line that begins at `start`."""
    at = start
    while text[at : at + 1] == " ":
        at += 1
    return at - start


def lines_of(document: Document, name: str, entry: str) -> tuple[int, int] | None:
    """From the start of an entry's first line to that of the next entry, section, or the text's end. None where it does not begin
    a line of its own, or where what is behind it does not."""
    starts: list[int] = []
    found = -1
    for key, value in document.root.value if isinstance(document.root, MappingNode) else ():
        starts.append(key.start_mark.index)
        if key.value == name and isinstance(value, MappingNode) and not value.flow_style and value.start_mark.index > starts[-1]:
            for own, _ in value.value:
                found = len(starts) if own.value == entry else found
                starts.append(own.start_mark.index)
    if found < 0:
        return None
    behind = starts[found + 1] if found + 1 < len(starts) else len(document.text)
    start = document.text.rfind("\n", 0, starts[found]) + 1
    end = behind if behind == len(document.text) else document.text.rfind("\n", 0, behind) + 1
    alone = not document.text[start : starts[found]].strip(" ") and not document.text[end:behind].strip(" ")
    return (start, end) if alone else None
