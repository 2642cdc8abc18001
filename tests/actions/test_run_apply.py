"""Runs on a real engine: done, failed, refused, cancelled; a worker killed in the middle and a second apply that finishes."""

from __future__ import annotations

import threading
import time

import docker
import pytest
from django.db import connections

from tests.actions.processes import kill, watcher, worker
from tests.lab.containers import containers_of
from topology import queue
from topology.actions.reconcile_runs import reconcile_runs
from topology.actions.resync_stack import resync_stack
from topology.actions.run_apply import run_apply
from topology.core.access import ENTRANCES, Role, grants
from topology.engine.connect import open_engine
from topology.models import Audit, Membership, Run, Stack, StackStatus, TimelineRow
from topology.store import runs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

SMALL = """services:
  web:
    image: standin:latest
    networks: [front]
    depends_on: [db]
  db:
    image: busybox:stable
    command: [sleep, "600"]
    networks: [front, back]
    stop_grace_period: 0s
networks:
  front: {}
  back: {}
"""
BROKEN = """services:
  good:
    image: busybox:stable
    command: [sleep, "600"]
    stop_grace_period: 0s
  bad:
    image: busybox:stable
    command: [/no/such/program]
  after:
    image: busybox:stable
    command: [sleep, "600"]
    depends_on: [bad]
"""
SLOW = """services:
  gate:
    image: busybox:stable
    command: [sleep, "600"]
    stop_grace_period: 0s
    healthcheck:
      test: [CMD, test, -e, /tmp/open]
      interval: 1s
      retries: 600
  behind:
    image: busybox:stable
    command: [sleep, "600"]
    stop_grace_period: 0s
    networks: [back]
    depends_on:
      gate: {condition: service_healthy}
networks:
  back: {}
"""


ALONE = """services:
  one:
    image: busybox:stable
    command: [sleep, "600"]
    network_mode: none
    stop_grace_period: 0s
"""


def ask(made, kind: str = "apply", **asked) -> Run:
    made.stack.refresh_from_db()
    return Run.objects.create(
        stack=made.stack, kind=kind, by=made.user, version=made.stack.version, text=made.stack.text, asked=asked
    )


def containers(made) -> dict[str, docker.models.containers.Container]:
    client = docker.from_env()
    found = containers_of(client, made.stack.project)
    return {one.labels["com.docker.compose.service"]: one for one in found}


def in_thread(run: Run, **options) -> threading.Thread:
    def work() -> None:
        run_apply(str(run.pk), worker="thread", **options)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_it_applies_a_stack_and_does_nothing_the_second_time(build):
    made = build(SMALL)
    run = ask(made)
    assert run_apply(str(run.pk), worker="one") == "done"
    run.refresh_from_db()
    assert {step.state for step in run.steps.all()} == {"done"}
    found = containers(made)
    assert {name: one.status for name, one in found.items()} == {"web": "running", "db": "running"}
    made.stack.refresh_from_db()
    assert made.stack.applied_version == 1
    assert [one.state for one in _observed(made)] == ["running", "running"]
    line = TimelineRow.objects.get(kind="run")
    assert line.text == f"ann applied version 1: {run.steps.count()} operations" and line.severity == "good"

    again = ask(made)
    assert run_apply(str(again.pk), worker="two") == "done"
    assert again.steps.count() == 0
    assert {one.id for one in containers(made).values()} == {one.id for one in found.values()}


def _observed(made):
    from topology.store import status

    return status.load(made.stack.pk).observed.containers


def test_it_is_carried_out_by_one_worker_only(build):
    made = build("services: {}\n")
    run = ask(made)
    assert run_apply(str(run.pk), worker="one") == "done"
    assert run_apply(str(run.pk), worker="two") == ""


def test_a_step_that_fails_says_the_engines_words_and_what_needs_it_is_skipped(build):
    made = build(BROKEN)
    run = ask(made)
    assert run_apply(str(run.pk), worker="one") == "failed"
    run.refresh_from_db()
    states = {(step.operation["kind"], step.operation["subject"]): step.state for step in run.steps.all()}
    assert states["start", "service:bad"] == "failed"
    assert states["start", "service:good"] == "done"
    assert states["start", "service:after"] == "skipped"
    assert "no such file" in run.error.lower() and "start" in run.error.lower()
    failed = run.steps.get(state="failed")
    assert failed.error and failed.started_at and failed.ended_at
    assert containers(made)["good"].status == "running"
    made.stack.refresh_from_db()
    assert made.stack.applied_version == 0
    assert TimelineRow.objects.get(kind="run").severity == "error"


def test_it_stops_starts_and_takes_down(build):
    made = build(SMALL)
    assert run_apply(str(ask(made).pk), worker="w") == "done"
    ids = {one.id for one in containers(made).values()}
    assert run_apply(str(ask(made, "stop").pk), worker="w") == "done"
    assert {one.status for one in containers(made).values()} == {"exited"}
    assert run_apply(str(ask(made, "start", services=["db"]).pk), worker="w") == "done"
    assert {name: one.status for name, one in containers(made).items()} == {"web": "exited", "db": "running"}
    assert {one.id for one in containers(made).values()} == ids
    assert run_apply(str(ask(made, "down").pk), worker="w") == "done"
    assert containers(made) == {}
    assert _observed(made) == ()


def test_it_refuses_a_plan_that_is_not_the_one_that_was_seen(build):
    made = build(SMALL)
    run = ask(made, digest="0" * 64)
    assert run_apply(str(run.pk), worker="w") == "failed"
    run.refresh_from_db()
    assert "plan-changed" in run.error and "new plan" in run.fix
    assert containers(made) == {} and run.steps.count() == 0


@pytest.mark.parametrize("role", [*(role.value for role in Role), None])
def test_it_asks_for_the_right_of_the_table_again_when_it_starts(build, role):
    """Security #13: whoever was demoted, or left, while the run was queued is refused."""
    made = build(ALONE)
    run = ask(made)
    theirs = Membership.objects.filter(user=made.user)
    theirs.update(role=role) if role else theirs.delete()
    if grants(role, ENTRANCES["task:run_apply"]):
        assert run_apply(str(run.pk), worker="w") == "done"
        return
    assert run_apply(str(run.pk), worker="w") == "failed"
    run.refresh_from_db()
    assert run.error.startswith("Refused")
    assert containers(made) == {}
    assert Audit.objects.filter(action="run_apply", allowed=False, user=made.user).count() == 1


def test_it_refuses_what_the_engines_administrator_does_not_allow(build):
    made = build("services:\n  web:\n    image: busybox:stable\n    privileged: true\n")
    run = ask(made)
    assert run_apply(str(run.pk), worker="w") == "failed"
    run.refresh_from_db()
    assert "privileged" in run.error
    assert containers(made) == {}
    assert Audit.objects.filter(action="run_apply", allowed=False).exists()


def test_it_begins_nothing_when_the_planner_finds_it_impossible(build):
    made = build("services:\n  web:\n    image: busybox:stable\n    networks: [far]\nnetworks:\n  far: {external: true}\n")
    run = ask(made)
    assert run_apply(str(run.pk), worker="w") == "failed"
    run.refresh_from_db()
    assert run.error == "This cannot be carried out: The external network far is not on the engine. (network-missing)"
    assert run.fix == "Create far on the engine, or take away `external`."
    assert containers(made) == {} and run.steps.count() == 0


def test_an_engine_that_is_away_fails_the_run_with_a_way_on(build):
    made = build(SMALL)
    made.engine.url = "unix:///nowhere/docker.sock"
    made.engine.save()
    run = ask(made)
    assert run_apply(str(run.pk), worker="w") == "failed"
    run.refresh_from_db()
    assert run.error and run.fix


def test_cancel_ends_a_wait_and_begins_nothing_more(build, eventually):
    made = build(SLOW)
    run = ask(made)
    thread = in_thread(run)
    eventually(lambda: run.steps.filter(operation__kind="wait_healthy", state="running").exists(), within_s=20)
    begun = time.monotonic()
    Run.objects.filter(pk=run.pk).update(cancel_asked=True)
    thread.join(timeout=10)
    assert time.monotonic() - begun < 5
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert "behind" not in containers(made) or containers(made)["behind"].status == "created"


def test_a_run_that_nobody_took_is_enqueued_again_but_not_at_every_look(build):
    from datetime import timedelta

    from django.utils import timezone

    made = build(SMALL)
    run = ask(made)
    Run.objects.filter(pk=run.pk).update(requested_at=timezone.now() - timedelta(seconds=90))
    asked_at: dict = {}
    reconcile_runs(asked_at=asked_at)
    first = dict(asked_at)
    reconcile_runs(asked_at=asked_at)
    assert asked_at == first and list(first) == [run.pk]


def test_a_killed_worker_leaves_a_run_that_a_second_apply_finishes_with_nothing_doubled(build, eventually):
    made = build(SLOW)
    with watcher() as watching:
        with worker() as first:
            run = ask(made)
            assert queue.enqueue(queue.RUN_APPLY, str(run.pk))
            eventually(lambda: run.steps.filter(operation__kind="wait_healthy", state="running").exists(), within_s=40)
            kill(first)
        killed_at = time.monotonic()
        eventually(lambda: Run.objects.get(pk=run.pk).state == "interrupted", within_s=20)
        took_s = time.monotonic() - killed_at
        run.refresh_from_db()
        assert "worker died" in run.error and "Press Apply" in run.fix
        assert not run.steps.filter(state__in=["pending", "running"]).exists()
        gate = containers(made)["gate"]
        before = {name: one.id for name, one in containers(made).items()}
        gate.exec_run(["touch", "/tmp/open"])
        with worker():
            second = ask(made)
            assert queue.enqueue(queue.RUN_APPLY, str(second.pk))
            eventually(lambda: Run.objects.get(pk=second.pk).state not in runs.OPEN_STATES, within_s=60)
        assert Run.objects.get(pk=second.pk).state == "done"
        assert watching.poll() is None
    after = containers(made)
    assert {name: one.status for name, one in after.items()} == {"gate": "running", "behind": "running"}
    assert before.items() <= {name: one.id for name, one in after.items()}.items()
    client = docker.from_env()
    label = {"label": f"com.docker.compose.project={made.stack.project}"}
    assert len(containers_of(client, made.stack.project)) == 2
    names = [one.name for one in client.networks.list(filters=label)]
    assert len(names) == len(set(names))
    made.stack.refresh_from_db()
    assert made.stack.applied_version == made.stack.version
    print(f"interrupted {took_s:.1f} s after the kill")


def test_an_observation_is_saved_once_and_the_same_again_is_no_change(build):
    made = build(SMALL)
    engine = open_engine(made.engine.url)
    first = resync_stack(made.stack.pk, observe=lambda: engine.observe(made.stack.project))
    second = resync_stack(made.stack.pk, observe=lambda: engine.observe(made.stack.project))
    engine.close()
    assert (first.after.seq, second.after.seq) == (1, 1) and not second.is_visible
    assert StackStatus.objects.get(pk=made.stack.pk).observed_at > 0
    assert resync_stack(Stack().pk, observe=lambda: second.after.observed) is None
