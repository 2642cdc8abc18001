"""What a run would do, before it is asked for: design and last look at the engine in, operations out. No engine is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from topology import wire
from topology.actions.authorize import Actor, find_stack
from topology.actions.declined import Declined
from topology.actions.read_history import find_version
from topology.actions.roll_back import plan_rollback
from topology.compose.read import Reading
from topology.core import planner
from topology.core.access import Right
from topology.core.design import Design
from topology.core.downtime import Cut, cuts, downtime
from topology.core.drift_plan import restrict
from topology.core.observed import Observed
from topology.core.plan import Plan
from topology.core.policy import check_plan
from topology.core.problems import Problem, Severity
from topology.models import Stack
from topology.store import runs, status
from topology.store.engines import allowed_of
from topology.store.files import bundle_of, good_bundle_of
from topology.store.folders import folder_for
from topology.store.graphs import problem_view
from topology.store.readings import design_of, good_design, problems_of, reading_of
from topology.store.stacks import friends_of

NEVER_OBSERVED = "The engine has not been looked at yet."


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan with all that stands in its way: `problems` of the design (apply only), `refused` by the engine's policy, and
    what the planner found to be `blocked` on the engine (an external network that is not there).
    """

    plan: Plan
    problems: tuple[Problem, ...]
    refused: tuple[Problem, ...]
    observed_at: float
    cuts: tuple[Cut, ...] = ()

    @property
    def blocked(self) -> tuple[Problem, ...]:
        return tuple(note for note in self.plan.notes if note.severity is Severity.ERROR)

    @property
    def hints(self) -> tuple[Problem, ...]:
        return tuple(note for note in self.plan.notes if note.severity is not Severity.ERROR)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The design's own errors."""
        return tuple(one for one in self.problems if one.severity is Severity.ERROR)

    @property
    def stops(self) -> tuple[Problem, ...]:
        """Everything that stops a run."""
        return (*self.errors, *self.refused, *self.blocked)


def preview_plan(
    actor: Actor,
    *,
    stack_id: UUID,
    kind: str = "apply",
    services: tuple[str, ...] = (),
    remove_orphans: bool = False,
    remove_volumes: bool = False,
    version: int = 0,
    rollback: bool = False,
    only: tuple[str, ...] = (),
) -> wire.PlanView:
    """The plan for people: operations without their details, notes, and the problems that stop it."""
    stack = find_stack(actor, stack_id, Right.LOOK, action="read_plan")
    preview = make_preview(
        stack, kind=kind, services=services, remove_orphans=remove_orphans, remove_volumes=remove_volumes, version=version,
        rollback=rollback, only=only,
    )  # fmt: skip
    error = stack.engine.error or ("" if preview.observed_at else NEVER_OBSERVED)
    return wire.PlanView(
        digest=preview.plan.digest,
        version=version or stack.version,
        operations=[
            wire.OperationView(
                index=index, kind=one.kind.value, subject=one.subject, summary=one.summary, cause=one.cause,
                impact=one.impact.value, needs=list(one.needs),
            )
            for index, one in enumerate(preview.plan.operations)
        ],
        notes=[problem_view(note) for note in preview.hints],
        problems=[problem_view(one) for one in (*preview.problems, *preview.refused, *preview.blocked)],
        observed_at=preview.observed_at,
        engine_error=error,
        downtimes=[wire.DowntimeView.model_validate(one) for one in downtime(preview.plan)],
        cuts=[wire.CutView(network=one.network, services=list(one.services)) for one in preview.cuts],
    )  # fmt: skip


def make_preview(
    stack: Stack, *, kind: str, services: tuple[str, ...] = (), remove_orphans: bool = False, remove_volumes: bool = False,
    version: int = 0, rollback: bool = False, only: tuple[str, ...] = (),
) -> Preview:  # fmt: skip
    """The plan of a stack as it is written now, or of an older `version`. While that has errors, an apply has those and no
    operation: a plan of a network that is nowhere defined would be a guess. `rollback`: with the images that ran then."""
    folded = status.load(stack.pk)
    observed = runs.with_lost_calls(stack.pk, folded.observed)
    bundle = bundle_of(find_version(stack, version)) if version and version != stack.version else bundle_of(stack)
    problems = problems_of(bundle, project=stack.project) if kind == "apply" else ()
    design = design_of(bundle, project=stack.project, folder=folder_for(stack, observed))
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Preview(Plan(), problems, (), observed.at)
    if design is None:
        design = good_design(good_bundle_of(stack), project=stack.project)
    if kind == "apply" and rollback:
        plan = plan_rollback(stack, design, observed, version=version or stack.version)
    else:
        plan = make_plan(
            design, observed, kind=kind, services=services, remove_orphans=remove_orphans, remove_volumes=remove_volumes,
            only=only,
        )  # fmt: skip
    refused = check_plan(plan, observed, allowed_of(stack.engine), friends=friends_of(stack))
    reading = reading_of(bundle, project=stack.project)
    notes, refused = ([_placed(reading, one) for one in found] for found in (plan.notes, refused))
    return Preview(replace(plan, notes=tuple(notes)), problems, tuple(refused), observed.at, tuple(cuts(plan, design)))


def _placed(reading: Reading, problem: Problem) -> Problem:
    """A plan's note with its place in the files: of the key that it names, else of what it is about."""
    section, _, name = problem.subject.partition(":")
    path = problem.path or ((f"{section}s", name) if problem.line else ())  # what stands nowhere in the text has no line
    return reading.locate(replace(problem, path=path, line=0, column=0)) if path else problem


def make_plan(
    design: Design, observed: Observed, *, kind: str, services: tuple[str, ...], remove_orphans: bool, remove_volumes: bool,
    only: tuple[str, ...] = (),
) -> Plan:  # fmt: skip
    """The planner's function for a kind of run; an apply of `only` some subjects is the part of it that they need."""
    if kind == "apply":
        plan = planner.plan_apply(design, observed, remove_orphans=remove_orphans)
        return restrict(plan, design, subjects=only) if only else plan
    if kind == "down":
        return planner.plan_down(design, observed, remove_volumes=remove_volumes)
    if kind == "stop":
        return planner.plan_stop(design, observed, services=services)
    if kind == "start":
        return planner.plan_start(design, observed, services=services)
    if kind == "restart":
        return planner.plan_restart(design, observed, services=services)
    raise Declined(422, code="run-kind", message="There is no such run.", fix="Choose apply, down, stop, start or restart.")
