"""Back to what was last applied, with the images that ran then; runs that wait behind others. On a real engine."""

from __future__ import annotations

import time
import uuid
from types import SimpleNamespace

import docker
import pytest
from django.db import connections

from tests.actions.test_failures import MORE, OLD
from tests.actions.test_run_apply import SLOW, containers, in_thread
from topology import wire
from topology.actions.cancel_run import cancel_run
from topology.actions.declined import Declined
from topology.actions.edit_stack import edit_stack
from topology.actions.preview_plan import preview_plan
from topology.actions.request_run import request_run
from topology.actions.resync_stack import resync_stack
from topology.actions.run_apply import run_apply
from topology.engine.connect import open_engine
from topology.models import Op, Run, Stack, TimelineRow
from topology.store import runs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
CRASH = OLD.replace('command: [sleep, "600"]', "command: [sh, -c, 'exit 9']")


@pytest.fixture
def stack(build):
    """A stack whose first version is OLD, with a way to write, look and apply."""

    def make(text: str = OLD) -> SimpleNamespace:
        made = build(text)
        Op.objects.create(stack=made.stack, version=1, op_id="first", edit={}, inverse={}, text=text)
        return made

    return make


def write(made: SimpleNamespace, text: str) -> None:
    edit = {"kind": "replace_text", "text": text}
    edit_stack(made.actor, stack_id=made.stack.pk, op_id=uuid.uuid4().hex, edit=edit)


def look(made: SimpleNamespace) -> None:
    engine = open_engine(made.engine.url)
    resync_stack(made.stack.pk, observe=lambda: engine.observe(made.stack.project))
    engine.close()


def ask(made: SimpleNamespace, **asked: object) -> Run:
    """An apply as a person asks for it: the plan first."""
    look(made)
    wanted = {key: asked[key] for key in ("version", "rollback") if key in asked}
    plan = preview_plan(made.actor, stack_id=made.stack.pk, **wanted)
    request = wire.RunRequest(kind="apply", digest=plan.digest, **asked)
    return Run.objects.get(pk=request_run(made.actor, stack_id=made.stack.pk, asked=request).id)


def carried_out(run: Run) -> Run:
    run_apply(str(run.pk), worker=f"w{time.monotonic_ns()}")
    return Run.objects.get(pk=run.pk)


def test_a_failed_apply_is_taken_back_and_what_it_had_made_goes(stack):
    made = stack()
    assert carried_out(ask(made)).state == "done"
    web = containers(made)["web"].id
    write(made, CRASH + MORE)
    failed = carried_out(ask(made))
    assert failed.state == "failed" and "more" in containers(made)
    assert not failed.rollbacks.exists()  # nobody asked for it

    back = carried_out(ask(made, version=1, rollback=True))
    assert (back.state, back.version, back.rollback_of_id) == ("done", 1, failed.pk)
    now = containers(made)
    assert {name: one.status for name, one in now.items()} == {"web": "running", "db": "running"}
    assert now["web"].id == web
    row = Stack.objects.get(pk=made.stack.pk)
    assert (row.applied_version, row.version) == (1, 2)
    assert TimelineRow.objects.filter(kind="run").order_by("-pk")[0].text.startswith("ann rolled back to version 1: ")
    look(made)
    assert preview_plan(made.actor, stack_id=made.stack.pk, version=1).operations == []


def test_it_goes_back_by_itself_where_that_was_asked_and_remembers_it(stack):
    made = stack()
    assert carried_out(ask(made)).state == "done"
    write(made, CRASH)
    failed = carried_out(ask(made, rolls_back=True))
    assert failed.state == "failed"
    back = Run.objects.get(rollback_of=failed)
    assert (back.state, back.version, back.by_id) == ("queued", 1, made.user.pk)
    assert carried_out(back).state == "done"
    assert containers(made)["db"].status == "running"
    view = runs.run_view(back)
    assert (view.rollback, view.automatic, view.rollback_of) == (True, True, str(failed.pk))
    assert TimelineRow.objects.filter(kind="run").order_by("-pk")[0].text.startswith("rolled back to version 1 by itself, as ann")
    assert Stack.objects.get(pk=made.stack.pk).rolls_back
    again = carried_out(ask(made))  # the last choice counts
    assert again.state == "failed" and Run.objects.filter(rollback_of=again).exists()


def test_nothing_is_taken_back_where_nothing_had_changed(stack):
    made = stack()
    assert carried_out(ask(made)).state == "done"
    write(made, OLD.replace("standin:latest", "nowhere.invalid/shop:1"))
    failed = carried_out(ask(made, rolls_back=True))
    assert failed.state == "failed" and not failed.rollbacks.exists()


@pytest.fixture
def tags():
    """A tag that can be made to mean one image or the other."""
    client = docker.from_env()
    name = f"nyt-shop-{uuid.uuid4().hex[:6]}"
    made: list[str] = []

    def tag(image: str) -> str:
        client.images.get(image).tag(name, "1")
        return str(client.images.get(image).id)

    yield SimpleNamespace(name=f"{name}:1", tag=tag, client=client)
    client.images.remove(f"{name}:1", force=True)
    client.close()
    assert not made


def test_a_rollback_uses_the_image_that_ran_though_its_tag_means_another_now(stack, tags):
    old = tags.tag("busybox:stable")
    text = f"services:\n  db:\n    image: {tags.name}\n    command: [sleep, '600']\n    stop_grace_period: 0s\n"
    made = stack(text)
    first = carried_out(ask(made))
    assert [(row.service, row.image, row.image_id) for row in first.images.all()] == [("db", tags.name, old)]
    new = tags.tag("standin:latest")
    assert new != old
    write(made, text + "    entrypoint: [/no/such/program]\n")
    assert carried_out(ask(made)).state == "failed"
    back = carried_out(ask(made, version=1, rollback=True))
    assert back.state == "done", back.error
    assert containers(made)["db"].attrs["Image"] == old
    look(made)
    plan = preview_plan(made.actor, stack_id=made.stack.pk, version=1, rollback=True)
    assert [one.summary for one in plan.operations] == []


def test_an_older_version_can_be_applied_and_is_what_runs_then(stack):
    made = stack()
    assert carried_out(ask(made)).state == "done"
    write(made, OLD + MORE)
    assert carried_out(ask(made)).state == "done"
    assert carried_out(ask(made, version=1)).state == "done"
    row = Stack.objects.get(pk=made.stack.pk)
    assert (row.applied_version, row.version) == (1, 2)


def test_an_image_that_is_gone_is_named_in_the_plan(stack):
    made = stack()
    first = carried_out(ask(made))
    first.images.filter(service="db").update(image_id=f"sha256:{'0' * 64}", digest="")
    look(made)
    plan = preview_plan(made.actor, stack_id=made.stack.pk, version=1, rollback=True)
    assert [(note.code, note.subject) for note in plan.notes] == [("image-gone", "service:db")]
    first.images.filter(service="db").update(digest=f"busybox@sha256:{'1' * 64}")
    plan = preview_plan(made.actor, stack_id=made.stack.pk, version=1, rollback=True)
    assert plan.operations[0].summary == f"pull image busybox@sha256:{'1' * 64}"
    assert all(0 in one.needs or one.needs for one in plan.operations[1:])


def test_a_second_apply_is_refused_with_who_and_since_when_or_waits(stack, eventually):
    made = stack(SLOW)
    first = ask(made)
    thread = in_thread(first)
    eventually(lambda: first.steps.filter(operation__kind="wait_healthy", state="running").exists(), within_s=20)
    with pytest.raises(Declined) as declined:
        ask(made)
    assert declined.value.code == "run-under-way" and declined.value.message.startswith("ann is applying it since ")

    write(made, SLOW + "  x:\n    image: busybox:stable\n".replace("  x", "x-note", 1).replace("    image", "  image"))
    second = ask(made, queue=True)
    assert second.state == "waiting" and second.asked["digest"] == ""
    with pytest.raises(Declined) as declined:
        ask(made, queue=True)
    assert declined.value.code == "run-waiting" and "ann's apply waits already, since" in declined.value.message
    containers(made)["gate"].exec_run(["touch", "/tmp/open"])
    thread.join(timeout=30)
    second.refresh_from_db()
    assert (Run.objects.get(pk=first.pk).state, second.state) == ("done", "queued")
    assert carried_out(second).state == "done"
    connections.close_all()


def test_a_waiting_run_is_cancelled_when_the_one_before_it_is(stack, eventually):
    made = stack(SLOW)
    first = ask(made)
    thread = in_thread(first)
    eventually(lambda: first.steps.filter(operation__kind="wait_healthy", state="running").exists(), within_s=20)
    second = ask(made, queue=True)
    cancel_run(made.actor, run_id=first.pk)
    thread.join(timeout=20)
    second.refresh_from_db()
    assert (second.state, second.error) == ("cancelled", "The run before it was cancelled.")


def test_a_waiting_run_can_be_taken_back(stack):
    made = stack()
    first = ask(made)
    second = ask(made, queue=True)
    assert cancel_run(made.actor, run_id=second.pk).state == "cancelled"
    assert carried_out(first).state == "done"
