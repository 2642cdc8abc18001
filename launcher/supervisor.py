"""The supervisor of `up`: Valkey, web, worker and watcher as children. One that dies comes back; all go when it goes."""

import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from launcher.places import ROOT, say

QUIET_S = 10.0  # a child that lived this long starts its waiting anew
LONGEST_WAIT_S = 8.0
STOP_S = 8.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A command kept running; where it has a `ready`, that must hold before the next one is started.

    `orphaned` is the signal it gets when the supervisor itself is killed. A worker that is told to end politely while it starts,
    and whose broker ends beside it, would wait for the broker for ever; a run survives a SIGKILL by its journal.
    """

    name: str
    command: list[str]
    ready: Callable[[], bool] | None = None
    orphaned: signal.Signals = signal.SIGKILL
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float = 0.0
    restarts: int = 0
    log: Path = field(default_factory=Path)


def _die_with_parent(number: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


class Supervisor:
    """Runs children until told to stop by SIGTERM or SIGINT. `state` is a JSON file that `status` and `stop` read."""

    def __init__(
        self, children: list[Child], *, environment: dict[str, str], logs: Path, state: Path, about: dict[str, object]
    ) -> None:
        self.children = children
        self.environment = environment
        self.logs = logs
        self.state = state
        self.about = about
        self.stopping = False
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Start all in order, keep them, and end them all on a signal."""
        signal.set_wakeup_fd(self._wake_writer)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            for child in self.children:
                self._start(child)
                self._await_ready(child)
            if not self.stopping:
                on_ready()
            while not self.stopping:
                self._tend()
        finally:
            self._end_all()
            self.state.unlink(missing_ok=True)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self, child: Child) -> None:
        if self.stopping:
            return
        child.log = self.logs / f"{child.name}.log"
        _rotate(child.log)
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(
                child.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=partial(_die_with_parent, child.orphaned),
            )  # fmt: skip
        child.started_at = time.monotonic()
        self._write_state()

    def _await_ready(self, child: Child) -> None:
        deadline = time.monotonic() + 30
        while child.ready and not self.stopping and time.monotonic() < deadline:
            if child.process and child.process.poll() is not None:
                last = (child.log.read_text(errors="replace").strip().splitlines() or ["no reason given"])[-1]
                raise RuntimeError(f"The {child.name} process ended at once: {last} (whole log: {child.log})")
            if child.ready():
                return
            time.sleep(0.03)

    def _tend(self) -> None:
        """Wait for a signal or the next restart that is due, then look after the children."""
        now = time.monotonic()
        due = [child.start_at for child in self.children if child.process is None]
        self._sleep(max(0.0, min(due) - now) if due else None)
        for child in self.children:
            if child.process is not None and child.process.poll() is not None and not self.stopping:
                lived = time.monotonic() - child.started_at
                child.failures = 0 if lived > QUIET_S else child.failures + 1
                wait = 0.0 if child.failures == 0 else min(LONGEST_WAIT_S, 0.25 * 2**child.failures)
                say(f"{child.name} ended ({_how(child.process.returncode)}); starting it again.")
                child.process, child.start_at, child.restarts = None, time.monotonic() + wait, child.restarts + 1
            if child.process is None and not self.stopping and time.monotonic() >= child.start_at:
                self._start(child)

    def _sleep(self, timeout_s: float | None) -> None:
        readable, _, _ = select.select([self._wake_reader], [], [], timeout_s)
        if readable:
            os.read(self._wake_reader, 512)

    def _end_all(self) -> None:
        """Ask the children to end, the last started first and Valkey after the others; insist after 8 s."""
        first, rest = self.children[:1], self.children[1:]
        for group in (rest, first):
            running = [child.process for child in group if child.process and child.process.poll() is None]
            for process in running:
                process.terminate()
            deadline = time.monotonic() + STOP_S
            for process in running:
                try:
                    process.wait(max(0.05, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def _write_state(self) -> None:
        children = {child.name: {"pid": child.process.pid, "restarts": child.restarts} for child in self.children if child.process}
        draft = self.state.with_suffix(".draft")
        draft.write_text(json.dumps({**self.about, "pid": os.getpid(), "children": children}))
        draft.replace(self.state)


def _rotate(log: Path, *, most_bytes: int = 10_000_000) -> None:
    if log.exists() and log.stat().st_size > most_bytes:
        log.replace(log.with_suffix(".log.1"))


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
