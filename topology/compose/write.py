"""Apply an edit to a Compose text. The law: only the lines of the keys it touches change; all else is byte-identical.

An edit is worked out on values first (`write_services`, `write_networks`, …), then spliced into the text (`splice`), then
checked: the new text is parsed again and must hold exactly the intended value, else nothing changes and a Problem says so.
The inverse is the line patch back, so undo restores bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from posixpath import normpath
from typing import Any

from topology.compose.change import Change, Raw, renames_of, section
from topology.compose.document import Document, parse
from topology.compose.patch import apply_patch, make_patch
from topology.compose.places import CannotWriteError
from topology.compose.spliced import spliced_to
from topology.compose.values import Values, bare, same, with_tags
from topology.compose.write_entries import remove_entry, rename_entry
from topology.compose.write_files import NOTHING_AROUND, Files, beside, follow_extends, look_around, raw_of, stands_elsewhere
from topology.compose.write_inherited import NO_HEIRS, Heirs, find_heirs, with_own_keys
from topology.compose.write_networks import add_network, attach, detach, remove_network, rename_network, set_network_mode
from topology.compose.write_services import add_link, add_service, remove_link, remove_service, rename_service, set_environment
from topology.compose.write_values import remove_value, set_value
from topology.compose.write_volumes import add_volume, remove_volume, rename_volume
from topology.core.design import EMPTY
from topology.core.edit import (
    AddLink,
    AddNetwork,
    AddService,
    AddVolume,
    Attach,
    Detach,
    Edit,
    InFile,
    PatchText,
    RemoveEntry,
    RemoveFile,
    RemoveLink,
    RemoveNetwork,
    RemoveService,
    RemoveValue,
    RemoveVolume,
    RenameEntry,
    RenameFile,
    RenameNetwork,
    RenameService,
    RenameVolume,
    ReplaceText,
    SetEnvironment,
    SetNetworkMode,
    SetOverrides,
    SetValue,
    Several,
)
from topology.core.problems import Problem

_BOM = "\ufeff"


_CHANGES: Mapping[type, Callable[[Raw, Any], Change | Problem]] = {
    AddService: add_service, RemoveService: remove_service, RenameService: rename_service,
    AddNetwork: add_network, RemoveNetwork: remove_network, RenameNetwork: rename_network,
    AddVolume: add_volume, RemoveVolume: remove_volume, RenameVolume: rename_volume,
    Attach: attach, Detach: detach, SetNetworkMode: set_network_mode,
    AddLink: add_link, RemoveLink: remove_link, SetEnvironment: set_environment,
    SetValue: set_value, RemoveValue: remove_value, RenameEntry: rename_entry, RemoveEntry: remove_entry,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """The text after an edit, the edit that undoes it, and sentences on what the edit did beside what was asked.

    `files` are the companions that it changed, by relative path. The inverse is a `PatchText`; where companions changed it is
    `Several`, which needs those files again.
    """

    text: str
    inverse: PatchText | Several
    notes: tuple[str, ...] = ()
    files: Files = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, slots=True)
class _State:
    """All texts ("" is the main one) and what there is to tell so far."""

    files: Files
    notes: tuple[str, ...] = ()

    def written(self, texts: Files, notes: Iterable[str] = ()) -> _State:
        return _State({**self.files, **texts}, tuple(dict.fromkeys((*self.notes, *notes))))


def apply(text: str, edit: Edit, *, files: Files = EMPTY) -> Applied | Problem:
    """Apply an edit to a text; a Problem says why it cannot be done, and then nothing has changed.

    `files` are the include and extends targets at hand, by their path from the text's folder.
    """
    before = {**{normpath(path): one for path, one in files.items()}, "": text}
    after = _perform(_State(before), edit)
    if isinstance(after, Problem):
        return after
    changed = {path: one for path, one in after.files.items() if path and one != before[path]}
    inverse: PatchText | Several = make_patch(after.files[""], text)
    if changed:
        back = [replace(make_patch(one, before[path]), file=path) for path, one in sorted(changed.items())]
        inverse = Several((inverse, *back))
    return Applied(after.files[""], inverse, after.notes, changed)


def rework(text: str, edit: Edit, change: Callable[[Raw, Callable[[Raw, Any], Change | Problem]], Raw | Problem]) -> str | Problem:
    """A text whose value is changed by a function, which gets the value and what the edit does to one. Tags stay."""
    read = _Text.of(text)
    if isinstance(read, Problem):
        return read
    wanted = change(bare(read.raw) if read.values.has_tags else read.raw, _CHANGES[type(edit)])
    if isinstance(wanted, Problem):
        return wanted
    new = read.become(with_tags(read.raw, wanted) if read.values.has_tags else wanted)
    return new if isinstance(new, Problem) else new[0]


def _perform(state: _State, edit: Edit, *, file: str = "", follow: bool = False) -> _State | Problem:
    """`follow`: what the edit means for other files is written there too."""
    if isinstance(edit, ReplaceText):
        return state.written({edit.file or file: edit.text})
    if isinstance(edit, PatchText):
        at = edit.file or file
        patched = apply_patch(state.files[at], edit) if at in state.files else _no_file(at)
        return replace(patched, file=at) if isinstance(patched, Problem) else state.written({at: patched})
    if isinstance(edit, InFile):
        path = normpath(edit.file) if edit.file else ""
        if path not in state.files:
            return _no_file(edit.file)
        return _perform(state, edit.edit, file=path, follow=True)
    if isinstance(edit, Several):
        for one in edit.edits:
            new = _perform(state, one, file=file, follow=follow)
            if isinstance(new, Problem):
                return new
            state = new
        return state
    if isinstance(edit, RemoveFile | RenameFile | SetOverrides):
        return Problem(
            "edit-of-files", "This edit is about a stack's files, not about what is in them.",
            fix="Only a stack on a server takes it; move or remove files on the disk yourself.",
        )  # fmt: skip
    return _change(state, edit, file=file, follow=follow)


def _no_file(path: str) -> Problem:
    return Problem("file-missing", f"There is no file `{path}`.", fix="Give its path from the main file's folder.", file=path)


def _change(state: _State, edit: Any, *, file: str, follow: bool) -> _State | Problem:
    text = _Text.of(state.files[file])
    if isinstance(text, Problem):
        return replace(text, file=file)
    raw = bare(text.raw) if text.values.has_tags else text.raw
    around = look_around(raw, state.files, file=file, main_too=follow) if len(state.files) > 1 else NOTHING_AROUND
    heirs = _heirs(text, state.files, file=file)
    seen = around.seen({**raw, "services": {**section(raw, "services"), **heirs.whole}} if heirs.whole else raw)
    change = _CHANGES[type(edit)](seen, edit)
    if isinstance(change, Problem):
        return replace(change, file=file)
    if change.value is seen or same(change.value, seen):
        return state.written({}, change.notes)
    renamed = renames_of(edit)
    own, others = around.split(raw, change.value, renamed)
    if others and not follow:
        return stands_elsewhere(min(others), _what(edit))
    own, notes = with_own_keys(own, text.raw, seen, change.value, heirs, renamed) if heirs.whole else (own, ())
    if text.values.has_tags:
        own = with_tags(text.raw, own, apart=frozenset(heirs.whole))
    new = text.become(own)
    if isinstance(new, Problem):
        return replace(new, file=file)
    state = state.written({file: new[0]}, (*change.notes, *notes, *new[1]))
    return _change_others(state, others, edit, file=file, follow=follow)


def _change_others(state: _State, others: Mapping[str, Raw], edit: Any, *, file: str, follow: bool) -> _State | Problem:
    wanted = dict(others)
    for path in sorted(state.files) if follow and isinstance(edit, RenameService | RemoveService) else ():
        if path != file and "extends" in state.files[path]:
            value = wanted.get(path) or bare(raw_of(state.files[path]))
            new = follow_extends(value, edit, target=file, file=path)
            if isinstance(new, Problem):
                return new
            wanted |= {} if new is value else {path: new}
    for path, value in sorted(wanted.items()):
        text = _Text.of(state.files[path])
        new_text = text if isinstance(text, Problem) else text.become(with_tags(text.raw, value) if text.values.has_tags else value)
        if isinstance(new_text, Problem):
            return replace(new_text, file=path)
        state = state.written({path: new_text[0]}, (f"{path or 'The main file'} was changed too.", *new_text[1]))
    return state


def _heirs(text: _Text, files: Files, *, file: str) -> Heirs:
    def other_file(path: str) -> Raw | None:
        found = files.get(beside(file, path))
        return None if found is None else section(raw_of(found), "services")

    if "extends" not in text.document.text:
        return NO_HEIRS
    return find_heirs(section(text.raw, "services"), other_file)


def _what(edit: Any) -> str:
    named = getattr(edit, "service", "") or getattr(edit, "name", "") or ".".join(map(str, getattr(edit, "path", ())))
    return f"`{named}` is written, or referred to,"


@dataclass(frozen=True, slots=True)
class _Text:
    """One file's text, parsed."""

    bom: str
    document: Document
    values: Values
    raw: Raw  # with tags

    @classmethod
    def of(cls, text: str) -> _Text | Problem:
        bom = _BOM if text.startswith(_BOM) else ""
        document, values = parse(text[len(bom) :]), Values()
        if document.problems:
            return document.problems[0]
        raw = values.of(document.root)
        if raw is not None and not isinstance(raw, dict):
            return Problem(
                "not-a-mapping", "A Compose file is a mapping with `services`; this one is not.", fix="Mend the text first."
            )
        return cls(bom, document, values, raw or {})

    def become(self, wanted: Raw) -> tuple[str, tuple[str, ...]] | Problem:
        """The text that holds another value, and notes."""
        if same(self.raw, wanted):
            return self.bom + self.document.text, ()
        try:
            new, notes = spliced_to(self.document, self.values, wanted)
        except CannotWriteError as reason:
            return _not_possible(str(reason))
        return self.bom + new, tuple(dict.fromkeys(notes))


def _not_possible(reason: str) -> Problem:
    return Problem("edit-not-possible", f"This cannot be changed from the graph: {reason}.", fix="Make the change in the text.")
