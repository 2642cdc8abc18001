"""People: roles changed and taken away, the last owner, policies of engines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.world import World, build_world
from topology import announce, wire
from topology.actions.authorize import Actor, require
from topology.actions.declined import Declined
from topology.actions.manage_engine import set_engine_policy
from topology.actions.manage_team import change_member, create_invitation, create_team, remove_member
from topology.core.access import Right
from topology.models import Audit, Engine, Membership


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    monkeypatch.setattr(announce, "_post", lambda target, message, **_: found.append((target, message)))
    return found


def test_the_last_owner_stays(world: World) -> None:
    owner = world.people["owner"].pk
    for attempt in (
        lambda: change_member(world.actor("owner"), team_id=world.team.pk, user_id=owner, role="viewer"),
        lambda: remove_member(world.actor("owner"), team_id=world.team.pk, user_id=owner),
    ):
        with pytest.raises(Declined) as refusal:
            attempt()
        assert (refusal.value.status, refusal.value.code) == (409, "last-owner")
    change_member(world.actor("owner"), team_id=world.team.pk, user_id=world.people["editor"].pk, role="owner")
    assert change_member(world.actor("owner"), team_id=world.team.pk, user_id=owner, role="viewer").role == "viewer"


def test_a_role_taken_away_counts_at_once_and_its_sockets_are_told(
    world: World, told: list[tuple[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    editor = world.people["editor"]
    before = world.actor("editor")
    with django_capture_on_commit_callbacks(execute=True):
        remove_member(world.actor("owner"), team_id=world.team.pk, user_id=editor.pk)
    assert told == [(f"user.{editor.pk}", {"type": "recheck"})]
    with pytest.raises(Declined) as refusal:
        require(before, Right.LOOK, world.team.pk, action="x", subject="y")
    assert refusal.value.status == 404


def test_a_member_of_another_team_cannot_be_reached_through_ones_own(world: World) -> None:
    with pytest.raises(Declined) as refusal:
        change_member(world.actor("owner"), team_id=world.team.pk, user_id=world.people["stranger"].pk, role="viewer")
    assert refusal.value.status == 404
    assert Membership.objects.get(user=world.people["stranger"]).role == "owner"


def test_a_new_team_belongs_to_the_one_who_made_it(world: World) -> None:
    team = create_team(world.actor("administrator"), name="  Third   team ")
    assert (team.name, team.role, [member.username for member in team.members]) == ("Third team", "owner", ["administrator"])


def test_nobody_gives_themselves_a_right_to_deploy_by_making_a_team(world: World) -> None:
    for who in ("viewer", "owner", "stranger"):
        with pytest.raises(Declined) as refusal:
            create_team(world.actor(who), name="Mine")
        assert refusal.value.status == 403


@pytest.mark.parametrize("days", [0, -1, 91])
def test_an_invitation_ends_some_day(world: World, days: int) -> None:
    with pytest.raises(Declined):
        create_invitation(world.actor("owner"), team_id=world.team.pk, role="viewer", days=days)


def test_only_an_administrator_sets_a_policy_and_every_stack_is_told(
    world: World, told: list[tuple[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    policy = wire.EnginePolicy(bind_mounts=True)
    with pytest.raises(Declined) as refusal:
        set_engine_policy(world.actor("owner"), engine_id=world.engine.pk, policy=policy)
    assert refusal.value.status == 403
    assert Audit.objects.get(action="set_engine_policy").allowed is False
    with django_capture_on_commit_callbacks(execute=True):
        view = set_engine_policy(world.actor("administrator"), engine_id=world.engine.pk, policy=policy)
    assert view.policy == policy
    assert Engine.objects.get().policy["bind_mounts"] is True
    assert [target for target, _ in told] == [f"stack.{world.stack.pk.hex}"]
    assert json.loads(told[0][1]["text"])["engine"]["policy"]["bind_mounts"] is True


def test_an_engines_address_is_shown_to_nobody(world: World) -> None:
    for who in ("viewer", "administrator"):
        assert world.engine.url not in world.client(who).get("/api/engines").content.decode()


def test_the_actor_of_a_task_has_the_rights_of_now(world: World) -> None:
    deployer = world.people["deployer"]
    assert require(Actor.by_id(deployer.pk), Right.DEPLOY, world.team.pk, action="x", subject="y").value == "deployer"
    Membership.objects.filter(user=deployer).update(role="viewer")
    with pytest.raises(Declined) as refusal:
        require(Actor.by_id(deployer.pk), Right.DEPLOY, world.team.pk, action="x", subject="y")
    assert refusal.value.status == 403
    assert Actor.by_id(None) == Actor.by_id(999_999) == Actor()
