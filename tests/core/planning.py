"""What tests of plans share: an engine on which a drawn stack runs, and a plan's texts to compare."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import Any

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.design import Design
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


def with_keys(design: Design, service: str, *, fields: dict[str, Any] | None = None, **keys: Any) -> Design:
    spec = design.services[service]
    spec = replace(spec, other={**spec.other, **keys}, **(fields or {}))
    return replace(design, services={**design.services, service: spec})


def engine_of(design: Design, *, images: tuple[str, ...] = ("nginx", "redis", "busybox")) -> Simulator:
    engine = Simulator(images=images)
    return engine.perform(plan_apply(design, engine.observe()))
