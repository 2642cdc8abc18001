"""The code pane as a person uses it: what it shows, where the caret is, what is offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import until
from tests.lab.visitor import Visitor

Window = Callable[..., Page]
VIEW = "(() => { const e = document.querySelector('.cm-content'); return (e.cmTile ?? e.cmView).view; })()"
CODE = f"{VIEW}.state.doc.toString()"
CARET = f"{VIEW}.state.selection.main.head"
SELECTED = f"""(() => {{
  const view = {VIEW};
  const {{ from, to }} = view.state.selection.main;
  const line = view.state.doc.lineAt(from);
  return [view.state.sliceDoc(from, to), view.state.doc.line(line.number - 2).text, Math.round(view.coordsAtPos(from).top)];
}})()"""

SHOP = """\
# The shop
services:
  web:
    image: standin:latest
    depends_on:
      - db
    networks: [front]

  db:
    image: busybox:stable
    command: sleep 3600
    networks:
      front:

networks:
  front:
"""


def server_text(visitor: Visitor, stack: str) -> str:
    return str(visitor.get(f"/api/stacks/{stack}")["text"])


def open_code(window: Window, stack: str, **options: Any) -> Page:
    page = window(f"/stacks/{stack}", **options)
    page.get_by_role("tab", name="Code", exact=True).click()
    expect(page.locator(".cm-content")).to_be_visible()
    return page


def line_of(page: Page, text: str) -> Locator:
    return page.locator(".cm-line").filter(has_text=text).first


def caret_at_end_of(page: Page, text: str) -> None:
    line_of(page, text).click()
    page.keyboard.press("End")


def offered(page: Page) -> list[str]:
    return page.locator(".cm-completionLabel").all_inner_texts()


def accept(page: Page, label: str) -> None:
    page.locator(".cm-completionLabel").get_by_text(label, exact=True).click()


def one_text(visitor: Visitor, stack: str, *pages: Page) -> str:
    """Wait until every window shows what the server has, and give it."""

    def same() -> str | None:
        text = server_text(visitor, stack)
        return text if all(page.evaluate(CODE) == text for page in pages) else None

    return str(until(same, within_s=15, what="one text in all windows"))
