"""A Compose text → a design, and everything that a user can mend in it. No text makes this raise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from posixpath import normpath
from typing import Any

from topology.compose.document import Document
from topology.compose.exact import inexact
from topology.compose.forms import mapping
from topology.compose.layers import SECTIONS
from topology.compose.plain import MAIN, Map, Path, locate, place_in
from topology.compose.project import Project, resolve
from topology.compose.report import Report, capped
from topology.compose.rules import contradictions
from topology.compose.sections import read_network, read_resource, read_volume
from topology.compose.service import read_service
from topology.compose.sources import MemorySources, SourceFile, joined
from topology.compose.surroundings import Surroundings
from topology.core.check import check
from topology.core.design import DEFAULT_NETWORK, EMPTY, Design, Network, Resource, Service
from topology.core.problems import Problem

# Where a stack's text lies among its companion files; deep, so that `../../other.yml` has a place too.
_FOLDER = "/1/2/3/4/5/6/7/8"
_FILE = "compose.yaml"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a project says. `design` is None when a text is not YAML, not a Compose file, or has values of a wrong type.

    `raw` is the (first) file's mapping as written, anchors and merge keys followed, variables not filled in.
    """

    design: Design | None
    problems: list[Problem]
    raw: dict[str, Any]
    document: Document = field(repr=False, compare=False)
    moved: Mapping[Path, Path] = field(default_factory=dict, repr=False, compare=False)
    tree: Map = field(default_factory=Map, repr=False, compare=False)
    project: Project | None = field(default=None, repr=False, compare=False)

    def locate(self, problem: Problem) -> Problem:
        """The problem with file, line and column, from its path. A port of a range gets the path of the item it was written in."""
        return locate(self.tree, replace(problem, path=self.moved.get(problem.path, problem.path)))

    def checked(self) -> list[Problem]:
        """The reading's problems and those of `core.check`, each with its place, in the text's order."""
        rules = [] if self.design is None else [self.locate(problem) for problem in capped(check(self.design))]
        return _sorted([*self.problems, *rules])


def read(
    text: str,
    *,
    project: str,
    environment: Mapping[str, str] = EMPTY,
    files: Mapping[str, str] = EMPTY,
    overrides: Sequence[str] = (),
    folder: str = "",
) -> Reading:
    """Read a Compose text. `environment` holds the only variables there are; `files` other files' texts by relative path.

    `overrides` are paths among `files` that are laid on the text, one after the other, as `-f` does. A `.env` among them gives
    variables that `environment` does not have, as Compose does. Where no files are given, what the text names in other files is
    only said to be missing; they may lie where the text came from. `folder` is where it lies on the engine's host, if anywhere.
    """
    folder = folder or _FOLDER
    sources = MemorySources({joined(folder, path): other for path, other in files.items()}, complete=bool(files))
    main = SourceFile(joined(folder, _FILE), text)
    texts = [main, *(SourceFile(joined(folder, path), files.get(path, ""), path) for path in overrides)]
    resolved = resolve(texts, sources=sources, directory=folder, environment={"COMPOSE_PROJECT_NAME": project, **environment})
    reading = read_project(resolved, name=project)
    if reading.design is None:
        return reading
    companions = {normpath(path): other for path, other in files.items()}
    return replace(reading, design=replace(reading.design, files=companions))


def read_project(project: Project, *, name: str | None = None) -> Reading:
    """The design of a project, with all its services whatever their profiles. `name` stands in for the project's own."""
    document = next(iter(project.documents.values()), Document("", None))
    if not project.sound:
        empty = [one.code for one in project.problems] == ["empty-file"]
        return Reading(Design(name or project.name) if empty else None, _sorted(capped(project.problems)), project.raw, document)
    reader = _Reader(project, name or project.name)
    design = reader.design()
    against = contradictions(project.tree, profiles=project.profiles)
    found = [
        *project.problems,
        *(locate(project.tree, problem) for problem in (*against, *inexact(project.tree))),
        *(locate(project.tree, problem) for problem in reader.report.problems),
    ]
    return Reading(design, _sorted(capped(found)), project.raw, document, reader.report.moved, project.tree, project)


def _sorted(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line, one.column, one.code))


class _Reader:
    """The records of one project under way, and the problems so far."""

    def __init__(self, project: Project, name: str) -> None:
        self._project, self._name, self._tree = project, name, project.tree
        self.report = Report()

    def design(self) -> Design:
        services = self._services()
        networks = {
            key: read_network(key, spec, report=self.report, line=self._line("networks", key)) for key, spec in self._of("networks")
        }
        uses_default = any(one.network == DEFAULT_NETWORK for service in services.values() for one in service.attachments)
        if uses_default and DEFAULT_NETWORK not in networks:
            networks[DEFAULT_NETWORK] = Network(DEFAULT_NETWORK, implicit=True)
        resources = {
            section: {
                key: self._filled(read_resource(key, spec, path=(section, key), report=self.report, line=self._line(section, key)))
                for key, spec in self._of(section)
            }
            for section in ("configs", "secrets")
        }
        return Design(
            project=self._name,
            services=services,
            networks=networks,
            volumes={key: read_volume(key, spec, line=self._line("volumes", key)) for key, spec in self._of("volumes")},
            configs=resources["configs"],
            secrets=resources["secrets"],
            other={key: value for key, value in self._tree.items() if key not in SECTIONS},
        )

    def _filled(self, one: Resource) -> Resource:
        """With the value of the variable that it comes from."""
        return replace(one, value=self._project.environment.get(one.environment)) if one.environment else one

    def _of(self, section: str) -> list[tuple[str, Any]]:
        return list(mapping(self._tree.get(section)).items())

    def _services(self) -> dict[str, Service]:
        around = Surroundings(
            environment=self._project.environment,
            text=lambda path: self._project.sources.text(joined(self._project.directory, path)),
            complete=self._project.sources.complete,
            profiles=self._project.profiles,
        )
        return {
            name: read_service(name, mapping(keys), around=around, report=self.report, line=self._line("services", name))
            for name, keys in self._of("services")
        }

    def _line(self, section: str, key: str) -> int:
        """The line of an entry in the main file; 0 for what another file adds."""
        place = place_in(self._tree.get(section), key)
        if place is None or place[0] is None or place[2] != MAIN:
            return 0
        return int(place[0].start_mark.line) + 1
