"""Versions of a stack, and how two of them differ."""

from __future__ import annotations

from typing import Literal

from topology.wire.base import RunState, Wire
from topology.wire.stacks import StackView


class AppliedView(Wire):
    """An apply of a version: how it ended, when and by whom."""

    run_id: str
    at: float
    by: str
    state: RunState
    is_rollback: bool


class Revision(Wire):
    """`message` names the gesture that made it, `name` is what a person called it. `files` counts its companions."""

    version: int
    at: float
    by: str
    message: str
    name: str = ""
    files: int = 0
    applied: list[AppliedView] = []


class RevisionView(Wire):
    """A version for looking at: the stack as it was then, with the places of now. `images` are what ran of it: service → id."""

    revision: Revision
    stack: StackView
    images: dict[str, str]


class NameRevision(Wire):
    name: str


class RestoreRevision(Wire):
    op_id: str


class DifferenceLine(Wire):
    kind: Literal["same", "added", "removed"]
    text: str


class DifferenceHunk(Wire):
    """Lines that differ with three around them; the numbers, from 1, are those of its first line in either text."""

    old_line: int
    new_line: int
    lines: list[DifferenceLine]


class FileDifference(Wire):
    """`path` "" is the main text. `hidden`: it differs, and holds values that you may not see."""

    path: str
    change: Literal["added", "removed", "changed"]
    hidden: bool
    hunks: list[DifferenceHunk]


class NodeDifference(Wire):
    """A node that differs: "service:web", "network:front", "volume:data". `fields` are the keys that changed."""

    id: str
    change: Literal["added", "removed", "changed"]
    fields: list[str]


class Difference(Wire):
    """From one version to another."""

    old_version: int
    new_version: int
    files: list[FileDifference]
    nodes: list[NodeDifference]
