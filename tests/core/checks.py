"""Short ways to check a Compose text in a test."""

from __future__ import annotations

from textwrap import dedent

from topology.compose.read import read
from topology.core.check import check
from topology.core.problems import Problem


def problems(text: str, *, project: str = "shop") -> list[Problem]:
    found = read(dedent(text), project=project)
    assert found.design is not None, found.problems
    return check(found.design)


def codes(text: str) -> list[str]:
    return [one.code for one in problems(text)]


def only(text: str) -> Problem:
    found = problems(text)
    assert len(found) == 1, found
    return found[0]
