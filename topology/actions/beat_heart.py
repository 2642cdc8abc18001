"""Shows that the worker of a run lives, and learns whether to stop."""

from __future__ import annotations

import threading
import time

import structlog
from django.db import DatabaseError, connections

from topology.store import runs

log = structlog.get_logger(__name__)
LOOK_S = 0.5


class Heart:
    """A thread that shows every 2 s that the worker lives, and learns whether to stop."""

    def __init__(self, run_id: str, *, worker: str) -> None:
        self.run_id = run_id
        self.worker = worker
        self.cancelled = threading.Event()
        self.lost = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=5)

    def stopping(self) -> bool:
        return self.cancelled.is_set() or self.lost.is_set()

    def _beat(self) -> None:
        """While the database does not answer nobody can know that this worker lives: then it stops before another takes over."""
        next_beat = time.monotonic() + runs.HEARTBEAT_S
        known_until = time.monotonic() + runs.LOST_AFTER_S
        while not self._over.wait(LOOK_S):
            try:
                if time.monotonic() < next_beat:
                    if runs.cancel_asked(self.run_id):
                        self.cancelled.set()
                    continue
                next_beat = time.monotonic() + runs.HEARTBEAT_S
                pulse = runs.beat(self.run_id, worker=self.worker)
                known_until = time.monotonic() + runs.LOST_AFTER_S
                if pulse.cancel_asked:
                    self.cancelled.set()
                if not pulse.owned:
                    self.lost.set()
            except DatabaseError as error:
                log.warning("no heartbeat: the database does not answer", run=self.run_id, error=type(error).__name__)
                connections.close_all()
                if time.monotonic() > known_until:
                    self.lost.set()
        connections.close_all()
