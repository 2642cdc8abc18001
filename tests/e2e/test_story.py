"""The whole story on a real engine and in a real browser: draw, plan, apply, change it live, watch it, take it down."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import docker
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import free_port, until
from tests.e2e.editor import apply, bar, card, drag_from_palette, draw_line, import_stack, more, new_stack, saved
from tests.lab.containers import containers_of

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]

# Notes in the page when a card's tone changes, so that the time does not hang on how often the test looks.
WATCH_TONE = """(name) => {
  const cards = [...document.querySelectorAll('article')];
  const one = cards.find((card) => card.getAttribute('aria-label').startsWith(`service ${name},`));
  window.turned = 0;
  new MutationObserver(() => {
    if (one.dataset.tone === 'bad' && !window.turned) window.turned = Date.now();
  }).observe(one, { attributes: true });
}"""


def container(engine: docker.DockerClient, project: str, service: str) -> docker.models.containers.Container:
    return engine.containers.get(f"{project}-{service}-1")


def test_a_person_draws_a_stack_applies_it_changes_it_and_watches_it(
    window: Window, project: str, engine: docker.DockerClient, stand_ins: None
) -> None:
    page = window("/")
    new_stack(page, project)

    # Draw: two services and a network from the palette, a membership and a link by hand.
    drag_from_palette(page, "nginx", x=220, y=320)
    expect(card(page, "web")).to_be_visible()
    drag_from_palette(page, "Redis", x=560, y=320)
    expect(card(page, "redis")).to_be_visible()
    drag_from_palette(page, "Network", x=380, y=120)
    expect(bar(page, "network")).to_be_visible()
    draw_line(page, "service:web", bar(page, "network"))
    expect(page.locator('[data-id="member:web:network"]')).to_be_attached()
    draw_line(page, "service:redis", bar(page, "network"))
    expect(page.locator('[data-id="member:redis:network"]')).to_be_attached()
    draw_line(page, "service:web", card(page, "redis"))
    page.get_by_label("Reached as").fill("db")
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator('[data-id="link:web:redis:db"]')).to_be_attached()

    # The inspector: another host port, written on Enter.
    port = free_port()
    card(page, "web").click()
    field = page.get_by_label(re.compile("^Port on the host")).first
    field.fill(str(port))
    field.press("Enter")
    expect(card(page, "web").get_by_text(f"{port} → 80")).to_be_visible()
    saved(page)

    # Undo takes the port back, redo brings it again.
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(card(page, "web").get_by_text("8080 → 80")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Redo")).click()
    expect(card(page, "web").get_by_text(f"{port} → 80")).to_be_visible()

    # Plan and apply; the cards come up.
    apply(page)
    expect(card(page, "web")).to_have_attribute("data-tone", "good")
    web, redis = container(engine, project, "web"), container(engine, project, "redis")
    assert web.status == redis.status == "running"
    assert f"{port}/tcp" not in web.ports
    assert web.attrs["HostConfig"]["PortBindings"]["80/tcp"][0]["HostPort"] == str(port)
    code, output = web.exec_run(["nslookup", "db"])
    address = redis.attrs["NetworkSettings"]["Networks"][f"{project}_network"]["IPAddress"]
    assert address in output.decode(), f"db does not resolve to {address} in web: {code} {output.decode()}"
    expect(page.get_by_text(address)).to_be_visible()

    # A network is added to the running service: the container stays the same.
    before = web.id, web.attrs["State"]["StartedAt"]
    drag_from_palette(page, "Network", x=380, y=560)
    expect(bar(page, "network-2")).to_be_visible()
    draw_line(page, "service:web", bar(page, "network-2"))
    expect(page.locator('[data-id="member:web:network-2"]')).to_be_attached()
    saved(page)
    apply(page)
    web.reload()
    assert (web.id, web.attrs["State"]["StartedAt"]) == before
    assert f"{project}_network-2" in web.attrs["NetworkSettings"]["Networks"]

    # Killed from outside: the card turns red at once (the time is printed), with the exit code; a reload shows the same.
    page.evaluate(WATCH_TONE, "web")
    killed_at = time.time() * 1000
    web.update(restart_policy={"Name": "no"})
    killed_at = time.time() * 1000
    web.kill()
    until(lambda: page.evaluate("window.turned"), within_s=5, what="the card turned red")
    took_ms = page.evaluate("window.turned") - killed_at
    print(f"docker kill to red card: {took_ms:.0f} ms")
    expect(card(page, "web").get_by_text("exited (137)")).to_be_visible()
    page.reload()
    expect(card(page, "web").get_by_text("exited (137)")).to_be_visible()
    expect(card(page, "web")).to_have_attribute("data-tone", "bad")

    # Apply starts it again; stop and start from the menu; then take it all down, volumes kept.
    apply(page)
    expect(card(page, "web")).to_have_attribute("data-tone", "good")
    more(page, "Stop")
    until(lambda: container(engine, project, "redis").status == "exited", what="redis stopped")
    more(page, "Start")
    until(lambda: container(engine, project, "redis").status == "running", within_s=30, what="redis started")
    more(page, "Take down")
    expect(page.get_by_text(f"{project}-web-1")).to_be_visible()
    page.get_by_role("button", name="Take down", exact=True).click()
    mine = {"label": f"com.docker.compose.project={project}"}
    until(lambda: not containers_of(engine, project), within_s=30, what="the containers are gone")
    until(lambda: not engine.networks.list(filters=mine), what="the networks are gone")
    assert [volume.name for volume in engine.volumes.list(filters=mine)] == [f"{project}_redis-data"]


LINKED = """\
services:
  client:
    image: python:3.11-slim
    command: ["sleep", "3600"]
    network_mode: bridge
    links:
      - redis:db
  redis:
    image: standin:latest
    network_mode: bridge
"""


def test_a_link_on_docker0_is_in_hosts_and_variables_as_drawn(window: Window, project: str, engine: docker.DockerClient) -> None:
    """docker-facts row 2."""
    page = window("/")
    import_stack(page, project, LINKED)
    expect(bar(page, "docker0")).to_be_visible()
    expect(page.locator('[data-id="link:client:redis:db"]')).to_be_attached()
    apply(page)
    client, server = container(engine, project, "client"), container(engine, project, "redis")
    address = server.attrs["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
    assert client.exec_run(["getent", "hosts", "db"]).output.decode().split()[:2] == [address, "db"]
    variables = client.exec_run(["env"]).output.decode()
    assert f"DB_PORT_80_TCP_ADDR={address}" in variables


def test_the_same_link_on_a_user_network_resolves_there(window: Window, project: str, engine: docker.DockerClient) -> None:
    """docker-facts row 7."""
    page = window("/")
    text = LINKED.replace("    network_mode: bridge\n", "    networks: [front]\n") + "networks:\n  front:\n"
    import_stack(page, project, text)
    apply(page)
    client, server = container(engine, project, "client"), container(engine, project, "redis")
    address = server.attrs["NetworkSettings"]["Networks"][f"{project}_front"]["IPAddress"]
    assert client.exec_run(["getent", "hosts", "db"]).output.decode().split()[0] == address
    assert "DB_PORT" not in client.exec_run(["env"]).output.decode()


def test_drawing_moves_a_running_service_to_docker0_without_recreating_it(
    window: Window, project: str, engine: docker.DockerClient
) -> None:
    page = window("/")
    import_stack(page, project, "services:\n  one:\n    image: standin:latest\n")
    apply(page)
    before = container(engine, project, "one").id
    card(page, "one").click()
    page.get_by_role("tab", name="Inspector").click()
    page.get_by_label("How it is connected").first.click()
    page.get_by_role("option", name=re.compile("docker0")).click()
    expect(bar(page, "docker0")).to_be_visible()
    saved(page)
    apply(page)
    now = container(engine, project, "one")
    assert now.id == before
    assert list(now.attrs["NetworkSettings"]["Networks"]) == ["bridge"]
