"""What a person does with mouse and keyboard in the editor, as functions over a Playwright page."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect


def new_stack(page: Page, name: str) -> None:
    """From the list, make an empty stack and land on its canvas."""
    page.get_by_role("button", name=re.compile("^New stack")).click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create and open").click()
    expect(pane(page)).to_be_visible()


def import_stack(page: Page, name: str, text: str) -> None:
    """From the list, paste a Compose text and land on its canvas."""
    page.get_by_role("button", name=re.compile("^Import Compose")).click()
    page.get_by_role("textbox", name="Compose file").fill(text)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(pane(page)).to_be_visible()


def pane(page: Page) -> Locator:
    return page.locator(".react-flow__pane")


def card(page: Page, service: str) -> Locator:
    return page.get_by_role("article", name=re.compile(rf"^service {re.escape(service)},"))


def bar(page: Page, network: str) -> Locator:
    return page.locator("div.ny-net", has=page.get_by_text(network, exact=True))


def drag_from_palette(page: Page, item: str, *, x: int, y: int) -> None:
    """Drag a palette item onto the canvas, to a point of the pane in pixels."""
    page.get_by_role("button", name=re.compile(rf"^{re.escape(item)}")).first.drag_to(pane(page), target_position={"x": x, "y": y})


def draw_line(page: Page, source: str, target: Locator) -> None:
    """Draw from a card's or bar's connect knob to the middle of another thing."""
    page.keyboard.press("Escape")
    node = page.locator(f'.react-flow__node[data-id="{source}"]')
    node.hover()
    knob = node.get_by_role("button", name=re.compile("^Connect ")).bounding_box()
    end = target.bounding_box()
    assert knob and end
    page.mouse.move(knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.mouse.up()


def saved(page: Page) -> None:
    """Wait until every edit is with the server."""
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def apply(page: Page) -> None:
    """Plan, look, apply, and wait for the banner that says it is done."""
    page.get_by_role("button", name="Plan", exact=True).click()
    panel = page.get_by_role("complementary").filter(has=page.get_by_text("Plan of version")).last
    expect(page.get_by_text(re.compile(r"Plan of version \d+"))).to_be_visible()
    button = page.get_by_role("button", name="Apply", exact=True).last
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_text(re.compile(r"^Applied in"))).to_be_visible(timeout=60_000)
    _ = panel


def more(page: Page, item: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name=re.compile(item)).click()


# A call as the page itself would make it; gives the status.
CALL = """async ([method, path, body]) => {
  const token = /csrftoken=([^;]+)/.exec(document.cookie)[1];
  const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': token };
  return (await fetch(path, { method, headers, body: body === null ? undefined : JSON.stringify(body) })).status;
}"""


def call(page: Page, method: str, path: str, body: Any = None) -> int:
    return int(page.evaluate(CALL, [method, path, body]))
