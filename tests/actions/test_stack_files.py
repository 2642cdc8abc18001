"""Stacks with several files: edited, undone, told, masked, exported; byte for byte."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.db import connection

from tests.world import FILE_SECRET, World, build_world
from topology import announce, wire
from topology.actions.create_stack import create_stack
from topology.actions.declined import Declined
from topology.actions.edit_stack import edit_stack
from topology.actions.read_stack import export_stack, read_file, read_stack
from topology.models import Op, Stack, StackFile

MAIN = """services:
  web:
    image: nginx:${TAG:-latest}
    environment:
      PASSWORD: ${PASSWORD}
    env_file: [web.env]
  db:
    extends: {file: base.yaml, service: db}
"""
BASE = "services:\n  db:\n    image: postgres:16  # kept\n"
FILES = {".env": "TAG=alpine\nPASSWORD=swordfish-77\n", "web.env": "TOKEN=abcd-1234\n", "base.yaml": BASE}


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def make(world: World, **fields: Any) -> wire.StackView:
    arguments: dict[str, Any] = {"name": "Files", "text": MAIN, "files": FILES, **fields}
    return create_stack(world.actor("editor"), team_id=world.team.pk, **arguments)


def edit(world: World, stack: wire.StackView, change: dict[str, Any], *, op_id: str = "op", file: str = "") -> wire.EditResult:
    return edit_stack(world.actor("editor"), stack_id=stack.id, op_id=op_id, edit=change, file=file)  # type: ignore[arg-type]


def texts(stack: wire.StackView) -> dict[str, str | None]:
    return {file.path: file.text for file in stack.files}


def replace_in(path: str, line: int, old: str, new: str) -> dict[str, Any]:
    return {"kind": "patch_text", "file": path, "hunks": [{"line": line, "old": [old], "new": [new]}]}


def test_variables_come_from_env_and_services_from_other_files(world: World) -> None:
    view = make(world)
    assert view.valid and [one for one in view.problems if one.severity == "error"] == []
    services = {service.name: service for service in view.graph.services}
    assert services["web"].image == "nginx:alpine"
    assert services["web"].environment == {"PASSWORD": "swordfish-77", "TOKEN": "abcd-1234"}
    assert services["db"].image == "postgres:16"
    assert [(file.path, file.role, file.version) for file in view.files] == [
        (".env", "env", 1), ("base.yaml", "compose", 1), ("web.env", "env", 1),
    ]  # fmt: skip


def test_typing_in_a_companion_is_an_edit_like_others(world: World) -> None:
    stack = make(world)
    done = edit(world, stack, replace_in(".env", 0, "TAG=alpine\n", "TAG=1.27\n"))
    assert done.version == 2
    assert done.stack.graph.services[0].image == "nginx:1.27"
    assert {file.path: file.version for file in done.stack.files} == {".env": 2, "base.yaml": 1, "web.env": 1}
    again = edit(world, stack, replace_in(".env", 0, "TAG=alpine\n", "TAG=1.27\n"))
    assert again.version == 2 and Op.objects.filter(stack_id=stack.id).count() == 2
    undone = edit(world, stack, done.inverse, op_id="undo")
    assert (undone.version, texts(undone.stack)) == (3, FILES)


def test_files_are_made_renamed_merged_and_removed_and_each_is_undone(world: World) -> None:
    stack = make(world)
    changes: list[dict[str, Any]] = [
        {"kind": "replace_text", "file": "compose.prod.yaml", "text": "services:\n  web:\n    restart: always\n"},
        {"kind": "set_overrides", "files": ["compose.prod.yaml"]},
        {"kind": "rename_file", "file": "compose.prod.yaml", "to": "prod/compose.yaml"},
        {"kind": "rename_file", "file": "", "to": "docker-compose.yml"},
        {"kind": "several", "edits": [
            {"kind": "remove_file", "file": "prod/compose.yaml"},
            {"kind": "set_environment", "service": "web", "variable": "MODE", "value": "prod"},
        ]},
    ]  # fmt: skip
    results = [edit(world, stack, change, op_id=f"do-{number}") for number, change in enumerate(changes)]
    assert results[1].stack.graph.services[0].restart == "always"
    assert results[2].stack.overrides == ["prod/compose.yaml"]
    assert results[3].stack.file_name == "docker-compose.yml"
    assert results[4].stack.overrides == [] and results[4].stack.graph.services[0].environment["MODE"] == "prod"
    for number in reversed(range(len(changes))):
        undone = edit(world, stack, results[number].inverse, op_id=f"undo-{number}")
        before = results[number - 1].stack if number else stack
        assert (undone.stack.text, undone.stack.file_name, undone.stack.overrides, texts(undone.stack)) == (
            before.text, before.file_name, before.overrides, texts(before),
        )  # fmt: skip


def test_an_override_beside_a_file_of_the_default_name_is_merged_as_compose_does(world: World) -> None:
    override = "services:\n  web:\n    image: caddy:2\n"
    view = make(world, files={**FILES, "compose.override.yaml": override})
    assert view.overrides == ["compose.override.yaml"]
    assert view.graph.services[0].image == "caddy:2"
    other = make(world, name="Other", files={**FILES, "compose.override.yaml": override}, file_name="stack.yaml")
    assert other.overrides == [] and other.graph.services[0].image == "nginx:alpine"
    chosen = make(world, name="Chosen", files={**FILES, "compose.override.yaml": override}, overrides=[])
    assert chosen.graph.services[0].image == "nginx:alpine"


def test_a_graph_edit_may_be_done_in_the_file_where_the_service_stands(world: World) -> None:
    stack = make(world)
    done = edit(world, stack, {"kind": "set_value", "path": ["services", "db", "image"], "value": "postgres:17"}, file="base.yaml")
    assert texts(done.stack)["base.yaml"] == BASE.replace("postgres:16", "postgres:17")
    assert done.stack.text == MAIN


def test_bad_typing_in_a_companion_keeps_the_last_good_graph(world: World) -> None:
    stack = make(world)
    done = edit(world, stack, {"kind": "replace_text", "file": "base.yaml", "text": "services: [\n"})
    assert not done.stack.valid
    assert {problem.file for problem in done.stack.problems if problem.severity == "error"} == {"base.yaml"}
    assert [service.image for service in done.stack.graph.services] == ["nginx:alpine", "postgres:16"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "", "a//b", "a\\b", "x" * 256, "compose.yaml", "base.yaml/x"])
def test_paths_outside_of_the_stack_and_clashes_are_refused(world: World, path: str) -> None:
    stack = make(world)
    with pytest.raises(Declined) as refusal:
        edit(world, stack, {"kind": "rename_file", "file": ".env", "to": path})
    assert refusal.value.status == 422
    assert Stack.objects.get(pk=stack.id).version == 1


def test_bounds_are_kept_and_a_stack_over_them_may_shrink(world: World) -> None:
    with pytest.raises(Declined) as refusal:
        make(world, files={"big": "x" * 1_000_001})
    assert refusal.value.code == "file-too-large"
    with pytest.raises(Declined) as refusal:
        make(world, files={f"f{number}": "" for number in range(101)})
    assert refusal.value.code == "too-many-files"
    with pytest.raises(Declined) as refusal:
        make(world, files={f"f{number}": "é" * 450_000 for number in range(6)})
    assert refusal.value.code == "files-too-large"


def test_large_companions_are_got_one_by_one(world: World) -> None:
    view = make(world, files={**FILES, "dump.sql": "-- x\n" * 50_000})
    assert set(texts(view).values()) == {None}
    one = read_file(world.actor("editor"), stack_id=view.id, path="dump.sql")  # type: ignore[arg-type]
    assert one.text == "-- x\n" * 50_000 and one.size_bytes == 250_000


def test_whoever_may_not_draw_sees_no_value_of_an_env_file(world: World) -> None:
    stack = make(world)
    view = read_stack(world.actor("viewer"), stack_id=stack.id)  # type: ignore[arg-type]
    assert texts(view) == {".env": None, "web.env": None, "base.yaml": BASE}
    assert [file.hidden for file in view.files] == [True, False, True]
    assert "swordfish" not in view.model_dump_json() and "abcd-1234" not in view.model_dump_json()
    assert read_file(world.actor("viewer"), stack_id=stack.id, path=".env").text is None  # type: ignore[arg-type]
    _, exported = export_stack(world.actor("viewer"), stack_id=stack.id)  # type: ignore[arg-type]
    assert exported.files == {"base.yaml": BASE}
    guest = world.client("guest").get(f"/api/shared/{world.share.pk}")
    assert guest.status_code == 200 and FILE_SECRET not in guest.content.decode()


def test_what_is_told_of_an_edit_has_a_form_for_viewers(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    stack = make(world)
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(announce, "_post", lambda target, message, **_: told.append(message))
    with django_capture_on_commit_callbacks(execute=True):
        edit(world, stack, replace_in(".env", 0, "TAG=alpine\n", "TAG=1.27\n"))
    design = next(message for message in told if message.get("kind") == "design")
    assert "swordfish-77" in design["text"] and "swordfish-77" not in design["viewers_text"]


def test_nothing_of_a_stack_can_be_read_in_the_database(world: World) -> None:
    stack = make(world)
    edit(world, stack, replace_in(".env", 1, "PASSWORD=swordfish-77\n", "PASSWORD=swordfish-88\n"))
    for table in (Stack, StackFile, Op):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table._meta.db_table}")
            assert "swordfish" not in str(cursor.fetchall()) and "image:" not in str(cursor.fetchall())


def test_an_export_has_every_file_byte_for_byte(world: World) -> None:
    files = {**FILES, "crlf.env": "\ufeffA=1\r\nB=2"}
    text = "\ufeff" + MAIN.replace("\n", "\r\n")
    stack = make(world, text=text, files=files, file_name="docker-compose.yml")
    client = world.client("editor")
    answer = client.get(f"/api/stacks/{stack.id}/export")
    assert answer["Content-Disposition"] == 'attachment; filename="files.zip"'
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    found = {name: packed.read(name).decode() for name in packed.namelist()}
    assert found == {**files, "docker-compose.yml": text}
    assert client.get(f"/api/stacks/{stack.id}/export?main=true").content == text.encode()


def test_a_check_says_which_files_are_named_and_which_are_there(world: World) -> None:
    body = {"text": MAIN + "secrets:\n  key: {file: ./keys/key.pem}\n", "files": {"base.yaml": BASE}}
    checked = world.client("editor").post("/api/compose/check", body, content_type="application/json").json()
    assert [(need["path"], need["role"], need["found"], need["required"]) for need in checked["needs"]] == [
        (".env", "env", False, False), ("web.env", "env", False, True), ("base.yaml", "compose", True, True),
        ("keys/key.pem", "secret", False, True),
    ]  # fmt: skip


def test_an_edit_that_an_override_hides_says_so(world: World) -> None:
    over = "services:\n  web:\n    image: nginx:1.27\n    environment: [MODE=test]\n    ports: ['81:80']\n"
    text = "services:\n  web:\n    image: nginx\n    environment: {MODE: live}\n    ports: ['80:80']\n"
    stack = make(world, text=text, files={"compose.override.yaml": over})
    path = ["services", "web"]
    done = edit(world, stack, {"kind": "set_value", "path": [*path, "image"], "value": "caddy"}, op_id="1")
    assert done.notes == [
        "`services.web.image` is set in `compose.override.yaml` too, which is merged over this file: that value counts."
    ]
    hidden = edit(world, stack, {"kind": "set_environment", "service": "web", "variable": "MODE", "value": "x"}, op_id="2")
    assert len(hidden.notes) == 1 and "`services.web.environment.MODE`" in hidden.notes[0]
    other = edit(world, stack, {"kind": "set_environment", "service": "web", "variable": "OTHER", "value": "x"}, op_id="3")
    ports = edit(world, stack, {"kind": "set_value", "path": [*path, "ports"], "value": ["80:80", "82:80"]}, op_id="4")
    typed = edit(world, stack, replace_in("", 2, "    image: caddy\n", "    image: httpd\n"), op_id="5")
    assert other.notes == ports.notes == typed.notes == []


def test_a_service_is_staged_when_what_its_config_holds_changes(world: World) -> None:
    text = "services:\n  web: {image: nginx, configs: [c]}\n  api: {image: nginx}\nconfigs:\n  c: {file: ./c.txt}\n"
    stack = make(world, text=text, files={"c.txt": "one\n"})
    edit(world, stack, {"kind": "set_value", "path": ["x-a"], "value": 1}, op_id="1")
    row = Stack.objects.get(pk=stack.id)
    row.applied_version = row.version
    row.save()
    changed = edit(world, stack, {"kind": "replace_text", "file": "c.txt", "text": "two\n"}, op_id="2")
    assert changed.stack.staged == ["service:web"]


def test_renaming_reaches_the_overrides(world: World) -> None:
    over = "services:\n  web:\n    depends_on: [db]\n  db:\n    restart: always\n"
    stack = make(world, text="services:\n  web: {image: nginx}\n  db: {image: redis}\n", files={"compose.override.yaml": over})
    done = edit(world, stack, {"kind": "rename_service", "name": "db", "to": "store"})
    assert sorted(one.name for one in done.stack.graph.services) == ["store", "web"]
    assert texts(done.stack)["compose.override.yaml"] == over.replace("db", "store")


def test_removing_reaches_the_overrides_and_undo_brings_all_back(world: World) -> None:
    over = (
        "services:\n  web:\n    networks: [front, back]\n  db: # mine\n    networks: [back]\nnetworks:\n  back: {internal: true}\n"
    )
    text = "services:\n  web: {image: nginx}\n  db: {image: redis}\nnetworks:\n  front: {}\n  back: {}\n"
    stack = make(world, text=text, files={"compose.override.yaml": over})
    done = edit(world, stack, {"kind": "remove_network", "name": "back"}, op_id="1")
    assert texts(done.stack)["compose.override.yaml"] == "services:\n  web:\n    networks: [front]\n  db: {} # mine\n"
    assert done.stack.valid and [one.key for one in done.stack.graph.networks if one.key == "back"] == []
    back = edit(world, stack, done.inverse, op_id="2")
    assert texts(back.stack)["compose.override.yaml"] == over and back.stack.text == text


def test_what_only_an_override_has_is_changed_there(world: World) -> None:
    over = "services:\n  tool: {image: busybox}\n"
    stack = make(world, text="services:\n  web: {image: nginx}\n", files={"compose.override.yaml": over})
    path = ["services", "tool", "image"]
    done = edit(world, stack, {"kind": "set_value", "path": path, "value": "alpine"}, op_id="1")
    assert done.stack.text == stack.text and texts(done.stack)["compose.override.yaml"] == over.replace("busybox", "alpine")
    assert done.notes == ["This is written in `compose.override.yaml`, and was changed there."]
    with pytest.raises(Declined):
        edit(world, stack, {"kind": "set_value", "path": ["services", "none", "image"], "value": "alpine"}, op_id="2")


def test_what_stands_in_an_included_file_is_changed_there_and_undone(world: World) -> None:
    part = "services:\n  cache:\n    image: redis # kept\n"
    stack = make(world, text="include: [part.yaml]\nservices:\n  web: {image: nginx}\n", files={"part.yaml": part})
    change = {"kind": "set_value", "path": ["services", "cache", "image"], "value": "valkey"}
    done = edit(world, stack, change, op_id="1")
    assert done.stack.text == stack.text and texts(done.stack)["part.yaml"] == part.replace("redis", "valkey")
    assert done.notes == ["This is written in `part.yaml`, and was changed there."]
    assert texts(edit(world, stack, done.inverse, op_id="2").stack)["part.yaml"] == part
