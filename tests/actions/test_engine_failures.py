"""A full disk, and an engine that stops in the middle, provoked for real on an engine of the tests' own. Needs root and dockerd."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator

import docker
import pytest

from tests.actions.test_run_apply import ask, in_thread
from tests.lab.second_engine import SecondEngine
from topology.actions.run_apply import run_apply
from topology.models import Run, Stack

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
SIZE_MB = 220

TEXT = """services:
  web:
    image: standin:latest
    stop_grace_period: 0s
"""
GATE = """  gate:
    image: busybox:stable
    command: [sleep, "600"]
    stop_grace_period: 0s
    healthcheck: {test: [CMD, test, -e, /tmp/open], interval: 1s, retries: 600}
  behind:
    image: busybox:stable
    command: [sleep, "600"]
    stop_grace_period: 0s
    depends_on: {gate: {condition: service_healthy}}
"""


@pytest.fixture
def small(build) -> Iterator[tuple[SecondEngine, object]]:
    """An engine whose data lie on a file system of their own, of a few hundred megabytes; a stack that runs on it."""
    engine = SecondEngine()
    data = engine.folder / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "nyt-small", str(data)], check=True)
    try:
        engine.start()
        engine.load("busybox:stable", "standin:latest")
        made = build(TEXT)
        made.engine.url = engine.url
        made.engine.save()
        run = ask(made)
        assert run_apply(str(run.pk), worker="old") == "done", Run.objects.get(pk=run.pk).error
        yield engine, made
    finally:
        engine.remove()
        subprocess.run(["umount", "-l", str(data)], check=False)


def start_again(engine: SecondEngine) -> bool:
    """On a busy machine the killed engine's containerd may hold its data still when the next one comes."""
    for _ in range(5):
        with contextlib.suppress(AssertionError):
            engine.start()
            return True
        time.sleep(1)
    return False


def write(made, text: str) -> None:
    Stack.objects.filter(pk=made.stack.pk).update(text=text, good_text=text, version=2)


def web(engine: SecondEngine, made) -> docker.models.containers.Container:
    client = docker.DockerClient(engine.url)
    return client.containers.get(f"{made.stack.project}-web-1")


def test_a_full_disk_is_said_as_such_and_what_runs_goes_on(small):
    engine, made = small
    before = web(engine, made).id
    filler = engine.folder / "data" / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=64k"], check=False, capture_output=True)
    write(made, TEXT + "    environment: {COLOUR: green}\n" + GATE)
    run = ask(made)
    assert run_apply(str(run.pk), worker="full") == "failed"
    run.refresh_from_db()
    print(run.error, "|", run.fix)
    assert "no space left on device" in run.error and run.error.startswith("Could not create ")
    assert "disk is full" in run.fix
    assert (web(engine, made).id, web(engine, made).status) == (before, "running")

    filler.unlink()  # room again: the next apply goes on from there
    again = ask(made)
    Stack.objects.filter(pk=made.stack.pk).update(text=TEXT)
    again.text = TEXT + "    environment: {COLOUR: green}\n"
    again.save()
    assert run_apply(str(again.pk), worker="room") == "done", Run.objects.get(pk=again.pk).error
    assert web(engine, made).id != before


def test_an_engine_that_stops_in_the_middle_fails_the_step_and_the_next_apply_finishes(small, eventually):
    engine, made = small
    write(made, TEXT + GATE)
    run = ask(made)
    thread = in_thread(run)
    eventually(lambda: run.steps.filter(operation__kind="wait_healthy", state="running").exists(), within_s=30)
    engine.kill()
    begun = time.monotonic()
    thread.join(timeout=40)
    assert time.monotonic() - begun < 30
    run.refresh_from_db()
    print(run.error, "|", run.fix)
    assert run.state == "failed" and run.error.startswith("Could not wait until gate is healthy: ")
    assert "engine" in run.error.lower() and run.fix
    assert set(run.steps.values_list("state", flat=True)) <= {"done", "failed", "skipped"}

    started = start_again(engine)
    assert started
    client = docker.DockerClient(engine.url)
    again = ask(made)
    second = in_thread(again)
    name = f"{made.stack.project}-gate-1"
    eventually(lambda: client.containers.get(name).status == "running", within_s=40)
    client.containers.get(name).exec_run(["touch", "/tmp/open"])
    second.join(timeout=60)
    again.refresh_from_db()
    assert again.state == "done", (again.error, again.fix)
    names = sorted(one.name.removeprefix(made.stack.project) for one in client.containers.list(ignore_removed=True, all=True))
    assert names == ["-behind-1", "-gate-1", "-web-1"]
    client.close()
