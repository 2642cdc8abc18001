"""What people do with `docker` behind Netyard's back on a real engine: told, kept in the design, or put back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import docker
import pytest

from tests.actions.processes import new_project, remove_all
from topology import wire
from topology.actions.authorize import Actor
from topology.actions.create_stack import create_stack
from topology.actions.edit_stack import edit_stack
from topology.actions.preview_plan import preview_plan
from topology.actions.request_run import request_run
from topology.actions.resync_stack import resync_stack
from topology.actions.run_apply import run_apply
from topology.actions.settle_closer import keep_looked
from topology.actions.settle_drift import keep_drift
from topology.core.observed import EngineEvent
from topology.engine.connect import open_engine
from topology.models import Engine, Look, Membership, Run, Stack, Team, TimelineRow
from topology.store.drifts import load_drift

pytestmark = pytest.mark.engine
TEXT = """# two on one network
services:
  web:
    image: standin:latest
    stop_grace_period: 1s
    networks: [front]
  api:
    image: standin:latest
    stop_grace_period: 1s
    networks:
      front:
        aliases: [backend]
networks:
  front: {}
  tools: {}
"""


@pytest.fixture
def stack(transactional_db: None) -> Iterator[Hand]:
    """A stack that was applied through the worker's own code, and hands to meddle with it."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    project = new_project()
    user = get_user_model().objects.create_user("ann")
    team = Team.objects.create(name="Ours")
    Membership.objects.create(team=team, user=user, role="owner")
    Engine.objects.create(name="local", url=settings.DOCKER_HOST)
    actor = Actor.of(user)
    view = create_stack(actor, team_id=team.pk, name=project, text=TEXT)
    made = Hand(actor, Stack.objects.get(pk=view.id), project)
    try:
        made.apply()
        yield made
    finally:
        made.engine.close()
        remove_all(project)
        remove_network(f"{project}-byhand")


def remove_network(name: str) -> None:
    """One that bears no project's label, where the test made it."""
    client = docker.from_env()
    for network in client.networks.list(names=[name]):
        network.remove()
    client.close()


class Hand:
    """Drives one stack, and `docker` beside it."""

    def __init__(self, actor: Actor, row: Stack, project: str) -> None:
        self.actor, self.id, self.project = actor, row.pk, row.project
        self.engine = open_engine("")
        assert self.project == project

    def apply(self, **asked: object) -> Run:
        self.look()
        plan = self.plan(**asked)
        request = wire.RunRequest(kind="apply", digest=plan.digest, **asked)  # type: ignore[arg-type]
        view = request_run(self.actor, stack_id=self.id, asked=request)
        run_apply(view.id, worker="test")
        run = Run.objects.get(pk=view.id)
        assert run.state == "done", run.error
        return run

    def plan(self, **asked: object) -> wire.PlanView:
        return preview_plan(self.actor, stack_id=self.id, **asked)  # type: ignore[arg-type]

    def docker(self, *words: str) -> None:
        subprocess.run(["docker", *words], check=True, stdout=subprocess.DEVNULL)

    def name(self, short: str) -> str:
        return f"{self.project}-{short}-1"

    def look(self) -> list[str]:
        """Look afresh, as the watcher does; what differs as "subject: words"."""
        resync_stack(self.id, observe=lambda: self.engine.observe(self.project))
        return [f"{one.subject}: {one.words}" for one in load_drift(self.id)]

    def put_back(self, subject: str) -> list[str]:
        version = Stack.objects.get(pk=self.id).applied_version
        run = self.apply(version=version, only=(subject,), remove_orphans=True)
        assert run.version == version
        return self.look()

    def keep(self, subject: str) -> list[str]:
        """Keep it; what an apply would do then."""
        kept = keep_drift(self.actor, stack_id=self.id, subject=subject)
        if kept.state == "queued":
            look = Look.objects.get(kind="keep")
            keep_looked(str(look.pk))
            look.refresh_from_db()
            assert look.state == "ready", look.error
            look.delete()
        return [one.summary for one in self.plan().operations]

    @property
    def row(self) -> Stack:
        return Stack.objects.get(pk=self.id)


def test_what_was_applied_is_no_drift(stack: Hand) -> None:
    assert stack.look() == []


def test_a_network_plugged_by_hand_is_told_and_unplugged(stack: Hand) -> None:
    stack.docker("network", "create", "--label", "io.netyard.test=1", f"{stack.project}-byhand")
    stack.docker("network", "connect", f"{stack.project}-byhand", stack.name("web"))
    assert stack.look() == [f"service:web: connected to {stack.project}-byhand"]
    assert TimelineRow.objects.filter(kind="drift").get().text == (
        f"web was changed outside of Netyard: connected to {stack.project}-byhand"
    )
    assert stack.put_back("service:web") == []


def test_a_network_plugged_by_hand_is_kept_in_the_design(stack: Hand) -> None:
    stack.docker("network", "create", "--label", "io.netyard.test=1", f"{stack.project}-byhand")
    stack.docker("network", "connect", "--alias", "shop", f"{stack.project}-byhand", stack.name("web"))
    assert stack.look()
    before = stack.engine.inspect(stack.name("web"))
    assert next(one.split(" from")[0] for one in stack.keep("service:web")) == "disconnect web"  # for its own name, in place
    assert stack.look() == []
    stack.apply()
    after = stack.engine.inspect(stack.name("web"))
    assert before is not None and after is not None and before.id == after.id
    assert (
        stack.look() == [] and "aliases:\n          - shop" in stack.row.text and stack.row.text.startswith("# two on one network")
    )


def test_a_network_unplugged_by_hand_is_plugged_again_with_its_alias(stack: Hand) -> None:
    stack.docker("network", "disconnect", f"{stack.project}_front", stack.name("api"))
    assert stack.look() == ["service:api: disconnected from front"]
    before = stack.engine.inspect(stack.name("api"))
    assert stack.put_back("service:api") == []
    after = stack.engine.inspect(stack.name("api"))
    assert before is not None and after is not None and before.id == after.id
    assert "backend" in after.endpoints[0].aliases


def test_a_network_unplugged_by_hand_stays_unplugged_when_that_is_kept(stack: Hand) -> None:
    stack.docker("network", "disconnect", f"{stack.project}_front", stack.name("api"))
    assert stack.look() and stack.keep("service:api") == []
    assert stack.look() == [] and "network_mode: none" in stack.row.text


def test_a_memory_limit_set_by_hand_is_kept_and_one_is_put_back(stack: Hand) -> None:
    stack.docker("update", "--memory", "64m", "--memory-swap", "128m", stack.name("web"))
    assert stack.look() == ["service:web: memory limit 64 MiB instead of none"]
    assert stack.keep("service:web") == [] and "mem_limit: 64m" in stack.row.text
    stack.docker("update", "--memory", "96m", "--memory-swap", "192m", stack.name("web"))
    assert stack.look() == ["service:web: memory limit 96 MiB instead of 64 MiB"]
    assert stack.put_back("service:web") == []


def test_a_restart_policy_and_a_name_changed_by_hand_are_told_and_put_back(stack: Hand) -> None:
    stack.docker("update", "--restart", "always", stack.name("web"))
    stack.docker("rename", stack.name("web"), f"{stack.project}-renamed")
    assert stack.look() == [
        f"service:web: renamed to {stack.project}-renamed", "service:web: restart policy always instead of no",
    ]  # fmt: skip
    assert stack.put_back("service:web") == []


def test_a_stop_by_hand_is_told_and_started_again(stack: Hand) -> None:
    container = stack.engine.inspect(stack.name("web"))
    assert container is not None
    stack.docker("stop", "-t", "1", stack.name("web"))
    asked_to_stop(stack, container.id)
    assert stack.look() == ["service:web: stopped"]
    with pytest.raises(Exception, match="no stopped services"):
        stack.keep("service:web")
    assert stack.put_back("service:web") == []


def test_a_stop_through_netyard_is_no_drift(stack: Hand) -> None:
    view = request_run(stack.actor, stack_id=stack.id, asked=wire.RunRequest(kind="stop", services=["web"]))
    run_apply(view.id, worker="test")
    container = stack.engine.inspect(stack.name("web"))
    assert container is not None
    asked_to_stop(stack, container.id)
    assert stack.look() == []


def test_a_container_removed_by_hand_is_made_again_or_taken_out(stack: Hand) -> None:
    stack.docker("rm", "-f", stack.name("web"))
    assert stack.look() == ["service:web: web has no container any more"]
    assert stack.put_back("service:web") == []
    stack.docker("rm", "-f", stack.name("web"))
    assert stack.look() and stack.keep("service:web") == []
    assert "web:" not in stack.row.text and stack.look() == []


def test_an_extra_container_with_the_stacks_labels_becomes_a_service(stack: Hand) -> None:
    run_extra(stack)
    assert stack.look() == [
        f"service:extra: its container {stack.project}-extra-1 bears this stack's labels, and the design has no such service"
    ]
    before = stack.engine.inspect(stack.name("extra"))
    assert {one.impact for one in operations_after_keeping(stack, "service:extra")} == {"in place"}
    stack.apply()
    after = stack.engine.inspect(stack.name("extra"))
    assert stack.look() == [] and before is not None and after is not None and before.id == after.id
    assert 'command: ["sleep", "600"]' in stack.row.text and "MODE: a$$b" in stack.row.text


def test_an_extra_container_is_removed_when_put_back(stack: Hand) -> None:
    run_extra(stack)
    assert stack.look() and stack.put_back("service:extra") == []
    assert stack.engine.inspect(stack.name("extra")) is None


def test_a_container_that_another_tool_made_anew_tells_what_differs(stack: Hand) -> None:
    stack.docker("rm", "-f", stack.name("web"))
    labels = ["com.docker.compose.service=web", "com.docker.compose.container-number=1"]
    run_labelled(stack, "web", *labels, network=f"{stack.project}_front", image="busybox:stable")
    assert "service:web: made from busybox:stable instead of standin:latest" in stack.look()
    stack.keep("service:web")
    assert "image: busybox:stable" in stack.row.text


def test_an_edit_that_is_not_applied_is_no_drift(stack: Hand) -> None:
    edit = {"kind": "attach", "service": "web", "network": "tools"}
    edit_stack(stack.actor, stack_id=stack.id, op_id="one", edit=edit)
    assert stack.look() == []


def test_putting_back_one_service_leaves_unapplied_edits_alone(stack: Hand) -> None:
    edit_stack(stack.actor, stack_id=stack.id, op_id="one", edit={"kind": "attach", "service": "api", "network": "tools"})
    stack.docker("update", "--restart", "always", stack.name("web"))
    assert stack.look() == ["service:web: restart policy always instead of no"]
    assert stack.put_back("service:web") == []
    assert stack.row.applied_version == 1 and [one.subject for one in stack.plan().operations] == ["network:tools", "service:api"]


def test_nothing_is_drift_after_the_stack_was_taken_down(stack: Hand) -> None:
    view = request_run(stack.actor, stack_id=stack.id, asked=wire.RunRequest(kind="down"))
    run_apply(view.id, worker="test")
    assert stack.look() == []


def operations_after_keeping(stack: Hand, subject: str) -> list[wire.OperationView]:
    stack.keep(subject)
    return stack.plan().operations


def asked_to_stop(stack: Hand, container_id: str) -> None:
    """What the watcher learns from the event stream, which a look cannot tell."""
    from topology.actions.absorb_event import absorb_event

    event = EngineEvent(0.0, "container", "die", container_id, project=stack.project, detail={"exitCode": "0", "wanted": "1"})
    absorb_event(stack.id, [event], engine=stack.engine)


def run_extra(stack: Hand) -> None:
    labels = ["com.docker.compose.service=extra", "com.docker.compose.container-number=1"]
    run_labelled(stack, "extra", *labels, network=f"{stack.project}_front", image="busybox:stable")


def run_labelled(stack: Hand, short: str, *labels: str, network: str, image: str) -> None:
    marks = [f"com.docker.compose.project={stack.project}", "io.netyard.test=1", *labels]
    flags = [word for mark in marks for word in ("--label", mark)]
    stack.docker("run", "-d", "--name", stack.name(short), "--network", network, "-e", "MODE=a$b", *flags, image, "sleep", "600")
