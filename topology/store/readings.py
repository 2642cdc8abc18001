"""A stack's text, read: the same text is read once. Values by value, so nothing here can go stale."""

from __future__ import annotations

from functools import lru_cache

from topology.compose.read import Reading, read
from topology.core.design import Design
from topology.core.problems import Problem, Severity


@lru_cache(maxsize=256)
def reading_of(text: str, *, project: str) -> Reading:
    """What a text says under a project name. The server's own environment never takes part."""
    return read(text, project=project)


@lru_cache(maxsize=256)
def problems_of(text: str, *, project: str) -> tuple[Problem, ...]:
    """Everything that is wrong with a text: what cannot be read and what cannot work, each with its place."""
    return tuple(reading_of(text, project=project).checked())


def errors_of(text: str, *, project: str) -> tuple[Problem, ...]:
    """Those problems that stop Apply."""
    return tuple(problem for problem in problems_of(text, project=project) if problem.severity is Severity.ERROR)


def good_design(good_text: str, *, project: str) -> Design:
    """The design of a text that was once read; an empty one where a newer version can no longer read it."""
    return reading_of(good_text, project=project).design or Design(project=project)
