"""Compose and Netyard taking turns on the same containers: `python -m tests.bench.interchange [NAME …]`.

`forth`: Netyard applies, the exported file is brought up by Compose, which must find its own: no container made anew or started
again; `ps`, `logs`, `stop`, `start` and `down -v` work. `back`: Compose brings it up, the stack of that project has nothing to do,
an edit in place keeps every container, and once it is taken back Compose has nothing to do either. A project that mounts folders
beside its file cannot go forth: a text that came from a browser lies nowhere.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.engine.bench import until
from tests.lab.leftovers import join_runs
from tests.lab.turns import Turns, taking_turns, written
from topology.core.edit import AddNetwork, Attach
from topology.engine.connect import open_engine
from topology.engine.port import Engine

NOTHING = "nothing to do\n"
CORPUS = (
    "vmware__admiral/test-uptime/src/test/resources/app-2-alpine-1-network-volume.yaml",
    "docker__compose/_rev/v2.40.x/pkg/e2e/fixtures/network-test/compose.yaml",
    "docker__compose/pkg/e2e/testdata/TestNetworkAliases/compose.yaml",
    "docker__compose/_rev/1.28.x/tests/fixtures/v2-full/docker-compose.yml",
    "docker-library__docs/storm/compose.yaml",
    "docker__awesome-compose/react-express-mongodb/compose.yaml",
    "docker__compose/_rev/v2.40.x/pkg/e2e/fixtures/port-range/compose.yaml",
    "docker__compose/_rev/1.28.x/tests/fixtures/networks/docker-compose.yml",
    "docker__compose/_rev/v2.40.x/pkg/e2e/fixtures/network-links/compose.yaml",
    "docker__awesome-compose/elasticsearch-logstash-kibana/compose.yaml",
    "docker__compose/pkg/e2e/testdata/TestLoggingDriver/compose.yaml",
    "BretFisher__udemy-docker-mastery/example-voting-app/example-voting-app-stack.yml",
    "docker__awesome-compose/spring-postgres/compose.yaml",
    "ansible__awx/_history/19f96b1f/awx/ui/client/test/e2e/cluster/docker-compose.yml",
    "docker__compose/_rev/1.28.x/tests/fixtures/v3-full/docker-compose.yml",
    "docker__compose/pkg/e2e/fixtures/watch/x-initialSync.yaml",
)
UNABLE = "Compose cannot start it here"
BESIDE = "a path beside the file"


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    way: str
    wrong: str = ""
    remark: str = ""
    services: int = 0
    took_s: float = 0.0


def forth(turns: Turns) -> None:
    turns.apply()
    assert turns.plan().as_text() == NOTHING, f"our own second plan: {turns.plan().as_text()}"
    before = turns.ids()
    turns.up()
    assert turns.ids() == before, f"Compose touched what Netyard made: {_changed(before, turns.ids())}"
    assert turns.listed() == set(before), "`ps` does not list them"
    turns.compose("logs", "--no-color")
    turns.compose("stop", "-t", "1")
    assert turns.states() <= {"exited", "created"}, f"`stop` left {turns.states()}"
    turns.compose("start")
    ids = {name: one for name, (one, _) in before.items()}
    assert {name: one for name, (one, _) in turns.ids().items()} == ids, "`start` made containers anew"
    until(lambda: turns.plan().as_text() == NOTHING, timeout_s=20, every_s=0.3)
    turns.compose("down", "-v", "-t", "1")
    assert not turns.left(), f"`down -v` left {turns.left()}"


def back(turns: Turns) -> None:
    turns.up()
    before = turns.ids()
    plan = turns.plan()
    assert plan.as_text() == NOTHING, plan.as_text()
    strange = [note.code for note in plan.notes if note.code == "made-elsewhere"]
    assert not strange, "the plan does not know Compose's containers again"
    _edit_and_take_back(turns, before)
    turns.up()
    assert turns.ids() == before, f"Compose touched its own after us: {_changed(before, turns.ids())}"


def _edit_and_take_back(turns: Turns, before: dict[str, tuple[str, str]]) -> None:
    """A network more for one running service, then as it was."""
    wired = [name for name, spec in turns.design(turns.observe()).services.items() if not spec.network_mode and not spec.profiles]
    if not wired:
        return
    text = turns.text
    turns.edit(AddNetwork("added", {}), Attach(wired[0], "added", keep_default=True))
    _apply_in_place(turns, before)
    turns.text = text
    turns.file.write_bytes(text.encode())
    _apply_in_place(turns, before)


def _apply_in_place(turns: Turns, before: dict[str, tuple[str, str]]) -> None:
    done = turns.apply()
    assert done.operations, "the edit changes nothing"
    assert turns.ids() == before, f"not in place: {_changed(before, turns.ids())}\n{done.as_text()}"
    assert turns.plan().as_text() == NOTHING, f"after the edit: {turns.plan().as_text()}"


def _changed(before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]]) -> str:
    return ", ".join(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def outcome(name: str, way: Callable[[Turns], None], *, engine: Engine) -> Outcome:
    begun = time.monotonic()
    remark, services = "", 0
    try:
        with taking_turns(name, engine=engine) as turns:
            services = len(turns.design(turns.observe()).services)
            try:
                way(turns)
            finally:
                remark = "; ".join(sorted(set(turns.remarks)))
    except AssertionError as error:
        if way is back and str(error).startswith("compose up: "):  # stand-in images lack programs, and this machine some rights
            return Outcome(name, way.__name__, remark=f"{UNABLE}: {str(error).splitlines()[-1][:120]}", services=services)
        if way is forth and BESIDE in str(error):
            return Outcome(name, way.__name__, remark="mounts a folder beside its file", services=services)
        if way is forth and "Compose touched" in str(error) and "develop:" in turns.text:
            return Outcome(name, way.__name__, remark="develop.watch has paths, which are hashed", services=services)
        return Outcome(name, way.__name__, wrong=str(error), remark=remark, services=services)
    return Outcome(name, way.__name__, remark=remark, services=services, took_s=time.monotonic() - begun)


def main(names: list[str]) -> int:
    join_runs()
    engine, found = open_engine(""), []
    print(f"{'way':<6} {'':<5} {'services':>8} {'took':>6}  project")
    for name in names or [*written(), *CORPUS]:
        for way in (back, forth):
            one = outcome(name, way, engine=engine)
            found.append(one)
            verdict = "WRONG" if one.wrong else "good" if one.took_s else "-"
            print(f"{one.way:<6} {verdict:<5} {one.services:>8} {one.took_s:>4.0f} s  {name}  {one.remark}", flush=True)
            for line in one.wrong.splitlines()[:12]:
                print(f"           {line}", flush=True)
            if one.remark.startswith(UNABLE):
                break
    engine.close()
    tried = [one for one in found if one.wrong or one.took_s]
    print(f"good: {sum(not one.wrong for one in tried)} of {len(tried)}; not possible: {len(found) - len(tried)}")
    return int(any(one.wrong for one in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
