"""History and the way back in a real browser: compare, look at, name and restore versions; a failed apply and its rollback."""

from __future__ import annotations

import re
from collections.abc import Callable

import docker
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import free_port, until
from tests.e2e.editor import apply, card, import_stack, saved
from tests.lab.containers import containers_of
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]

TEXT = """services:
  web:
    image: standin:latest
    stop_grace_period: 0s
    networks: [front]
  db:
    image: busybox:stable
    command: [sleep, "600"]
    stop_grace_period: 0s
networks:
  front: {}
"""
CRASHES = TEXT.replace('command: [sleep, "600"]', "command: [sh, -c, 'echo cannot open the data; exit 3']")


def stack_id(page: Page) -> str:
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def write(ann: Visitor, page: Page, text: str, message: str) -> None:
    edit = {"kind": "replace_text", "text": text}
    ann.post(f"/api/stacks/{stack_id(page)}/edits", {"op_id": message, "edit": edit, "message": message})


def history(page: Page) -> None:
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text(re.compile("newest first"))).to_be_visible()


def test_a_person_looks_at_compares_names_and_restores_versions(window: Window, project: str, ann: Visitor) -> None:
    page = window("/")
    import_stack(page, project, TEXT)
    changed = TEXT.replace("  front: {}", "  front: {}\n  back: {}").replace("networks: [front]", "networks: [front, back]")
    write(ann, page, changed.replace("  db:\n", "  cache:\n    image: redis:7-alpine\n  db:\n"), "Add a cache")
    write(ann, page, changed.replace("  db:", "  store:"), "Another store")
    expect(card(page, "store")).to_be_visible()
    history(page)
    page.get_by_role("button", name=re.compile("Add a cache")).click()
    expect(page.get_by_text("networks: [front, back]")).to_be_visible()  # the lines, against the version before
    page.get_by_text("Side by side").click()
    expect(page.get_by_role("region", name=re.compile("compose.yaml"))).to_be_visible()

    # On the canvas: what it added, changed and left; nobody can draw there.
    page.get_by_role("button", name="Show on the canvas").click()
    expect(page.get_by_text("Looking at version 2 against 1: 2 added, 1 changed")).to_be_visible()
    expect(page.locator('[data-change="added"][data-node="service:cache"]')).to_be_visible()
    expect(page.locator('[data-change="changed"][data-node="service:web"]')).to_have_text("changed: networks")
    expect(page.get_by_role("button", name=re.compile("^Undo"))).to_have_count(0)
    page.get_by_role("button", name="Back to now").click()
    expect(card(page, "store")).to_be_visible()
    expect(page.locator("[data-change]")).to_have_count(0)

    # A name, and what was removed as a ghost.
    page.get_by_role("button", name="Name it", exact=True).click()
    page.get_by_label("Name of version 2").fill("Before the fair")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("Before the fair"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Another store")).click()
    page.get_by_role("button", name="Show on the canvas").click()
    expect(page.locator('[data-change="removed"][data-node="service:cache"]')).to_be_visible()
    expect(card(page, "cache")).to_be_visible()

    # Back to the first version: one edit, that undo takes back.
    page.get_by_role("button", name=re.compile("^1 Created")).click()
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(card(page, "store")).to_have_count(0)
    expect(card(page, "db")).to_be_visible()
    saved(page)
    assert ann.get(f"/api/stacks/{stack_id(page)}")["text"] == TEXT
    page.get_by_role("button", name="Undo: Restore version 1").click()
    expect(card(page, "store")).to_be_visible()


def test_a_container_that_crashes_is_said_with_its_last_lines_and_rolled_back(
    window: Window, project: str, ann: Visitor, engine: docker.DockerClient
) -> None:
    page = window("/")
    import_stack(page, project, TEXT)
    apply(page)
    before = engine.containers.get(f"{project}-web-1").id
    write(ann, page, CRASHES, "Read the data")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_text("Plan of version 2")).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).last.click()
    expect(
        page.get_by_text(re.compile("^The new db did not stay up: .* exited with code 3 .* The old db runs again"))
    ).to_be_visible(timeout=60_000)
    expect(page.get_by_text("db | cannot open the data")).to_be_visible()
    page.get_by_role("button", name="Roll back to version 1…").click()
    page.get_by_role("button", name="Roll back to version 1", exact=True).click()
    expect(page.get_by_text(re.compile("^It takes back the apply of version 2, which failed"))).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile("^Rolled back to version 1 in"))).to_be_visible(timeout=60_000)
    assert engine.containers.get(f"{project}-db-1").status == "running"
    assert engine.containers.get(f"{project}-web-1").id == before


def test_a_port_that_is_taken_goes_back_by_itself_where_that_was_asked(
    window: Window, project: str, ann: Visitor, engine: docker.DockerClient
) -> None:
    import socket

    page = window("/")
    import_stack(page, project, TEXT)
    apply(page)
    with socket.socket() as taken:
        port = free_port()
        taken.bind(("0.0.0.0", port))
        taken.listen()
        text = TEXT.replace("    networks: [front]", f"    networks: [front]\n    ports: ['{port}:80']")
        write(ann, page, text, "Publish a port")
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_text("Plan of version 2")).to_be_visible()
        page.get_by_label("Roll back to version 1 by itself if it fails").check()
        page.get_by_role("button", name="Apply", exact=True).last.click()
        taken_back = page.get_by_text(re.compile("^It takes back the apply of version 2, which failed"))
        expect(taken_back).to_be_visible(timeout=60_000)
        expect(page.get_by_text(re.compile("^Rolled back to version 1 in"))).to_be_visible(timeout=60_000)
    until(lambda: engine.containers.get(f"{project}-web-1").status == "running", what="the old web runs again")
    assert not engine.containers.get(f"{project}-web-1").attrs["HostConfig"]["PortBindings"]
    assert ann.get(f"/api/stacks/{stack_id(page)}")["rolls_back"] is True


def test_what_the_design_no_longer_has_is_left_alone_until_one_asks(
    window: Window, project: str, ann: Visitor, engine: docker.DockerClient
) -> None:
    page = window("/")
    import_stack(page, project, TEXT)
    apply(page)
    rest = TEXT[: TEXT.index("  db:")] + TEXT[TEXT.index("networks:\n  front") :]
    write(ann, page, rest, "Take db out")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_text(re.compile(f"^{project}-db-1 belongs to this stack"))).to_be_visible()
    page.get_by_role("checkbox", name="Remove 1 container with this apply").check()
    expect(page.get_by_role("region", name="service db").get_by_text("remove", exact=True)).to_be_visible()
    assert engine.containers.get(f"{project}-db-1").status == "running"
    page.get_by_role("button", name="Apply", exact=True).last.click()
    expect(page.get_by_text(re.compile("^Applied in"))).to_be_visible(timeout=60_000)
    names = [one.name for one in containers_of(engine, project)]
    assert names == [f"{project}-web-1"]
