"""A guest with a share link sees the topology live, and no value, until the link is revoked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable

import docker
import pytest
from playwright.sync_api import Error, Page, Response, WebSocket, expect

from tests.e2e.conftest import until
from tests.e2e.editor import bar, call, card, pane
from tests.e2e.visitors import make_stack
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]


SECRETS = ("s3cret-of-the-database", "s3cret-made-later")


SECRETIVE = f"""\
services:
  web:
    image: standin:latest
    environment: {{DB_PASSWORD: {SECRETS[0]}}}
    labels: {{note: "of web"}}
"""


class Ears:
    """Everything that reaches a page: bodies of answers and frames of sockets."""

    def __init__(self, page: Page) -> None:
        self.page, self.answers, self.frames, self.closed = page, list[Response](), list[str](), list[str]()
        page.on("response", lambda one: self.answers.append(one))
        page.on("websocket", lambda one: self._follow(one))

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(frame if isinstance(frame, str) else frame.decode()))
        socket.on("close", lambda _: self.closed.append(socket.url))

    def everything(self) -> str:
        """What the browser still has of the answers, every frame, the page, and the share as read anew."""
        bodies = [_body(one) for one in self.answers if one.ok and "/static/" not in one.url and one.status != 204]
        share = self.page.url.rpartition("/")[2]
        read = self.page.evaluate("(path) => fetch(path).then((answer) => answer.text())", f"/api/shared/{share}")
        assert '"snapshot"' in read
        return "\n".join([*bodies, *self.frames, self.page.content(), read])


def _body(answer: Response) -> str:
    try:
        return answer.text()
    except Error:  # of a page that was left: its own HTML, before the browser program
        return ""


def test_a_guest_sees_the_topology_live_and_no_values_until_the_link_is_revoked(
    window: Window, project: str, ann: Visitor, engine: docker.DockerClient
) -> None:
    text = SECRETIVE + f'    command: ["--password={SECRETS[0]}"]\n'
    stack = make_stack(ann, project, text)
    until(lambda: ann.get(f"/api/stacks/{stack}/plan?kind=apply")["observed_at"], what="the engine was seen")
    assert ann.run(stack, "apply")["state"] == "done"
    owner = window(f"/stacks/{stack}")
    owner.get_by_role("button", name="Share", exact=True).click()
    owner.get_by_role("button", name="New link").click()
    shown = owner.get_by_role("textbox", name="The link")
    expect(shown).to_have_value(re.compile("/shared"))
    link = shown.input_value()

    guest = window("/login/", state=None)
    ears = Ears(guest)
    guest.goto(link)
    expect(card(guest, "web")).to_have_attribute("data-tone", "good")
    expect(guest.get_by_text("Read-only link")).to_be_visible()
    for name in ("Apply", "Plan", "Share"):
        expect(guest.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(guest.get_by_role("tab", name="Code")).to_have_count(0)
    assert not [one for one in guest.context.cookies() if one["name"] == "netyard_session" and "user" in one["value"]]

    # Live: a change of the design and an event of the engine reach it.
    ann.edit(stack, op_id="later", kind="set_environment", service="web", variable="LATER", value=SECRETS[1])
    ann.edit(stack, op_id="net", kind="add_network", name="front", keys={})
    expect(bar(guest, "front")).to_be_visible()
    container = engine.containers.get(f"{project}-web-1")
    container.update(restart_policy={"Name": "no"})
    killed_at = time.monotonic()
    container.kill()
    expect(card(guest, "web")).to_have_attribute("data-tone", "bad")
    print(f"docker kill to the guest's red card: {(time.monotonic() - killed_at) * 1000:.0f} ms (as polled)")
    card(guest, "web").click()
    guest.get_by_role("tab", name="Inspector").click()
    guest.get_by_role("button", name=re.compile("^Environment")).click()
    expect(guest.get_by_text(re.compile("DB_PASSWORD")).or_(guest.locator('input[value="DB_PASSWORD"]')).first).to_be_visible()

    # No value and no text, wherever one looks; nothing else of the site is open to a guest.
    heard = ears.everything()
    assert len(ears.frames) > 2 and "standin:latest" in heard
    for secret in SECRETS:
        assert secret not in heard, heard[max(0, heard.index(secret) - 300) : heard.index(secret) + 60]
    texts = [message["stack"]["text"] for frame in ears.frames if "stack" in (message := json.loads(frame))]
    assert texts and set(texts) == {""}
    for path in (f"stacks/{stack}", f"stacks/{stack}/export", f"stacks/{stack}/plan?kind=apply", "stacks"):
        assert call(guest, "GET", f"/api/{path}") in (401, 403, 404), path
    edit = {"op_id": "g", "edit": {"kind": "add_network", "name": "mine", "keys": {}}}
    assert call(guest, "POST", f"/api/stacks/{stack}/edits", edit) in (401, 403, 404)

    # Revoked: the open page closes, a reload shows nothing, and so does the link.
    owner.get_by_role("button", name="Revoke this link").click()
    revoked_at = time.monotonic()
    expect(guest.get_by_role("heading", name="This link does not work")).to_be_visible(timeout=5000)
    print(f"revoked to a closed page: {(time.monotonic() - revoked_at) * 1000:.0f} ms")
    assert [one for one in ears.closed if "/ws/shared/" in one]
    guest.reload()
    expect(guest.get_by_role("heading", name="This stack is not shared with you")).to_be_visible()
    assert project not in guest.content() and pane(guest).count() == 0
    guest.goto("/login/")
    guest.goto(link)
    expect(guest.get_by_role("alert").filter(has_text="not valid, or it was revoked")).to_be_visible()
