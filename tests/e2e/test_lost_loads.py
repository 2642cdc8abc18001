"""What the browser drops on its way, as it does when networks of the machine come and go, is loaded again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.conftest import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", ["**/*.js", "**/*.css"])
def test_a_page_that_lost_its_scripts_or_styles_several_times_comes_all_the_same(
    site: Site, browser: Browser, administrator: dict[str, Any], kind: str
) -> None:
    context = browser.new_context(base_url=site.address, storage_state=administrator)
    page = context.new_page()
    lost: list[str] = []

    def drop(route: Route) -> None:
        if len(lost) < 3:
            lost.append(route.request.url)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route(kind, drop)
    page.goto("/engines")
    expect(page.get_by_role("link", name="On this engine")).to_be_visible()
    assert len(lost) == 3
    assert page.evaluate("[...document.styleSheets].every((sheet) => sheet.cssRules.length > 0)")
    context.close()


def test_a_page_whose_scripts_never_come_says_so_in_the_end(site: Site, browser: Browser, administrator: dict[str, Any]) -> None:
    context = browser.new_context(base_url=site.address, storage_state=administrator)
    page = context.new_page()
    page.add_init_script("sessionStorage.setItem('netyard-loads', `6 ${Date.now()}`)")
    page.route("**/*.js", lambda route: route.abort("internetdisconnected"))
    page.goto("/engines")
    expect(page.get_by_text("A part of Netyard did not arrive")).to_be_visible()
    page.unroute("**/*.js")
    page.get_by_role("link", name="Load it again").click()
    expect(page.get_by_role("link", name="On this engine")).to_be_visible()
    context.close()
