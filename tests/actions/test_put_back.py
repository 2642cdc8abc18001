"""Changes that fail, on a real engine: the very containers that ran before run again, and the run says so."""

from __future__ import annotations

import socket
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import docker
import pytest

from tests.actions.test_failures import MORE, OLD, failed, failed_step, running, write
from tests.actions.test_run_apply import ask, containers, in_thread
from tests.lab.containers import containers_of
from tests.lab.subnets import own_subnet
from topology.actions.preview_plan import make_preview
from topology.actions.resync_stack import resync_stack
from topology.actions.run_apply import run_apply
from topology.core.observed import Observed
from topology.core.plan import Impact, Kind, Operation
from topology.engine.connect import open_engine
from topology.engine.errors import EngineError
from topology.models import Run, Stack, Step
from topology.store.runs import with_lost_calls

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

BAD = "['sh', '-c', 'echo no database at db:5432; exit 7']"


@pytest.mark.parametrize("policy", ["", "    restart: always\n"])
def test_a_changed_service_that_does_not_stay_up_gives_way_to_its_old_container(build, policy):
    text = OLD.replace("    command: [sleep", f"{policy}    command: [sleep")
    made = running(build(text))
    run = failed(made, text.replace('[sleep, "600"]', BAD))
    assert failed_step(run) == "see that db stays up"
    assert run.error.startswith("The new db did not stay up: ") and "code 7" in run.error
    assert run.error.endswith(" The old db runs again.") and "logs of db" in run.fix
    assert "db | no database at db:5432" in run.output
    done = run.steps.filter(state="done").order_by("index").values_list("operation__summary", flat=True)
    assert list(done)[-1] == "start the old db again"
    left = containers_of(docker.from_env(), made.stack.project)
    assert sorted(one.name.rpartition("-")[0].rpartition("-")[2] for one in left) == ["db", "web"]
    assert left[0].attrs["HostConfig"]["RestartPolicy"]["Name"] in ("no", "always")
    write(made, text.replace('[sleep, "600"]', "[sleep, '601']"))
    assert run_apply(str(ask(made).pk), worker="mended") == "done"


def test_a_changed_service_whose_port_a_program_of_the_host_has_gives_way_to_its_old_container(build):
    made = running(build(OLD))
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = failed(made, OLD.replace("    image: standin:latest", f"    image: standin:latest\n    ports: ['{port}:80']"))
    assert failed_step(run) == "start web"
    assert f"port {port}" in run.fix and run.error.endswith(" The old web runs again.")


def test_a_changed_server_that_is_unhealthy_gives_way_and_its_clients_are_left_alone(build):
    check = "    healthcheck: {test: [CMD-SHELL, 'HEALTH'], interval: 1s, retries: 1}\n"
    base = OLD.replace('    command: [sleep, "600"]\n', f'    command: [sleep, "600"]\n{check}')
    base = base.replace(
        "    image: standin:latest\n", "    image: standin:latest\n    depends_on: {db: {condition: service_healthy}}\n"
    )
    made = running(build(base.replace("HEALTH", "true")))
    changed = base.replace("HEALTH", "echo the disk is ill; exit 1").replace(
        "standin:latest\n", "standin:latest\n    labels: {a: b}\n"
    )
    run = failed(made, changed)
    assert failed_step(run) == "wait until db is healthy"
    assert "the disk is ill" in run.error and run.error.endswith(" The old db runs again.")


def test_a_program_that_needs_a_second_start_is_given_it(build):
    made = running(build(OLD))
    slow = "['sh', '-c', 'test -f /tmp/again && exec sleep 600; touch /tmp/again; exit 3']"
    write(made, OLD.replace('[sleep, "600"]', slow).replace("    image: busybox", "    restart: always\n    image: busybox"))
    run = ask(made)
    assert run_apply(str(run.pk), worker="patient") == "done", Run.objects.get(pk=run.pk).error
    db = containers(made)["db"]
    assert (db.status, db.attrs["RestartCount"]) == ("running", 1)


def test_a_cancelled_change_gives_what_it_has_stopped_back(build, eventually):
    made = running(build(OLD))
    write(made, OLD.replace('[sleep, "600"]\n    stop_grace_period: 0s', "[sleep, '601']\n    stop_grace_period: 3s"))
    run = ask(made)
    thread = in_thread(run)
    eventually(lambda: run.steps.filter(operation__summary="stop db", state="running").exists(), within_s=20)
    Run.objects.filter(pk=run.pk).update(cancel_asked=True)
    thread.join(timeout=30)
    run.refresh_from_db()
    assert run.state == "cancelled" and run.error.endswith(" The old db runs again.")
    assert {name: (one.id, one.status) for name, one in containers(made).items()} == {
        name: (key, "running") for name, key in made.ids.items()
    }


def test_what_an_apply_that_died_has_set_aside_comes_back_when_the_next_one_fails(build):
    made = running(build(OLD))
    write(made, OLD.replace('[sleep, "600"]', BAD))
    perform_until(made, "start db")
    client = docker.from_env()
    old = client.containers.get(made.ids["db"])
    assert (old.name, old.status) == (f"{made.stack.project}-db-1.old", "exited")
    run = ask(made)
    assert run_apply(str(run.pk), worker="next") == "failed"
    old.reload()
    assert (old.name, old.status) == (f"{made.stack.project}-db-1", "running")
    client.close()


def test_a_network_that_the_engine_refuses_is_made_again_as_it_was_with_all_that_was_on_it(build):
    """No engine takes an MTU that is no number."""
    net = own_subnet()
    nets = f"networks:\n  default:\n    ipam: {{config: [{{subnet: {net}.0/28, gateway: {net}.9}}]}}\n"
    wires = f"    networks: {{default: {{aliases: [shop], ipv4_address: {net}.5}}}}\n"
    text = OLD.replace("    image: standin:latest\n", f"    image: standin:latest\n{wires}") + nets
    made = running(build(text))
    client = docker.from_env()
    was = client.networks.list(names=[f"{made.stack.project}_default"])[0].attrs
    write(made, text + "    driver_opts: {com.docker.network.driver.mtu: much}\n")
    run = ask(made)
    assert run_apply(str(run.pk), worker="new") == "failed"
    run.refresh_from_db()
    assert failed_step(run).startswith("create network")
    name = f"{made.stack.project}_default"
    assert run.error.endswith(f". db and web are on {name} again."), run.error
    now = {key: (one.id, one.status) for key, one in containers(made).items()}
    assert now == {key: (one, "running") for key, one in made.ids.items()}
    assert list(run.steps.filter(state="done").order_by("index").values_list("operation__summary", flat=True))[-3:] == [
        f"create network {name} again ({net}.0/28)", f"connect db to {name} again", f"connect web to {name} again",
    ]  # fmt: skip
    now = client.networks.get(name).attrs
    assert [now[key] for key in ("Labels", "Options", "Driver")] == [was[key] for key in ("Labels", "Options", "Driver")]
    assert now["IPAM"]["Config"] == was["IPAM"]["Config"]
    web = client.containers.get(made.ids["web"]).attrs["NetworkSettings"]["Networks"][name]
    assert web["IPAddress"] == f"{net}.5" and "shop" in web["Aliases"]
    write(made, text)
    assert make_preview(seen_stack(made), kind="apply").plan.operations == ()
    client.close()


def seen_stack(made: SimpleNamespace) -> Stack:
    """The stack as it is seen now."""
    stack = Stack.objects.select_related("engine", "team").get(pk=made.stack.pk)
    engine = open_engine(made.engine.url)
    try:
        resync_stack(stack.pk, observe=lambda: engine.observe(stack.project))
    finally:
        engine.close()
    return stack


def perform_until(made: SimpleNamespace, summary: str) -> None:
    """The calls of an apply up to one, and no more: as if its worker had died."""
    stack = Stack.objects.select_related("engine", "team").get(pk=made.stack.pk)
    engine = open_engine(made.engine.url)
    try:
        resync_stack(stack.pk, observe=lambda: engine.observe(stack.project))
        for operation in make_preview(stack, kind="apply").plan.operations:
            engine.perform(operation)
            if operation.summary == summary:
                return
    finally:
        engine.close()


def test_a_volume_whose_making_an_engine_did_not_survive_is_asked_for_again(build):
    made = build(OLD)
    run = ask(made)
    name = f"{made.stack.project}_data"
    operation = Operation(Kind.CREATE_VOLUME, "volume:data", "create", "c", Impact.NEW, {"payload": {"Name": name}}).to_json()
    Step.objects.create(
        run=run, index=0, operation=operation, state="failed", started_at=5.0, error="No Docker engine answers at unix:///x."
    )
    Run.objects.filter(pk=run.pk).update(state="failed")
    seen = Observed(external_volumes=(name, "other"), volume_owners={"other": "p"})
    found = with_lost_calls(made.stack.pk, seen)
    assert (found.half_made, found.external_volumes) == ({name: 5.0}, ("other",))
    assert with_lost_calls(made.stack.pk, Observed(external_volumes=(name,), volume_owners={name: "p"})).half_made == {}


class Forgetful:
    """A real engine that, as one that was killed in a start, cannot start the first container of a service it is asked to."""

    def __init__(self, url: str, service: str) -> None:
        self._engine = open_engine(url)
        self._service, self._lost = service, ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def perform(self, operation: Operation, **options: Any) -> str:
        if operation.kind is Kind.START and operation.subject == f"service:{self._service}":
            there = self._engine.inspect(operation.detail["container"])
            self._lost = self._lost or there.id
            if there.id == self._lost:
                raise EngineError("task 0123abcd: already exists", fix="Apply again.")
        return self._engine.perform(operation, **options)

    def observe(self, project: str, **options: Any) -> Observed:
        seen = self._engine.observe(project, **options)
        error = "task 0123abcd: already exists"
        return replace(
            seen, containers=tuple(replace(one, error=error) if one.id == self._lost else one for one in seen.containers)
        )


def test_a_container_that_the_engine_has_lost_is_made_anew_in_the_same_run(build):
    made = running(build(OLD))
    write(made, OLD + MORE)
    run = ask(made)
    done = run_apply(str(run.pk), worker="w", connect=lambda url, **_: Forgetful(url, "more"))
    run.refresh_from_db()
    assert done == "done", run.error
    summaries = list(run.steps.order_by("index").values_list("operation__summary", "state"))
    assert ("start more", "failed") in summaries and summaries[-1] == ("start more", "done")
    assert containers(made)["more"].status == "running" and len(containers(made)) == 3
