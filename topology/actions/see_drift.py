"""Notices what was changed outside of Netyard: after each look at a stack, and after each run. Told at once, written down once.

Compared is what was last applied, and never while a run is at work, nor after one that broke off: what differs then is its own.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from topology import announce, wire
from topology.core.design import Design
from topology.core.drift import Drift, drift, in_both
from topology.core.observed import Observed
from topology.models import Op, Run, Stack, Step
from topology.store import status
from topology.store.drifts import drift_views, load_drift, save_drift
from topology.store.files import bundle_of
from topology.store.folders import folder_for
from topology.store.readings import design_of

RUNS_READ = 30
ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a stack is to be like: the design last applied, and the services that were stopped through Netyard since."""

    design: Design
    stopped: frozenset[str]


def tell_drift(stack_id: UUID) -> None:
    """Compare anew; announce what changed, and write a line for each difference that is new."""
    for _ in range(ATTEMPTS):
        stack, folded = Stack.objects.filter(pk=stack_id).first(), status.load(stack_id)
        if stack is None or (found := find_drift(stack, folded.observed)) is None:
            return
        try:
            before = _replace(stack_id, found, seen=folded.seq)
        except IntegrityError:
            return  # the stack is gone
        if before is None:
            continue  # someone looked meanwhile
        if found != before:
            announce.drift(stack_id, wire.DriftChanged(drift=drift_views(found)))
            known = {one.id for one in before}
            for one in found:
                if one.id not in known:
                    _write_line(stack_id, one)
        return


def _replace(stack_id: UUID, found: tuple[Drift, ...], *, seen: int) -> tuple[Drift, ...] | None:
    """Save what was found; gives what was known before, None when the status is not the one that was `seen` any more."""
    with transaction.atomic():
        Stack.objects.select_for_update(of=("self",)).filter(pk=stack_id).first()  # two that look at once tell it once
        if status.load(stack_id).seq != seen:
            return None
        before = load_drift(stack_id)
        if found != before:
            save_drift(stack_id, found)
        return before


def find_drift(stack: Stack, observed: Observed) -> tuple[Drift, ...] | None:
    """The differences now; None while nothing can be said: a run is under way, or nobody has looked yet."""
    if not observed.at or Run.objects.filter(stack=stack, state="running").exists():
        return None
    base = baseline(stack, observed)
    if base is None:
        return ()
    found = drift(base.design, observed, stopped=base.stopped)
    if not found or stack.version == stack.applied_version:
        return found
    drawn = design_of(bundle_of(stack), project=stack.project, folder=folder_for(stack, observed))
    return found if drawn is None else in_both(found, drift(drawn, observed, stopped=base.stopped))


def baseline(stack: Stack, observed: Observed) -> Baseline | None:
    """What was last applied, as far as it is settled: None where it never was, was taken down, or an apply broke off since."""
    runs = Run.objects.filter(stack=stack).exclude(state__in=("queued", "waiting")).order_by("-requested_at")
    since: list[Run] = []
    for run in runs.defer("text", "tree")[:RUNS_READ]:
        if run.kind == "down" or (run.kind == "apply" and not run.asked.get("only")):
            if run.state == "done" and run.kind == "apply":
                break
            if run.state == "done" or Step.objects.filter(run=run).exclude(state__in=("pending", "skipped")).exists():
                return None
        else:
            since.append(run)
    if not stack.applied_version:
        return None
    op = Op.objects.filter(stack=stack, version=stack.applied_version).first()
    design = design_of(bundle_of(op), project=stack.project, folder=folder_for(stack, observed)) if op is not None else None
    if design is None:
        return None
    return Baseline(design, _stopped(since[::-1], design.services.keys()))


def _stopped(runs: Iterable[Run], services: Collection[str]) -> frozenset[str]:
    """The services that stops and starts since the apply have left stopped; `runs` oldest first."""
    stopped: set[str] = set()
    for run in runs:
        about = _about(run, services)
        stopped = stopped | about if run.kind == "stop" else stopped - about
    return frozenset(stopped)


def _about(run: Run, services: Collection[str]) -> set[str]:
    """The services that a run was asked about; of one that broke off those that it came to."""
    subjects = run.asked.get("only") or run.asked.get("services") or services
    if run.state != "done":
        begun = Step.objects.filter(run=run).exclude(state__in=("pending", "skipped"))
        subjects = begun.values_list("operation__subject", flat=True)
    return {str(subject).removeprefix("service:") for subject in subjects}


def _write_line(stack_id: UUID, one: Drift) -> None:
    kind, _, name = one.subject.partition(":")
    entry = status.add_timeline(
        stack_id, at=time.time(), kind="drift", service=name if kind == "service" else "", severity="warning",
        text=f"{name} was changed outside of Netyard: {one.words}",
    )  # fmt: skip
    announce.timeline(stack_id, wire.TimelineAdded(entry=entry))
