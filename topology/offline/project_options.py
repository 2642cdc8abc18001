"""The options that name a project, as Compose has them, and the project that they name."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from topology.compose.project import Project, resolve
from topology.compose.sources import SourceFile
from topology.core.problems import Problem
from topology.offline.disk import DiskSources
from topology.offline.inputs import read_text

_DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_OVERRIDES = (
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
)  # fmt: skip


def add_project_arguments(parser: argparse.ArgumentParser) -> None:
    """FILE… and the options of Compose that change what a project is."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="Compose files of one project, each laid on those before it, `-` for standard input "
        "(default: COMPOSE_FILE, else compose.yaml of this folder or one above it, with its override)",
    )
    parser.add_argument("--env-file", metavar="F", action="append", help="a file of variables, instead of the folder's `.env`")
    parser.add_argument(
        "--project-directory", metavar="D", help="what relative paths are relative to (default: the first file's folder)"
    )
    parser.add_argument("--profile", metavar="P", action="append", default=[], help="a profile to switch on, `*` for all")
    parser.add_argument("--name", metavar="N", help="the project's name")


@dataclass(frozen=True, slots=True)
class Opened:
    """A project from the disk. `file` is how its first file was named."""

    project: Project
    file: str

    def shown(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems with their file as seen from the current folder."""
        return [replace(one, file=self._shown(one.file)) for one in problems]

    def _shown(self, file: str) -> str:
        return os.path.relpath(os.path.join(self.project.directory, file)) if file else self.file  # noqa: PTH118


def open_project(options: argparse.Namespace, *, environment: Mapping[str, str] | None = None) -> Opened | Problem:
    """The project that the options name, or why it cannot be opened. `environment` is this process's own unless given."""
    variables = dict(os.environ if environment is None else environment)
    named = options.files or [part for part in variables.get("COMPOSE_FILE", "").split(os.pathsep) if part] or _found(Path.cwd())
    if not named:
        return Problem("no-file", "There is no Compose file here.", fix="Name one, or write compose.yaml.")
    directory = _directory(named[0], options.project_directory)
    files = []
    for index, name in enumerate(named):
        text = read_text(name)
        if isinstance(text, Problem):
            return replace(text, file=name)
        path = os.path.abspath(name if name != "-" else "stdin.yaml")  # noqa: PTH100
        files.append(SourceFile(path, text, os.path.relpath(path, directory) if index else ""))
    project = resolve(
        files,
        sources=DiskSources(["/"]),
        directory=directory,
        environment=variables,
        name=options.name,
        profiles=options.profile,
        env_files=None if options.env_file is None else [os.path.abspath(path) for path in options.env_file],  # noqa: PTH100
    )
    return Opened(project, named[0])


def _directory(first: str, asked: str | None) -> str:
    if asked is not None:
        return os.path.abspath(asked)  # noqa: PTH100
    return os.path.dirname(os.path.abspath(first)) if first != "-" else os.getcwd()  # noqa: PTH100, PTH109, PTH120


def _found(folder: Path) -> list[str]:
    """The default file of a folder or of the nearest one above it, and its override."""
    for place in (folder, *folder.parents):
        found = [place / name for name in _DEFAULTS if (place / name).is_file()]
        if found:
            others = [place / name for name in _OVERRIDES if (place / name).is_file()]
            return [os.path.relpath(path) for path in (found[0], *others[:1])]
    return []
