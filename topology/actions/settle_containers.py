"""Sees, for a moment after an apply, whether what it started stays up: a container that ends at once has not been applied.

The engine answers a start with success when the process has begun. A program that ends right after, with an error or again and
again, is told with its code, on the step that started it; its last lines go where only those see them who may read logs. Of
containers that take another's place the plan itself sees to it, before the old ones go.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from topology.actions.perform_plan import Outcome, Tell
from topology.core.plan import Impact, Kind, Operation, Plan
from topology.engine.errors import Cancelled, EngineError, WaitFailed
from topology.engine.port import Engine
from topology.models import Step

SETTLE_S = 2.0  # after the last start; a crash loop's first restarts come within it
LOOK_S = 0.25
LAST_LINES = 8
LONGEST_LINE = 300
LOOKS_AT_ONCE = 6
STARTS = frozenset({Kind.START, Kind.RESTART})


def settle_containers(
    engine: Engine, plan: Plan, steps: Sequence[Step], *, stopping: Callable[[], bool], tell: Tell, settle_s: float = SETTLE_S
) -> Outcome:
    """Done, or failed by the first container that did not stay up; its step fails with it. Cancelled counts as done: all of the
    plan is. An engine that goes away meanwhile is raised."""
    awaited = {
        str(one.detail["container"])
        for one, step in zip(plan.operations, steps, strict=True)
        if one.kind is Kind.WAIT_STEADY or step.state == "failed"  # a wait for what others can do without: it is told already
    }
    started = {str(one.detail["container"]): index for index, one in enumerate(plan.operations) if one.kind in STARTS}
    watched = [index for name, index in started.items() if name not in awaited and time.time() - steps[index].ended_at < settle_s]
    until = max((steps[index].ended_at for index in watched), default=0.0) + settle_s
    while watched and time.time() < until and not stopping():
        time.sleep(LOOK_S)
    failed: list[int] = []
    with ThreadPoolExecutor(LOOKS_AT_ONCE, thread_name_prefix="settle") as pool:
        found = pool.map(lambda index: _trouble(engine, plan.operations[index], stopping=stopping), watched)
        for index, error in zip(watched, found, strict=True):
            if error is not None:
                steps[index].state, steps[index].error, steps[index].fix = "failed", error.message, error.fix
                failed.append(index)
    if not failed:
        return Outcome("done")
    tell([steps[index] for index in failed])
    first = steps[failed[0]]
    others = f" So did {len(failed) - 1} more." if len(failed) > 1 else ""
    return Outcome("failed", f"After {plan.operations[failed[0]].summary}: {first.error}{others}", first.fix,
                   last_words(engine, plan, failed))  # fmt: skip


def _trouble(engine: Engine, started: Operation, *, stopping: Callable[[], bool]) -> WaitFailed | None:
    """Of a container that has had its time already: whether it has stayed up, or is up again for good."""
    detail = {"container": started.detail["container"], "timeout_s": 0.0}
    look = Operation(Kind.WAIT_STEADY, started.subject, "see that it stays up", started.cause, Impact.IN_PLACE, detail)
    try:
        engine.perform(look, cancelled=stopping)
    except WaitFailed as error:
        return error
    except Cancelled:
        pass  # asked to stop: all of the plan is done
    return None


def last_words(engine: Engine, plan: Plan, indexes: Sequence[int]) -> str:
    """What the containers of these operations printed last, each line with its service; for those who may read logs."""
    names = dict.fromkeys(str(plan.operations[index].detail.get("container") or "") for index in indexes)
    return "\n".join(filter(None, (_last_words(engine, name) for name in names if name)))


def _last_words(engine: Engine, name: str) -> str:
    try:
        one = engine.inspect(name)
        if one is None:
            return ""
        lines = [line.text for line in engine.logs(one, tail=LAST_LINES, follow=False, stop=lambda: False)]
    except EngineError:
        return ""  # the run's own error is what matters
    said = [line.rstrip()[:LONGEST_LINE] for line in lines[-LAST_LINES:] if line.strip()]
    return "\n".join(f"{one.service or one.name} | {line}" for line in said)
