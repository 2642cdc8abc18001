"""The team form as people run it: docker-compose.yml, built and started here; PostgreSQL, Valkey, web, worker and watcher."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import uuid
from collections.abc import Iterator

import docker
import httpx
import pytest

from tests.e2e.conftest import free_port, until
from tests.lab.containers import containers_of, sweep_project
from tests.lab.deployment import SITE, Deployment, make_images
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.deployment, pytest.mark.engine]
OURS = ("web", "worker", "watcher")
NO_KEY = "netyard: NETYARD_SECRET_KEY is not set. Set it to a random text of 32 characters or more."
KEY_MISSING = "Set NETYARD_SECRET_KEY to a random text of 32 characters or more"
SOMEBODY_ELSES_URL = "postgres://netyard:x@postgres:5432/netyard"


@pytest.fixture(scope="module")
def team(engine: docker.DockerClient) -> Iterator[Deployment]:
    """The deployment, up. Containers, networks and volumes go afterwards; image layers stay for the next run."""
    make_images(engine)
    older = {image.id for image in engine.images.list(SITE)}
    deployment = Deployment(engine, f"nyt-team-{uuid.uuid4().hex[:6]}", free_port())
    try:
        deployment.must("up", "--detach", "--build")
        until(lambda: _ready(deployment) == 200, within_s=90, what="readyz")
        yield deployment
    finally:
        deployment.compose("down", "--volumes", "--remove-orphans", "--timeout", "3")
        sweep_project(engine, deployment.project)
        for image in older - {image.id for image in engine.images.list(SITE)}:
            engine.images.remove(image, force=True)  # the builder keeps its layers


@pytest.fixture(scope="module")
def ann(team: Deployment) -> Visitor:
    """The first administrator, made with the link in `prepare`'s log, logged in again with name and password."""
    log = team.container("prepare").logs().decode()
    link = re.search(rf"{re.escape(team.address)}/setup/#\S+", log)
    assert link, log
    first = Visitor(team.address)
    first.set_up(link[0], username="ann")
    visitor = Visitor(team.address)
    visitor.log_in(username="ann")
    return visitor


@pytest.fixture
def stack(team: Deployment, ann: Visitor) -> Iterator[str]:
    """An empty stack of the test's own; what it left on the engine is removed."""
    name = f"nyt-{uuid.uuid4().hex[:8]}"
    made = ann.post("/api/stacks", {"team_id": ann.get("/api/me")["teams"][0]["id"], "name": name})
    yield made["id"]
    sweep_project(team.engine, name)


def _ready(team: Deployment) -> int:
    try:
        return httpx.get(f"{team.address}/readyz", timeout=10, trust_env=False).status_code
    except httpx.TransportError:
        return 0


def _containers(team: Deployment, ann: Visitor, stack: str) -> dict[str, docker.models.containers.Container]:
    """What the engine has of a stack, by service."""
    project = ann.get(f"/api/stacks/{stack}")["name"]
    found = containers_of(team.engine, project)
    return {container.labels["com.docker.compose.service"]: container for container in found}


def _settled(ann: Visitor, stack: str) -> None:
    """Wait until the watcher has seen the engine: before that a plan says that nothing is known."""
    until(lambda: not (plan := ann.get(f"/api/stacks/{stack}/plan?kind=apply"))["engine_error"] and plan["observed_at"],
          within_s=30, what="the watcher's first look")  # fmt: skip


def test_the_story_runs_on_the_team_deployment(team: Deployment, ann: Visitor, stack: str) -> None:
    with ann.watch(stack) as socket:
        assert socket.until(lambda message: message["type"] == "snapshot")["stack"]["id"] == stack
        for name in ("web", "db"):
            ann.edit(stack, op_id=name, kind="add_service", name=name, keys={"image": "standin:latest"})
        ann.edit(stack, op_id="front", kind="add_network", name="front", keys={})
        for name in ("web", "db"):
            ann.edit(stack, op_id=f"{name}-front", kind="attach", service=name, network="front")
        assert socket.until(lambda message: message["type"] == "design" and message["op_id"] == "db-front")["by"] == "ann"

        _settled(ann, stack)
        kinds = [one["kind"] for one in ann.get(f"/api/stacks/{stack}/plan?kind=apply")["operations"]]
        assert kinds.count("create_container") == 2 and "create_network" in kinds
        run = ann.run(stack, "apply")
        assert run["state"] == "done", run
        running = _containers(team, ann, stack)
        assert {name: one.status for name, one in running.items()} == {"web": "running", "db": "running"}
        code, output = running["web"].exec_run(["nc", "db", "80"], stdin=False)
        assert code == 0, output
        socket.until(
            lambda message: (
                message["type"] == "status"
                and {one["id"] for one in message["status"]["containers"] if one["state"] == "running"}
                == {one.id for one in running.values()}
            ),
            what="both containers, running",
        )

        ann.edit(stack, op_id="back", kind="add_network", name="back", keys={})
        ann.edit(stack, op_id="web-back", kind="attach", service="web", network="back", aliases=["shop"])
        assert ann.run(stack, "apply")["state"] == "done"
        again = _containers(team, ann, stack)
        assert {name: one.id for name, one in again.items()} == {name: one.id for name, one in running.items()}
        networks = again["web"].attrs["NetworkSettings"]["Networks"]
        assert {name.rpartition("_")[2] for name in networks} == {"front", "back"}
        socket.until(
            lambda message: (
                message["type"] == "status"
                and any(end["network_key"] == "back" for one in message["status"]["containers"] for end in one["endpoints"])
            ),
            what="the tap on the new network",
        )

        again["db"].kill()
        died = socket.until(
            lambda message: (
                message["type"] == "status"
                and any(one["service"] == "db" and one["state"] == "exited" for one in message["status"]["containers"])
            ),
            what="the killed container",
        )
        assert {one["exit_code"] for one in died["status"]["containers"] if one["service"] == "db"} == {137}

        assert ann.run(stack, "down")["state"] == "done"
        assert _containers(team, ann, stack) == {}
        socket.until(lambda message: message["type"] == "status" and not message["status"]["containers"], what="nothing left")


def test_the_browser_program_is_in_the_image(team: Deployment, ann: Visitor) -> None:
    page = ann.http.get("/")
    scripts = re.findall(r'<script[^>]+src="(/static/assets/[^"]+)"', page.text)
    assert page.status_code == 200 and scripts
    script = ann.http.get(scripts[0])
    assert script.status_code == 200 and "immutable" in script.headers["Cache-Control"]


def test_rows_are_in_postgresql_and_the_queue_in_valkey(team: Deployment, ann: Visitor, stack: str) -> None:
    ann.edit(stack, op_id="one", kind="add_service", name="one", keys={"image": "standin:latest"})
    assert team.sql("SELECT username, is_superuser FROM auth_user") == "ann|t"
    assert team.sql(f"SELECT version FROM topology_stack WHERE id = '{stack}'") == "2"
    assert team.sql(f"SELECT op_id FROM topology_op WHERE stack_id = '{stack}' AND version = 2") == "one"
    assert int(team.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'netyard'")) >= 3
    for service in OURS:
        assert team.run_in(service, "find", "/netyard", "/var/lib/netyard", "/tmp", "-xdev", "-name", "*.sqlite3*") == ""

    _settled(ann, stack)
    digest = ann.get(f"/api/stacks/{stack}/plan?kind=apply")["digest"]
    team.must("stop", "worker")
    try:
        requested = ann.post(f"/api/stacks/{stack}/runs", {"kind": "apply", "digest": digest})
        assert requested["id"] in team.valkey("LRANGE", "netyard", "0", "-1")
        assert ann.get(f"/api/runs/{requested['id']}")["state"] == "queued"
    finally:
        team.must("start", "worker")
    assert ann.ended(requested["id"])["state"] == "done"
    assert team.sql(f"SELECT state FROM topology_run WHERE id = '{requested['id']}'") == "done"
    with ann.watch(stack) as socket:
        socket.until(lambda message: message["type"] == "snapshot")
        groups = team.valkey("--scan", "--pattern", "asgi*group*")
    assert uuid.UUID(stack).hex in groups, groups
    assert ann.run(stack, "down")["state"] == "done"


def test_edits_of_many_at_once_are_put_in_order_by_postgresql(team: Deployment, ann: Visitor, stack: str) -> None:
    answers: list[int] = []

    def draw(person: int) -> None:
        visitor = Visitor(team.address)
        visitor.log_in(username="ann")
        for number in range(5):
            name = f"s{person}-{number}"
            answers.append(visitor.edit(stack, op_id=name, kind="add_service", name=name, keys={"image": "busybox"})["version"])
        again = {"op_id": "same", "edit": {"kind": "add_network", "name": "same", "keys": {}}}
        answers.append(visitor.post(f"/api/stacks/{stack}/edits", again)["version"])

    _at_once(draw, 4)
    versions = sorted(set(answers))
    assert versions == list(range(2, 23)) and len(answers) == 24  # twenty services, and one network that four asked for
    assert team.sql(f"SELECT count(*), max(version) FROM topology_op WHERE stack_id = '{stack}'") == "22|22"  # one is the making
    text = ann.get(f"/api/stacks/{stack}")["text"]
    assert all(f"s{person}-{number}:" in text for person in range(4) for number in range(5))
    assert text.count("same:") == 1


def test_of_many_applies_at_once_one_is_taken(team: Deployment, ann: Visitor, stack: str) -> None:
    ann.edit(stack, op_id="one", kind="add_service", name="one", keys={"image": "standin:latest"})
    _settled(ann, stack)
    digest = ann.get(f"/api/stacks/{stack}/plan?kind=apply")["digest"]
    answers: list[httpx.Response] = []

    def apply(_: int) -> None:
        visitor = Visitor(team.address)
        visitor.log_in(username="ann")
        answers.append(visitor.send("POST", f"/api/stacks/{stack}/runs", {"kind": "apply", "digest": digest}))

    team.container("worker").pause()  # nothing is done before all have asked
    try:
        _at_once(apply, 4)
    finally:
        team.container("worker").unpause()
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    taken = next(answer.json() for answer in answers if answer.status_code == 202)
    assert ann.ended(taken["id"])["state"] == "done"
    assert list(_containers(team, ann, stack)) == ["one"]
    assert ann.run(stack, "down")["state"] == "done"


def _at_once(work: object, count: int) -> None:
    failures: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)  # type: ignore[operator]
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert failures == []


def test_only_worker_and_watcher_have_the_engines_socket(team: Deployment) -> None:
    services = ("prepare", *OURS, "postgres", "valkey")
    mounts = {service: {mount["Destination"] for mount in team.container(service).attrs["Mounts"]} for service in services}
    assert [service for service in services if "/var/run/docker.sock" in mounts[service]] == ["worker", "watcher"]
    assert team.run_in("web", "python", "-c", "import os; print(os.path.exists('/var/run/docker.sock'))") == "False"
    loaded = "import sys, dashboard.asgi, django.urls as u; u.get_resolver().url_patterns; print('docker' in sys.modules)"
    assert team.run_in("web", "python", "-c", loaded) == "False"


def test_processes_have_no_privileges_and_write_nothing_to_the_image(team: Deployment) -> None:
    for service in OURS:
        container = team.container(service)
        host = container.attrs["HostConfig"]
        assert container.attrs["Config"]["User"] == "netyard"
        assert (host["ReadonlyRootfs"], host["Privileged"], host["CapDrop"], host["CapAdd"]) == (True, False, ["ALL"], None)
        assert host["SecurityOpt"] == ["no-new-privileges:true"]
        status = dict(line.split(":", 1) for line in team.run_in(service, "cat", "/proc/1/status").splitlines())
        assert status["Uid"].split() == ["10001"] * 4
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"].strip() == "1"
    for service in ("postgres", "valkey"):
        attrs = team.container(service).attrs
        assert not any(attrs["NetworkSettings"]["Ports"].values())
        (network,) = attrs["NetworkSettings"]["Networks"]
        assert team.engine.networks.get(network).attrs["Internal"] is True


def test_ready_says_when_the_database_is_away_and_comes_back_by_itself(team: Deployment, ann: Visitor) -> None:
    team.must("stop", "--timeout", "3", "postgres")
    try:
        until(lambda: _ready(team) == 503, within_s=20, what="503")
        answer = httpx.get(f"{team.address}/readyz", timeout=10, trust_env=False)
        assert answer.json() == {"status": "not ready", "database": "no answer", "valkey": "ok"}
        assert answer.elapsed.total_seconds() < 4
        assert httpx.get(f"{team.address}/healthz", timeout=10, trust_env=False).json() == {"status": "ok"}
    finally:
        team.must("start", "postgres")
    until(lambda: _ready(team) == 200, within_s=60, what="200 again")
    assert ann.get("/api/me")["username"] == "ann"


def test_a_worker_that_is_killed_is_started_again_and_works(team: Deployment, ann: Visitor, stack: str) -> None:
    ann.edit(stack, op_id="one", kind="add_service", name="one", keys={"image": "standin:latest"})
    before = team.container("worker").attrs["RestartCount"]
    kill = "import os; [os.kill(int(p), 9) for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, os.getpid())]"
    team.container("worker").exec_run(["python", "-c", kill])
    until(lambda: (now := team.container("worker")).attrs["RestartCount"] > before and now.status == "running",
          within_s=30, what="a new worker")  # fmt: skip
    _settled(ann, stack)
    assert ann.run(stack, "apply")["state"] == "done"
    assert ann.run(stack, "down")["state"] == "done"


def test_behind_tls_cookies_are_secure_and_browsers_are_told_to_stay(team: Deployment) -> None:
    port = free_port()
    team.must(
        "run", "--detach", "--no-deps", "--publish", f"127.0.0.1:{port}:8480",
        "--env", "NETYARD_TLS=1", "--env", "NETYARD_HOSTS=netyard.example.org", "web",
    )  # fmt: skip
    headers = {"Host": "netyard.example.org", "X-Forwarded-Proto": "https"}

    def login_page() -> httpx.Response | None:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/login/", headers=headers, timeout=10, trust_env=False)
        except httpx.TransportError:
            return None

    page = until(login_page, within_s=30, what="the login page")
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in page.headers["Set-Cookie"]
    elsewhere = httpx.get(f"http://127.0.0.1:{port}/login/", headers={"Host": "evil.example"}, timeout=10, trust_env=False)
    assert elsewhere.status_code == 400


def test_the_compose_file_is_valid_and_asks_for_its_secrets(team: Deployment) -> None:
    config = json.loads(team.must("config", "--format", "json"))
    assert sorted(config["services"]) == ["postgres", "prepare", "valkey", "watcher", "web", "worker"]
    for name in ("NETYARD_SECRET_KEY", "NETYARD_DATABASE_PASSWORD"):
        refused = team.compose("up", "--detach", environment={name: ""})
        assert refused.returncode != 0 and f"Set {name}" in refused.stdout, refused.stdout
    assert KEY_MISSING in team.compose("config", environment={"NETYARD_SECRET_KEY": ""}).stdout


@pytest.mark.parametrize("command", [[], ["celery", "-A", "dashboard", "worker"], ["python", "manage.py", "watch"]])
def test_no_process_starts_without_a_secret_key(team: Deployment, command: list[str]) -> None:
    run = ["docker", "run", "--rm", "--network", "none", "--env", f"NETYARD_DATABASE_URL={SOMEBODY_ELSES_URL}", SITE, *command]
    done = subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (1, NO_KEY)
