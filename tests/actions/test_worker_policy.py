"""The worker looks at the final payload itself, whatever the web process let through: what is there may have changed meanwhile."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.engine.bench import Bench
from tests.world import build_world
from topology.actions.run_apply import run_apply
from topology.core.plan import Kind
from topology.engine.fake import FakeEngine
from topology.models import Audit, Run, Stack

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = """services:
  web:
    image: busybox:stable
    volumes: [data:/data]
volumes:
  data: {external: true, name: theirs-data}
"""


@pytest.mark.parametrize("friendly", [False, True])
def test_the_worker_mounts_no_volume_of_another_team(friendly: bool) -> None:
    world, engine = build_world(), FakeEngine()
    volume = {"Name": "theirs-data", "Labels": {"com.docker.compose.project": "theirs"}}
    Bench(engine, real=False).do(Kind.CREATE_VOLUME, payload=volume)
    Stack.objects.create(
        team=world.team if friendly else world.foreign, engine=world.engine, name="Theirs", project="theirs", text="", good_text=""
    )
    run = Run.objects.create(
        stack=world.stack, kind="apply", by=world.people["deployer"], version=1, text=TEXT, requested_at=timezone.now()
    )
    ended = run_apply(str(run.pk), worker="w", connect=lambda _: engine)
    run.refresh_from_db()
    if friendly:
        assert ended == "done", run.error
    else:
        assert "theirs-data of the project theirs" in run.error
        assert Audit.objects.get(action="run_apply", allowed=False).detail == {"codes": ["policy-foreign-volume"]}
        assert not run.steps.exists()


def test_the_worker_mounts_no_bind_in_the_disguise_of_a_friends_volume() -> None:
    world, engine = build_world(), FakeEngine()
    options = {"type": "none", "o": "bind", "device": "/srv"}
    labels = {"com.docker.compose.project": "theirs"}
    Bench(engine, real=False).do(Kind.CREATE_VOLUME, payload={"Name": "theirs-data", "Labels": labels, "DriverOpts": options})
    Stack.objects.create(team=world.team, engine=world.engine, name="Theirs", project="theirs", text="", good_text="")
    run = Run.objects.create(
        stack=world.stack, kind="apply", by=world.people["deployer"], version=1, text=TEXT, requested_at=timezone.now()
    )
    run_apply(str(run.pk), worker="w", connect=lambda _: engine)
    assert Audit.objects.get(action="run_apply", allowed=False).detail == {"codes": ["policy-bind-mount"]}
    assert not run.steps.exists()
