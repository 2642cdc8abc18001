"""`include`: whole other Compose files whose services, networks, volumes, configs and secrets are added to this one's.

Each has its own folder for relative paths (`project_directory`, else the first file's) and its own variables (`env_file`, else
the folder's `.env`), over which the project's own variables win. What stands in both places and is not the same is a conflict.
Source: Compose Specification, "include".
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from topology.compose.layers import SECTIONS, Layer
from topology.compose.plain import Map, Path, Seq, locate
from topology.compose.rebase import rebase_model
from topology.compose.sources import SourceFile, joined
from topology.compose.units import as_text
from topology.core.problems import Problem, Severity


class Opening(Protocol):
    """What including needs of the project: files, env files, whole models, and somewhere to say what is wrong."""

    @property
    def complete(self) -> bool: ...
    def say(self, problem: Problem) -> None: ...
    def open(self, path: str) -> SourceFile | Problem | None: ...
    def variables(self, given: Mapping[str, str], directory: str, env_files: list[str] | None) -> Mapping[str, str]: ...
    def model(
        self, files: list[SourceFile], *, directory: str, variables: Mapping[str, str], chain: tuple[str, ...]
    ) -> Map | None: ...


@dataclass(frozen=True, slots=True)
class _Entry:
    """One item of `include`, short or long."""

    paths: tuple[str, ...]
    folder: str
    env_files: tuple[str, ...]
    place: Path


def include(tree: Map, layer: Layer, *, opening: Opening, variables: Mapping[str, str], chain: tuple[str, ...]) -> Map:
    """The layer's tree with what it includes added, and without `include` itself."""
    if "include" not in tree:
        return tree
    written = tree["include"]
    result = Map({key: value for key, value in tree.items() if key != "include"}, tree.places)
    if not isinstance(written, Seq):
        return tree if written is not None else result  # the schema says what is wrong
    for index, item in enumerate(written):
        entry = _entry(item, ("include", index))
        if entry is not None and entry.paths:
            result = _Inclusion(layer, opening, variables, (*chain, layer.file.path), entry).added_to(result)
    return result


def _entry(item: Any, place: Path) -> _Entry | None:
    if isinstance(item, str):
        return _Entry((item,), "", (), place)
    if not isinstance(item, Map):
        return None
    return _Entry(_texts(item.get("path")), as_text(item.get("project_directory")), _texts(item.get("env_file")), place)


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class _Inclusion:
    """One entry on its way into the tree."""

    layer: Layer
    opening: Opening
    variables: Mapping[str, str]
    chain: tuple[str, ...]
    entry: _Entry

    def added_to(self, tree: Map) -> Map:
        files = self._files()
        if not files:
            return tree
        here = self.layer.directory
        folder = joined(here, self.entry.folder) if self.entry.folder else posixpath.dirname(files[0].path)
        env_files = [joined(here, path) for path in self.entry.env_files] or None
        variables = self.opening.variables(self.variables, folder, env_files)
        model = self.opening.model(files, directory=folder, variables=variables, chain=self.chain)
        if model is None:
            return tree
        return self._imported(tree, rebase_model(model, directory=folder, seen_from=here))

    def _files(self) -> list[SourceFile]:
        """All the entry's files, or none when one is missing or includes itself."""
        found: list[SourceFile] = []
        for path in self.entry.paths:
            whole = joined(self.layer.directory, path)
            if whole in self.chain:
                self._say("include-cycle", f"`{path}` includes itself in the end.", "Take one of the `include` away.")
                return []
            file = self.opening.open(whole)
            if not isinstance(file, SourceFile):
                self._missing(path, file)
                return []
            found.append(file)
        return found

    def _missing(self, path: str, why: Problem | None) -> None:
        severity = Severity.ERROR if self.opening.complete else Severity.WARNING
        message = why.message if why else f"`{path}` is not at hand, so what it adds is missing here."
        self._say("include-not-followed", message, "Add that file, or copy what you need into this one.", severity=severity)

    def _imported(self, tree: Map, model: Map) -> Map:
        changed: dict[str, Any] = {}
        sections = {name: place for name, place in model.places.items() if name in SECTIONS}
        for section in SECTIONS:
            entries, own = model.get(section), tree.get(section)
            if not isinstance(entries, Map):
                continue
            base = own if isinstance(own, Map) else Map()
            for name in entries:
                if name in base and base[name] != entries[name]:
                    message = f"`{name}` of `{section}` is also in `{self.entry.paths[0]}`, which is included, and differs there."
                    self._say("include-conflict", message, "Rename one of the two, or override it in a second file.")
            new = [name for name in entries if name not in base]
            places = base.places | {name: entries.places[name] for name in new if name in entries.places}
            changed[section] = Map({**base, **{name: entries[name] for name in new}}, places)
        return Map({**tree, **changed}, sections | tree.places)

    def _say(self, code: str, message: str, fix: str, *, severity: Severity = Severity.ERROR) -> None:
        problem = Problem(code, message, fix=fix, path=self.entry.place, severity=severity)
        self.opening.say(locate(self.layer.tree, problem))
