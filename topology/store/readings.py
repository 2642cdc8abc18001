"""A stack's files, read: the same files are read once. Values by value, so nothing here can go stale.

Very large texts are read each time: what they become in memory is a hundred times their size, and people can send many.
A text alone may be given for a stack that has nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from topology.compose.hashed import hashed
from topology.compose.read import Reading, read
from topology.core.bundle import Bundle
from topology.core.design import Design
from topology.core.located import located
from topology.core.problems import Problem, Severity

KEPT_CHARS = 100_000
_UNREADABLE = frozenset({"bad-yaml", "too-many-nodes", "file-too-large", "not-compose"})
Key = tuple[str, tuple[tuple[str, str], ...], tuple[str, ...], str]


def reading_of(files: str | Bundle, *, project: str) -> Reading:
    """What a stack's files say under a project name. The server's own environment never takes part: variables come from `.env`."""
    key = _key(files)
    return _kept_reading(key, project) if _size(key) <= KEPT_CHARS else _read(key, project)


def design_of(files: str | Bundle, *, project: str, folder: str = "") -> Design | None:
    """The design of a stack's files for a plan: with Compose's hashes, so that what Compose made is known again. `folder` is where
    the files lie on the engine's host, where that is known (`core.located.folder_of`): paths beside them are then whole paths."""
    key = _key(files)
    return _kept_design(key, project, folder) if _size(key) <= KEPT_CHARS else _design(key, project, folder)


def is_readable(reading: Reading) -> bool:
    """Whether all of the files can be read, so that the graph is theirs; while one is being typed, the last graph stays."""
    return reading.design is not None and not any(one.file and one.code in _UNREADABLE for one in reading.problems)


def problems_of(files: str | Bundle, *, project: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a stack's files: what cannot be read and what cannot work, each with its place."""
    key = _key(files)
    return _kept_problems(key, project) if _size(key) <= KEPT_CHARS else tuple(_read(key, project).checked())


def errors_of(files: str | Bundle, *, project: str) -> tuple[Problem, ...]:
    """Those problems that stop Apply."""
    return tuple(problem for problem in problems_of(files, project=project) if problem.severity is Severity.ERROR)


def good_design(files: str | Bundle, *, project: str) -> Design:
    """The design of files that were once read; an empty one where a newer version can no longer read them."""
    return reading_of(files, project=project).design or Design(project=project)


def _key(files: str | Bundle) -> Key:
    bundle = files if isinstance(files, Bundle) else Bundle(files)
    return bundle.text, tuple(sorted(bundle.files.items())), bundle.overrides, bundle.name


def _size(key: Key) -> int:
    return len(key[0]) + sum(len(text) for _, text in key[1])


def _read(key: Key, project: str, folder: str = "") -> Reading:
    """The main text stands among the files too, by its own name: others may extend it."""
    text, files, overrides, name = key
    merged: dict[str, Any] = {"overrides": overrides} if overrides else {}
    return read(text, project=project, files={**dict(files), name: text}, folder=folder, **merged)


def _design(key: Key, project: str, folder: str) -> Design | None:
    made = hashed(_read(key, project, folder) if folder or _size(key) > KEPT_CHARS else _kept_reading(key, project))
    return None if made is None else located(made, folder)


@lru_cache(maxsize=128)
def _kept_reading(key: Key, project: str) -> Reading:
    return _read(key, project)


@lru_cache(maxsize=64)
def _kept_design(key: Key, project: str, folder: str) -> Design | None:
    return _design(key, project, folder)


@lru_cache(maxsize=256)
def _kept_problems(key: Key, project: str) -> tuple[Problem, ...]:
    return tuple(_kept_reading(key, project).checked())
