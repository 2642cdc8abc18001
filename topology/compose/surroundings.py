"""What a service takes from beside its own keys: the files of `env_file` and `label_file`, and the project's variables."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topology.compose.dotenv import read_env_file
from topology.compose.forms import labels, pairs
from topology.compose.plain import Path
from topology.compose.report import Report
from topology.compose.rules import is_active
from topology.compose.units import as_text, truth
from topology.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`text` gives another file's text by its path from the project's folder; `complete` says whether one that is not there is an
    error. A service that no profile starts needs no files, as in Compose."""

    environment: Mapping[str, str]
    text: Callable[[str], str | Problem | None]
    complete: bool = False
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """One item of `env_file` or `label_file`."""

    path: str
    place: Path
    required: bool = True
    raw: bool = False


def read_environment(keys: Mapping[str, Any], *, path: Path, around: Surroundings, report: Report) -> Mapping[str, str | None]:
    """Env files first, each knowing what those before it say, then `environment`. A name without a value takes the project's
    variable; in a file it is left out where there is none."""
    values: dict[str, str] = {}
    for file, text in _texts(keys, "env_file", path=path, around=around, report=report):
        if file.raw:
            found: Mapping[str, str | None] = _raw_lines(text)
        else:
            found, problems = read_env_file(text, variables={**values, **around.environment}, file=posixpath.normpath(file.path))
            report.problems.extend(problems)
        given = {name: around.environment.get(name) if value is None else value for name, value in found.items()}
        values |= {name: value for name, value in given.items() if value is not None}
    written = pairs(keys.get("environment"))
    return {**values, **{name: around.environment.get(name) if value is None else value for name, value in written.items()}}


def read_labels(keys: Mapping[str, Any], *, path: Path, around: Surroundings, report: Report) -> Mapping[str, str]:
    """Label files first, then `labels`. The project's variables are not seen in a label file."""
    found: dict[str, str] = {}
    for file, text in _texts(keys, "label_file", path=path, around=around, report=report):
        values, problems = read_env_file(text, variables=found, file=posixpath.normpath(file.path))
        report.problems.extend(problems)
        found |= {name: value for name, value in values.items() if value is not None}
    return {**found, **labels(keys.get("labels"))}


def _texts(keys: Mapping[str, Any], key: str, *, path: Path, around: Surroundings, report: Report) -> Iterator[tuple[_File, str]]:
    for file in _files(keys.get(key), (*path, key)):
        text = around.text(file.path)
        if isinstance(text, str):
            yield file, text
        elif file.required and (not around.complete or is_active(keys, around.profiles)):
            what = "variables" if key == "env_file" else "labels"
            message = text.message if text is not None else f"`{file.path}` is not at hand, so its {what} are missing here."
            say = report.error if around.complete else report.warn
            fix = f"Write them under `{'environment' if key == 'env_file' else 'labels'}:`, or add the file too."
            say(f"{key.replace('_', '-')}-not-read", message, fix, file.place)


def _files(value: Any, path: Path) -> Iterator[_File]:
    if isinstance(value, str):
        yield _File(value, path)
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            required = truth(item.get("required", True)) is not False
            yield _File(as_text(item.get("path")), (*path, index), required, raw=item.get("format") == "raw")
        else:
            yield _File(as_text(item), (*path, index))


def _raw_lines(text: str) -> dict[str, str | None]:
    """`format: raw`: NAME=value a line, the value taken as it is, with quotes and dollar signs."""
    found: dict[str, str | None] = {}
    for line in text.splitlines():
        name, equals, value = line.lstrip().partition("=")
        if name and not name.startswith("#"):
            found[name] = value if equals else None
    return found
