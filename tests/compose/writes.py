"""Short ways to apply an edit to a Compose text in a test."""

from __future__ import annotations

from topology.compose.write import Applied, apply
from topology.core.edit import Edit
from topology.core.problems import Problem


def applied(text: str, edit: Edit) -> str:
    """The text after an edit; its inverse must restore the bytes, and the inverse's inverse the edit."""
    new = apply(text, edit)
    assert isinstance(new, Applied), new
    back = apply(new.text, new.inverse)
    assert isinstance(back, Applied)
    assert back.text == text
    again = apply(back.text, back.inverse)
    assert isinstance(again, Applied)
    assert again.text == new.text
    return new.text


def refusal(text: str, edit: Edit) -> str:
    problem = apply(text, edit)
    assert isinstance(problem, Problem), problem
    assert problem.message.endswith(".")
    assert problem.fix.endswith(".")
    return problem.code
