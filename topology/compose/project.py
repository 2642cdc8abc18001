"""Several Compose files, what they extend and what they include → one tree, as the reference tool has it.

Order, as there: a file's variables are filled in, its services extend, what it resets is taken from the files before it, what it
includes is added, and it is laid on the files before it. The schema is asked once, at the end.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from topology.compose.document import Document
from topology.compose.dotenv import read_env_file
from topology.compose.extend import extend, not_followed, without
from topology.compose.include import include
from topology.compose.layers import SECTIONS, Layer, LayerReader
from topology.compose.merge import merge
from topology.compose.plain import Map, Path, locate
from topology.compose.schema import FATAL, validate
from topology.compose.sources import MemorySources, SourceFile, Sources, joined
from topology.compose.unique import unique_lists
from topology.core.problems import Problem, Severity

MAX_IN_SECTION = 1_000
MAX_FILES = 200
MAX_CHARACTERS = 10_000_000  # of all files together, counted as often as they are followed
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]*$")


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its files say it. `tree` is the merged mapping with variables filled in: every service, whatever its profile,
    in the forms in which it is written (short forms stay short). Entries know their places (`plain.locate`).

    `sound` is whether the tree's values are of the types the schema wants; without that, no record can be made of it.
    `raw` is the first file as written. `environment` holds all variables; `directory` is what relative paths are relative to.
    """

    tree: Map
    name: str
    directory: str
    environment: Mapping[str, str]
    profiles: tuple[str, ...]
    problems: tuple[Problem, ...]
    sources: Sources
    sound: bool = True
    raw: Map = field(default_factory=Map, repr=False)
    documents: Mapping[str, Document] = field(default_factory=dict, repr=False)


def resolve(
    files: Sequence[SourceFile],
    *,
    sources: Sources | None = None,
    directory: str,
    environment: Mapping[str, str],
    name: str | None = None,
    profiles: Sequence[str] = (),
    env_files: Sequence[str] | None = None,
) -> Project:
    """The project that the files make together, later ones laid on earlier ones. `environment` holds the only variables there
    are, beside those of `env_files` (absolute paths; None: the directory's `.env`). Nothing makes this raise."""
    return _Resolving(sources or MemorySources(), directory).project(files, environment, name, profiles, env_files)


class _Resolving:
    """One project under way."""

    def __init__(self, sources: Sources, directory: str) -> None:
        self._sources, self._directory = sources, directory
        self._reader = LayerReader()
        self._files_left, self._characters_left = MAX_FILES, MAX_CHARACTERS
        self._opened: dict[str, SourceFile] = {}

    def project(
        self,
        files: Sequence[SourceFile],
        environment: Mapping[str, str],
        name: str | None,
        profiles: Sequence[str],
        env_files: Sequence[str] | None,
    ) -> Project:
        variables = self.variables(environment, self._directory, env_files)
        project_name = self._name(files, name, variables)
        variables = {**variables, "COMPOSE_PROJECT_NAME": project_name}
        tree = self.model(files, directory=self._directory, variables=variables, chain=())
        sound = tree is not None and not self._too_many(tree) and self._valid(tree)
        wanted = [*profiles, *(part.strip() for part in variables.get("COMPOSE_PROFILES", "").split(","))]
        layers = self._reader.read(files[0], directory=self._directory, variables=variables) if files else []
        return Project(
            tree if tree is not None else Map(),
            project_name,
            self._directory,
            variables,
            tuple(dict.fromkeys(profile for profile in wanted if profile)),
            tuple(dict.fromkeys(self._reader.problems)),
            self._sources,
            sound=sound,
            raw=layers[0].raw if layers else Map(),
            documents=self._reader.documents,
        )

    @property
    def complete(self) -> bool:
        return self._sources.complete

    def say(self, problem: Problem) -> None:
        self._reader.problems.append(problem)

    def open(self, path: str) -> SourceFile | Problem | None:
        """Another file, by its absolute path; a Problem when it may not be read or there are too many."""
        text = self._sources.text(path)
        if not isinstance(text, str):
            return text
        self._files_left -= 1
        self._characters_left -= len(text)
        if self._files_left < 0 or self._characters_left < 0:
            return Problem("too-many-files", "The project has more files than can be followed.", fix="Include fewer.")
        return SourceFile(path, text, _shown(path, self._directory))

    def variables(self, given: Mapping[str, str], directory: str, env_files: Sequence[str] | None) -> dict[str, str]:
        """`given`, and below them what the env files say (later ones over earlier ones)."""
        found: dict[str, str] = {}
        for path in [joined(directory, ".env")] if env_files is None else env_files:
            text = self._sources.text(path)
            if isinstance(text, str):
                values, problems = read_env_file(text, variables={**found, **given}, file=_shown(path, self._directory))
                found |= {name: value for name, value in values.items() if value is not None}
                self._reader.problems.extend(problems)
            elif env_files is not None:
                self.say(_no_env_file(_shown(path, self._directory), complete=self.complete))
        return {**found, **given}

    def model(
        self, files: Sequence[SourceFile], *, directory: str, variables: Mapping[str, str], chain: tuple[str, ...]
    ) -> Map | None:
        """The files laid on each other; None when one of them cannot be read at all."""
        tree: Map | None = None
        for file in files:
            layers = self._reader.read(file, directory=directory, variables=variables)
            if not layers:
                return None
            for layer in layers:
                own = self._own(layer, variables, chain)
                if tree is None:
                    tree = own
                else:
                    tree, problems = merge(without(tree, list(layer.resets)), own)
                    self._reader.problems.extend(problems)
        return tree

    def _own(self, layer: Layer, variables: Mapping[str, str], chain: tuple[str, ...]) -> Map:
        def say(problem: Problem) -> None:
            self.say(locate(layer.tree, problem))

        tree = self._without_empty_sections(layer)
        tree = unique_lists(tree, say=say)
        layer = replace(layer, tree=tree)

        def open_file(asking: Layer, file: str, path: Path) -> Layer | None:
            return self._extended(asking, file, path, variables)

        tree = extend(layer, open_file=open_file, say=self.say)
        return include(tree, layer, opening=self, variables=variables, chain=chain)

    def _extended(self, layer: Layer, file: str, path: Path, variables: Mapping[str, str]) -> Layer | None:
        whole = joined(layer.directory, file)
        if whole == layer.file.path:
            return layer
        found = self._opened.get(whole) or self.open(whole)
        if not isinstance(found, SourceFile):
            self.say(not_followed(layer, str(path[1]), file, complete=self.complete, path=path))
            return None
        self._opened[whole] = found
        layers = self._reader.read(found, directory=posixpath.dirname(whole), variables=variables)
        return layers[0] if layers else None

    def _without_empty_sections(self, layer: Layer) -> Map:
        """Sections that are written but empty (`volumes:`) are left out: a half-typed file still has its graph."""
        empty = [section for section in SECTIONS if section in layer.tree and layer.tree[section] is None]
        for section in empty:
            message = f"`{section}:` is empty, which Compose refuses."
            problem = Problem("empty-section", message, fix=f"Write `{section}: {{}}`, or remove it.", path=(section,))
            self.say(locate(layer.tree, problem))
        if not empty:
            return layer.tree
        return Map({key: value for key, value in layer.tree.items() if key not in empty}, layer.tree.places)

    def _name(self, files: Sequence[SourceFile], name: str | None, variables: Mapping[str, str]) -> str:
        """The name that was asked for, else COMPOSE_PROJECT_NAME, else the last `name:` of the files, else the folder's."""
        asked = name or variables.get("COMPOSE_PROJECT_NAME")
        if asked:
            if not _NAME.match(asked):
                self.say(_bad_name(asked))
            return asked
        found = posixpath.basename(self._directory)
        for file in files:
            for layer in self._reader.read(file, directory=self._directory, variables=variables):
                written = layer.tree.get("name")
                found = written if isinstance(written, str) and written else found
        normal = re.sub(r"[^a-z0-9_-]", "", found.lower()).lstrip("_-")
        if not normal:
            self.say(_bad_name(found))
        return normal

    def _too_many(self, tree: Map) -> bool:
        for section in SECTIONS:
            if isinstance(tree.get(section), Map) and len(tree[section]) > MAX_IN_SECTION:
                message = f"`{section}` has more than {MAX_IN_SECTION} entries, which is more than can be drawn or planned."
                problem = Problem("too-many-entries", message, fix="Split the file into several stacks.", path=(section,))
                self.say(locate(tree, problem))
                return True
        return False

    def _valid(self, tree: Map) -> bool:
        """Whether the values are of the types that the schema wants; what it finds is told."""
        findings = validate(tree)
        sound = not any(one.problem.code in FATAL for one in findings)
        for one in findings:
            if not sound or not _is_checks(one.problem):
                self.say(locate(tree, one.problem, at_key=one.at_key))
        return sound


def _is_checks(problem: Problem) -> bool:
    """Names are core.check's to judge, so that a design that came from elsewhere is judged alike."""
    name = problem.code == "bad-name" and len(problem.path) == 2
    return name or (problem.code == "wrong-form" and problem.path[-1:] == ("container_name",))


def _shown(path: str, directory: str) -> str:
    """A path as it is shown: from the project's folder where it lies in or beside it."""
    relative = posixpath.relpath(path, directory)
    return path if relative.startswith("../..") else relative


def _no_env_file(shown: str, *, complete: bool) -> Problem:
    return Problem(
        "env-file-not-read",
        f"The env file `{shown}` is not at hand.",
        fix="Name a file that exists.",
        severity=Severity.ERROR if complete else Severity.WARNING,
        line=1,
        column=1,
    )


def _bad_name(name: str) -> Problem:
    return Problem(
        "project-name",
        f"`{name[:80]}` cannot be the project's name.",
        fix="Use lower-case letters, digits, `-` and `_`, the first a letter or digit.",
        line=1,
        column=1,
    )
