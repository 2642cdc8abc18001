"""Apply an edit to a Compose text. The law: only the lines of the keys it touches change; all else is byte-identical.

An edit is worked out on values first (`write_services`, `write_networks`, …), then spliced into the text (`splice`), then
checked: the new text is parsed again and must hold exactly the intended value, else nothing changes and a Problem says so.
The inverse is the line patch back, so undo restores bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from topology.compose.change import Change, Raw
from topology.compose.document import Document, MappingNode, Node, SequenceNode, parse
from topology.compose.patch import apply_patch, make_patch
from topology.compose.places import CannotWriteError, Places, Spot
from topology.compose.render import Habits
from topology.compose.splice import Splicer
from topology.compose.values import Values, same
from topology.compose.write_networks import add_network, attach, detach, remove_network, rename_network, set_network_mode
from topology.compose.write_services import add_link, add_service, remove_link, remove_service, rename_service, set_environment
from topology.compose.write_values import remove_value, set_value
from topology.compose.write_volumes import add_volume, remove_volume, rename_volume
from topology.core.edit import (
    AddLink,
    AddNetwork,
    AddService,
    AddVolume,
    Attach,
    Detach,
    Edit,
    PatchText,
    RemoveLink,
    RemoveNetwork,
    RemoveService,
    RemoveValue,
    RemoveVolume,
    RenameNetwork,
    RenameService,
    RenameVolume,
    ReplaceText,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
    Several,
)
from topology.core.problems import Problem

_BOM = "\ufeff"
_MAX_ROUNDS = 4  # a change of an anchored value reaches its aliases; each round gives those their old value back

_SHARED = "it is written in a way (an anchor, a key that stands twice) that the change would change something else too"

_CHANGES: Mapping[type, Callable[[Raw, Any], Change | Problem]] = {
    AddService: add_service, RemoveService: remove_service, RenameService: rename_service,
    AddNetwork: add_network, RemoveNetwork: remove_network, RenameNetwork: rename_network,
    AddVolume: add_volume, RemoveVolume: remove_volume, RenameVolume: rename_volume,
    Attach: attach, Detach: detach, SetNetworkMode: set_network_mode,
    AddLink: add_link, RemoveLink: remove_link, SetEnvironment: set_environment,
    SetValue: set_value, RemoveValue: remove_value,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """The text after an edit, the patch that undoes it, and sentences on what the edit did beside what was asked."""

    text: str
    inverse: PatchText
    notes: tuple[str, ...] = ()


def apply(text: str, edit: Edit) -> Applied | Problem:
    """Apply an edit to a text; a Problem says why it cannot be done, and then nothing has changed."""
    new = _edited(text, edit)
    if isinstance(new, Problem):
        return new
    return Applied(new[0], make_patch(new[0], text), new[1])


def _edited(text: str, edit: Edit) -> tuple[str, tuple[str, ...]] | Problem:
    if isinstance(edit, ReplaceText):
        return edit.text, ()
    if isinstance(edit, PatchText):
        patched = apply_patch(text, edit)
        return patched if isinstance(patched, Problem) else (patched, ())
    if isinstance(edit, Several):
        return _several(text, edit)
    bom = _BOM if text.startswith(_BOM) else ""
    new = _spliced(text[len(bom) :], edit)
    return new if isinstance(new, Problem) else (bom + new[0], new[1])


def _several(text: str, edit: Several) -> tuple[str, tuple[str, ...]] | Problem:
    notes: list[str] = []
    for one in edit.edits:
        new = _edited(text, one)
        if isinstance(new, Problem):
            return new
        text = new[0]
        notes.extend(new[1])
    return text, tuple(dict.fromkeys(notes))


def _spliced(text: str, edit: Edit) -> tuple[str, tuple[str, ...]] | Problem:
    document = parse(text)
    if document.problems:
        return document.problems[0]
    values = Values()
    raw = values.of(document.root)
    if raw is not None and not isinstance(raw, dict):
        return Problem("not-a-mapping", "A Compose file is a mapping with `services`; this one is not.", fix="Mend the text first.")
    change = _CHANGES[type(edit)](raw or {}, edit)
    if isinstance(change, Problem):
        return change
    if same(raw or {}, change.value):
        return text, change.notes
    try:
        new, notes = _spliced_to(document, values, change.value)
    except CannotWriteError as reason:
        return _not_possible(str(reason))
    return new, (*change.notes, *dict.fromkeys(notes))


def _spliced_to(document: Document, values: Values, wanted: Raw) -> tuple[str, list[str]]:
    """Splice until the text holds the wanted value; one round but where anchors share what changes."""
    notes: list[str] = []
    habits = find_habits(document)
    for done in range(_MAX_ROUNDS if "*" in document.text else 1):
        splicer = Splicer(document, values, habits)
        try:
            splicer.change_root(wanted)
            document, values = _parsed(splicer.result(), wanted, newline=habits.newline)
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


def _not_possible(reason: str) -> Problem:
    return Problem("edit-not-possible", f"This cannot be changed from the graph: {reason}.", fix="Make the change in the text.")


def find_habits(document: Document) -> Habits:
    """The file's own habits: the indent of the first nested mapping, of the first list under a key, and its line break."""
    head = document.text.find("\n")
    newline = "\r\n" if head > 0 and document.text[head - 1] == "\r" else "\n"
    places, step, dash = Places(document.text), 0, -1
    stack: list[tuple[Node, int]] = [(document.root, 0)] if document.root is not None else []
    while stack and (not step or dash < 0):
        node, depth = stack.pop()
        if not isinstance(node, MappingNode) or node.flow_style or depth > 6:
            continue
        for key, value in reversed(node.value):
            if value.start_mark.index < key.start_mark.index or getattr(value, "flow_style", True):
                continue
            begin = places.content_start(Spot(value, value.start_mark.index, value.end_mark.index))
            offset = places.column(begin) - places.column(key.start_mark.index)
            if isinstance(value, SequenceNode):
                dash = offset
            elif offset > 0:
                step = offset
            stack.append((value, depth + 1))
    return Habits(step or 2, (step or 2) if dash < 0 else dash, newline)
