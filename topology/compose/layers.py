"""One file of a project, read: its documents as trees with the variables filled in. Its problems have their places already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from topology.compose.casts import cast
from topology.compose.document import Document, parse
from topology.compose.interpolate import Interpolation
from topology.compose.legacy import legacy_problem, legacy_services
from topology.compose.plain import Map, Path, Plain, locate
from topology.compose.sources import SourceFile
from topology.core.problems import Problem

SECTIONS = ("services", "networks", "volumes", "configs", "secrets")


@dataclass(frozen=True, slots=True)
class Layer:
    """One document of a file. `raw` is as written; `tree` has its variables filled in and its texts cast; `resets` are the
    paths that it takes away from what it is laid on. `directory` is what its relative paths are relative to."""

    raw: Map
    tree: Map
    file: SourceFile
    directory: str
    resets: tuple[Path, ...] = ()

    @property
    def services(self) -> Map:
        services = self.tree.get("services")
        return services if isinstance(services, Map) else Map()


@dataclass(slots=True)
class LayerReader:
    """Reads files under one set of variables. Each problem is told once, each unset variable too."""

    problems: list[Problem] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    _unset: set[str] = field(default_factory=set)
    _kept: dict[tuple[str, str, int], list[Layer]] = field(default_factory=dict)
    _alive: list[Mapping[str, str]] = field(default_factory=list)  # so that no two sets of variables have the same id

    def read(self, file: SourceFile, *, directory: str, variables: Mapping[str, str]) -> list[Layer]:
        """The file's layers, one for each of its documents; none when it cannot be read, which is told in `problems`."""
        known = (file.path, directory, id(variables))
        if known not in self._kept:
            self._alive.append(variables)
            self._kept[known] = self._read(file, directory, variables)
        return self._kept[known]

    def _read(self, file: SourceFile, directory: str, variables: Mapping[str, str]) -> list[Layer]:
        first = file.path not in self.documents
        document = self.documents[file.path] if not first else parse(file.text)
        self.documents[file.path] = document
        if document.root is None:
            found = document.problems or (empty_problem(),)
            self.problems.extend(replace(one, file=file.shown) for one in found if first)
            return []
        layers: list[Layer] = []
        for root in (document.root, *document.more):
            plain = Plain(file.shown)
            raw = plain.of(root, ())
            self.problems.extend(plain.problems if first else ())
            if problem := not_compose(raw):
                place = (root.start_mark.line + 1, root.start_mark.column + 1) if layers else (0, 0)
                problem = replace(problem, line=place[0], column=place[1]) if layers else locate(raw, problem, at_key=True)
                self.problems.append(replace(problem, file=file.shown))
                if not layers:
                    return []
                continue
            layers.append(Layer(raw, self._filled(raw, variables), file, directory, tuple(plain.resets)))
        return layers

    def _filled(self, raw: Map, variables: Mapping[str, str]) -> Map:
        interpolation = Interpolation(variables)
        filled = interpolation.fill(raw)
        tree, wrong = cast(filled)
        known, interpolation.unset = interpolation.unset, {}
        interpolation.unset = {name: path for name, path in known.items() if name not in self._unset}
        self._unset |= set(known)
        self.problems.extend(locate(raw, one) for one in (*interpolation.finish(), *wrong))
        result: Map = tree
        return result


def empty_problem() -> Problem:
    return Problem("empty-file", "The file is empty.", fix="Add a service, or write `services:`.", line=1, column=1)


def not_compose(raw: Any) -> Problem | None:
    """Why this is no Compose file, None when it is one."""
    if raw is None:
        return empty_problem()
    if not isinstance(raw, dict):
        message = "This is YAML, but not a Compose file: it has no keys."
        return Problem("not-compose", message, fix="Start with `services:`.", line=1, column=1)
    names = legacy_services(raw)
    return legacy_problem(names) if names else None
