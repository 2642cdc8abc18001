"""How long reading and printing take, next to `docker compose config` on the same file: by turns, medians of some runs.

`program` is `compose config` as it is called, its start included; `within` the same work in a process that runs already, as in the
server. Wall-clock time says what a user waits, CPU time what it costs on a machine that does other work too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.compose_speed import SERVICE, text_of_57
from tests.bench.corpus.projects import HOME, load, tool
from tests.compose.corpus import FOLDER, rows
from tests.lab.compose import compose_command
from topology.compose.canonical import config, json_text
from topology.compose.write import Applied, apply
from topology.core.edit import SetEnvironment

TIMES = 5
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Took:
    """One run."""

    wall_s: float
    cpu_s: float


def text_of(services: int) -> str:
    """A generated file like that of 57 services."""
    variables = ", ".join(f'V{number}: "{number}"' for number in range(15))
    others = "".join(SERVICE.format(n=n, p=9000 + n, variables=variables) for n in range(1, services))
    return f"services:\n  s0: {{image: redis, networks: [front]}}\n{others}networks:\n  front: {{}}\nvolumes: {{data: {{}}}}\n"


def largest() -> Path:
    """The corpus's largest file that the tool takes as it is."""
    plain = [row for row in rows() if row["valid_how"] == "plain"]
    plain.sort(key=lambda row: (FOLDER / row["file"]).stat().st_size, reverse=True)
    return next(FOLDER / row["file"] for row in plain if tool(row, "config", "--quiet").returncode == 0)


def ran(command: list[str]) -> Took:
    """A program from start to end."""
    environment = {"PATH": os.environ["PATH"], "HOME": HOME}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return Took(time.perf_counter() - started, usage.ru_utime + usage.ru_stime)


def called(work: Callable[[], Any]) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


def measure(path: Path) -> dict[str, Took]:
    """The medians of the tool, our program and the work within a process, run by turns; and of one edit."""
    theirs = [*compose_command(), "-f", str(path), "config", "--format", "json"]
    ours = [sys.executable, "-m", "topology.offline", "compose", "config", str(path)]
    text = path.read_text("utf-8")
    service = next(iter(load(path, environment={"HOME": HOME}).tree["services"]))
    runs: dict[str, list[Took]] = {"tool": [], "program": [], "within": [], "edit": []}
    for _ in range(TIMES):
        runs["tool"].append(ran(theirs))
        runs["program"].append(ran(ours))
        runs["within"].append(called(lambda: json_text(config(load(path, environment={"HOME": HOME})))))
        runs["edit"].append(called(lambda: _edit(text, service)))
    return {name: Took(median(one.wall_s for one in took), median(one.cpu_s for one in took)) for name, took in runs.items()}


def _edit(text: str, service: str) -> None:
    assert isinstance(apply(text, SetEnvironment(service, "ADDED", "1")), Applied)


def table() -> str:
    lines = [
        f"speed, wall-clock (CPU) in ms, medians of {TIMES} by turns; ratio to the tool's wall-clock",
        f"    {'':28}{'tool':>14}{'program':>14}{'ratio':>7}{'within':>14}{'ratio':>7}{'one edit':>14}",
    ]
    with tempfile.TemporaryDirectory(prefix="nyt-speed-") as name:
        files = {"57 services": text_of_57(), "500 services": text_of(500)}
        paths = {"the corpus's largest": largest()} if rows() else {}
        for what, text in files.items():
            paths[what] = Path(name) / f"{what.split()[0]}.yaml"
            paths[what].write_text(text, "utf-8")
        for what, path in paths.items():
            lines.append(_line(f"{what} ({path.stat().st_size / 1000:.0f} kB)", measure(path)))
    return "\n".join(lines)


def _line(what: str, took: dict[str, Took]) -> str:
    shown = {name: f"{one.wall_s * 1000:.0f} ({one.cpu_s * 1000:.0f})" for name, one in took.items()}
    ratio = {name: f"{took[name].wall_s / took['tool'].wall_s:.2f}" for name in ("program", "within")}
    columns = f"{shown['tool']:>14}{shown['program']:>14}{ratio['program']:>7}{shown['within']:>14}{ratio['within']:>7}"
    return f"    {what:28}{columns}{shown['edit']:>14}"


if __name__ == "__main__":
    print(table())
