"""What runs on a real engine becomes a stack, and nothing of it is touched: Compose projects and plain containers."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import docker
import pytest

from tests.bench.adopt import differences
from tests.lab.running import identities, started
from topology import wire
from topology.actions.adopt_look import ask_look, read_look
from topology.actions.adopt_reconstruct import take_look
from topology.actions.adopt_stack import adopt_stack
from topology.actions.authorize import Actor
from topology.actions.declined import Declined
from topology.actions.preview_plan import preview_plan
from topology.actions.request_run import request_run
from topology.actions.resync_stack import resync_stack
from topology.actions.run_apply import run_apply
from topology.engine.connect import open_engine
from topology.models import AdoptedContainer, Audit, Engine, Look, Membership, Run, Stack, Team
from topology.store.adoptions import adopted_of
from topology.store.drifts import load_drift

pytestmark = pytest.mark.engine
THREE = (
    "docker__compose/pkg/e2e/testdata/TestNetworkAliases/compose.yaml",
    "docker__compose/_rev/1.28.x/tests/fixtures/networks/docker-compose.yml",
    "docker__compose/_rev/v2.40.x/pkg/e2e/fixtures/network-links/compose.yaml",
)


@pytest.fixture
def desk(transactional_db: None) -> SimpleNamespace:
    """An engine administrator, a team's owner who is none, and their team."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    admin = get_user_model().objects.create_user("admin", is_superuser=True)
    owner = get_user_model().objects.create_user("owner")
    team = Team.objects.create(name="Ours")
    for user in (admin, owner):
        Membership.objects.create(team=team, user=user, role="owner")
    engine = Engine.objects.create(name="local", url=settings.DOCKER_HOST)
    return SimpleNamespace(admin=Actor.of(admin), owner=Actor.of(owner), team=team, engine=engine)


@pytest.fixture
def plain() -> Iterator[SimpleNamespace]:
    """Containers as `docker run` makes them: one on docker0, one linked to it, one on a network with an alias."""
    client, prefix = docker.from_env(timeout=60), f"nyt-{uuid.uuid4().hex[:6]}"
    labels = {"io.netyard.test": "1"}
    network = client.networks.create(f"{prefix}-net", labels=labels)
    common = {"detach": True, "labels": labels}
    client.containers.run("busybox:stable", ["sleep", "600"], name=f"{prefix}-db", environment={"PASSWORD": "a$b"}, **common)
    client.containers.run("standin:latest", name=f"{prefix}-api", links={f"{prefix}-db": "db"}, volumes=["/cache"], **common)
    web = client.containers.create("standin:latest", name=f"{prefix}-web", network=network.name, mem_limit="64m", **common)
    network.disconnect(web)
    network.connect(web, aliases=["www"])
    web.start()
    yield SimpleNamespace(client=client, prefix=prefix, names=[f"{prefix}-{one}" for one in ("api", "db", "web")])
    for container in client.containers.list(all=True, ignore_removed=True):
        if container.name.startswith(prefix):
            container.remove(force=True, v=True)
    network.remove()
    client.close()


def look(desk: SimpleNamespace, **asked: object) -> wire.LookView:
    """As the browser asks, and the worker answers."""
    made = ask_look(desk.admin, engine_id=desk.engine.pk, asked=wire.LookRequest(**asked))  # type: ignore[arg-type]
    take_look(made.id)
    return read_look(desk.admin, look_id=Look.objects.get(pk=made.id).pk)


def adopt(desk: SimpleNamespace, found: wire.LookView, *, name: str) -> Stack:
    made = adopt_stack(desk.admin, look_id=Look.objects.get(pk=found.id).pk, team_id=desk.team.pk, name=name)
    stack = Stack.objects.get(pk=made.stack_id)
    engine = open_engine("")
    resync_stack(stack.pk, observe=lambda: engine.observe(stack.project, adopted=adopted_of(stack.pk)))
    engine.close()
    return stack


@pytest.mark.parametrize("file", THREE)
def test_a_compose_project_is_adopted_with_an_empty_plan_and_left_alone(desk: SimpleNamespace, file: str) -> None:
    client = docker.from_env(timeout=60)
    with started(file) as running:
        before = identities(client, running.project)
        found = look(desk, kind="project", project=running.project)
        assert found.state == "ready" and found.found is not None, found.error
        assert (found.found.operations, found.found.notes) == ([], [])
        assert differences(running, found.found.text) == []
        stack = adopt(desk, found, name="Taken")
        assert [one.summary for one in preview_plan(desk.owner, stack_id=stack.pk).operations] == []
        assert (stack.project, stack.applied_version, load_drift(stack.pk)) == (running.project, 1, ())
        assert set(stack.layout) >= {f"service:{name}" for name in found.found.services}
        assert identities(client, running.project) == before
        assert Audit.objects.filter(action="adopt_stack", allowed=True).count() == 1
    client.close()


def test_plain_containers_are_adopted_and_go_with_the_stack(desk: SimpleNamespace, plain: SimpleNamespace) -> None:
    survey = look(desk, kind="survey")
    ids = [one.id for one in survey.containers if one.name in plain.names]
    before = {name: plain.client.containers.get(name).id for name in plain.names}
    found = look(desk, kind="containers", containers=ids, name="Taken")
    assert found.found is not None and found.found.operations == [], found
    assert "PASSWORD: a$$b" in found.found.text and "aliases:\n          - www" in found.found.text
    stack = adopt(desk, found, name="Taken")
    assert [one.summary for one in preview_plan(desk.owner, stack_id=stack.pk).operations] == []
    assert {name: plain.client.containers.get(name).id for name in plain.names} == before
    assert not {one.id for one in look(desk, kind="survey").containers} & set(ids)

    plain.client.containers.get(plain.names[2]).update(mem_limit="96m", memswap_limit="192m")
    engine = open_engine("")
    resync_stack(stack.pk, observe=lambda: engine.observe(stack.project, adopted=adopted_of(stack.pk)))
    engine.close()
    assert [one.words for one in load_drift(stack.pk)] == ["memory limit 96 MiB instead of 64 MiB"]

    view = request_run(desk.owner, stack_id=stack.pk, asked=wire.RunRequest(kind="down"))
    run_apply(view.id, worker="test")
    assert Run.objects.get(pk=view.id).state == "done"
    assert not [one for one in plain.client.containers.list(all=True, ignore_removed=True) if one.name.startswith(plain.prefix)]


def test_a_container_belongs_to_one_stack(desk: SimpleNamespace, plain: SimpleNamespace) -> None:
    first, second = (look(desk, kind="containers", containers=[plain.names[1]], name=name) for name in ("One", "Two"))
    adopt(desk, first, name="One")
    with pytest.raises(Declined, match="taken this in meanwhile"):
        adopt(desk, second, name="Two")
    assert AdoptedContainer.objects.count() == 1 and Stack.objects.count() == 1


def test_only_an_administrator_looks_and_adopts(desk: SimpleNamespace) -> None:
    with pytest.raises(Declined, match="administrator"):
        ask_look(desk.owner, engine_id=desk.engine.pk, asked=wire.LookRequest(kind="survey"))
    assert Audit.objects.filter(action="ask_look", allowed=False).count() == 1 and not Look.objects.exists()


def test_a_project_that_is_gone_is_said_to_be(desk: SimpleNamespace) -> None:
    found = look(desk, kind="project", project="nyt-nowhere")
    assert (found.state, found.error) == ("failed", "The project has no containers any more.")
