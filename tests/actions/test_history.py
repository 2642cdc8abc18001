"""A stack's versions: listed with what was applied, compared, named, restored, thinned; nobody sees more than of the stack."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.world import FILE_SECRET, World, build_world
from topology.actions.declined import Declined
from topology.actions.edit_stack import edit_stack
from topology.actions.read_history import list_revisions, name_revision, read_difference, read_revision
from topology.actions.restore_revision import restore_revision
from topology.models import Op, Run, Stack, StackFile
from topology.store import history

pytestmark = pytest.mark.django_db
TEXT = "services:\n  web:\n    image: nginx:1\n    env_file: [.env]\n"


@pytest.fixture
def world() -> World:
    made = build_world(text=TEXT)
    Op.objects.create(
        stack=made.stack, version=1, op_id="first", edit={}, inverse={}, text=TEXT, tree=made.stack.tree, message="Created",
        by=made.people["owner"],
    )  # fmt: skip
    return made


def edit(world: World, **change: object) -> None:
    edit_stack(world.actor("editor"), stack_id=world.stack.pk, op_id=uuid.uuid4().hex, edit=change, message="Typed")


def test_versions_are_listed_with_who_when_and_what_was_applied(world: World) -> None:
    edit(world, kind="replace_text", text=TEXT.replace("nginx:1", "nginx:2"))
    newest, first = list_revisions(world.actor("viewer"), stack_id=world.stack.pk)
    assert (newest.version, newest.by, newest.message, newest.applied) == (2, "editor", "Typed", [])
    assert (first.by, first.files) == ("owner", 1)
    assert [(one.state, one.by) for one in first.applied] == [("done", "owner")]


def test_a_difference_has_lines_of_every_file_and_keys_of_nodes(world: World) -> None:
    edit(world, kind="replace_text", text=TEXT.replace("nginx:1", "nginx:2") + "  db:\n    image: postgres:16\n")
    edit(world, kind="replace_text", file=".env", text=f"DB_PASSWORD={FILE_SECRET}\nTAG=debian\n")
    found = read_difference(world.actor("editor"), stack_id=world.stack.pk, old=1, new=3)
    main, env = found.files
    assert (main.path, env.path) == ("", ".env")
    lines = [(line.kind, line.text) for line in main.hunks[0].lines]
    assert ("removed", "    image: nginx:1") in lines and ("added", "    image: nginx:2") in lines
    assert ("added", "TAG=debian") in [(line.kind, line.text) for line in env.hunks[0].lines]
    nodes = {one.id: (one.change, one.fields) for one in found.nodes}
    assert nodes == {"service:web": ("changed", ["environment", "image"]), "service:db": ("added", [])}


def test_whoever_may_only_look_sees_that_a_file_with_values_differs_and_not_how(world: World) -> None:
    edit(world, kind="replace_text", file=".env", text="DB_PASSWORD=another-secret\nTAG=alpine\n")
    viewer = world.actor("viewer")
    found = read_difference(viewer, stack_id=world.stack.pk, old=1, new=2)
    assert [(one.path, one.hidden, one.hunks) for one in found.files] == [(".env", True, [])]
    shown = read_revision(viewer, stack_id=world.stack.pk, version=1)
    for answer in (found, shown):
        assert FILE_SECRET not in answer.model_dump_json() and "another-secret" not in answer.model_dump_json()
    assert FILE_SECRET in read_revision(world.actor("editor"), stack_id=world.stack.pk, version=1).model_dump_json()
    assert shown.stack.rights == ["look"] and shown.stack.version == 1


def test_a_version_is_restored_with_its_files_as_one_edit_that_can_be_undone(world: World) -> None:
    before = Stack.objects.get(pk=world.stack.pk)
    edit(world, kind="replace_text", text="services: {}\n")
    edit(world, kind="remove_file", file=".env")
    edit(world, kind="replace_text", file="extra.yaml", text="services: {}\n")
    edit(world, kind="set_overrides", files=["extra.yaml"])
    restored = restore_revision(world.actor("editor"), stack_id=world.stack.pk, version=1, op_id="back")
    now = Stack.objects.get(pk=world.stack.pk)
    assert (now.text, set(now.tree["files"]), now.tree.get("overrides")) == (TEXT, {".env"}, None)
    env = StackFile.objects.get(pk=now.tree["files"][".env"])
    assert env.text == StackFile.objects.get(pk=before.tree["files"][".env"]).text
    assert Op.objects.get(stack=now, version=restored.version).message == "Restore version 1"
    undone = edit_stack(world.actor("editor"), stack_id=now.pk, op_id="undo", edit=json.loads(json.dumps(restored.inverse)))
    assert (undone.stack.text, undone.stack.overrides) == ("services: {}\n", ["extra.yaml"])
    assert [file.path for file in undone.stack.files] == ["extra.yaml"]


def test_restoring_what_is_already_so_says_so(world: World) -> None:
    with pytest.raises(Declined) as declined:
        restore_revision(world.actor("editor"), stack_id=world.stack.pk, version=1, op_id="same")
    assert declined.value.code == "nothing-to-restore"


def test_named_and_applied_versions_are_kept_and_the_rest_is_thinned(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT", 3)
    for number in range(2, 9):
        edit(world, kind="replace_text", file="notes.txt", text=f"{number}\n")
    name_revision(world.actor("editor"), stack_id=world.stack.pk, version=3, name="  Before  the fair ")
    Run.objects.create(stack=world.stack, kind="apply", state="failed", version=4)
    assert history.thin(world.stack.pk) == 2
    left = {one.version: one.name for one in list_revisions(world.actor("viewer"), stack_id=world.stack.pk)}
    assert left == {1: "", 3: "Before the fair", 4: "", 6: "", 7: "", 8: ""}
    texts = {file.text for file in StackFile.objects.filter(stack=world.stack, path="notes.txt")}
    assert texts == {"3\n", "4\n", "6\n", "7\n", "8\n"}
    assert history.thin(world.stack.pk) == 0
    with pytest.raises(Declined) as declined:
        read_revision(world.actor("viewer"), stack_id=world.stack.pk, version=5)
    assert declined.value.status == 404
