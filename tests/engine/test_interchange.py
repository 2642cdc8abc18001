"""Docker Compose itself and Netyard on the same containers of a real engine: neither makes anew what the other made."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.engine.bench import Bench
from tests.engine.test_plans import perform
from tests.lab.compose import compose_command
from topology.compose.hashed import hashed
from topology.compose.read import read
from topology.core.design import Design
from topology.core.planner import plan_apply

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
