"""Performs a plan's operations on an engine, side by side where `needs` allows. It decides nothing about the stack.

The calling thread alone writes rows and announces; the threads of the pool only talk to the engine and report through a queue.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from topology.core.plan import Operation, Plan
from topology.engine.errors import EngineError
from topology.engine.port import Engine
from topology.models import Step

PARALLEL = 8
PROGRESS_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: `state` as in `Run.state`, and for a person the error and what to do."""

    state: str
    error: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class _Progress:
    index: int
    line: str
    share: float | None


@dataclass(frozen=True, slots=True)
class _Ended:
    index: int
    future: Future[EngineError | None]


def perform_plan(
    engine: Engine, plan: Plan, steps: Sequence[Step], *, stopping: Callable[[], bool], tell: Callable[[Step], None]
) -> Outcome:
    """Perform every operation once those it needs are done.

    After a failed step whatever does not need it goes on, and what does is skipped. Once `stopping()` no step begins and those
    under way are asked to end. `tell` gets each step when it has changed, progress at most five times a second.
    """
    return _Performance(engine, plan, steps, stopping, tell).run()


class _Performance:
    def __init__(
        self, engine: Engine, plan: Plan, steps: Sequence[Step], stopping: Callable[[], bool], tell: Callable[[Step], None]
    ) -> None:
        self.engine = engine
        self.operations = plan.operations
        self.steps = steps
        self.stopping = stopping
        self.tell = tell
        self.reports: queue.Queue[_Progress | _Ended] = queue.Queue()
        self.under_way = 0
        self.told_at: dict[int, float] = {}
        self.first_error: tuple[Operation, EngineError] | None = None

    def run(self) -> Outcome:
        with ThreadPoolExecutor(PARALLEL, thread_name_prefix="perform") as pool:
            self._begin_ready(pool)
            while self.under_way:
                report = self.reports.get()
                if isinstance(report, _Progress):
                    self._show(report)
                else:
                    self._settle(report)
                    self._begin_ready(pool)
        for step in self.steps:
            if step.state == "pending":
                self._change(step, "skipped")
        return self._outcome()

    def _begin_ready(self, pool: ThreadPoolExecutor) -> None:
        for index, operation in enumerate(self.operations):
            if self.under_way >= PARALLEL or self.stopping():
                return
            step = self.steps[index]
            if step.state == "pending" and all(self.steps[need].state == "done" for need in operation.needs):
                step.started_at = time.time()
                self._change(step, "running")
                self.under_way += 1
                future = pool.submit(self._perform, index, operation)
                future.add_done_callback(lambda done, index=index: self.reports.put(_Ended(index, done)))  # type: ignore[misc]

    def _perform(self, index: int, operation: Operation) -> EngineError | None:
        """In a thread of the pool: no row is touched here."""
        try:
            self.engine.perform(
                operation,
                progress=lambda line, share: self.reports.put(_Progress(index, line, share)),
                cancelled=self.stopping,
            )
        except EngineError as error:
            return error
        return None

    def _show(self, report: _Progress) -> None:
        step = self.steps[report.index]
        step.progress, step.share = report.line[:200], report.share
        now = time.monotonic()
        if step.state == "running" and now - self.told_at.get(report.index, 0.0) >= PROGRESS_EVERY_S:
            self.told_at[report.index] = now
            self.tell(step)

    def _settle(self, report: _Ended) -> None:
        self.under_way -= 1
        step = self.steps[report.index]
        step.ended_at = time.time()
        error = report.future.result()
        if error is None:
            self._change(step, "done")
            return
        step.error, step.fix = error.message, error.fix
        self._change(step, "failed")
        self.first_error = self.first_error or (self.operations[report.index], error)

    def _change(self, step: Step, state: str) -> None:
        step.state = state
        self.tell(step)

    def _outcome(self) -> Outcome:
        if all(step.state == "done" for step in self.steps):
            return Outcome("done")
        if self.stopping():
            return Outcome("cancelled", "Cancelled. What was done stays done.", "Press Apply to finish the rest.")
        assert self.first_error is not None, "a step was left out with nothing failed: the plan's needs form a circle"
        operation, error = self.first_error
        return Outcome("failed", f"Could not {operation.summary}: {error.message}", error.fix)
