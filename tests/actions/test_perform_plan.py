"""What goes on after a step has failed, and what does not. The engine is a stand-in that fails at named steps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.core.drawing import draw
from tests.core.planning import running
from topology.actions.perform_plan import Outcome, perform_plan
from topology.core.planner import plan_apply
from topology.engine.errors import EngineError


def performed(drawn: str, *failing: str) -> tuple[Outcome, dict[str, str]]:
    """The outcome, and the state of each step, of a plan in which these fail."""

    def perform(operation: Any, **how: Any) -> None:
        if operation.summary in failing:
            raise EngineError(f"no {operation.summary}", fix="")

    plan = plan_apply(draw(drawn), running("").observe())
    steps = [SimpleNamespace(state="pending", started_at=0.0, ended_at=0.0, progress="", share=None, error="", fix="")
             for _ in plan.operations]  # fmt: skip
    engine: Any = SimpleNamespace(perform=perform)
    outcome = perform_plan(engine, plan, steps, stopping=lambda: False, tell=lambda changed: None)  # type: ignore[arg-type]
    return outcome, {operation.summary: step.state for operation, step in zip(plan.operations, steps, strict=True)}


OPTIONAL = "db redis; check\nweb nginx; needs db healthy optional"


def test_one_starts_without_a_dependency_that_is_not_required_and_not_healthy() -> None:
    outcome, states = performed(OPTIONAL, "wait until db is healthy")
    assert outcome == Outcome("done")
    assert (states["wait until db is healthy"], states["start web"]) == ("failed", "done")


def test_one_starts_without_a_dependency_that_is_not_required_and_does_not_start() -> None:
    outcome, states = performed(OPTIONAL, "start db")
    assert (outcome.state, outcome.error) == ("failed", "Could not start db: no start db")
    assert (states["start db"], states["wait until db is healthy"], states["start web"]) == ("failed", "skipped", "done")


def test_one_is_made_without_a_dependency_that_is_not_required_and_cannot_be_made() -> None:
    outcome, states = performed(OPTIONAL, "create db from redis on default")
    assert outcome.state == "failed"
    assert (states["start db"], states["start web"]) == ("skipped", "done")


def test_one_does_not_start_without_what_it_requires() -> None:
    outcome, states = performed("db redis; check\nweb nginx; needs db healthy", "wait until db is healthy")
    assert outcome.state == "failed"
    assert (states["wait until db is healthy"], states["start web"]) == ("failed", "skipped")


def test_a_wait_that_somebody_requires_fails_the_whole_and_stops_only_that_one() -> None:
    outcome, states = performed(OPTIONAL + "\napi nginx; needs db healthy", "wait until db is healthy")
    assert outcome.state == "failed"
    assert (states["start api"], states["start web"]) == ("skipped", "done")
