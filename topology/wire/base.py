"""What all shapes have in common: their settings, the names of roles and states, problems, failures."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

RoleName = Literal["viewer", "editor", "deployer", "owner"]
RightName = Literal["guest", "look", "logs", "draw", "deploy", "manage"]
RunKind = Literal["apply", "down", "stop", "start", "restart"]
RunState = Literal["waiting", "queued", "running", "done", "failed", "cancelled", "interrupted"]
StepState = Literal["pending", "running", "done", "failed", "skipped"]
ImpactName = Literal["new", "in place", "restart", "recreate", "stop", "remove", "data at risk"]


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class ProblemView(Wire):
    code: str
    message: str
    fix: str
    subject: str
    path: list[str | int]
    line: int
    column: int
    severity: Literal["error", "warning"]
    file: str = ""  # the companion that it stands in, "" for the main text


class Failure(Wire):
    """Every error answer: a code, a sentence, a fix, and the problems behind it."""

    code: str
    message: str
    fix: str = ""
    problems: list[ProblemView] = []
