"""Stacks: made, read, moved, renamed, shared, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.world import SECRET, TEXT, World, build_world
from topology import announce, wire
from topology.actions.create_stack import create_stack
from topology.actions.declined import Declined
from topology.actions.delete_stack import delete_stack
from topology.actions.move_nodes import move_nodes
from topology.actions.rename_stack import rename_stack
from topology.core.observed import Observed, ObservedContainer, to_json
from topology.models import Audit, Engine, Membership, Op, Run, Stack, StackStatus, Team
from topology.store.engines import engine_view
from topology.store.guests import without_errors
from topology.store.status import add_timeline


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def observe(world: World, **fields: Any) -> None:
    container = ObservedContainer(id="1", name="nyt-shop-web-1", image="nginx:alpine", image_id="i", state="running", service="web")
    observed = Observed(at=1.0, containers=(container,), **fields)
    StackStatus.objects.create(stack=world.stack, seq=1, observed=to_json(observed), observed_at=1.0)


def make(world: World, name: str = "New", **fields: Any) -> wire.StackView:
    return create_stack(world.actor("editor"), team_id=world.team.pk, name=name, **fields)


def test_a_new_stack_is_empty_and_has_no_problems(world: World) -> None:
    view = make(world)
    assert (view.graph.services, view.problems, view.valid, view.version) == ([], [], True, 1)
    assert Op.objects.get(stack_id=view.id).message == "Created"


def test_an_import_is_kept_byte_for_byte(world: World) -> None:
    text = "# mine\r\nservices:\r\n  a:\r\n    image: 'busybox:stable'   # stays\r\n"
    view = make(world, text=text)
    assert view.text == text
    response = world.client("viewer").get(f"/api/stacks/{view.id}/export")
    assert response.content == text.encode()
    assert response["Content-Disposition"] == 'attachment; filename="new.compose.yaml"'


def test_a_text_that_cannot_be_read_is_kept_and_shown_with_its_problems(world: World) -> None:
    view = make(world, text="services: [\n")
    assert (view.text, view.valid, view.graph.services) == ("services: [\n", False, [])
    assert view.problems[0].line > 0


def test_every_example_makes_a_stack_without_problems(world: World) -> None:
    examples = [wire.Example.model_validate(one) for one in world.client("editor").get("/api/examples").json()]
    assert len(examples) == 3
    for example in examples:
        view = make(world, example.title, example=example.id)
        assert view.graph.services
        assert view.problems == []
        assert {node.id for node in example.picture.nodes} == set(view.layout)


def test_a_new_stack_does_not_take_over_what_is_on_the_engine_already(world: World) -> None:
    """Else whoever names a stack like another tool's project could read its logs, stop it, and remove its data."""
    world.engine.facts = {"projects": ["gitlab", "gitlab-2"]}
    world.engine.save()
    named = "name: gitlab\nservices: {}\n"
    assert make(world, "Gitlab").graph.project == "gitlab-3"
    assert make(world, "Other", text=named).graph.project == "gitlab-4"
    Membership.objects.create(team=world.team, user=world.people["administrator"], role="editor")
    adopted = create_stack(world.actor("administrator"), team_id=world.team.pk, name="Mine", text=named)
    assert adopted.graph.project == "gitlab"
    assert create_stack(world.actor("administrator"), team_id=world.team.pk, name="gitlab 2").graph.project == "gitlab-2-2"


def test_the_project_is_the_name_as_a_slug_and_unique_on_the_engine(world: World) -> None:
    def project(view: wire.StackView) -> str:
        return view.graph.project

    assert project(make(world, "My Shop: Ü2!")) == "my-shop-u2"
    assert project(make(world, "my shop u2")) == "my-shop-u2-2"
    assert project(make(world, "日本")) == "stack"


def test_a_name_in_the_text_is_the_project_where_it_is_free(world: World) -> None:
    text = "name: awesome\nservices:\n  a: {image: x}\n"
    assert make(world, "One", text=text).graph.project == "awesome"
    assert make(world, "Two", text=text).graph.project == "two"


def test_a_name_is_taken_once_a_team(world: World) -> None:
    make(world)
    with pytest.raises(Declined) as refusal:
        make(world)
    assert (refusal.value.status, refusal.value.code) == (422, "name-taken")
    with pytest.raises(Declined) as refusal:
        rename_stack(world.actor("owner"), stack_id=world.stack.pk, name="New")
    assert refusal.value.code == "name-taken"


def test_moving_nodes_leaves_text_and_version_alone(world: World) -> None:
    at = wire.NodeLayout(x=0, y=-40, color=3)
    assert move_nodes(world.actor("editor"), stack_id=world.stack.pk, op_id="a", nodes={"service:web": at}).layout_version == 1
    nudge = {"service:web": wire.NodeLayout(x=20, y=-40), "service:gone": None}
    assert move_nodes(world.actor("editor"), stack_id=world.stack.pk, op_id="b", nodes=nudge).layout_version == 2
    view = wire.StackView.model_validate(world.client("viewer").get(f"/api/stacks/{world.stack.pk}").json())
    place = view.layout["service:web"]
    assert (place.x, place.y, place.color) == (20, -40, 3)
    assert (view.text, view.version) == (TEXT, 1)


def test_a_place_that_is_none_is_refused(world: World) -> None:
    for node, at in (("service:web", wire.NodeLayout(x=float("nan"), y=0)), ("web", wire.NodeLayout(x=0, y=0))):
        with pytest.raises(Declined):
            move_nodes(world.actor("editor"), stack_id=world.stack.pk, op_id="a", nodes={node: at})


def test_a_stack_is_not_deleted_while_containers_or_a_run_exist(world: World) -> None:
    observe(world)
    with pytest.raises(Declined) as refusal:
        delete_stack(world.actor("owner"), stack_id=world.stack.pk)
    assert (refusal.value.status, refusal.value.code) == (409, "stack-has-containers")
    StackStatus.objects.all().delete()
    Run.objects.filter(stack=world.stack).update(state="running")
    with pytest.raises(Declined) as refusal:
        delete_stack(world.actor("owner"), stack_id=world.stack.pk)
    assert refusal.value.code == "run-under-way"
    Run.objects.filter(stack=world.stack).update(state="done")
    delete_stack(world.actor("owner"), stack_id=world.stack.pk)
    assert not Stack.objects.filter(pk=world.stack.pk).exists()
    assert Audit.objects.filter(action="delete_stack", allowed=True).exists()


def test_the_list_takes_the_same_few_queries_for_one_stack_and_for_thirty(world: World, django_assert_max_num_queries: Any) -> None:
    observe(world)
    for number in range(30):
        make(world, f"Stack {number}", text=TEXT)
    client = world.client("viewer")
    with django_assert_max_num_queries(4):  # session, person, stacks, the texts of their companions
        cards = client.get("/api/stacks").json()
    assert len(cards) == 31
    card = next(card for card in cards if card["name"] == "Shop")
    assert (card["running"], card["wanted"], card["services"], card["rights"]) == (1, 2, 2, ["look"])
    assert {node["id"]: node["state"] for node in card["picture"]["nodes"]}["service:web"] == "running"


def test_the_list_shows_only_stacks_of_ones_own_teams(world: World) -> None:
    assert world.client("stranger").get("/api/stacks").json() == []
    assert world.client("administrator").get("/api/stacks").json() == []
    Stack.objects.create(team=Team.objects.get(name="Theirs"), engine=world.engine, name="Secret", project="nyt-other", text="")
    assert [card["name"] for card in world.client("owner").get("/api/stacks").json()] == ["Shop"]


def test_a_guest_sees_the_shape_but_no_value_of_the_stack(world: World) -> None:
    visitor = Client()
    opened = visitor.post("/api/shared/open", {"token": "share-token"}, content_type="application/json").json()
    assert opened["stack_name"] == "Shop"
    response = visitor.get(f"/api/shared/{opened['share_id']}")
    snapshot = wire.Snapshot.model_validate(response.json())
    for secret in (SECRET, "tok-123456"):
        assert secret not in response.content.decode()
    assert snapshot.stack.text == ""
    assert snapshot.stack.rights == ["guest"]
    web, api = snapshot.stack.graph.services
    assert web.environment == {"PASSWORD": "•••", "MODE": "•••"}
    assert web.command == ["serve", "--password", "•••", "--verbose"]
    assert web.keys["image"] == "nginx:alpine"
    assert api.keys["environment"] == ["TOKEN=•••"]
    assert api.keys["labels"] == {"note": "made with •••"}
    assert [tap.network for tap in api.attachments] == ["front", "back"]
    assert visitor.get(f"/api/stacks/{world.stack.pk}").status_code == 401
    assert "logs" not in json.dumps(response.json()["stack"]["rights"])


def test_a_guest_does_not_read_the_words_of_errors(world: World) -> None:
    """They name the engine's address, which is nobody's business but an administrator's, and paths of its host."""
    words = "No Docker engine answers at tcp://10.1.2.3:2375 (refused)."
    Engine.objects.update(error=words)
    Run.objects.update(state="failed", error=words, fix=words)
    add_timeline(world.stack.pk, at=1.0, kind="run", text=f"owner's apply of version 1 failed: {words}", severity="error")
    answer = world.client("guest").get(f"/api/shared/{world.share.pk}")
    assert answer.status_code == 200
    assert "10.1.2.3" not in answer.content.decode()
    snapshot = wire.Snapshot.model_validate(answer.json())
    assert snapshot.run is not None
    assert (snapshot.run.state, bool(snapshot.run.error), snapshot.engine.reachable) == ("failed", True, False)
    assert snapshot.timeline[0].text == "owner's apply of version 1 failed"
    told = announce.envelope(wire.EngineChanged(engine=engine_view(Engine.objects.get())))
    assert "10.1.2.3" in told["text"]
    assert "10.1.2.3" not in json.dumps(without_errors(json.loads(told["text"])))


def test_a_token_that_is_none_opens_nothing(world: World) -> None:
    visitor = Client()
    assert visitor.post("/api/shared/open", {"token": "guess"}, content_type="application/json").status_code == 404
    assert visitor.get(f"/api/shared/{world.share.pk}").status_code == 404


def test_revisions_name_every_version_newest_first(world: World) -> None:
    view = make(world, text=TEXT)
    client = world.client("editor")
    body = {"op_id": "1", "edit": {"kind": "remove_service", "name": "api"}, "message": "Remove api"}
    client.post(f"/api/stacks/{view.id}/edits", body, content_type="application/json")
    rows = client.get(f"/api/stacks/{view.id}/revisions").json()
    assert [(row["version"], row["by"], row["message"]) for row in rows] == [(2, "editor", "Remove api"), (1, "editor", "Created")]


def test_the_servers_environment_never_leaks_into_a_design(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NYT_LEAK", "leaked-value")
    view = make(world, text="services:\n  a:\n    image: busybox:stable\n    environment:\n      X: ${NYT_LEAK}\n      NYT_LEAK:\n")
    assert "leaked-value" not in view.model_dump_json()
