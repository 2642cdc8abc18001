"""Carries a run out at the terminal and says how it goes: one line a step, as each begins and ends."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import Any
from uuid import UUID

from django.db import connections

from topology import wire
from topology.actions.authorize import Actor
from topology.actions.preview_plan import make_preview
from topology.actions.request_run import request_run
from topology.actions.run_apply import run_apply
from topology.models import Stack
from topology.store import runs

LOOK_S = 0.1
SIGNS = {"running": "…", "done": "✓", "failed": "✗", "skipped": "-"}


def carry_out(actor: Actor, stack: Stack, *, kind: str, remove_orphans: bool, remove_volumes: bool, quiet: bool) -> wire.RunView:
    """Ask for the run, perform it here unless a worker has taken it, and give it as it ended."""
    preview = make_preview(stack, kind=kind, remove_orphans=remove_orphans, remove_volumes=remove_volumes)
    asked = wire.RunRequest(
        kind=kind, digest=preview.plan.digest, remove_orphans=remove_orphans, remove_volumes=remove_volumes,  # type: ignore[arg-type]
    )  # fmt: skip
    if not quiet and not preview.stops:
        print(preview.plan.as_text(), end="", flush=True)
    run_id = UUID(request_run(actor, stack_id=stack.pk, asked=asked).id)
    failure: list[BaseException] = []
    worker = threading.Thread(target=_work, args=(str(run_id), failure), name="run", daemon=True)
    worker.start()
    view = _follow(run_id, worker, quiet=quiet)
    if failure:
        raise failure[0]
    return view


def _work(run_id: str, failure: list[BaseException]) -> None:
    try:
        run_apply(run_id, worker=f"cli-{os.getpid()}-{run_id}"[:64])
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
        failure.append(error)
    finally:
        connections.close_all()


def _follow(run_id: UUID, worker: threading.Thread, *, quiet: bool) -> wire.RunView:
    told: dict[int, str] = {}
    while True:
        run = runs.find(run_id)
        if run is None:
            raise RuntimeError("the stack was deleted while it was applied")
        view = runs.run_view(run)
        if not quiet:
            _print_news(view, told)
        if view.state not in runs.OPEN_STATES and not worker.is_alive():
            return view
        time.sleep(LOOK_S)


def _print_news(view: wire.RunView, told: dict[int, str]) -> None:
    for step in view.steps:
        if step.state != "pending" and told.get(step.index) != step.state:
            told[step.index] = step.state
            print(_line(step), file=sys.stderr, flush=True)


def _line(step: wire.StepView) -> str:
    took: Any = f" ({step.ended_at - step.started_at:.1f} s)" if step.state == "done" and step.ended_at else ""
    return f"  {SIGNS[step.state]} {step.summary}{took}{': ' + step.error if step.error else ''}"
