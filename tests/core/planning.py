"""What tests of plans share: an engine on which a drawn stack runs, and a plan's texts to compare."""

from __future__ import annotations

import textwrap

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.plan import Plan
from topology.core.planner import plan_apply


def running(before: str, *, images: tuple[str, ...] = ("nginx", "redis", "busybox"), jobs: tuple[str, ...] = ()) -> Simulator:
    """An engine on which the stack drawn runs, when one is drawn."""
    engine = Simulator(images=images, jobs=jobs)
    return engine.perform(plan_apply(draw(before), engine.observe())) if before else engine


def lines(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"


def notes(plan: Plan) -> list[str]:
    return [f"{note.severity} {note.code}: {note.message}" for note in plan.notes]
