"""The watcher as a process of its own, on a real engine: what happens there is on the socket in moments."""

from __future__ import annotations

import signal
import time
import uuid
from pathlib import Path

import docker
import orjson
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from tests.actions.processes import new_project, remove_all, watcher
from tests.lab.relay import Relay
from topology import announce
from topology.models import Engine, Stack, StackStatus, TimelineRow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]
TEXT = """services:
  web:
    image: standin:latest
    networks: [front]
networks:
  front: {}
"""


@pytest.fixture
async def project(world):
    """The world's stack on the real engine, under a project of its own."""
    name = new_project()

    def point() -> None:
        Engine.objects.update(url=settings.DOCKER_HOST)
        Stack.objects.filter(pk=world.stack.pk).update(project=name, text=TEXT, good_text=TEXT)

    await sync_to_async(point)()
    yield name
    await sync_to_async(remove_all)(name)


def run_container(project: str, service: str, *command: str, **options):
    labels = {
        "com.docker.compose.project": project, "com.docker.compose.service": service, "com.docker.compose.container-number": "1",
        "com.docker.compose.oneoff": "False", "io.netyard.test": "1",
    }  # fmt: skip
    client = docker.from_env()
    return client.containers.run(
        "busybox:stable", list(command) or ["sleep", "600"], name=f"{project}-{service}-1", labels=labels, detach=True, **options
    )


async def container_state(page, service: str, state: str, *, within_s: float = 30.0) -> dict:
    """The first status in which the service's container is in that state."""
    deadline = time.monotonic() + within_s
    while True:
        status = (await page.next("status", within_s=deadline - time.monotonic()))["status"]
        for one in status["containers"]:
            if one["service"] == service and one["state"] == state:
                return one


async def observed(world, condition=lambda row: True) -> None:
    """Wait until the watcher has observed the stack."""

    def look() -> bool:
        row = StackStatus.objects.filter(pk=world.stack.pk).first()
        return row is not None and condition(row)

    deadline = time.monotonic() + 60
    while not await sync_to_async(look)():
        assert time.monotonic() < deadline, "the watcher did not observe the stack"


async def test_a_container_killed_from_outside_is_red_on_the_page(world, project, open_page):
    with watcher():
        await observed(world)
        page = await open_page(f"/ws/stacks/{world.stack.pk}/", who="viewer")
        await page.next("snapshot")
        took_ms = []
        for _ in range(5):
            container = await sync_to_async(run_container)(project, "web")
            running = await container_state(page, "web", "running")
            assert running["endpoints"][0]["network_key"] == "@bridge" and running["endpoints"][0]["ipv4"]
            begun = time.monotonic()
            await sync_to_async(container.kill)()
            dead = await container_state(page, "web", "exited")
            took_ms.append((time.monotonic() - begun) * 1000)
            assert dead["exit_code"] == 137
            await sync_to_async(container.remove)()
            while (await page.next("status"))["status"]["containers"]:
                pass
        print(f"kill to message: {[round(one) for one in took_ms]} ms")
    lines = await sync_to_async(lambda: list(TimelineRow.objects.values_list("text", "severity")))()
    assert ("web was killed from outside (SIGKILL), exit code 137", "error") in lines
    again = await open_page(f"/ws/stacks/{world.stack.pk}/", who="viewer")
    assert (await again.next("snapshot"))["status"]["containers"] == []


async def test_the_engines_row_names_the_projects_of_others(world, project, open_page):
    """A new stack takes none of these names."""
    stranger = f"{project}x"
    await sync_to_async(run_container)(stranger, "web")

    def projects():
        return Engine.objects.get(pk=world.stack.engine_id).facts.get("projects", [])

    try:
        with watcher():
            await observed(world)
            assert stranger in await sync_to_async(projects)()
    finally:
        await sync_to_async(remove_all)(stranger)


async def test_folding_events_gives_what_a_fresh_look_gives(world, project, open_page):
    from topology.engine.connect import open_engine
    from topology.store import status

    with watcher():
        await observed(world)
        page = await open_page(f"/ws/stacks/{world.stack.pk}/", who="viewer")
        await page.next("snapshot")

        def stir() -> None:
            client = docker.from_env()
            web, db = run_container(project, "web"), run_container(project, "db")
            network = client.networks.create(
                f"{project}_front", labels={"com.docker.compose.project": project, "com.docker.compose.network": "front"}
            )
            network.connect(web, aliases=["www"])
            db.kill()
            db.remove()
            web.pause()

        await sync_to_async(stir)()
        await container_state(page, "web", "paused")
        folded = (await sync_to_async(status.load)(world.stack.pk)).observed

        def fresh():
            engine = open_engine(settings.DOCKER_HOST)
            try:
                return engine.observe(project)
            finally:
                engine.close()

        assert folded.containers == (await sync_to_async(fresh)()).containers
        await observed(world, lambda row: f"{project}_front" in orjson.dumps(row.observed).decode())


async def test_a_new_stack_is_observed_at_once(world, project, open_page):
    with watcher():
        await observed(world)
        other = new_project()
        await sync_to_async(run_container)(other, "web")
        try:
            stack = await sync_to_async(Stack.objects.create)(
                team=world.team,
                engine=await sync_to_async(Engine.objects.get)(),
                name="new",
                project=other,
                text=TEXT,
                good_text=TEXT,
            )
            page = await open_page(f"/ws/stacks/{stack.pk}/", who="viewer")
            await page.next("snapshot")
            announce.ask_watcher_resync(stack.pk)
            assert (await container_state(page, "web", "running", within_s=30))["state"] == "running"
        finally:
            await sync_to_async(remove_all)(other)


async def test_samples_flow_while_someone_watches(world, project, open_page):
    await sync_to_async(run_container)(project, "web", "sh", "-c", "while :; do :; done", cpu_period=100_000, cpu_quota=20_000)
    with watcher():
        await observed(world)
        page = await open_page(f"/ws/stacks/{world.stack.pk}/", who="viewer")
        await page.next("snapshot")
        await page.send({"type": "watch", "samples": True})
        deadline = time.monotonic() + 45
        while time.monotonic() < deadline:
            samples = (await page.next("samples"))["samples"]
            if samples and samples[0]["cpu_percent"] is not None and "@bridge" in samples[0]["network_rates"]:
                break
        assert 5 < samples[0]["cpu_percent"] < 40 and samples[0]["memory_bytes"] > 0
        assert samples[0]["service"] == "web"


async def test_logs_are_followed_across_a_restart_and_end_when_closed(world, project, open_page):
    container = await sync_to_async(run_container)(
        project, "web", "sh", "-c", "for n in 1 2 3; do echo line $n; done; echo bad >&2; read x; echo got $x; sleep 600",
        stdin_open=True,
    )  # fmt: skip
    with watcher():
        await observed(world, lambda row: row.observed["containers"])
        page = await open_page(f"/ws/stacks/{world.stack.pk}/", who="editor")
        await page.next("snapshot")
        await page.send({"type": "logs_open", "stream": "s1", "services": ["web"], "tail": 3})
        texts: list[tuple[str, str]] = []

        async def until(count: int) -> None:
            while len(texts) < count:
                message = await page.next("logs")
                assert message["stream"] == "s1" and not message["error"]
                texts.extend((one["stream"], one["text"]) for one in message["lines"])

        await until(3)
        assert len(texts) == 3 and set(texts) < {("stdout", f"line {n}") for n in (1, 2, 3)} | {("stderr", "bad")}
        await sync_to_async(lambda: container.restart(timeout=0))()
        await until(7)
        assert sorted(text for _, text in texts[3:]) == ["bad", "line 1", "line 2", "line 3"]  # two streams have no common order
        await page.send({"type": "logs_close", "stream": "s1"})


async def test_it_ends_soon_when_told_to(world, project, open_page):
    await sync_to_async(run_container)(project, "web")
    with watcher() as child:
        await observed(world, lambda row: row.observed["containers"])
        page = await open_page(f"/ws/stacks/{world.stack.pk}/", who="viewer")
        await page.next("snapshot")
        child.send_signal(signal.SIGTERM)
        await sync_to_async(child.wait)(timeout=5)


async def test_an_engine_that_goes_and_comes_back_is_found_by_itself(world, project, open_page):
    socket_path = Path(settings.DATA_DIR) / f"engine-{uuid.uuid4().hex[:6]}.sock"
    relay = Relay(socket_path, engine=settings.DOCKER_HOST.removeprefix("unix://"))
    await sync_to_async(Engine.objects.update)(url=f"unix://{socket_path}")
    with watcher():
        page = await open_page(f"/ws/stacks/{world.stack.pk}/", who="viewer")
        await page.next("snapshot")
        away = (await page.next("engine", within_s=45))["engine"]
        assert not away["reachable"] and away["error"] and away["fix"]
        relay.start()
        there = (await page.next("engine", within_s=45))["engine"]
        assert there["reachable"] and there["version"] and not there["error"]
        await sync_to_async(relay.stop)()
        assert not (await page.next("engine", within_s=45))["engine"]["reachable"]
        container = await sync_to_async(run_container)(project, "web")
        await sync_to_async(container.kill)()  # nobody tells: the stream is away
        relay.start()
        assert (await container_state(page, "web", "exited", within_s=45))["exit_code"] == 137
    await sync_to_async(relay.stop)()


async def test_it_goes_on_after_valkey_was_away(world, project, open_page, valkey):
    from tests.conftest import _running, start_valkey

    with watcher() as child:
        await observed(world)
        await sync_to_async(valkey)()
        container = await sync_to_async(run_container)(project, "web")
        await observed(world, lambda row: row.observed["containers"])
        _running.append(await sync_to_async(start_valkey)(Path(settings.DATA_DIR)))
        page = await open_page(f"/ws/stacks/{world.stack.pk}/", who="viewer")
        await page.next("snapshot")
        begun = time.monotonic()
        await sync_to_async(container.kill)()
        print(f"kill took {time.monotonic() - begun:.1f} s")
        assert (await container_state(page, "web", "exited", within_s=45))["exit_code"] == 137
        assert child.poll() is None
