"""A stack's text, read: the same text is read once. Values by value, so nothing here can go stale.

Very large texts are read each time: what they become in memory is a hundred times their size, and people can send many.
"""

from __future__ import annotations

from functools import lru_cache

from topology.compose.read import Reading, read
from topology.core.design import Design
from topology.core.problems import Problem, Severity

KEPT_CHARS = 100_000


def reading_of(text: str, *, project: str) -> Reading:
    """What a text says under a project name. The server's own environment never takes part."""
    return _kept_reading(text, project) if len(text) <= KEPT_CHARS else read(text, project=project)


def problems_of(text: str, *, project: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a text: what cannot be read and what cannot work, each with its place."""
    return _kept_problems(text, project) if len(text) <= KEPT_CHARS else tuple(read(text, project=project).checked())


@lru_cache(maxsize=128)
def _kept_reading(text: str, project: str) -> Reading:
    return read(text, project=project)


@lru_cache(maxsize=256)
def _kept_problems(text: str, project: str) -> tuple[Problem, ...]:
    return tuple(_kept_reading(text, project).checked())


def errors_of(text: str, *, project: str) -> tuple[Problem, ...]:
    """Those problems that stop Apply."""
    return tuple(problem for problem in problems_of(text, project=project) if problem.severity is Severity.ERROR)


def good_design(good_text: str, *, project: str) -> Design:
    """The design of a text that was once read; an empty one where a newer version can no longer read it."""
    return reading_of(good_text, project=project).design or Design(project=project)
