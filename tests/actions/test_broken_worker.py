"""A worker that breaks in the middle of a run, by a fault of Netyard's own or by dying: what ran before runs again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.utils import timezone

from tests.world import World, build_world
from topology import queue
from topology.actions import run_apply as running
from topology.actions.reconcile_runs import reconcile_runs
from topology.actions.run_apply import run_apply
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


def asked(world: World, *, version: int, text: str, **wanted: Any) -> Run:
    return Run.objects.create(
        stack=world.stack, kind="apply", by=world.people["deployer"], version=version, text=text, asked=wanted
    )


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
