"""The engine SIGKILLed and started again at points of an apply: `python -m tests.bench.engine_kill_matrix [points]`.

An engine of the tests' own, with its own data. The plan is the change of `tests.actions.kill_points` (BEFORE to AFTER). The engine
is killed when a step begins, or in the middle of its call; the apply fails, the engine starts again on the same data, and the
next apply must end as an undisturbed one, with nothing doubled or left over. Prints a line for each point that does not.

Engine 20.10 can keep a network in its store that it neither lists nor removes any more, and whose addresses it gives to nobody. A
point that cannot begin on what an earlier one has left behind in this way begins again on an empty store.
"""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("NETYARD_DATA", tempfile.mkdtemp(prefix="nyt-kill-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

import django

django.setup()

import argparse  # noqa: E402
import contextlib  # noqa: E402
import logging  # noqa: E402
import shutil  # noqa: E402
import sys  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import docker  # noqa: E402
import structlog  # noqa: E402

from tests.actions.kill_points import AFTER, BEFORE, Lab, settled  # noqa: E402
from tests.bench.kill_matrix import build  # noqa: E402
from tests.lab.second_engine import SecondEngine, second_engine  # noqa: E402
from topology.actions.run_apply import run_apply  # noqa: E402
from topology.engine.connect import open_engine  # noqa: E402
from topology.models import Run  # noqa: E402

NOT_KILLED = "the engine was not killed"
STORE = "data/network/files/local-kv.db"
MOMENTS = {"before": 0.0, "within": 0.03}  # seconds after the step was written and before its call, or while it is made


class Deadly:
    """An engine that dies around the step with one summary: everything else is the real one's."""

    def __init__(self, url: str, summary: str, after_s: float, kill: Callable[[], None]) -> None:
        self._engine = open_engine(url)
        self._summary, self._after_s, self._kill = summary, after_s, kill
        self._once = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def perform(self, operation: Any, **options: Any) -> str:
        if operation.summary == self._summary and self._once.acquire(blocking=False):
            if not self._after_s:
                self._kill()
            else:
                threading.Timer(self._after_s, self._kill).start()
        return self._engine.perform(operation, **options)


def start_again(engine: SecondEngine) -> str:
    """Start it as a supervisor would: on a busy machine the killed engine's containerd may still hold its data. What else was done.

    Engine 20.10 can leave a half removed network behind on which it panics at every start (libnetwork, reservePools). Then its
    administrator has to remove its store of networks, and so does this.
    """
    for attempt in range(6):
        with contextlib.suppress(AssertionError):
            engine.start()
            return "its store of networks removed" if attempt > 3 else ""
        if attempt == 3:
            (engine.folder / STORE).unlink(missing_ok=True)
        time.sleep(1)
    raise AssertionError("the engine does not start again")


def clear(lab: Lab) -> None:
    client = docker.DockerClient(lab.url, timeout=120)
    for container in client.containers.list(ignore_removed=True, all=True):
        container.remove(force=True, v=True)
    for network in client.networks.list():
        if network.name not in ("bridge", "host", "none"):
            network.remove()
    for volume in client.volumes.list():
        volume.remove(force=True)
    client.close()


def prepare(lab: Lab) -> None:
    clear(lab)
    lab.note_others()
    lab.write(BEFORE)
    run = lab.apply()
    assert run.state == "done", run.error
    lab.write(AFTER)


def tried(lab: Lab, engine: SecondEngine, *, summary: str, after_s: float, wanted: dict[str, object]) -> str:
    """Why this point did not end as it should; "" when it did."""
    prepare(lab)
    killed = threading.Event()

    def kill() -> None:
        engine.kill()
        killed.set()

    run_id = lab.request()
    run_apply(run_id, worker="disturbed", connect=lambda url, **_: Deadly(url, summary, after_s, kill))
    first = Run.objects.get(pk=run_id)
    if not killed.wait(10):
        return f"{NOT_KILLED}: {first.state} {first.error}"
    if first.state == "done" and after_s == 0:
        return "the apply was done without an engine"
    if first.state != "done" and not (first.error and first.fix):
        return f"the failure says nothing: {first.error!r} {first.fix!r}"
    mended = start_again(engine)
    if mended:
        print(f"    the engine panicked at its start: {mended}", flush=True)
    run = lab.apply()
    if run.state != "done":
        return f"the second apply {run.state}: {run.error} {run.fix}"
    found = settled(lab.state)
    if left := lab.summaries():
        return f"a third apply would {left}"
    if found != wanted:
        return "; ".join(f"{key}: {found[key]} instead of {wanted[key]}" for key in wanted if found[key] != wanted[key])
    return ""


def forget_networks(lab: Lab, engine: SecondEngine) -> None:
    clear(lab)
    engine.kill()
    (engine.folder / STORE).unlink(missing_ok=True)
    start_again(engine)


def matrix(lab: Lab, engine: SecondEngine, *, points: int, first: int) -> tuple[int, int]:
    prepare(lab)
    steps = lab.summaries()
    run = lab.apply()
    assert run.state == "done", run.error
    wanted = settled(lab.state)
    every = max(1, len(steps) // points)
    good = of = 0
    for index, summary in list(enumerate(steps))[first - 1 :: every]:
        for moment, after_s in MOMENTS.items():
            begun = time.monotonic()
            why = tried(lab, engine, summary=summary, after_s=after_s, wanted=wanted)
            if "conflicts with network" in why:
                print("    a network that nobody sees is in the way: its store of networks removed", flush=True)
                forget_networks(lab, engine)
                why = tried(lab, engine, summary=summary, after_s=after_s, wanted=wanted)
            of += 1
            good += not why
            print(
                f"  {moment} step {index + 1} ({summary}): {why or 'as undisturbed'}, {time.monotonic() - begun:.0f} s", flush=True
            )
    print(f"engine killed: {len(steps)} steps, {good} of {of} kills ended like the undisturbed apply", flush=True)
    return good, of


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("points", nargs="?", type=int, default=99, help="about how many steps, spread over the plan")
    parser.add_argument("--first", type=int, default=1, help="the step to begin with")
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with second_engine("busybox:stable", "standin:latest") as engine:
            good, of = matrix(build(engine.url), engine, points=chosen.points, first=chosen.first)
    finally:
        shutil.rmtree(os.environ["NETYARD_DATA"], ignore_errors=True)
    return int(good != of)


if __name__ == "__main__":
    sys.exit(main())
