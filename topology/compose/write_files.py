"""The files around a text: what `include` brings in is seen, and what an edit changes there is written there, or refused.

Paths are relative to the main file's folder, with `/`. `Files` maps them to texts; "" is the main file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topology.compose.change import SECTIONS, Raw, section
from topology.compose.document import parse
from topology.compose.values import Values, bare, same
from topology.core.edit import RemoveService, RenameService
from topology.core.problems import Problem

Files = Mapping[str, str]
_MAX_FILES = 100
_SECTIONS = (*SECTIONS, "models")


def beside(file: str, path: str) -> str:
    """A path that a file names, from the main file's folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path))


def raw_of(text: str) -> Raw:
    """A file's value with its tags; {} where it is no mapping."""
    document = parse(text.removeprefix("\ufeff"))
    value = Values().of(document.root) if document.root is not None else None
    return value if isinstance(value, dict) else {}


def included(files: Files, *, file: str = "") -> list[str]:
    """The files that one includes, directly or not, as far as they are at hand, in their order."""
    found: list[str] = []
    waiting = [file]
    while waiting and len(found) < _MAX_FILES:
        at = waiting.pop(0)
        text = files.get(at, "")
        for path in _includes(raw_of(text).get("include")) if "include" in text else ():
            target = beside(at, path)
            if target in files and target not in found and target != file:
                found.append(target)
                waiting.append(target)
    return found


def _includes(said: Any) -> list[str]:
    paths: list[str] = []
    for one in said if isinstance(said, list) else ():
        path = one.get("path") if isinstance(one, dict) else one
        paths += [str(item) for item in path] if isinstance(path, list) else [str(path)] if path else []
    return paths


@dataclass(frozen=True, slots=True)
class Around:
    """The entries of other files: (section, name) → file, and those files' values."""

    owners: Mapping[tuple[str, str], str]
    values: Mapping[str, Raw]

    def seen(self, raw: Raw) -> Raw:
        """The file's value with the others' entries beside its own; the same object where there are none."""
        result = raw
        for (name, entry), file in self.owners.items():
            result = {**result, name: {**section(result, name), entry: section(self.values[file], name)[entry]}}
        return result

    def split(self, raw: Raw, changed: Raw, renamed: Mapping[tuple[str, str], str]) -> tuple[Raw, dict[str, Raw]]:
        """A changed value divided: what is the file's own, and what becomes of the other files it reaches.

        `renamed`: an entry's (section, new name) → its old name.
        """
        if not self.owners:
            return changed, {}
        own, others = dict(changed), {file: dict(value) for file, value in self.values.items()}
        for name in _SECTIONS:
            entries = section(changed, name)
            owned = {entry: self.owners.get((name, renamed.get((name, entry), entry))) for entry in entries}
            mine = {entry: value for entry, value in entries.items() if owned[entry] is None}
            if mine or (name == "services" and section(raw, name)):
                own[name] = mine
            elif section(raw, name) or name not in raw:
                own.pop(name, None)
            else:
                own[name] = raw[name]
            for file in others:
                theirs = {entry: value for entry, value in entries.items() if owned[entry] == file}
                if kept := self._kept(file, name):
                    before = section(self.values[file], name)
                    theirs = {entry: kept.get(entry, theirs.get(entry)) for entry in before if entry in {*kept, *theirs}} | theirs
                if theirs or section(self.values[file], name):
                    others[file][name] = theirs
        return own, {file: value for file, value in others.items() if not same(value, self.values[file])}

    def _kept(self, file: str, name: str) -> Raw:
        """Entries of another file that an entry of the same name hides from view: they stay as they are."""
        return {entry: value for entry, value in section(self.values[file], name).items() if self.owners.get((name, entry)) != file}


NOTHING_AROUND = Around({}, {})


def look_around(raw: Raw, files: Files, *, file: str, main_too: bool) -> Around:
    """What stands in the files around `file`: those it includes; the main one and all that it includes with `main_too`."""
    names = ["", *included(files)] if main_too else included(files, file=file)
    owners: dict[tuple[str, str], str] = {}
    values: dict[str, Raw] = {}
    for name in dict.fromkeys(names):
        if name == file or (main_too and name == "" and file == ""):
            continue
        values[name] = bare(raw_of(files[name]))
        for part in _SECTIONS:
            for entry in section(values[name], part):
                if entry not in section(raw, part):
                    owners.setdefault((part, entry), name)
    return Around(owners, values)


def stands_elsewhere(file: str, what: str) -> Problem:
    """The refusal of an edit that would change another file unasked."""
    shown = file or "the main file"
    return Problem(
        "stands-elsewhere",
        f"{what} in `{shown}`, which is another file.",
        fix=f"Make the change in `{shown}`, or wrap this edit in `in_file`, which may change other files.",
        file=file,
    )


def follow_extends(raw: Raw, edit: RenameService | RemoveService, *, target: str, file: str) -> Raw | Problem:
    """Another file's value after a service of `target` was renamed: `extends` names it anew. A removed one must not be extended."""
    services = section(raw, "services")
    changed = dict(services)
    for name, keys in services.items():
        said = keys.get("extends") if isinstance(keys, dict) else None
        if not isinstance(said, dict) or said.get("service") != edit.name or not said.get("file"):
            continue
        if beside(file, str(said["file"])) != target:
            continue
        if isinstance(edit, RemoveService):
            return Problem(
                "extended-elsewhere",
                f"`{name}` in `{file or 'the main file'}` extends `{edit.name}`.",
                fix=f"Take `extends` away from `{name}` first.",
                subject=f"service:{name}",
                file=file,
            )
        changed[name] = {**keys, "extends": {**said, "service": edit.to}}
    return {**raw, "services": changed} if any(changed[name] is not services[name] for name in services) else raw


def named_files(text: str) -> list[str]:
    """The Compose files that a text names, by include and extends, as it names them."""
    raw = raw_of(text) if "include" in text or "extends" in text else {}
    services = [keys for keys in section(raw, "services").values() if isinstance(keys, dict)]
    said = [bare(keys.get("extends")) for keys in services]
    extended = [str(one["file"]) for one in said if isinstance(one, dict) and isinstance(one.get("file"), str)]
    return list(dict.fromkeys([*_includes(bare(raw.get("include"))), *extended]))
