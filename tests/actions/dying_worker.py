"""A worker that is killed at one step: `python -m tests.actions.dying_worker RUN before|after SUMMARY`.

It carries out the run as the real worker does, and ends itself with SIGKILL right before, or right after, the engine's call of the
step with that summary, whatever else is under way then.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
django.setup()

from topology.actions.run_apply import run_apply  # noqa: E402
from topology.core.plan import Operation  # noqa: E402
from topology.engine.connect import open_engine  # noqa: E402


class DyingEngine:
    """Everything is the real engine's, except for what happens around one call."""

    def __init__(self, url: str, *, moment: str, summary: str) -> None:
        self._engine = open_engine(url)
        self._moment, self._summary = moment, summary

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def perform(self, operation: Operation, **options: Any) -> str:
        self._die_if(operation, "before")
        said = self._engine.perform(operation, **options)
        self._die_if(operation, "after")
        return said

    def _die_if(self, operation: Operation, moment: str) -> None:
        if (operation.summary, moment) == (self._summary, self._moment):
            os.kill(os.getpid(), signal.SIGKILL)


def main(run_id: str, moment: str, summary: str) -> None:
    connect: Callable[[str], Any] = lambda url: DyingEngine(url, moment=moment, summary=summary)  # noqa: E731
    print(f"not killed; the run ended {run_apply(run_id, worker=f'dying-{os.getpid()}', connect=connect)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
