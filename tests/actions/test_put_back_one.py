"""Putting one object back, where a run is asked for that has nothing to do, and what it says of the rest: nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.core.simulator import Simulator
from tests.world import World, build_world
from topology import queue, wire
from topology.actions.preview_plan import preview_plan
from topology.actions.request_run import request_run
from topology.core.observed import to_json
from topology.core.planner import plan_apply
from topology.models import AppliedImage, Engine, Run, Stack, StackStatus
from topology.store import runs
from topology.store.files import bundle_of
from topology.store.readings import design_of

OLD = "services:\n  web:\n    image: nginx\n"
NEW = OLD + "  api:\n    image: redis\n"


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The first version runs as it was applied, and a service was drawn since."""
    monkeypatch.setattr(queue, "enqueue", lambda *what: True)
    made = build_world(text=OLD)
    design = design_of(bundle_of(made.stack), project=made.stack.project)
    assert design is not None
    engine = Simulator(images=("nginx", "redis"))
    seen = engine.perform(plan_apply(design, engine.observe(made.stack.project))).observe(made.stack.project)
    StackStatus.objects.update_or_create(
        stack=made.stack, defaults={"seq": 1, "observed": to_json(seen), "observed_at": timezone.now().timestamp()}
    )
    Stack.objects.filter(pk=made.stack.pk).update(text=NEW, good_text=NEW, version=2, applied_version=1)
    Engine.objects.update(error="", seen_at=timezone.now())
    return made


def ask(world: World, **asked: Any) -> Run:
    actor = world.actor("deployer")
    digest = preview_plan(actor, stack_id=world.stack.pk, only=tuple(asked.get("only", ()))).digest
    request = wire.RunRequest(kind="apply", digest=digest, **asked)
    return Run.objects.get(pk=request_run(actor, stack_id=world.stack.pk, asked=request).id)


def test_one_object_that_needs_nothing_does_not_make_the_whole_version_applied(world: World) -> None:
    run = ask(world, only=["service:web"])
    assert run.state == "done"
    assert Stack.objects.get(pk=world.stack.pk).applied_version == 1
    assert not AppliedImage.objects.filter(run=run).exists()


def test_one_object_put_back_does_not_count_as_the_last_apply(world: World) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    Run.objects.filter(pk=world.run.pk).update(ended_at=long_ago)
    assert ask(world, only=["service:web"]).state == "done"
    assert runs.last_applied_at(world.stack.pk) == long_ago
