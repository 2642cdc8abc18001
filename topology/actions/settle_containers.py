"""Sees, for a moment after an apply, whether what it started stays up: a container that ends at once has not been applied.

The engine answers a start with success when the process has begun. A program that ends right after, with an error or again and
again, is told with its code, on the step that started it; its last lines go where only those see them who may read logs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from topology.actions.perform_plan import Outcome, Tell
from topology.core.observed import ObservedContainer
from topology.core.plan import Kind, Operation, Plan
from topology.engine.errors import EngineError
from topology.engine.port import Engine
from topology.models import Step

SETTLE_S = 2.0  # after the last start; a crash loop's first restarts come within it
LOOK_S = 0.25
ENDINGS_LOOKS = 30
LAST_LINES = 8
LONGEST_LINE = 300
LOOKS_AT_ONCE = 6
STARTS = frozenset({Kind.START, Kind.RESTART})
NOT_RUNNABLE = (125, 126, 127)


def settle_containers(
    engine: Engine, plan: Plan, steps: Sequence[Step], *, stopping: Callable[[], bool], tell: Tell, settle_s: float = SETTLE_S
) -> Outcome:
    """Done, or failed by the first container that did not stay up; its step fails with it. Cancelled counts as done: all of the
    plan is. An engine that goes away meanwhile is raised."""
    started = {str(one.detail["container"]): index for index, one in enumerate(plan.operations) if one.kind in STARTS}
    watched = {name: index for name, index in started.items() if time.time() - steps[index].ended_at < settle_s}
    until = max((steps[index].ended_at for index in watched.values()), default=0.0) + settle_s
    while watched and time.time() < until and not stopping():
        time.sleep(LOOK_S)
    failed: list[int] = []
    printed: list[str] = []
    with ThreadPoolExecutor(LOOKS_AT_ONCE, thread_name_prefix="settle") as pool:
        for (_, index), found in zip(watched.items(), pool.map(lambda name: _look(engine, name), watched), strict=True):
            if found is not None and (why := trouble(found)):
                step = steps[index]
                step.state, step.error, step.fix = "failed", why, _fix(plan.operations[index], found)
                printed.append(_last_words(engine, found))
                failed.append(index)
    if not failed:
        return Outcome("done")
    tell([steps[index] for index in failed])
    first = steps[failed[0]]
    others = f" So did {len(failed) - 1} more." if len(failed) > 1 else ""
    return Outcome(
        "failed", f"After {plan.operations[failed[0]].summary}: {first.error}{others}", first.fix, "\n".join(filter(None, printed))
    )


def _look(engine: Engine, name: str) -> ObservedContainer | None:
    """The container as it is; one that was started again is looked at until it has ended once more: only then is its code known."""
    found = engine.inspect(name)
    for _ in range(ENDINGS_LOOKS):
        if found is None or not found.restart_count or found.state != "running":
            return found
        time.sleep(LOOK_S / 5)
        found = engine.inspect(name)
    return found


def trouble(one: ObservedContainer) -> str:
    """Why a container that was just started does not count as up, "" where it does. One that has ended well does."""
    reason = " It ran out of memory." if one.oom_killed else f" {one.error}" if one.error else ""
    times = f", {one.restart_count} time{'' if one.restart_count == 1 else 's'} so far" if one.restart_count else ""
    if one.state == "restarting" or (one.restart_count and one.exit_code):
        return f"{one.name} ends again and again: its program exits with code {one.exit_code}{times}.{reason}"
    if one.restart_count:
        return f"{one.name} is started again and again: its program ends{times}.{reason}"
    if one.state in ("exited", "dead") and one.exit_code:
        return f"{one.name} exited with code {one.exit_code} right after it was started.{reason}"
    return ""


def _last_words(engine: Engine, one: ObservedContainer) -> str:
    try:
        lines = [line.text for line in engine.logs(one, tail=LAST_LINES, follow=False, stop=lambda: False)]
    except EngineError:
        return ""
    said = [line.rstrip()[:LONGEST_LINE] for line in lines[-LAST_LINES:] if line.strip()]
    return "\n".join(f"{one.service or one.name} | {line}" for line in said)


def _fix(operation: Operation, one: ObservedContainer) -> str:
    service = operation.subject.partition(":")[2]
    if one.oom_killed:
        return f"Give {service} a higher mem_limit, or find out why it takes so much."
    if one.exit_code in NOT_RUNNABLE:
        return f"Check command and entrypoint of {service}: the program is not in the image, or may not be run."
    return f"Look at the logs of {service}, mend its configuration, then apply again; or roll back to the version before."
