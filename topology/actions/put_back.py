"""After an apply that failed or was cancelled: what it has stopped and not replaced runs again. Its steps are the run's as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from topology.actions.perform_plan import Outcome, perform_plan
from topology.core.design import Design
from topology.core.observed import Observed
from topology.core.plan import Kind, Plan
from topology.core.put_back import plan_put_back
from topology.engine.errors import EngineError
from topology.engine.port import Engine
from topology.models import Run, Step
from topology.store import runs

CAUSES = {"failed": "the apply failed", "cancelled": "the apply was cancelled"}


def put_back(
    engine: Engine, run: Run, plan: Plan, outcome: Outcome, *, steps: Sequence[Step], design: Design, before: Observed,
    look: Callable[[], Observed], lost: Callable[[], bool], begin: Callable[[], None], tell: Callable[[Sequence[Step]], None],
) -> Outcome:  # fmt: skip
    """The outcome, with a word on what runs again. `steps` are the plan's, as they ended; `before` is the engine before it; `look`
    sees it now; `begin` is called when there are new steps; once `lost()` the run is another worker's."""
    if outcome.state not in CAUSES or lost():
        return outcome
    told = outcome.error if outcome.error.endswith((".", "!", "?")) else f"{outcome.error}."
    try:
        done = {index for index, step in enumerate(steps) if step.state == "done"}
        back = plan_put_back(design, plan, before, look(), cause=CAUSES[outcome.state], done=done)
    except EngineError as error:
        return replace(outcome, error=f"{told} What runs now could not be seen: {error.message}")
    if not back.operations:
        return outcome
    more = runs.add_steps(run.pk, back)
    begin()
    ended = perform_plan(engine, back, more, stopping=lost, tell=tell)
    if ended.state == "done":
        return replace(outcome, error=f"{told} {_told(back)}")
    old = "The old " if _services(back, Kind.START) else ""
    return replace(outcome, error=f"{told} {old}{_and(_services(back))} could not be brought back: {ended.error}")


def _told(back: Plan) -> str:
    """What is as it was again, in a sentence or two."""
    started, connected = _services(back, Kind.START), [one for one in _services(back) if one not in _services(back, Kind.START)]
    words = [f"The old {_and(started)} run{'s' if len(started) == 1 else ''} again."] if started else []
    if connected:
        words.append(f"{_and(connected)} {'is' if len(connected) == 1 else 'are'} on {_and(_networks(back, connected))} again.")
    return " ".join(words)


def _services(back: Plan, *kinds: Kind) -> list[str]:
    """The services of which containers are started or connected."""
    found = {one.subject for one in back.operations if one.kind in (kinds or (Kind.START, Kind.CONNECT))}
    return sorted(subject.partition(":")[2] for subject in found)


def _networks(back: Plan, services: list[str]) -> list[str]:
    subjects = {f"service:{name}" for name in services}
    connects = [one for one in back.operations if one.kind is Kind.CONNECT and one.subject in subjects]
    return sorted({one.detail["network"] for one in connects})


def _and(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
