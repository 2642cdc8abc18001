"""What stays and what comes back when the engine is away, or a worker dies in the middle of an apply."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docker
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, start_site, stop_site, until
from tests.e2e.editor import apply, bar, card, drag_from_palette, import_stack, more, saved
from tests.e2e.processes import netyard, pids_of
from tests.e2e.visitors import login_of, make_stack
from tests.lab.containers import containers_of
from tests.lab.relay import Relay
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]
ONE = "services:\n  web:\n    image: standin:latest\n"


def test_without_an_engine_one_draws_and_it_is_found_when_it_appears(
    browser: Browser, data: Path, project: str, engine: docker.DockerClient
) -> None:
    missing = data / "engine.sock"
    site = start_site(data, environment={"DOCKER_HOST": f"unix://{missing}"})
    relay = Relay(missing)
    context = browser.new_context(base_url=site.address, viewport={"width": 1440, "height": 900})
    try:
        owner = Visitor(site.address)
        owner.set_up(site.setup_link, username="ann")
        context.add_cookies(login_of(owner)["cookies"])
        page = context.new_page()
        page.goto("/")
        banner = page.get_by_role("alert").filter(has_text="Drawing, checking, importing and exporting work without it")
        expect(banner).to_be_visible()
        print(f"the banner: {banner.inner_text()!r}")
        expect(banner).to_contain_text(str(missing), timeout=30_000)  # once the watcher has looked
        status = netyard("status", data=data, DOCKER_HOST=f"unix://{missing}")
        assert f"engine   does not answer at unix://{missing}" in status.stdout and status.returncode == 0

        import_stack(page, project, ONE)
        drag_from_palette(page, "Network", x=380, y=120)
        expect(bar(page, "network")).to_be_visible()
        drag_from_palette(page, "nginx", x=560, y=420)
        expect(page.get_by_role("article", name=re.compile("^service web-?2,"))).to_be_visible()
        page.get_by_role("button", name=re.compile("^Undo")).click()
        expect(page.get_by_role("article", name=re.compile("^service web-?2,"))).to_have_count(0)
        saved(page)
        with page.expect_download() as coming:
            more(page, "Export")
        exported: Any = coming.value
        assert Path(exported.path()).read_text() == ONE + "\nnetworks:\n  network:\n", Path(exported.path()).read_text()
        checked = owner.post("/api/compose/check", {"text": "services:\n  a:\n    image: x\n    ports: ['80:80', '80:81']\n"})
        assert [one["code"] for one in checked["problems"]], checked
        expect(page.get_by_text("does not answer.").first).to_be_visible()
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_role("button", name="Apply", exact=True).last).to_be_disabled()

        relay.start()
        appeared = time.monotonic()
        expect(page.get_by_text("does not answer.")).to_have_count(0, timeout=15_000)
        print(f"an engine appeared and was found after {time.monotonic() - appeared:.1f} s")
        apply(page)
        expect(card(page, "web")).to_have_attribute("data-tone", "good")
        assert engine.containers.get(f"{project}-web-1").status == "running"
        page.goto("/")
        expect(page.get_by_role("link", name=f"Stack {project}, Running")).to_be_visible()
        expect(banner).to_have_count(0)
    finally:
        context.close()
        stop_site(site)
        relay.stop()


CHAIN = "services:\n" + "".join(
    f"  s{number}:\n    image: standin:latest\n" + (f"    depends_on: [s{number - 1}]\n" if number else "") for number in range(8)
)


def test_a_worker_killed_in_an_apply_leaves_a_run_that_a_second_apply_finishes(
    window: Window, project: str, site: Site, ann: Visitor, engine: docker.DockerClient
) -> None:
    def made() -> dict[str, str]:
        found = containers_of(engine, project)
        names = [one.labels["com.docker.compose.service"] for one in found]
        assert len(set(names)) == len(names), f"doubled: {sorted(names)}"
        return {one.labels["com.docker.compose.service"]: one.id for one in found}

    def running() -> int:
        return len(containers_of(engine, project, stopped=False))

    stack = make_stack(ann, project, CHAIN)
    until(lambda: ann.get(f"/api/stacks/{stack}/plan?kind=apply")["observed_at"], what="the engine was seen")
    page = window(f"/stacks/{stack}")
    expect(card(page, "s0")).to_be_visible()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_text(re.compile(r"Plan of version \d+"))).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).last.click()
    until(lambda: running() >= 2, within_s=30, what="two containers run")
    os.kill(pids_of(site)["worker"], signal.SIGKILL)
    killed = time.monotonic()
    expect(page.get_by_text("Applying was interrupted")).to_be_visible(timeout=30_000)
    print(f"kill -9 of the worker to a run that says so: {time.monotonic() - killed:.1f} s")
    expect(page.get_by_text(re.compile("^The worker died (while|before)"))).to_be_visible()
    expect(page.get_by_text("Press Apply: what is done stays done, the rest is finished.")).to_be_visible()
    before = made()
    assert 2 <= running() < 8
    run = ann.get(f"/api/stacks/{stack}/runs")[0]
    assert run["state"] == "interrupted"

    page.get_by_role("button", name="Plan the rest").click()
    expect(page.get_by_text(re.compile(r"Plan of version \d+"))).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).last.click()
    expect(page.get_by_text(re.compile("^Applied in"))).to_be_visible(timeout=60_000)
    after = made()
    assert sorted(after) == [f"s{number}" for number in range(8)]
    assert {name: after[name] for name in before} == before
    assert running() == 8
    assert [one["kind"] for one in ann.get(f"/api/stacks/{stack}/plan?kind=apply")["operations"]] == []
