"""Plans and runs."""

from __future__ import annotations

from topology.wire.base import ImpactName, ProblemView, RunKind, RunState, StepState, Wire


class OperationView(Wire):
    index: int
    kind: str
    subject: str
    summary: str
    cause: str
    impact: ImpactName
    needs: list[int]


class DowntimeView(Wire):
    """How long a plan takes a service away, without the time its own processes take to be ready; None: it stays away."""

    service: str
    containers: int
    at_most_s: float | None


class CutView(Wire):
    """Open connections over a network break, though the services go on running: they join it anew."""

    network: str
    services: list[str]


class PlanView(Wire):
    digest: str
    version: int
    operations: list[OperationView]
    notes: list[ProblemView]
    problems: list[ProblemView]  # errors here stop Apply: the design's, the policy's
    observed_at: float
    engine_error: str
    downtimes: list[DowntimeView] = []  # by service; what changes in place has none
    cuts: list[CutView] = []  # by network


class RunRequest(Wire):
    """`digest` is that of the plan the user saw (apply only). `services` empty means all. `remove_volumes` for down only.

    For an apply: `version` is the one to be applied, 0 the newest. `rollback`: with the images that ran at the last done apply of
    that version. `rolls_back`: go back to the version last applied if this fails; None as the last time. `queue`: where another
    run is under way, wait for it and begin when it is done; without a digest, since its plan cannot be known yet. `only`: what
    differs of these objects ("service:web") and nothing else.
    """

    kind: RunKind
    digest: str = ""
    services: list[str] = []
    remove_volumes: bool = False
    remove_orphans: bool = False
    version: int = 0
    rollback: bool = False
    rolls_back: bool | None = None
    queue: bool = False
    only: list[str] = []


class StepView(Wire):
    index: int
    kind: str
    subject: str
    summary: str
    cause: str
    impact: ImpactName
    state: StepState
    started_at: float
    ended_at: float
    progress: str
    share: float | None
    error: str
    fix: str


class RunView(Wire):
    """`rollback`: it goes back to `version`; `rollback_of` is the id of the failed run that it takes back, "" for none;
    `automatic`: nobody pressed for it, since who asked for that run wanted it so. `output` is what a container that did not
    stay up printed last: only in the answer of `runs/{id}`, and for whoever may read logs."""

    id: str
    stack_id: str
    kind: RunKind
    state: RunState
    by: str
    version: int
    requested_at: float
    started_at: float
    ended_at: float
    error: str
    fix: str
    steps: list[StepView]
    rollback_of: str = ""
    rollback: bool = False
    automatic: bool = False
    output: str = ""
