"""What is on an engine, and taking it in."""

from __future__ import annotations

from typing import Literal

from topology.wire.base import ProblemView, Wire
from topology.wire.graph import Picture


class LookRequest(Wire):
    """Ask for a look at an engine: what is on it ("survey"), or a project or containers of none as a Compose file. `name` is the
    stack's name to be, for containers."""

    kind: Literal["survey", "project", "containers"]
    project: str = ""
    containers: list[str] = []
    name: str = ""


class SurveyedServiceView(Wire):
    name: str
    image: str
    states: list[str]


class SurveyedProjectView(Wire):
    """A Compose project that is no stack of ours. `folder` and `files` are where Compose read it, by its own word."""

    name: str
    services: list[SurveyedServiceView]
    networks: list[str]
    volumes: list[str]
    folder: str
    files: str
    running: int
    total: int


class SurveyedContainerView(Wire):
    """A container of no project."""

    id: str
    name: str
    image: str
    state: str
    networks: list[str]
    ports: list[str]


class FoundView(Wire):
    """What runs as a Compose file. `operations` are what an apply of it would do: none where it tells everything."""

    project: str
    text: str
    notes: list[str]
    operations: list[str]
    services: list[str]
    networks: list[str]
    volumes: list[str]
    problems: list[ProblemView]
    picture: Picture


class LookView(Wire):
    id: str
    kind: Literal["survey", "project", "containers", "keep"]
    state: Literal["looking", "ready", "failed"]
    error: str
    fix: str
    projects: list[SurveyedProjectView]
    containers: list[SurveyedContainerView]
    found: FoundView | None


class AdoptRequest(Wire):
    team_id: str
    name: str


class Adopted(Wire):
    """The new stack; `operations` counts what an apply would do at once."""

    stack_id: str
    name: str
    operations: int
