"""What an edit of the main text means for the files that are merged over it: a name that changes or goes does so there too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from topology.compose.change import Change, Raw, renames_of, section
from topology.compose.values import dropped
from topology.compose.write import rework
from topology.core.design import DEFAULT_NETWORK
from topology.core.edit import (
    Edit,
    RemoveEntry,
    RemoveNetwork,
    RemoveService,
    RemoveVolume,
    RenameEntry,
    RenameNetwork,
    RenameService,
    RenameVolume,
    Several,
)
from topology.core.problems import Problem

_SECTIONS: dict[type, str] = {
    RenameService: "services", RemoveService: "services", RenameNetwork: "networks", RemoveNetwork: "networks",
    RenameVolume: "volumes", RemoveVolume: "volumes",
}  # fmt: skip


def follow_names(text: str, edit: Edit, *, file: str) -> str | Problem:
    """An override's text after the renames and removals of an edit, whether it sets up what they name or only refers to it."""
    for one in _of_names(edit):
        if one.name not in text or (isinstance(one, RenameNetwork) and one.name == DEFAULT_NETWORK):
            continue  # who is on `default` because nothing is said is for the main text to tell
        new = _followed(text, one)
        if isinstance(new, Problem):
            return replace(new, file=file)
        text = new
    return text


def changes_names(edit: Edit) -> bool:
    """Whether an edit renames or removes something."""
    return next(_of_names(edit), None) is not None


def _of_names(edit: Edit) -> Iterator[Any]:
    if isinstance(edit, Several):
        for one in edit.edits:
            yield from _of_names(one)
    elif isinstance(edit, RenameEntry | RemoveEntry) or type(edit) in _SECTIONS:
        yield edit


def _followed(text: str, edit: Any) -> str | Problem:
    part = edit.section if isinstance(edit, RenameEntry | RemoveEntry) else _SECTIONS[type(edit)]

    def change(raw: Raw, perform: Callable[[Raw, Any], Change | Problem]) -> Raw | Problem:
        known = section(raw, part)
        if edit.name in known:
            done = perform(raw, edit)
            return done if isinstance(done, Problem) else done.value
        done = perform({**raw, part: {**known, edit.name: {}}}, edit)  # the main text has it
        if isinstance(done, Problem):
            return done
        left = dropped(section(done.value, part), next((new for _, new in renames_of(edit)), edit.name))
        return {**done.value, part: left} if part in raw else dropped(done.value, part)

    return rework(text, edit, change)
