"""Performs a plan's operations on an engine, side by side where `needs` allows. It decides nothing about the stack.

The calling thread alone writes rows and announces; the threads of the pool only talk to the engine and report through a queue.
What several of them report at about the same time is written and told together: a row for each state, not a commit for each row.
"""

from __future__ import annotations

import contextlib
import heapq
import math
import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import structlog

from topology.core.plan import Impact, Kind, Operation, Plan
from topology.engine.errors import EngineError, EngineTimeout
from topology.engine.port import Engine
from topology.models import Step

log = structlog.get_logger(__name__)
# How many calls of a kind are under way at once: those that keep the engine busy, of which more only queue inside it (measured with
# 40 containers), with starts apart, so that the next container is made while others start; those that mostly wait, for a container
# to end or to be healthy, or for a registry; and wires of containers that run, which an engine joins twice as fast one by one
# (1.7 s for 40, 3.0 s with 8 at once on 20.10) and miscounts when they crowd.
ROOM = {"busy": 8, "starts": 8, "patient": 56, "wires": 1}
WIRES = frozenset({Kind.CONNECT, Kind.DISCONNECT})
PATIENT = frozenset({Kind.STOP, Kind.RESTART, Kind.WAIT_HEALTHY, Kind.WAIT_COMPLETED, Kind.WAIT_STEADY, Kind.PULL_IMAGE})
WAITS = frozenset({Kind.WAIT_HEALTHY, Kind.WAIT_COMPLETED})
PROGRESS_EVERY_S = 0.2
# The longest that what reports progress may take in all; each single call has its time from the engine's side already (see
# `topology.engine.perform`), and waits have theirs in the plan.
LONGEST_S = {Kind.PULL_IMAGE: 3600.0, Kind.BUILD_IMAGE: 2 * 3600.0}


TOO_LONG_FIX = "Pull or build it on the engine by hand and see what takes so long, then apply again."
BROKEN = "Netyard itself failed here"
BROKEN_FIX = "Read the worker's log, and report it. Apply again: what is done stays done."


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: `state` as in `Run.state`, and for a person the error and what to do. `output` is for those who may read
    logs: what a container printed last."""

    state: str
    error: str = ""
    fix: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class _Progress:
    index: int
    line: str
    share: float | None


@dataclass(frozen=True, slots=True)
class _Ended:
    index: int
    future: Future[EngineError | None]


Tell = Callable[[Sequence[Step]], None]


def perform_plan(engine: Engine, plan: Plan, steps: Sequence[Step], *, stopping: Callable[[], bool], tell: Tell) -> Outcome:
    """Perform every operation once those it needs are done.

    After a failed step whatever does not need it goes on, or only softly, and what does is skipped; so it is where Netyard itself
    is at fault, which the log has in full. A wait that failed and that all need softly is no failure of the whole. Once
    `stopping()` no step begins and those under way are asked to end. `tell` gets the steps that changed: always before the call
    of one that begins, and progress at most five times a second.
    """
    return _Performance(engine, plan, steps, stopping, tell).run()


class _Performance:
    def __init__(self, engine: Engine, plan: Plan, steps: Sequence[Step], stopping: Callable[[], bool], tell: Tell) -> None:
        self.engine = engine
        self.operations = plan.operations
        self.steps = steps
        self.stopping = stopping
        self.tell = tell
        self.reports: queue.Queue[_Progress | _Ended] = queue.Queue()
        self.open_needs = [len(set(operation.needs)) for operation in self.operations]
        self.needed_by: list[list[int]] = [[] for _ in self.operations]
        for index, operation in enumerate(self.operations):
            for need in set(operation.needs):
                self.needed_by[need].append(index)
        self.lanes = [_lane(operation) for operation in self.operations]
        self.ready: dict[str, list[int]] = {lane: [] for lane in ROOM}  # heaps of indexes
        self.under_way = dict.fromkeys(ROOM, 0)
        self.changed: dict[int, Step] = {}
        self.told_at: dict[int, float] = {}
        self.given_up: set[int] = set()  # what failed, and what needs that
        self.optional: set[int] = set()  # waits that failed and that nobody needs to have ended well
        self.first_error: tuple[Operation, EngineError] | None = None

    def run(self) -> Outcome:
        for index, missing in enumerate(self.open_needs):
            if not missing:
                self._is_ready(index)
        with ThreadPoolExecutor(sum(ROOM.values()), thread_name_prefix="perform") as pool:
            self._begin_ready(pool)
            while any(self.under_way.values()):
                for report in self._reports():
                    if isinstance(report, _Progress):
                        self._show(report)
                    else:
                        self._settle(report)
                self._begin_ready(pool)
        for index, step in enumerate(self.steps):
            if step.state == "pending":
                self._change(index, "skipped")
        self._flush()
        return self._outcome()

    def _reports(self) -> list[_Progress | _Ended]:
        """The next report, and all that have come with it."""
        found = [self.reports.get()]
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self.reports.get_nowait())
        return found

    def _is_ready(self, index: int) -> None:
        heapq.heappush(self.ready[self.lanes[index]], index)

    def _begin_ready(self, pool: ThreadPoolExecutor) -> None:
        """Begin what is ready, as far as there is room; every row is written before the first call is made."""
        begun: list[int] = []
        for lane, room in ROOM.items():
            while self.ready[lane] and self.under_way[lane] < room and not self.stopping():
                index = heapq.heappop(self.ready[lane])
                self.steps[index].started_at = time.time()
                self._change(index, "running")
                self.under_way[lane] += 1
                begun.append(index)
        self._flush()
        for index in begun:
            future = pool.submit(self._perform, index, self.operations[index])
            future.add_done_callback(lambda done, index=index: self.reports.put(_Ended(index, done)))  # type: ignore[misc]

    def _perform(self, index: int, operation: Operation) -> EngineError | None:
        """In a thread of the pool: no row is touched here."""
        limit_s = LONGEST_S.get(operation.kind, math.inf)
        until = time.monotonic() + limit_s
        try:
            self.engine.perform(
                operation,
                progress=lambda line, share: self.reports.put(_Progress(index, line, share)),
                cancelled=lambda: self.stopping() or time.monotonic() > until,
            )
        except EngineError as error:
            if time.monotonic() > until and not self.stopping():
                return EngineTimeout(f"It was not done after {limit_s / 60:.0f} minutes.", fix=TOO_LONG_FIX)
            return error
        return None

    def _show(self, report: _Progress) -> None:
        step = self.steps[report.index]
        step.progress, step.share = report.line[:200], report.share
        now = time.monotonic()
        if step.state == "running" and now - self.told_at.get(report.index, 0.0) >= PROGRESS_EVERY_S:
            self.told_at[report.index] = now
            self.changed[report.index] = step

    def _settle(self, report: _Ended) -> None:
        operation, step = self.operations[report.index], self.steps[report.index]
        self.under_way[self.lanes[report.index]] -= 1
        step.ended_at = time.time()
        error = _error_of(report.future, operation)
        if error is not None:
            step.error, step.fix = error.message, error.fix
            self._change(report.index, "failed")
            if self._is_optional(report.index):
                self.optional.add(report.index)
            else:
                self.first_error = self.first_error or (operation, error)
            self.given_up.add(report.index)
        else:
            self._change(report.index, "done")
        self._is_over(report.index)

    def _is_over(self, index: int) -> None:
        """What needs it comes nearer, or is given up with it, and then that is over as well."""
        left = [index]
        while left:
            over = left.pop()
            for user in self.needed_by[over]:
                if over not in self.given_up or over in self.operations[user].soft:
                    self.open_needs[user] -= 1
                    if not self.open_needs[user]:
                        self._is_ready(user)
                elif user not in self.given_up:
                    self.given_up.add(user)
                    left.append(user)

    def _is_optional(self, index: int) -> bool:
        """A wait for what others can do without."""
        users = self.needed_by[index]
        return self.operations[index].kind in WAITS and bool(users) and all(index in self.operations[user].soft for user in users)

    def _change(self, index: int, state: str) -> None:
        self.steps[index].state = state
        self.changed[index] = self.steps[index]

    def _flush(self) -> None:
        if self.changed:
            self.tell([self.changed[index] for index in sorted(self.changed)])
            self.changed = {}

    def _outcome(self) -> Outcome:
        if all(step.state == "done" or index in self.optional for index, step in enumerate(self.steps)):
            return Outcome("done")
        if self.stopping():
            return Outcome("cancelled", "Cancelled. What was done stays done.", "Press Apply to finish the rest.")
        assert self.first_error is not None, "a step was left out with nothing failed: the plan's needs form a circle"
        operation, error = self.first_error
        return Outcome("failed", f"{_lead(operation)}: {error.message}", error.fix)


def _error_of(future: Future[EngineError | None], operation: Operation) -> EngineError | None:
    """How a call ended. What is no engine's error is a fault of Netyard's own: viewers see its kind, and the log has all of it."""
    fault = future.exception()
    if fault is None:
        return future.result()
    log.error("a step broke", step=operation.summary, exc_info=fault)
    return EngineError(f"{BROKEN} ({type(fault).__name__}).", fix=BROKEN_FIX)


def _lane(operation: Operation) -> str:
    if operation.kind in WIRES and operation.impact is Impact.IN_PLACE:
        return "wires"
    if operation.kind is Kind.START:
        return "starts"
    return "patient" if operation.kind in PATIENT else "busy"


def _lead(operation: Operation) -> str:
    if operation.kind is Kind.WAIT_STEADY:
        return f"The new {operation.subject.partition(':')[2]} did not stay up"
    return f"Could not {operation.summary}"
