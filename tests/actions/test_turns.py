"""One run of a stack at a time: who is under way, who waits, and what becomes of those that wait."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from tests.world import World, build_world
from topology import queue, wire
from topology.actions.cancel_run import cancel_run
from topology.actions.declined import Declined
from topology.actions.preview_plan import preview_plan
from topology.actions.release_waiting import release_waiting
from topology.actions.request_run import request_run
from topology.models import Engine, Run, Stack
from topology.store import runs


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """A stack of which nothing is on the engine, nor is to be: an apply of it has nothing to do."""
    monkeypatch.setattr(queue, "enqueue", lambda *what: True)
    made = build_world(text="services: {}\n")
    Engine.objects.update(error="", seen_at=timezone.now())
    return made


def ask(world: World, kind: str = "stop", **fields: Any) -> Run:
    if kind == "apply" and "digest" not in fields:
        fields["digest"] = preview_plan(world.actor("deployer"), stack_id=world.stack.pk).digest
    asked = wire.RunRequest(kind=kind, **fields)  # type: ignore[arg-type]
    return Run.objects.get(pk=request_run(world.actor("deployer"), stack_id=world.stack.pk, asked=asked).id)


def under_way(world: World, kind: str = "down") -> Run:
    run = ask(world, kind)
    assert runs.claim(run.pk, worker="w")
    return run


def ended(run: Run, state: str) -> None:
    assert runs.end(run.pk, worker="w", state=state)
    release_waiting(run.stack_id)


def state(run: Run) -> str:
    return str(Run.objects.get(pk=run.pk).state)


@pytest.mark.parametrize("claimed", [False, True])
def test_an_apply_with_nothing_to_do_is_refused_while_another_run_is_under_way(world: World, claimed: bool) -> None:
    down = under_way(world) if claimed else ask(world, "down")
    with pytest.raises(Declined) as refusal:
        ask(world, "apply")
    assert (refusal.value.status, refusal.value.code) == (409, "run-under-way")
    assert refusal.value.message.startswith("deployer is taking the stack down since ")
    assert Stack.objects.get(pk=world.stack.pk).applied_version == 0
    latest = runs.latest(world.stack.pk)
    assert latest is not None and latest.pk == down.pk


def test_an_apply_with_nothing_to_do_waits_where_that_was_asked(world: World) -> None:
    down = under_way(world)
    waiting = ask(world, "apply", queue=True)
    assert waiting.state == "waiting"
    ended(down, "done")
    assert state(waiting) == "queued"


def test_an_apply_that_was_done_at_once_does_not_speak_for_the_run_that_a_waiting_one_waits_for(world: World) -> None:
    down = under_way(world)
    waiting = ask(world, "apply", queue=True)
    assert runs.end(down.pk, worker="w", state="failed")
    assert ask(world, "apply").state == "done"  # between the run's end and the release
    release_waiting(world.stack.pk)
    assert state(waiting) == "cancelled"
    assert Run.objects.get(pk=waiting.pk).error == "The run before it failed."


def test_a_run_that_was_cancelled_while_it_waited_does_not_speak_for_the_one_before_it(world: World) -> None:
    down = under_way(world)
    first = ask(world, "apply", queue=True)
    cancel_run(world.actor("deployer"), run_id=first.pk)
    second = ask(world, "apply", queue=True)
    latest = runs.latest(world.stack.pk)
    assert latest is not None and latest.pk == down.pk
    ended(down, "done")
    assert (state(first), state(second)) == ("cancelled", "queued")


def test_a_run_cancelled_before_a_worker_took_it_cancels_the_one_that_waits(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    before = under_way(world, "stop")
    ended(before, "done")
    queued, waiting = ask(world, "down"), ask(world, "apply", queue=True)
    with django_capture_on_commit_callbacks(execute=True):
        cancel_run(world.actor("deployer"), run_id=queued.pk)
    assert (state(queued), state(waiting)) == ("cancelled", "cancelled")
    assert Run.objects.get(pk=waiting.pk).error == "The run before it was cancelled."
    assert not runs.claim(queued.pk, worker="late") and not runs.claim(waiting.pk, worker="late")


def test_a_waiting_run_is_put_back_into_the_line_only_when_the_run_under_way_has_ended(world: World) -> None:
    down = under_way(world)
    waiting = ask(world, "apply", queue=True)
    release_waiting(world.stack.pk)
    assert (state(down), state(waiting)) == ("running", "waiting")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("queue_behind", [False, True])
@pytest.mark.parametrize("kind", ["apply", "down"])
def test_of_two_who_ask_at_the_same_moment_one_gets_the_engine(
    world: World, transactional_db: None, kind: str, queue_behind: bool
) -> None:
    Engine.objects.update(seen_at=timezone.now() - timedelta(hours=1))  # nobody watches: a worker has to look
    digest = preview_plan(world.actor("deployer"), stack_id=world.stack.pk).digest
    together, outcomes = threading.Barrier(2), []

    def press() -> None:
        together.wait()
        try:
            outcomes.append(ask(world, kind, digest=digest, queue=queue_behind).state)
        except Declined as declined:
            outcomes.append(declined.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == sorted(["queued", "waiting" if queue_behind else "run-under-way"])
    assert Run.objects.filter(state="queued").count() == 1
