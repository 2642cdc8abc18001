"""Apply next to Compose, alternating in one run: `python -m tests.bench.apply_speed [--runs 5] [--services 10,40]`.

For each size on 4 networks: a fresh up, an apply with nothing to do, one network added to all running services, and down. Ours is
measured through a running server, from asking for the plan until a socket says that the last call is done; Compose's as one
command. Each round has a project of its own, and one in which the engine lost track of an endpoint, whosever call it was, is
run again: what is left over then would be there already for the next. Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docker

from tests.e2e.conftest import Site, start_site, stop_site
from tests.lab.compose import compose_command
from tests.lab.leftovers import join_runs
from tests.lab.turns import remove_all_of
from tests.lab.visitor import Visitor, Watch

NETWORKS = 4
ACTIVE = "has active endpoints"
LOST_TRACK = "lost track of"  # engine 20.10 can miscount a network's endpoints where many come and go, whoever asks
LIMITS = {"up": 1.0, "unchanged": 1.0, "network": 0.25, "down": 1.0}


def stack_text(services: int, *, wide: bool) -> str:
    """Services on two of four networks each; `wide`: and all of them on a fifth."""
    lines = ["services:"]
    for number in range(services):
        networks = [f"n{number % NETWORKS}", f"n{(number + 1) % NETWORKS}", *(["all"] if wide else [])]
        lines += [
            f"  s{number}:",
            "    image: standin:latest",
            "    stop_grace_period: 1s",
            f"    networks: [{', '.join(networks)}]",
        ]
    names = [*(f"n{number}" for number in range(NETWORKS)), *(["all"] if wide else [])]
    return "\n".join([*lines, "networks:", *(f"  {name}: {{}}" for name in names), ""])


class ByCompose:
    """One project in a folder of its own, driven by the command."""

    def __init__(self, folder: Path, *, project: str) -> None:
        self.file, self.project, self.failed = folder / f"{project}.yaml", project, False

    def write(self, text: str) -> None:
        self.file.write_text(text)

    def up(self) -> None:
        self._run("up", "-d", "--quiet-pull")

    def down(self) -> None:
        self._run("down", "--volumes")

    @contextmanager
    def watching(self) -> Iterator[None]:
        yield

    def _run(self, *arguments: str) -> None:
        command = [*compose_command(), "-f", str(self.file), "-p", self.project, *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:  # seen: engine 20.10 keeps an endpoint of a container that is gone
            said = done.stderr.strip().splitlines()[-1]
            assert ACTIVE in said, said
            self.failed = True
            print(f"  Compose failed at {arguments[0]}: the engine lost track of an endpoint", flush=True)


class ByNetyard:
    """One stack of a running Netyard, driven over HTTP as the browser does."""

    def __init__(self, visitor: Visitor, *, project: str, text: str) -> None:
        self.visitor = visitor
        team = visitor.get("/api/me")["teams"][0]["id"]
        self.id = visitor.post("/api/stacks", {"team_id": team, "name": project, "text": text})["id"]
        self.socket: Watch | None = None
        self.project, self.failed = project, False
        self.under_way = ""

    def write(self, text: str) -> None:
        self.visitor.edit(self.id, op_id=uuid.uuid4().hex, kind="replace_text", text=text)

    def up(self) -> None:
        self._run("apply")

    def down(self) -> None:
        self._run("down")

    def _run(self, kind: str) -> None:
        """Until the last call is done, as the browser hears it. That an apply looks for two seconds more whether what it started
        stays up is no part of it: Compose does not. That time is waited for without being counted."""
        digest = self.visitor.get(f"/api/stacks/{self.id}/plan?kind=apply")["digest"] if kind == "apply" else ""
        run = self.visitor.post(f"/api/stacks/{self.id}/runs", {"kind": kind, "digest": digest})
        states: dict[int, str] = {}
        assert self.socket is not None
        while run["state"] in ("queued", "running") and not (states and set(states.values()) == {"done"}):
            message = self.socket.until(lambda one: one["type"] in ("run", "steps"), what="the run")
            if message["type"] == "run" and message["run"]["id"] == run["id"]:
                run = message["run"]
                states |= {step["index"]: step["state"] for step in run["steps"]}
            elif message["type"] == "steps" and message["run_id"] == run["id"]:
                states |= {step["index"]: step["state"] for step in message["steps"]}
        self.under_way = run["id"]

    @contextmanager
    def watching(self) -> Iterator[None]:
        """With the socket open, as the browser has it; afterwards until the run is over."""
        with self.visitor.watch(self.id) as self.socket:
            self.socket.until(lambda one: one["type"] == "snapshot", what="the snapshot")
            yield
        run = self.visitor.ended(self.under_way)
        if run["state"] != "done":
            assert LOST_TRACK in run["error"], (run["error"], run["fix"])
            self.failed = True
            print("  Netyard failed: the engine lost track of an endpoint", flush=True)


@contextmanager
def running_site() -> Iterator[tuple[Site, Visitor]]:
    with tempfile.TemporaryDirectory() as name:
        site = start_site(Path(name))
        try:
            visitor = Visitor(site.address)
            visitor.set_up(site.setup_link, username="bench")
            yield site, visitor
        finally:
            stop_site(site)


def took_s(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def timed_s(made_by: ByCompose | ByNetyard, work: Callable[[], object]) -> float:
    with made_by.watching():
        return took_s(work)


def one_round(made_by: ByCompose | ByNetyard, *, services: int, engine: docker.DockerClient, project: str) -> dict[str, float]:
    made_by.write(stack_text(services, wide=False))
    found = {"up": timed_s(made_by, made_by.up)}
    before = ids_of(engine, project)
    assert len(before) == services, f"{len(before)} of {services} run"
    found["unchanged"] = timed_s(made_by, made_by.up)
    assert ids_of(engine, project) == before, "an unchanged apply made containers anew"
    made_by.write(stack_text(services, wide=True))
    found["network"] = timed_s(made_by, made_by.up)
    kept = len(ids_of(engine, project) & before)
    found["down"] = timed_s(made_by, made_by.down)
    assert not ids_of(engine, project), "down left containers"
    return found | {"kept": float(kept)}


def ids_of(engine: docker.DockerClient, project: str) -> set[str]:
    return {one.id for one in engine.containers.list(filters={"label": f"com.docker.compose.project={project}"}, sparse=True)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--services", default="10,40")
    options = parser.parse_args()
    join_runs()
    engine, failed = docker.from_env(timeout=60), False
    with tempfile.TemporaryDirectory() as folder, running_site() as (_, visitor):
        rounds(Path(folder), visitor, engine, services=2, runs=1)  # so that nothing is measured that a server does once
        for services in map(int, options.services.split(",")):
            failed |= report(*rounds(Path(folder), visitor, engine, services=services, runs=options.runs), services=services)
    return int(failed)


def rounds(
    folder: Path, visitor: Visitor, engine: docker.DockerClient, *, services: int, runs: int
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """Ours and Compose's figures, taken in turns."""
    found: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
    while len(found["theirs"]) < runs or len(found["ours"]) < runs:
        for who in ("theirs", "ours"):
            project = f"nyt-{who}-{services}-{uuid.uuid4().hex[:4]}"
            text = stack_text(services, wide=False)
            side: ByCompose | ByNetyard = (
                ByCompose(folder, project=project) if who == "theirs" else ByNetyard(visitor, project=project, text=text)
            )
            try:
                figures = one_round(side, services=services, engine=engine, project=project)
                if not side.failed and len(found[who]) < runs:
                    found[who].append(figures)
            finally:
                remove_all_of(engine, project)
    return found["ours"], found["theirs"]


def report(ours: list[dict[str, float]], theirs: list[dict[str, float]], *, services: int) -> bool:
    failed = False
    print(f"{services} services on {NETWORKS} networks, medians of {len(ours)}")
    for what, limit in LIMITS.items():
        mine, other = (statistics.median(one[what] for one in side) for side in (ours, theirs))
        failed |= mine / other > limit
        print(f"  {what:<10} ours {mine:7.2f} s   Compose {other:7.2f} s   ratio {mine / other:5.2f}   (aim ≤ {limit})")
    kept = [int(min(one["kept"] for one in side)) for side in (ours, theirs)]
    print(f"  containers kept while the network was added: ours {kept[0]}, Compose {kept[1]}", flush=True)
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
