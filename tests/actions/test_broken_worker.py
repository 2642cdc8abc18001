"""Runs that end in the middle: by a fault of Netyard's own, by a worker that dies, or because somebody cancels them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.db import connections
from django.utils import timezone

from tests.world import World, build_world
from topology import queue
from topology.actions import run_apply as running
from topology.actions.beat_heart import LOOK_S
from topology.actions.reconcile_runs import reconcile_runs
from topology.actions.run_apply import run_apply
from topology.actions.see_drift import baseline
from topology.core.plan import Kind, Operation
from topology.engine.fake import FakeEngine
from topology.models import Op, Run, Stack

pytestmark = pytest.mark.django_db(transaction=True)
OLD = "services:\n  web:\n    image: busybox:stable\n    command: [sleep, '600']\n    networks: [front]\nnetworks:\n  front: {}\n"
NEW = OLD.replace("600", "601")


class Fragile(FakeEngine):
    """An engine whose client breaks at one call."""

    breaks: Callable[[Operation], bool] = staticmethod(lambda operation: False)

    def close(self) -> None:
        """It outlives the runs, as an engine does."""

    def perform(self, operation: Operation, **how: Any) -> str:
        if self.breaks(operation):
            raise ValueError("no JSON: {'token': 'secret'}")
        return super().perform(operation, **how)


@pytest.fixture
def engine() -> Fragile:
    return Fragile()


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(queue, "enqueue", lambda *what: found.append(what) or True)
    return found


@pytest.fixture
def world(engine: Fragile, enqueued: list[tuple[str, ...]]) -> World:
    """The old design is applied; the new one is drawn."""
    made = build_world(text=OLD)
    Op.objects.create(stack=made.stack, version=1, op_id="first", edit={}, inverse={}, text=OLD)
    assert apply(made, engine, version=1, text=OLD).state == "done"
    Stack.objects.filter(pk=made.stack.pk).update(version=2, text=NEW, good_text=NEW)
    return made


def asked(world: World, *, version: int, text: str, kind: str = "apply", **wanted: Any) -> Run:
    return Run.objects.create(stack=world.stack, kind=kind, by=world.people["deployer"], version=version, text=text, asked=wanted)


def carry_out(run: Run, engine: Fragile) -> Run:
    run_apply(str(run.pk), worker=f"w-{run.pk}", connect=lambda _: engine)
    return Run.objects.get(pk=run.pk)


def apply(world: World, engine: Fragile, *, version: int, text: str, **wanted: Any) -> Run:
    return carry_out(asked(world, version=version, text=text, **wanted), engine)


def containers(world: World, engine: Fragile) -> dict[str, str]:
    return {one.name: one.state for one in engine.observe(world.stack.project).containers}


def test_a_fault_of_netyards_own_fails_its_step_and_the_old_container_runs_again(world: World, engine: Fragile) -> None:
    broken: list[Operation] = []

    def breaks(operation: Operation) -> bool:
        if operation.kind is Kind.START and not broken:
            broken.append(operation)
            return True
        return False

    engine.breaks = breaks  # type: ignore[method-assign]
    with structlog.testing.capture_logs() as logs:
        run = apply(world, engine, version=2, text=NEW)
    assert run.state == "failed"
    assert run.error == "Could not start web: Netyard itself failed here (ValueError). The old web runs again."
    assert run.fix.startswith("Read the worker's log, and report it.")
    states = dict(run.steps.values_list("operation__summary", "state"))
    assert states["start web"] == "failed" and states["start the old web again"] == "done"
    assert not run.steps.filter(state__in=("running", "pending")).exists()
    assert containers(world, engine) == {"nyt-shop-web-1": "running"}
    (told,) = [one for one in logs if one["log_level"] == "error"]
    assert isinstance(told["exc_info"], ValueError) and told["step"] == "start web"
    assert "secret" not in run.error


def test_what_does_not_need_the_step_that_broke_goes_on(world: World, engine: Fragile) -> None:
    engine.breaks = lambda operation: operation.kind is Kind.PULL_IMAGE  # type: ignore[method-assign]
    more = OLD + "  other: {}\n"
    text = more.replace("networks:\n  front", "  bad:\n    image: nginx:alpine\nnetworks:\n  front")
    run = apply(world, engine, version=2, text=text)
    assert run.state == "failed" and "ValueError" in run.error
    assert set(run.steps.values_list("state", flat=True)) <= {"failed", "skipped", "done"}
    assert apply(world, engine, version=1, text=OLD).state == "done"


@pytest.mark.parametrize(
    ("kind", "left"), [("down", {"web": "exited", "db": "running"}), ("stop", {"web": "exited", "db": "running"})]
)
def test_what_is_cancelled_half_way_stays_as_far_as_it_came_and_an_apply_brings_all_back(
    world: World, engine: Fragile, kind: str, left: dict[str, str]
) -> None:
    text = OLD.replace("    networks", "    depends_on: [db]\n    networks") + "  back: {}\n"
    text = text.replace("networks:\n  front", "  db:\n    image: busybox:stable\n    networks: [back]\nnetworks:\n  front")
    assert apply(world, engine, version=1, text=text).state == "done"
    Op.objects.filter(stack=world.stack).update(text=text)
    run = asked(world, version=1, text=text, kind=kind)
    engine.breaks = lambda operation: operation.kind is Kind.STOP and cancelled(run)  # type: ignore[method-assign]
    run = carry_out(run, engine)
    del engine.breaks
    assert (run.state, run.error) == ("cancelled", "Cancelled. What was done stays done.")
    assert not run.steps.filter(state__in=("running", "pending")).exists()
    assert containers(world, engine) == {f"nyt-shop-{name}-1": state for name, state in left.items()}
    base = baseline(Stack.objects.get(pk=world.stack.pk), engine.observe(world.stack.project))
    assert base is None if kind == "down" else base is not None and base.stopped == {"web"}
    assert apply(world, engine, version=1, text=text).state == "done"
    assert set(containers(world, engine).values()) == {"running"}
    assert not apply(world, engine, version=1, text=text).steps.exists()


def cancelled(run: Run) -> bool:
    """Somebody cancels it, and the worker has noticed by the time that this is over."""
    Run.objects.filter(pk=run.pk).update(cancel_asked=True)
    connections.close_all()
    time.sleep(3 * LOOK_S)
    return False


class Died(BaseException):
    """The worker's process ends here."""


@pytest.mark.parametrize("dies_at", ["_tell_end", "_go_on"])
def test_a_worker_that_dies_after_a_failed_run_has_it_taken_back_once(
    world: World, engine: Fragile, enqueued: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    def die(*what: object) -> None:
        raise Died

    run = asked(world, version=2, text=NEW, rolls_back=True)
    engine.breaks = lambda operation: operation.kind is Kind.START and "old" not in operation.summary  # type: ignore[method-assign]
    with monkeypatch.context() as patch:
        patch.setattr(running, dies_at, die)
        with pytest.raises(Died):
            carry_out(run, engine)
    del engine.breaks
    back = Run.objects.get(rollback_of=run)
    assert (Run.objects.get(pk=run.pk).state, back.state, enqueued) == ("failed", "queued", [])
    Run.objects.filter(pk=back.pk).update(requested_at=timezone.now() - timedelta(minutes=1))
    remembered: dict[Any, float] = {}
    for _ in range(3):
        reconcile_runs(asked_at=remembered)
    assert enqueued == [("run_apply", str(back.pk))]
    assert carry_out(back, engine).state == "done"
    reconcile_runs()
    assert Run.objects.filter(rollback_of=run).count() == 1
    assert containers(world, engine) == {"nyt-shop-web-1": "running"}


def test_a_failed_run_that_lost_its_worker_meanwhile_is_not_taken_back(
    world: World, engine: Fragile, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(world, version=2, text=NEW, rolls_back=True)
    monkeypatch.setattr(running.runs, "end", lambda *what, **how: False)
    carry_out(run, engine)
    assert not Run.objects.filter(rollback_of=run).exists()
