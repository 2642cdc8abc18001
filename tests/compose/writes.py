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


def done(text: str, edit: Edit, **files: str) -> Applied:
    """The edit made; its inverse must restore every byte."""
    named = {name.replace("__", "/").replace("_", "."): one for name, one in files.items()}
    new = apply(text, edit, files=named)
    assert isinstance(new, Applied), new
    back = apply(new.text, new.inverse, files={**named, **new.files})
    assert isinstance(back, Applied), back
    assert back.text == text
    assert {**named, **new.files, **back.files} == named
    return new
