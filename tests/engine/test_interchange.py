"""Docker Compose itself and Netyard on the same containers of a real engine: neither makes anew what the other made."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.interchange import back, forth
from tests.engine.bench import Bench
from tests.engine.test_plans import perform
from tests.lab.compose import compose_command
from tests.lab.turns import Turns, taking_turns
from topology.compose.hashed import hashed
from topology.compose.read import read
from topology.core.design import Design
from topology.core.edit import AddNetwork, Attach
from topology.core.planner import plan_apply
from topology.engine.port import Engine

pytestmark = pytest.mark.engine

FILE = """
x-common: &common
  image: busybox:stable
  command: ["sh", "-c", "trap exit TERM; sleep 300 & wait"]
  stop_grace_period: 1s
  labels: {io.netyard.test: "1"}
services:
  web:
    <<: *common
    networks: {front: {aliases: [www]}, back: {}}
    ports: ["127.0.0.1::80"]
    depends_on: {db: {condition: service_healthy, restart: true}}
    environment: [A=1, "B=$$x"]
    restart: on-failure:3
    mem_limit: 64m
    ulimits: {nofile: {soft: 1000, hard: 2000}}
  db:
    <<: *common
    networks: [back]
    volumes: ["data:/data", /anonymous, {type: tmpfs, target: /scratch, tmpfs: {size: 1m}}]
    healthcheck: {test: ["CMD", "true"], interval: 1s}
    init: true
    cap_drop: [NET_RAW]
    sysctls: {net.core.somaxconn: 100}
    extra_hosts: ["somewhere:10.1.2.3"]
    hostname: database
    secrets: [password]
  linked:
    <<: *common
    networks: [back]
    links: ["db:store"]
    scale: 2
  side:
    <<: *common
    network_mode: service:web
  lone:
    <<: *common
    network_mode: none
networks:
  front: {labels: {io.netyard.test: "1"}}
  back: {internal: true, labels: {io.netyard.test: "1"}}
volumes:
  data: {labels: {io.netyard.test: "1"}}
secrets:
  password: {environment: PASSWORD}
"""


def compose(bench: Bench, folder: Path, *words: str) -> str:
    (folder / "compose.yaml").write_text(FILE)
    (folder / ".env").write_text("PASSWORD=hunter2\n")
    command = [*compose_command(), "-p", bench.project, *words]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
    return done.stdout


def design(bench: Bench) -> Design:
    found = hashed(read(FILE, project=bench.project, files={".env": "PASSWORD=hunter2\n"}))
    assert found is not None and all(one.hash for one in found.services.values())
    return found


def ids(bench: Bench) -> dict[str, tuple[str, float]]:
    return {one.name: (one.id, one.started_at) for one in bench.engine.observe(bench.project).containers}


def test_compose_finds_what_netyard_applied_as_its_own_and_leaves_it(real: Bench, tmp_path: Path) -> None:
    perform(real, plan_apply(design(real), real.engine.observe(real.project)))
    before = ids(real)
    assert len(before) == 6
    printed = compose(real, tmp_path, "up", "-d")
    assert ids(real) == before, printed
    listed = {json.loads(line)["Name"] for line in compose(real, tmp_path, "ps", "--format", "json").splitlines()}
    assert listed == set(before)
    compose(real, tmp_path, "down", "-v", "-t", "1")
    left = real.engine.observe(real.project)
    assert (left.containers, left.volumes) == ((), ())


def test_netyard_has_nothing_to_do_where_compose_made_it(real: Bench, tmp_path: Path) -> None:
    compose(real, tmp_path, "up", "-d")
    before = ids(real)
    plan = plan_apply(design(real), real.engine.observe(real.project))
    assert (plan.as_text(), [note.code for note in plan.notes]) == ("nothing to do\n", [])
    changed = FILE.replace("aliases: [www]", "aliases: [www, shop]")
    after = hashed(read(changed, project=real.project, files={".env": "PASSWORD=hunter2\n"}))
    assert after is not None
    perform(real, plan_apply(after, real.engine.observe(real.project)))
    assert ids(real) == before
    assert plan_apply(after, real.engine.observe(real.project)).as_text() == "nothing to do\n"


def test_paths_beside_the_file_mean_the_folder_that_compose_ran_in(engine: Engine) -> None:
    """An imported project whose services mount folders beside the file: kept, made anew with the same folder, and told on."""
    with taking_turns("beside", engine=engine) as turns:
        turns.up()
        before = turns.ids()
        assert turns.plan().as_text() == "nothing to do\n"
        turns.files["web.env"] = "FROM_FILE=2\n"
        (turns.folder / "web.env").write_text(turns.files["web.env"])
        turns.apply()
        after = turns.ids()
        changed = [name for name in before if before[name] != after[name]]
        assert changed == [f"{turns.project}-web-1"]
        told = turns.client.api.inspect_container(changed[0])
        assert f"{turns.folder}/here:/here:rw" in told["HostConfig"]["Binds"]
        assert told["Config"]["Labels"]["com.docker.compose.project.working_dir"] == str(turns.folder)
        turns.up()
        assert turns.ids() == after


def test_compose_makes_only_those_anew_that_were_edited_meanwhile(engine: Engine) -> None:
    """No engine can change the label of a running container: its hash is that of the file before the edit in place."""
    with taking_turns("networks", engine=engine) as turns:
        turns.apply()
        before = turns.ids()
        turns.edit(AddNetwork("added", {}), Attach("plain", "added", keep_default=True))
        turns.apply()
        assert turns.ids() == before
        turns.up()
        after = turns.ids()
        assert [name for name in before if before[name] != after[name]] == [f"{turns.project}-plain-1"]
        assert turns.plan().as_text() == "nothing to do\n"


@pytest.mark.parametrize("way", [forth, back], ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", ["storage", "namespaces", "resources"])
def test_compose_and_netyard_take_turns(name: str, way: Callable[[Turns], None], engine: Engine) -> None:
    """See tests/bench/interchange.py, which has more of them and projects of the corpus."""
    with taking_turns(name, engine=engine) as turns:
        way(turns)
