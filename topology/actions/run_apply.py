"""Carries out a run: claim it, look at the engine, plan again, perform, and tell how it ended.

Whatever kills the worker on the way leaves a journal behind: each step is a row before it is a call. Nothing is resumed from it
blindly; the next run plans from what is there, so what is done stays done and nothing is made twice.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import structlog
from django.db import transaction

from topology import announce, wire
from topology.actions.authorize import Actor, record, require
from topology.actions.beat_heart import Heart
from topology.actions.declined import Declined
from topology.actions.edit_stack import announce_design
from topology.actions.perform_plan import BROKEN, BROKEN_FIX, Outcome, perform_plan
from topology.actions.preview_plan import make_plan
from topology.actions.put_back import put_back
from topology.actions.release_waiting import release_waiting
from topology.actions.resync_stack import Changed, resync_stack, tell_card
from topology.actions.roll_back import begin_rollback, plan_rollback, roll_back_failed
from topology.actions.see_drift import tell_drift
from topology.actions.settle_containers import last_words, settle_containers
from topology.actions.tell_run import add_run_line
from topology.core.access import ENTRANCES
from topology.core.design import Design
from topology.core.differences import cannot_start_again
from topology.core.events import keep_stops
from topology.core.observed import Observed
from topology.core.plan import Kind, Plan
from topology.core.policy import check_plan
from topology.core.problems import Problem, Severity
from topology.engine.connect import open_engine
from topology.engine.errors import EngineError
from topology.engine.logins import Login
from topology.engine.port import Engine
from topology.models import Run, Stack, Step
from topology.store import history, runs, status
from topology.store.adoptions import adopted_of
from topology.store.engines import allowed_of
from topology.store.files import bundle_of, good_bundle_of
from topology.store.folders import folder_for, keep_folder
from topology.store.logins import usable_logins
from topology.store.readings import design_of, errors_of, reading_of
from topology.store.stacks import friends_of

log = structlog.get_logger(__name__)
LIVELY = frozenset({Kind.START, Kind.RESTART, Kind.WAIT_HEALTHY, Kind.WAIT_COMPLETED, Kind.WAIT_STEADY})  # of a program that ran


def run_apply(run_id: str, *, worker: str, connect: Callable[[str], Engine] | None = None) -> str:
    """Carry out the queued run `run_id`; gives the state it ended in, "" when another worker has it. The engine is opened with
    the logins at registries that its administrators gave it, unless `connect` opens it."""
    if not runs.claim(run_id, worker=worker):
        return ""
    run = runs.find(run_id)
    assert run is not None, "a claimed run exists"
    _tell_run(run)
    outcome = Outcome("failed", f"{BROKEN}.", BROKEN_FIX)
    with Heart(run_id, worker=worker) as heart:
        try:
            outcome = _carry_out(run, heart, connect=connect)
        except EngineError as error:
            outcome = Outcome("failed", error.message, error.fix)
        finally:
            ended, back = _end(run_id, worker=worker, outcome=outcome)
            if ended is not None:
                _tell_end(run, outcome)
                _go_on(ended, back)
    return outcome.state


def _carry_out(run: Run, heart: Heart, *, connect: Callable[[str], Engine] | None) -> Outcome:
    if (refused := _refusal(run)) is not None:
        return refused
    if (wrong := _errors(run)) is not None:
        return wrong
    with _opened(run.stack, connect) as engine:
        adopted = adopted_of(run.stack_id)

        def look() -> Observed:
            seen = runs.with_lost_calls(run.stack_id, engine.observe(run.stack.project, adopted=adopted))
            return keep_stops(status.load(run.stack_id).observed, seen)

        observed = look()
        keep_folder(run.stack, observed)
        design = _design(run, observed)
        plan = _plan(run, design, observed)
        if (refused := _objection(run, plan, observed)) is not None:
            return refused
        seen: Changed | None = None
        try:
            outcome = _perform_all(run, heart, engine, plan, design=design, observed=observed, look=look)
        finally:
            with contextlib.suppress(EngineError):  # the watcher will see it as well; what the run did is said in its steps
                seen = resync_stack(run.stack_id, observe=lambda: engine.observe(run.stack.project, adopted=adopted))
    if outcome.state == "done" and run.kind == "apply" and not run.asked.get("only"):
        Stack.objects.filter(pk=run.stack_id).update(applied_version=run.version)
        if seen is not None:
            history.keep_images(run, seen.after.observed, design=design)
    return outcome


def _perform_all(
    run: Run, heart: Heart, engine: Engine, plan: Plan, *, design: Design, observed: Observed, look: Callable[[], Observed]
) -> Outcome:
    """The plan; once more where the engine turned out to have lost a container, which no look shows before it is asked to start it;
    and what was stopped in vain is put back."""
    steps = runs.write_steps(run.pk, plan)
    _tell_run(run, steps=steps)
    outcome = _perform(run, engine, plan, steps, heart)
    if any(cannot_start_again(step.error) for step in steps) and not heart.stopping():
        again = look()
        rest = _plan(run, design, again)
        if rest.operations and _objection(run, rest, again, planned_anew=True) is None:
            plan, observed, steps = rest, again, runs.add_steps(run.pk, rest)
            _tell_run(run)
            outcome = _perform(run, engine, plan, steps, heart)
    return put_back(
        engine, run, plan, outcome, steps=steps, design=design, before=observed, look=look, lost=heart.lost.is_set,
        begin=lambda: _tell_run(run), tell=lambda changed: _tell_steps(run, changed),
    )  # fmt: skip


def _perform(run: Run, engine: Engine, plan: Plan, steps: list[Step], heart: Heart) -> Outcome:
    """All of the plan, and then a look at whether what it started stays up."""

    def tell(changed: Sequence[Step]) -> None:
        _tell_steps(run, changed)

    outcome = perform_plan(engine, plan, steps, stopping=heart.stopping, tell=tell)
    if outcome.state == "failed":
        failed = [index for index, step in enumerate(steps) if step.state == "failed" and plan.operations[index].kind in LIVELY]
        return replace(outcome, output=last_words(engine, plan, failed))
    if outcome.state != "done":
        return outcome
    return settle_containers(engine, plan, steps, stopping=heart.stopping, tell=tell)


def _end(run_id: str, *, worker: str, outcome: Outcome) -> tuple[Run | None, Run | None]:
    """The run as it ended, None where it was taken from this worker, and the one that takes it back where that was asked for."""
    with transaction.atomic():
        mine = runs.end(run_id, worker=worker, state=outcome.state, error=outcome.error, fix=outcome.fix, output=outcome.output)
        ended = runs.find(run_id) if mine else None
        return ended, roll_back_failed(ended) if ended else None


def _go_on(ended: Run, back: Run | None) -> None:
    """After a run has ended, what takes it back begins; else the run that waits."""
    if back is not None:
        begin_rollback(back)
    release_waiting(ended.stack_id, ended=ended)


@contextlib.contextmanager
def _opened(stack: Stack, connect: Callable[[str], Engine] | None) -> Iterator[Engine]:
    engine = connect(stack.engine.url) if connect else open_engine(stack.engine.url, logins=_logins(stack))
    try:
        yield engine
    finally:
        engine.close()


def _logins(stack: Stack) -> dict[str, Login]:
    """Registry → login for the pulls of this run."""
    return {one.registry: Login(one.username, one.secret) for one in usable_logins(stack.engine)}


def _plan(run: Run, design: Design, observed: Observed) -> Plan:
    asked = run.asked
    if run.kind == "apply" and asked.get("rollback"):
        return plan_rollback(run.stack, design, observed, version=run.version)
    return make_plan(
        design, observed, kind=run.kind, services=tuple(asked.get("services") or ()),
        remove_orphans=bool(asked.get("remove_orphans")), remove_volumes=bool(asked.get("remove_volumes")),
        only=tuple(asked.get("only") or ()),
    )  # fmt: skip


# --- reasons not to begin -----------------------------------------------------------------------------------------------------


def _refusal(run: Run) -> Outcome | None:
    """The person who asked may have lost the right while the run was queued: it is refused, with an audit row."""
    actor = Actor.by_id(run.by_id)
    subject = f"run:{run.pk}"
    try:
        require(actor, ENTRANCES["task:run_apply"], run.stack.team_id, action="run_apply", subject=subject)
    except Declined as declined:
        if declined.status != 403:  # 403 has its row already
            record(actor, "run_apply", subject=subject, team_id=run.stack.team_id, allowed=False, detail={"code": declined.code})
        return Outcome(
            "failed", "Refused: the person who asked for this may not do it any more.", "Ask someone who may apply this stack."
        )
    return None


def _errors(run: Run) -> Outcome | None:
    """Only an apply needs a design without errors."""
    errors = errors_of(bundle_of(run), project=run.stack.project) if run.kind == "apply" else ()
    return _from_problem("The design has errors", errors[0]) if errors else None


def _design(run: Run, observed: Observed) -> Design:
    """The design as it was when asked."""
    project = run.stack.project
    design = design_of(bundle_of(run), project=project, folder=folder_for(run.stack, observed))
    if design is not None:
        return design
    last_good = reading_of(good_bundle_of(run.stack), project=project).design
    return last_good or Design(project=project)


def _objection(run: Run, plan: Plan, observed: Observed, *, planned_anew: bool = False) -> Outcome | None:
    """A plan that is not the one that was seen, what the planner found impossible, and what the engine's administrator forbids."""
    wanted = "" if planned_anew else run.asked.get("digest")
    if run.kind == "apply" and wanted and wanted != plan.digest:
        return Outcome("failed", "The plan changed since you looked (plan-changed).", "Look at the new plan, then press Apply.")
    blocked = [note for note in plan.notes if note.severity is Severity.ERROR]
    if blocked:
        return _from_problem("This cannot be carried out", blocked[0])
    forbidden = check_plan(plan, observed, allowed_of(run.stack.engine), friends=friends_of(run.stack))
    if not forbidden:
        return None
    record(
        Actor.by_id(run.by_id), "run_apply", subject=f"run:{run.pk}", team_id=run.stack.team_id, allowed=False,
        detail={"codes": sorted({problem.code for problem in forbidden})},
    )  # fmt: skip
    return _from_problem("Refused on this engine", forbidden[0])


def _from_problem(lead: str, problem: Problem) -> Outcome:
    return Outcome("failed", f"{lead}: {problem.message} ({problem.code})", problem.fix)


# --- telling ------------------------------------------------------------------------------------------------------------------


def _tell_run(run: Run, *, steps: list[Step] | None = None) -> None:
    announce.run(run.stack_id, wire.RunChanged(run=runs.run_view(run, steps=steps)))


def _tell_steps(run: Run, changed: Sequence[Step]) -> None:
    runs.save_steps(changed)
    announce.steps(run.stack_id, wire.StepsChanged(run_id=str(run.pk), steps=[runs.step_view(step) for step in changed]))


def _tell_end(run: Run, outcome: Outcome) -> None:
    """The run as it ended, a line of the timeline, and the stack's card."""
    ended = runs.find(run.pk)
    if ended is None:
        return  # the stack was deleted meanwhile
    _tell_run(ended)
    add_run_line(ended)
    stack = Stack.objects.select_related("team", "updated_by", "status").get(pk=run.stack_id)
    if outcome.state == "done" and ended.kind == "apply" and ended.version != stack.version:
        announce_design(Actor.by_id(ended.by_id), stack)  # what differs from what is applied is another set of nodes now
    tell_card(stack)
    tell_drift(stack.pk)
