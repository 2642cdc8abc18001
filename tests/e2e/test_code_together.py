"""Two people in one file: whatever is typed, drawn or done offline at once ends in one text."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.code_pane import (
    SHOP,
    caret_at_end_of,
    line_of,
    one_text,
    open_code,
)
from tests.e2e.editor import card, drag_from_palette, saved
from tests.e2e.visitors import join, login_of, make_stack
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]


@pytest.fixture(scope="module")
def bob(ann: Visitor) -> Visitor:
    return join(ann, username="bob-types", role="editor")


def test_two_people_in_one_line_end_with_the_same_text(window: Window, ann: Visitor, bob: Visitor, project: str) -> None:
    stack = make_stack(ann, project, SHOP)
    mine = open_code(window, stack)
    his = open_code(window, stack, state=login_of(bob))
    caret_at_end_of(mine, "# The shop")
    line_of(his, "# The shop").click()
    his.keyboard.press("Home")
    his.keyboard.press("ArrowRight")
    for number in range(12):
        mine.keyboard.type(f" m{number}")
        his.keyboard.type(f" h{number}")
    first = one_text(ann, stack, mine, his).split("\n")[0]
    for number in range(12):
        assert f" m{number}" in first and f" h{number}" in first, first
    assert "The shop" in first


def test_typing_and_drawing_of_two_people_converge(window: Window, ann: Visitor, bob: Visitor, project: str) -> None:
    stack = make_stack(ann, project, SHOP)
    mine = open_code(window, stack)
    his = open_code(window, stack, state=login_of(bob))
    caret_at_end_of(mine, "command: sleep")
    failures: list[BaseException] = []

    def draw() -> None:
        try:
            hand = Visitor(bob.address)
            hand.log_in(username="bob-types")
            for number in range(15):
                hand.edit(stack, op_id=f"d{number}", kind="set_environment", service="db", variable=f"V{number}", value="x")
        except BaseException as error:
            failures.append(error)

    drawing = threading.Thread(target=draw)
    drawing.start()
    for number in range(15):
        mine.keyboard.type(f" {number}")
        if number % 5 == 0:
            drag_from_palette(his, "Network", x=260 + 20 * number, y=60)
    drawing.join()
    assert not failures, failures
    text = one_text(ann, stack, mine, his)
    assert "sleep 3600" + "".join(f" {number}" for number in range(15)) in text
    assert all(f"V{number}: x" in text for number in range(15))
    assert ann.get(f"/api/stacks/{stack}")["valid"]


def test_what_is_typed_offline_meets_what_others_did_meanwhile(window: Window, ann: Visitor, bob: Visitor, project: str) -> None:
    stack = make_stack(ann, project, SHOP)
    page = open_code(window, stack)
    caret_at_end_of(page, "# The shop")
    page.context.set_offline(True)
    page.keyboard.type(" offline")
    bob.edit(stack, op_id="meanwhile", kind="set_environment", service="db", variable="MEANWHILE", value="1")
    bob.edit(stack, op_id="same", kind="patch_text", hunks=[{"line": 0, "old": ["# The shop\n"], "new": ["# My The shop\n"]}])
    page.keyboard.type(" words")
    page.context.set_offline(False)
    text = one_text(ann, stack, page)
    assert text.startswith("# My The shop offline words\n") and "MEANWHILE" in text
    saved(page)


def test_companions_are_tabs_that_others_see_change(window: Window, ann: Visitor, bob: Visitor, project: str) -> None:
    stack = make_stack(ann, project, SHOP.replace("standin:latest", "standin:${TAG:-latest}"))
    mine = open_code(window, stack)
    his = open_code(window, stack, state=login_of(bob))
    mine.get_by_role("button", name="Add a file").click()
    mine.get_by_label("Path of the file").fill("../x")
    mine.get_by_role("button", name="Add", exact=True).click()
    expect(mine.get_by_text("A path has no . or .. or empty parts.")).to_be_visible()
    mine.get_by_label("Path of the file").fill(".env")
    mine.get_by_role("button", name="Add", exact=True).click()
    expect(mine.get_by_role("tab", name=".env")).to_have_attribute("aria-selected", "true")
    shown = mine.locator(".cm-content:visible")
    shown.click()
    mine.keyboard.type("TAG=v7\n")
    expect(card(mine, "web").get_by_text("standin:v7")).to_be_visible()
    his.get_by_role("tab", name=".env").click()
    expect(his.locator(".cm-content:visible")).to_contain_text("TAG=v7")
    mine.get_by_role("button", name="More for .env").click()
    mine.get_by_role("menuitem", name="Rename").click()
    mine.get_by_label("Path of the file").fill("web.env")
    mine.get_by_role("button", name="Rename", exact=True).click()
    expect(his.get_by_role("tab", name="web.env")).to_be_visible()
    expect(mine.get_by_role("tab", name="web.env")).to_have_attribute("aria-selected", "true")
    mine.get_by_role("button", name="More for web.env").click()
    mine.get_by_role("menuitem", name="Remove").click()
    mine.get_by_role("button", name="Remove", exact=True).click()
    expect(his.get_by_role("tab", name="web.env")).to_have_count(0)
    expect(mine.locator(".cm-content:visible")).to_contain_text("The shop")
    mine.get_by_role("button", name=re.compile("^Undo")).click()
    expect(his.get_by_role("tab", name="web.env")).to_be_visible()
