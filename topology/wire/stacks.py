"""Stacks: their text, files, cards, edits and layout."""

from __future__ import annotations

from typing import Any, Literal

from topology.wire.base import ProblemView, RightName, Wire
from topology.wire.graph import Graph, Layout, NodeLayout, Picture


class StackFile(Wire):
    """A companion of the main text: what it names or is merged with. `version` is the stack's version that brought its text.

    `text` is None where it is `hidden` from you (values of a `.env` or a secret), or where all the companions together are so
    large that they are not sent with each change: then get `stacks/{id}/files?path=…` again when `version` is another.
    """

    path: str
    role: Literal["env", "compose", "override", "config", "secret", "context", "other"]
    size_bytes: int
    version: int
    hidden: bool
    text: str | None


class StackView(Wire):
    """A whole stack for the editor. `text` is empty for a guest. `files` are its companions, by path; `overrides` those that are
    merged over the main text, in order; `file_name` is the main text's own name, by which other files may extend it. `valid` is
    False while the text cannot be read: then `graph` is the last good one and `problems` says what is wrong. `applied_version` is
    the version last applied, 0 for never; `staged` are the nodes ("service:web", "network:front") that later versions made or
    changed. `rolls_back`: the last apply was asked to go back by itself if it fails."""

    id: str
    name: str
    team_id: str
    team_name: str
    engine_id: str
    version: int
    applied_version: int
    staged: list[str]
    layout_version: int
    text: str
    file_name: str
    files: list[StackFile]
    overrides: list[str]
    valid: bool
    graph: Graph
    layout: Layout
    problems: list[ProblemView]
    rights: list[RightName]
    updated_at: float
    updated_by: str
    rolls_back: bool = False


class StackCard(Wire):
    """A stack in the list. `picture` is enough to draw its topology small: nodes with a kind and place, edges between them."""

    id: str
    name: str
    team_id: str
    team_name: str
    services: int
    networks: int
    running: int
    wanted: int
    state: Literal["never applied", "running", "partly running", "stopped", "failing", "unknown"]
    problems: int
    applied_version: int
    version: int
    updated_at: float
    updated_by: str
    rights: list[RightName]
    picture: Picture


class NewStack(Wire):
    """Make a stack: empty, from `text` (import) or from an example's id. `files` are the companions' texts by path; `overrides`
    None is what Compose itself would merge."""

    team_id: str
    name: str
    text: str | None = None
    example: str | None = None
    files: dict[str, str] = {}
    overrides: list[str] | None = None
    file_name: str = ""


class Example(Wire):
    id: str
    title: str
    teaches: str
    text: str
    picture: Picture


class Renamed(Wire):
    name: str


class EditRequest(Wire):
    """`op_id` is made by the client and makes the edit idempotent; `edit` is the JSON form of `topology.core.edit`. `file` is the
    companion in which an edit of the graph is to be done; "" is the main text."""

    op_id: str
    edit: dict[str, Any]
    message: str = ""
    file: str = ""


class EditResult(Wire):
    """`inverse` undoes it; `notes` say what the writer had to decide ("written as an override because of the anchor")."""

    version: int
    inverse: dict[str, Any]
    notes: list[str]
    stack: StackView


class MoveRequest(Wire):
    """Place nodes; None removes a place (of a node that is gone)."""

    op_id: str
    nodes: dict[str, NodeLayout | None]


class MoveResult(Wire):
    layout_version: int
