"""Runs asked for: the plan that was seen, one at a time, within the engine's policy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.world import World, build_world
from topology import queue, wire
from topology.actions.cancel_run import cancel_run
from topology.actions.declined import Declined
from topology.actions.preview_plan import preview_plan
from topology.actions.request_run import request_run
from topology.models import Audit, Engine, Run, Stack, TimelineRow


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(queue, "enqueue", lambda *what: found.append(what) or True)
    return found


def ask(world: World, kind: str = "stop", **fields: Any) -> wire.RunView:
    return request_run(world.actor("deployer"), stack_id=world.stack.pk, asked=wire.RunRequest(kind=kind, **fields))  # type: ignore[arg-type]


def declined(world: World, kind: str = "stop", **fields: Any) -> Declined:
    with pytest.raises(Declined) as refusal:
        ask(world, kind, **fields)
    return refusal.value


def write(world: World, text: str) -> None:
    Stack.objects.filter(pk=world.stack.pk).update(text=text, good_text=text)


def test_a_run_is_queued_with_what_was_asked_and_enqueued_on_commit(
    world: World, enqueued: list[tuple[str, ...]], django_capture_on_commit_callbacks: Any
) -> None:
    digest = preview_plan(world.actor("deployer"), stack_id=world.stack.pk).digest
    with django_capture_on_commit_callbacks(execute=True):
        view = ask(world, "apply", digest=digest)
        assert enqueued == []
    assert enqueued == [("run_apply", view.id)]
    run = Run.objects.get(pk=view.id)
    assert (run.state, run.version, run.text, run.asked["digest"]) == ("queued", 1, world.stack.text, digest)
    assert Audit.objects.get(action="request_run").detail["kind"] == "apply"


@pytest.mark.parametrize(("error", "seen_s_ago", "state"), [("", 5, "done"), ("", 300, "queued"), ("away", 5, "queued")])
def test_an_apply_with_nothing_to_do_needs_no_worker_while_the_engine_is_watched(
    world: World, enqueued: list[tuple[str, ...]], django_capture_on_commit_callbacks: Any, error: str, seen_s_ago: int, state: str
) -> None:
    write(world, "services: {}\n")
    Engine.objects.update(error=error, seen_at=timezone.now() - timedelta(seconds=seen_s_ago))
    digest = preview_plan(world.actor("deployer"), stack_id=world.stack.pk).digest
    with django_capture_on_commit_callbacks(execute=True):
        view = ask(world, "apply", digest=digest)
    assert view.state == state
    assert enqueued == ([] if state == "done" else [("run_apply", view.id)])
    assert Stack.objects.get(pk=world.stack.pk).applied_version == (1 if state == "done" else 0)
    lines = TimelineRow.objects.filter(kind="run", text="deployer applied version 1: nothing to do")
    assert lines.count() == (1 if state == "done" else 0)


def test_an_apply_of_another_plan_than_the_one_seen_is_refused(world: World) -> None:
    digest = preview_plan(world.actor("deployer"), stack_id=world.stack.pk).digest
    write(world, world.stack.text.replace("nginx:alpine", "nginx:1"))
    refusal = declined(world, "apply", digest=digest)
    assert (refusal.status, refusal.code) == (409, "plan-changed")
    assert not Run.objects.filter(state="queued").exists()


def test_only_one_run_at_a_time_and_the_refusal_says_whose(world: World) -> None:
    ask(world)
    refusal = declined(world, "start")
    assert (refusal.status, refusal.code) == (409, "run-under-way")
    assert refusal.message.startswith("deployer is stopping it since ")


def test_a_run_whose_worker_is_gone_is_taken_over(world: World) -> None:
    lost = ask(world)
    long_ago = timezone.now() - timedelta(seconds=60)
    Run.objects.filter(pk=lost.id).update(state="running", worker="w", heartbeat_at=long_ago)
    new = ask(world, "start")
    assert Run.objects.get(pk=lost.id).state == "interrupted"
    assert Run.objects.get(pk=new.id).state == "queued"


def test_errors_of_the_design_stop_an_apply_but_not_a_stop(world: World) -> None:
    write(world, "services:\n  a: {image: x, ports: ['80:80']}\n  b: {image: x, ports: ['80:80']}\n")
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    refusal = declined(world, "apply", digest=plan.digest)
    assert (refusal.status, refusal.code) == (422, "design-has-errors")
    assert [problem.code for problem in refusal.problems] == ["port-taken-twice"]
    assert ask(world, "stop").state == "queued"


@pytest.mark.parametrize(
    ("keys", "permission"),
    [
        ("privileged: true", "privileged"),
        ("volumes: ['/srv/data:/host']", "bind_mounts"),
        ("volumes: ['/var/run/docker.sock:/s']", "engine_socket"),
        ("network_mode: host", "host_namespaces"),
        ("devices: ['/dev/null:/dev/x']", "devices"),
        ("cap_add: [SYS_ADMIN]", "capabilities"),
        ("security_opt: ['seccomp:unconfined']", "unconfined"),
    ],
)
def test_what_makes_one_root_on_the_engine_is_refused_and_audited_until_allowed(world: World, keys: str, permission: str) -> None:
    write(world, f"services:\n  web:\n    image: nginx:alpine\n    {keys}\n")
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    assert any(problem.severity == "error" for problem in plan.problems)
    refusal = declined(world, "apply", digest=plan.digest)
    assert (refusal.status, refusal.code) == (422, "policy-refused")
    audit = Audit.objects.get(action="request_run")
    assert (audit.allowed, audit.user_id) == (False, world.people["deployer"].pk)
    assert not Run.objects.filter(state="queued").exists()
    allowed = {permission: True} | ({"bind_mounts": True} if permission == "engine_socket" else {})
    world.engine.policy = allowed
    world.engine.save()
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    assert plan.problems == []
    assert ask(world, "apply", digest=plan.digest).state == "queued"


def test_a_text_that_cannot_be_read_gives_no_plan_and_no_apply(world: World) -> None:
    Stack.objects.filter(pk=world.stack.pk).update(text="services: [")
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    assert plan.operations == []
    assert plan.problems
    assert declined(world, "apply", digest=plan.digest).status == 422


def test_a_design_that_names_what_is_nowhere_defined_has_its_problem_and_no_plan(world: World) -> None:
    write(world, "services:\n  web: {image: 'x:1', networks: [nowhere]}\n")
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    assert plan.operations == []
    assert any("nowhere" in problem.message for problem in plan.problems)


def test_an_external_network_that_is_not_there_stops_the_apply(world: World) -> None:
    write(world, "services:\n  web: {image: 'x:1', networks: [far]}\nnetworks:\n  far: {external: true}\n")
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    assert [problem.severity for problem in plan.problems] == ["error"]
    assert plan.problems[0] not in plan.notes
    refusal = declined(world, "apply", digest=plan.digest)
    assert (refusal.status, refusal.code) == (422, "plan-blocked")
    assert "far" in refusal.message


@pytest.mark.parametrize(
    ("keys", "code"),
    [("image: 'ghost:1', pull_policy: never", "image-missing"), ("build: .", "build-context-missing")],
)
def test_an_image_that_nothing_brings_stops_the_apply_with_a_way_on(world: World, keys: str, code: str) -> None:
    write(world, f"services:\n  web: {{{keys}}}\n")
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    assert [(problem.code, problem.severity) for problem in plan.problems] == [(code, "error")]
    assert plan.problems[0].fix
    refusal = declined(world, "apply", digest=plan.digest)
    assert (refusal.status, refusal.code, refusal.message) == (422, "plan-blocked", plan.problems[0].message)


def test_no_detail_of_an_operation_crosses_the_wire(world: World) -> None:
    plan = preview_plan(world.actor("viewer"), stack_id=world.stack.pk)
    assert len(plan.operations) > 3
    assert "hunter22" not in plan.model_dump_json()
    assert "detail" not in plan.model_dump_json()


def test_a_queued_run_is_cancelled_at_once_and_a_running_one_is_asked(world: World) -> None:
    first = ask(world)
    assert cancel_run(world.actor("deployer"), run_id=Run.objects.get(pk=first.id).pk).state == "cancelled"
    second = Run.objects.get(pk=ask(world).id)
    Run.objects.filter(pk=second.pk).update(state="running", worker="w", heartbeat_at=timezone.now())
    assert cancel_run(world.actor("deployer"), run_id=second.pk).state == "running"
    second.refresh_from_db()
    assert second.cancel_asked
    Run.objects.filter(pk=second.pk).update(state="done")
    assert cancel_run(world.actor("deployer"), run_id=second.pk).state == "done"


def test_a_key_that_no_call_carries_is_noted_at_its_own_line(world: World) -> None:
    text = "services:\n  web:\n    image: standin:latest\n    deploy:\n      placement:\n        max_replicas_per_node: 1\n"
    Stack.objects.filter(pk=world.stack.pk).update(text=text, good_text=text)
    notes = preview_plan(world.actor("viewer"), stack_id=world.stack.pk).notes
    assert [(one.code, one.line, one.column) for one in notes if one.code == "key-not-carried"] == [("key-not-carried", 5, 7)]
