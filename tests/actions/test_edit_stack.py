"""Edits: spliced, ordered, idempotent, announced; what cannot be done changes nothing."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection

from tests.world import TEXT, World, build_world
from topology import wire
from topology.actions import edit_stack as module
from topology.actions.declined import Declined
from topology.actions.edit_stack import edit_stack
from topology.core.edit_json import from_json
from topology.models import Op, Stack


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def edit(world: World, kind: str, *, op_id: str = "op", who: str = "editor", **fields: Any) -> wire.EditResult:
    return edit_stack(world.actor(who), stack_id=world.stack.pk, op_id=op_id, edit={"kind": kind, **fields})


def test_an_edit_touches_only_its_lines_and_grows_the_version(world: World) -> None:
    result = edit(world, "set_environment", service="web", variable="MODE", value="off")
    assert result.version == 2
    assert result.stack.text == TEXT.replace('MODE: "on"', 'MODE: "off"') or "MODE: off" in result.stack.text
    changed = [pair for pair in zip(TEXT.splitlines(), result.stack.text.splitlines(), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1


def test_the_inverse_restores_the_bytes(world: World) -> None:
    done = edit(world, "remove_network", name="front", op_id="a")
    assert done.stack.text != TEXT
    undone = edit_stack(world.actor("editor"), stack_id=world.stack.pk, op_id="b", edit=done.inverse)
    assert undone.stack.text == TEXT
    assert undone.version == 3


def test_the_same_op_again_changes_nothing_and_answers_the_same(world: World) -> None:
    once = edit(world, "add_service", name="cache", keys={"image": "redis:7"})
    again = edit(world, "add_service", name="cache", keys={"image": "redis:7"})
    assert (again.version, again.inverse, again.notes) == (once.version, once.inverse, once.notes)
    assert again.stack == once.stack
    assert Op.objects.filter(stack=world.stack).count() == 1


def test_a_name_that_is_taken_is_refused_and_nothing_changes(world: World) -> None:
    with pytest.raises(Declined) as refusal:
        edit(world, "add_service", name="web", keys={"image": "x"})
    assert refusal.value.status == 422
    assert refusal.value.problems
    world.stack.refresh_from_db()
    assert (world.stack.text, world.stack.version) == (TEXT, 1)
    assert not Op.objects.filter(stack=world.stack).exists()


def test_lines_that_others_changed_meanwhile_are_a_conflict(world: World) -> None:
    hunk = {"line": 3, "old": ["    image: gone:1\n"], "new": ["    image: new:1\n"], "before": "  web:\n", "after": ""}
    with pytest.raises(Declined) as refusal:
        edit(world, "patch_text", hunks=[hunk])
    assert refusal.value.status == 409


def test_typing_that_cannot_be_read_is_kept_beside_the_last_good_graph(world: World) -> None:
    broken = TEXT + "networks: [\n"
    result = edit(world, "replace_text", text=broken)
    assert not result.stack.valid
    assert result.stack.text == broken
    assert [service.name for service in result.stack.graph.services] == ["web", "api"]
    assert any(problem.severity == "error" for problem in result.stack.problems)
    world.stack.refresh_from_db()
    assert world.stack.good_text == TEXT
    mended = edit(world, "replace_text", text=TEXT, op_id="mend")
    assert mended.stack.valid


def test_a_value_that_would_break_the_file_is_refused_when_nobody_typed_it(world: World) -> None:
    with pytest.raises(Declined) as refusal:
        edit(world, "set_value", path=["services", "web"], value="just text")
    assert refusal.value.status == 422
    world.stack.refresh_from_db()
    assert world.stack.text == TEXT


def test_an_edit_moves_no_other_node(world: World) -> None:
    before = edit(world, "set_environment", service="web", variable="A", value="1", op_id="0").stack.layout
    after = edit(world, "add_service", name="cache", keys={"image": "redis:7", "networks": ["back"]}, op_id="1").stack.layout
    places = {node: (at.x, at.y) for node, at in after.items()}
    assert {node: (at.x, at.y) for node, at in before.items()}.items() <= places.items()
    assert "service:cache" in places


def test_a_renamed_service_stays_where_it_is(world: World) -> None:
    before = edit(world, "set_environment", service="web", variable="A", value="1", op_id="0").stack.layout["service:web"]
    after = edit(world, "rename_service", name="web", to="shop", op_id="1").stack.layout
    assert (after["service:shop"].x, after["service:shop"].y) == (before.x, before.y)
    assert "service:web" not in after


def test_undoing_a_removal_brings_the_node_back_to_its_place(world: World) -> None:
    before = edit(world, "set_environment", service="web", variable="A", value="1", op_id="0").stack.layout["service:api"]
    removed = edit(world, "remove_service", name="api", op_id="1")
    assert "service:api" not in removed.stack.layout
    back = edit_stack(world.actor("editor"), stack_id=world.stack.pk, op_id="2", edit=removed.inverse)
    assert (back.stack.layout["service:api"].x, back.stack.layout["service:api"].y) == (before.x, before.y)


def test_what_is_no_edit_is_refused(world: World) -> None:
    for bad in ({}, {"kind": "format_disk"}, {"kind": "add_service", "name": "x"}, {"kind": "add_link", "service": 1}):
        with pytest.raises(Declined) as refusal:
            edit_stack(world.actor("editor"), stack_id=world.stack.pk, op_id="x", edit=bad)
        assert refusal.value.status == 422
        assert not isinstance(from_json(bad), tuple)


def test_everybody_is_told_on_commit_without_the_editors_rights(
    world: World, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, Any]] = []
    monkeypatch.setattr(module.announce, "_post", lambda target, message, **_: told.append((target, json.loads(message["text"]))))
    with django_capture_on_commit_callbacks(execute=True):
        edit(world, "add_service", name="cache", keys={"image": "redis:7"})
        assert told == []
    (stack_group, design), (team_group, card) = told
    assert stack_group == f"stack.{world.stack.pk.hex}"
    assert team_group == f"team.{world.team.pk.hex}"
    message = wire.DesignChanged.model_validate(design)
    assert (message.op_id, message.by, message.stack.version, message.stack.rights) == ("op", "editor", 2, [])
    assert wire.CardChanged.model_validate(card).card.services == 3  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_edits_at_the_same_time_get_versions_one_after_another_and_none_is_lost() -> None:
    world = build_world()
    failures: list[BaseException] = []

    def draw(person: int) -> None:
        try:
            for number in range(5):
                name = f"s{person}-{number}"
                edit(world, "add_service", op_id=name, name=name, keys={"image": "redis:7"})
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw, args=(person,)) for person in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    stack = Stack.objects.get(pk=world.stack.pk)
    assert stack.version == 21
    assert sorted(Op.objects.filter(stack=stack).values_list("version", flat=True)) == list(range(2, 22))
    assert all(f"s{person}-{number}:" in stack.text for person in range(4) for number in range(5))


def test_a_text_does_not_grow_beyond_its_bound(world: World) -> None:
    """Typing is kept even where it cannot be read, but every edit keeps and announces the whole text."""
    with pytest.raises(Declined) as refusal:
        edit(world, "replace_text", text="#" * 2_000_001)
    assert refusal.value.problems[0].code == "file-too-large"
    assert not Op.objects.filter(stack=world.stack).exists()
    edit(world, "replace_text", text="#" * 1_000_000, op_id="large")
    Stack.objects.filter(pk=world.stack.pk).update(text="#" * 3_000_000)
    assert len(edit(world, "replace_text", text="#" * 2_500_000, op_id="smaller").stack.text) == 2_500_000
