"""In the browser: what somebody does with `docker` shows within a second, is kept or put back; and what runs becomes a stack."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator

import docker
import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.editor import apply, card, import_stack
from tests.lab.running import identities, started

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]
TEXT = """services:
  web:
    image: standin:latest
    stop_grace_period: 1s
    networks: [front]
  api:
    image: standin:latest
    stop_grace_period: 1s
    networks: [front]
networks:
  front: {}
"""
SEEN_WITHIN_S = 5.0  # a bound for machines that do other things too; the times themselves are printed


@pytest.fixture
def by_hand(project: str, engine: docker.DockerClient) -> Iterator[str]:
    """A network that belongs to nobody."""
    network = engine.networks.create(f"{project}-tools", labels={"io.netyard.test": "1"})
    yield str(network.name)
    for container in engine.containers.list(ignore_removed=True, all=True, filters={"network": network.name}):
        network.disconnect(container, force=True)
    network.remove()


def docker_does(*words: str) -> None:
    subprocess.run(["docker", *words], check=True, stdout=subprocess.DEVNULL)


def badge(page: Page, name: str):
    return page.get_by_role("button", name=re.compile(rf"^{re.escape(name)} was changed outside of Netyard"))


def seen(page: Page, what, *words: str) -> float:
    """Do it with `docker`; the seconds from its end until the page says so."""
    docker_does(*words)
    begun = time.monotonic()
    expect(what).to_be_visible(timeout=5_000)
    took_s = time.monotonic() - begun
    print(f"docker {words[0]} {words[1] if words[0] == 'network' else ''}: seen after {took_s * 1000:.0f} ms")
    assert took_s <= SEEN_WITHIN_S
    return took_s


def settle(page: Page, name: str, button: str) -> None:
    """By the badge on the card; afterwards the badge is gone."""
    badge(page, name).click()
    page.get_by_role("dialog").get_by_role("button", name=button).click()
    expect(badge(page, name)).to_have_count(0, timeout=20_000)
    page.keyboard.press("Escape")


def test_what_is_changed_by_hand_is_seen_at_once_and_settled_on_the_canvas(
    window: Window, project: str, by_hand: str, engine: docker.DockerClient
) -> None:
    page = window("/")
    import_stack(page, project, TEXT)
    apply(page)
    expect(card(page, "web")).to_have_attribute("data-tone", "good")
    web, api = f"{project}-web-1", f"{project}-api-1"
    identity = engine.containers.get(web).id

    times_s = [seen(page, badge(page, "web"), "network", "connect", by_hand, web)]
    badge(page, "web").click()
    expect(page.get_by_role("dialog").get_by_text(f"connected to {by_hand}")).to_be_visible()
    page.keyboard.press("Escape")
    settle(page, "web", "Put it back")
    assert by_hand not in engine.containers.get(web).attrs["NetworkSettings"]["Networks"]

    times_s.append(seen(page, badge(page, "api"), "network", "disconnect", f"{project}_front", api))
    settle(page, "api", "Put it back")
    times_s.append(seen(page, badge(page, "web"), "update", "--memory", "64m", "--memory-swap", "128m", web))
    settle(page, "web", "Keep it in the design")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_text("Nothing to do", exact=True)).to_be_visible()
    times_s.append(seen(page, badge(page, "web"), "stop", "-t", "1", web))
    settle(page, "web", "Start it again")
    assert engine.containers.get(web).id == identity
    times_s.append(seen(page, badge(page, "api"), "rm", "-f", api))
    settle(page, "api", "Make it again")
    assert engine.containers.get(api).status == "running"
    expect(page.get_by_role("button", name=re.compile("changed outside of Netyard"))).to_have_count(0)


def test_what_goes_on_changing_while_it_is_put_back_is_put_back_too(
    window: Window, project: str, by_hand: str, engine: docker.DockerClient
) -> None:
    page = window("/")
    import_stack(page, project, TEXT)
    apply(page)
    web = f"{project}-web-1"
    seen(page, badge(page, "web"), "network", "disconnect", f"{project}_front", web)
    asked: list[int] = []

    def hold(route: Route) -> None:
        """Between the plan and the wish for it somebody's hand goes on."""
        if not asked:
            docker_does("network", "connect", by_hand, web)
            expect(page.get_by_role("dialog").get_by_text(f"connected to {by_hand}")).to_be_visible()
        answer = route.fetch()
        asked.append(answer.status)
        route.fulfill(response=answer)

    page.route("**/runs", hold)
    settle(page, "web", "Put it back")
    assert asked[0] == 409 and asked[-1] < 300, asked
    assert set(engine.containers.get(web).attrs["NetworkSettings"]["Networks"]) == {f"{project}_front"}


def test_an_extra_container_is_listed_and_becomes_a_service(window: Window, project: str, engine: docker.DockerClient) -> None:
    page = window("/")
    import_stack(page, project, TEXT)
    apply(page)
    labels = {"project": project, "service": "extra", "container-number": "1"}
    flags = [word for key, value in labels.items() for word in ("--label", f"com.docker.compose.{key}={value}")]
    count = page.get_by_role("button", name="1 changed outside of Netyard")
    name = f"{project}-extra-1"
    seen(page, count, "run", "-d", "--name", name, "--network", f"{project}_front", *flags, "busybox:stable", "sleep", "600")
    count.click()
    page.get_by_role("button", name="Add it to the design").click()
    expect(card(page, "extra")).to_be_visible(timeout=15_000)
    expect(count).to_have_count(0)


def test_a_running_compose_project_is_adopted_untouched(window: Window, engine: docker.DockerClient) -> None:
    with started("docker__compose/_rev/1.28.x/tests/fixtures/networks/docker-compose.yml") as running:
        before = identities(engine, running.project)
        page = window("/engines")
        page.get_by_role("link", name=re.compile("^On this engine")).click()
        page.get_by_role("button", name=f"Look at {running.project}").click()
        expect(page.get_by_text("An apply would have nothing to do")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Adopt and open").click()
        expect(card(page, "web")).to_have_attribute("data-tone", "good", timeout=20_000)
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_text("Nothing to do", exact=True)).to_be_visible()
        assert identities(engine, running.project) == before
