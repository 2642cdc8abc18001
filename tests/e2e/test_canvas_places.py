"""Places and storage on the canvas, by hand: the Host and no network to put services on, volumes that are one thing for all."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import until
from tests.e2e.editor import bar, card, drag_from_palette, import_stack, pane, saved
from tests.e2e.visitors import text_of as text_of_stack
from tests.lab.visitor import Visitor

pytestmark = pytest.mark.browser
TEXT = """# kept
services:
  web:
    image: standin:latest
    ports: ["8080:80", "127.0.0.1:9000:9000"]
    networks: [front]
    volumes:
      - shared:/srv
  worker:
    image: standin:latest
    networks: [front]
    volumes:
      - shared:/in:ro
  other:
    image: standin:latest
    networks: [front]
  agent:
    image: standin:latest
    network_mode: host
networks:
  front: {}
volumes:
  shared: {}
"""


def text_of(ann: Visitor, page: Page) -> str:
    """The stack's text as the server has it."""
    return text_of_stack(ann, page.url.rstrip("/").rpartition("/")[2])


def volume(page: Page, key: str) -> Locator:
    return page.locator(f'.react-flow__node[data-id="volume:{key}"]')


def opened(window: Callable[..., Page], name: str) -> Page:
    page = window("/")
    import_stack(page, name, TEXT)
    expect(card(page, "web")).to_be_visible()
    return page


def drag(page: Page, source: Locator, target: Locator) -> None:
    """With the mouse, from the head of one thing to the middle of another."""
    begin, end = source.bounding_box(), target.bounding_box()
    assert begin and end
    page.mouse.move(begin["x"] + 40, begin["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=15)
    page.mouse.up()


def middle(page: Page, target: Locator) -> dict[str, Any]:
    """A thing's middle, in pixels of the pane."""
    box, whole = target.bounding_box(), pane(page).bounding_box()
    assert box and whole
    return {"x": int(box["x"] + box["width"] / 2 - whole["x"]), "y": int(box["y"] + box["height"] / 2 - whole["y"])}


def test_the_host_shows_who_is_on_it_and_which_ports_it_passes_on(window: Callable[..., Page], ann: Visitor) -> None:
    page = opened(window, "host shown")
    expect(bar(page, "Host")).to_be_visible()
    label = page.get_by_role("button", name="Published on the Host: 8080, local 9000 to web")
    expect(label).to_be_visible()
    label.click()
    inspector = page.get_by_role("complementary").last
    expect(inspector.get_by_text("Published ports")).to_be_visible()
    expect(inspector.get_by_text("web:9000")).to_be_visible()
    expect(inspector.get_by_role("button", name="agent")).to_be_visible()


def test_a_card_dropped_on_the_host_or_on_no_network_changes_its_mode(window: Callable[..., Page], ann: Visitor) -> None:
    page = opened(window, "host dropped")
    drag(page, card(page, "other"), bar(page, "Host"))
    saved(page)
    until(
        lambda: "network_mode: host" in text_of(ann, page).partition("other:")[2].partition("agent:")[0], what="other on the host"
    )
    page.keyboard.press("Control+z")
    until(lambda: text_of(ann, page) == TEXT, what="the text as it was")
    page.get_by_role("button", name=re.compile("^No network")).click()
    expect(bar(page, "No network")).to_be_visible()
    drag(page, card(page, "other"), bar(page, "No network"))
    until(lambda: "network_mode: none" in text_of(ann, page), what="other on no network")
    assert text_of(ann, page).startswith("# kept\n")


def test_a_volume_lights_up_everyone_who_mounts_it(window: Callable[..., Page], ann: Visitor) -> None:
    page = opened(window, "volume shared")
    expect(volume(page, "shared")).to_have_count(1)
    volume(page, "shared").hover()
    for name in ("web", "worker"):
        expect(card(page, name)).to_have_attribute("data-target", "true")
    expect(card(page, "other")).not_to_have_attribute("data-target", "true")


def test_a_new_volume_is_dropped_into_a_service(window: Callable[..., Page], ann: Visitor) -> None:
    page = opened(window, "volume dropped")
    drag_from_palette(page, "Volume", **middle(page, card(page, "other")))
    form = page.get_by_role("dialog", name="Mount in other")
    expect(form.get_by_label("Volume")).to_have_value("other-data")
    form.get_by_label("Appears in other at").fill("/var/data")
    form.get_by_role("button", name="Mount").click()
    expect(volume(page, "other-data")).to_be_visible()
    saved(page)
    until(lambda: "other-data:/var/data" in text_of(ann, page), what="the mount")
    assert "  other-data:" in text_of(ann, page).partition("\nvolumes:")[2]
    page.keyboard.press("Control+z")
    until(lambda: text_of(ann, page) == TEXT, what="one step back")


def test_a_volume_that_is_there_and_a_folder_of_the_host_go_into_a_service(window: Callable[..., Page], ann: Visitor) -> None:
    page = opened(window, "storage dropped")
    drag_from_palette(page, "shared", **middle(page, card(page, "other")))
    form = page.get_by_role("dialog", name="Mount in other")
    form.get_by_label("Read-only").check()
    form.get_by_role("button", name="Mount").click()
    until(lambda: "shared:/data:ro" in text_of(ann, page), what="the shared volume")
    drag_from_palette(page, "Host folder", **middle(page, card(page, "other")))
    form = page.get_by_role("dialog", name="Mount in other")
    expect(form.get_by_role("button", name="Mount")).to_be_disabled()
    form.get_by_label("Folder of the host").fill("/srv/site")
    expect(form.get_by_role("note")).to_contain_text("refuses host folders")
    form.get_by_role("button", name="Mount").click()
    until(lambda: "/srv/site:/data2" in text_of(ann, page), what="the folder")


def test_the_inspector_of_a_volume_changes_its_users_and_its_name(window: Callable[..., Page], ann: Visitor) -> None:
    page = opened(window, "volume inspected")
    volume(page, "shared").click()
    expect(page.get_by_text("Mounted by")).to_be_visible()
    page.get_by_role("switch", name="Read-only in web").click(force=True)
    until(lambda: "- shared:/srv:ro" in text_of(ann, page), what="read-only in web")
    name = page.get_by_label("Name of the volume")
    name.fill("files")
    name.press("Enter")
    until(lambda: "files:/in:ro" in text_of(ann, page) and "\n  files: {}" in text_of(ann, page), what="the new name")
    expect(volume(page, "files")).to_be_visible()
    page.get_by_role("button", name="Unmount from worker").click()
    until(lambda: "files:/in:ro" not in text_of(ann, page), what="worker without it")
