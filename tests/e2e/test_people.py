"""People and their roles, and what an engine's administrator allows: in real browsers, on a real engine."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import docker
import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.e2e.conftest import PASSWORD, Site, until
from tests.e2e.editor import bar, call, card, drag_from_palette, saved
from tests.e2e.visitors import join, make_stack, text_of
from tests.lab.containers import containers_of
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]


def invite(owner: Page, role: str) -> str:
    """Make an invitation link on the team page; gives the link."""
    invitations = owner.get_by_role("region", name="Invitations")
    invitations.get_by_label("As", exact=True).first.click()
    owner.get_by_role("option", name=role).click()
    invitations.get_by_role("button", name="Make an invitation link").click()
    shown = invitations.get_by_label(re.compile("^Invitation as"))
    expect(shown).to_have_value(re.compile("/join/#"))
    return str(shown.input_value())


def set_role(owner: Page, username: str, role: str) -> None:
    field = owner.locator(f'input[aria-label="Role of {username}"]')
    field.click()
    owner.get_by_role("option", name=role).click()
    expect(field).to_have_value(role)


def place(page: Page, node: str) -> str:
    return str(page.locator(f'.react-flow__node[data-id="{node}"]').evaluate("(node) => node.style.transform"))


def test_a_person_joins_by_a_link_and_may_do_what_their_role_says_until_they_are_removed(
    window: Window, project: str, ann: Visitor, engine: docker.DockerClient
) -> None:
    team = ann.get("/api/me")["teams"][0]["id"]
    stack = make_stack(ann, project, "services:\n  web:\n    image: standin:latest\n")
    owner = window(f"/teams/{team}")
    link = invite(owner, "Viewer")

    # A fresh window: a new account through the link, as a viewer.
    carol = window("/login/", state=None)
    carol.goto(link)
    expect(carol.get_by_text("invites you as")).to_be_visible()
    carol.get_by_label("User name").first.fill("carol")
    carol.get_by_label("Password").first.fill(PASSWORD)
    carol.get_by_role("button", name="Create account and join").click()
    expect(carol.get_by_role("link", name=re.compile(f"^Stack {project},"))).to_be_visible()
    stranger = window("/login/", state=None)
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This invitation has ended")).to_be_visible()

    # A viewer sees the stack, and can change nothing: no Apply, no palette, no drag, 403 for what is called by hand.
    carol.get_by_role("link", name=re.compile(f"^Stack {project},")).click()
    expect(card(carol, "web")).to_be_visible()
    expect(carol.get_by_text("View only")).to_be_visible()
    expect(carol.get_by_role("button", name="Apply", exact=True)).to_have_count(0)
    expect(carol.get_by_role("button", name="Undo")).to_have_count(0)
    before, box = place(carol, "service:web"), card(carol, "web").bounding_box()
    assert box
    carol.mouse.move(box["x"] + 60, box["y"] + 14)
    carol.mouse.down()
    carol.mouse.move(box["x"] + 160, box["y"] + 114, steps=5)
    carol.mouse.up()
    assert place(carol, "service:web") == before
    edit = {"op_id": "by-hand", "edit": {"kind": "add_network", "name": "mine", "keys": {}}}
    assert call(carol, "POST", f"/api/stacks/{stack}/edits", edit) == 403
    move = {"op_id": "by-hand", "nodes": {"service:web": {"x": 1, "y": 1}}}
    assert call(carol, "POST", f"/api/stacks/{stack}/layout", move) == 403
    assert call(carol, "POST", f"/api/stacks/{stack}/runs", {"kind": "stop"}) == 403
    assert call(carol, "POST", f"/api/teams/{team}/invitations", {"role": "owner"}) == 403
    assert call(carol, "DELETE", f"/api/stacks/{stack}") == 403

    # An editor, with the same login, in the page that is open: draws, and cannot apply.
    owner.reload()
    set_role(owner, "carol", "Editor")
    expect(carol.get_by_text("View only")).to_have_count(0)
    drag_from_palette(carol, "Network", x=380, y=120)
    expect(bar(carol, "network")).to_be_visible()
    saved(carol)
    assert "network:" in text_of(ann, stack)
    expect(carol.get_by_role("button", name="Apply", exact=True)).to_have_count(0)
    assert call(carol, "POST", f"/api/stacks/{stack}/runs", {"kind": "stop"}) == 403

    # A deployer applies.
    set_role(owner, "carol", "Deployer")
    carol.get_by_role("button", name="Apply", exact=True).first.click()
    expect(carol.get_by_text(re.compile("^Applied in"))).to_be_visible(timeout=60_000)
    assert engine.containers.get(f"{project}-web-1").status == "running"

    # Out of the team: the open page says so within seconds.
    sockets: list[WebSocket] = []
    carol.on("websocket", lambda one: sockets.append(one) if "/ws/stacks/" in one.url else None)
    carol.reload()
    expect(card(carol, "web")).to_be_visible()
    owner.get_by_role("button", name="Remove carol from the team").click()
    removed_at = time.monotonic()
    expect(carol.get_by_role("heading", name="Your access was taken away")).to_be_visible(timeout=5000)
    print(f"removed from the team to a closed page: {(time.monotonic() - removed_at) * 1000:.0f} ms")
    assert sockets and all(one.is_closed() for one in sockets)
    expect(card(carol, "web")).to_have_count(0)
    assert call(carol, "GET", f"/api/stacks/{stack}") == 404
    carol.reload()
    expect(carol.get_by_role("heading", name="This stack does not exist for you")).to_be_visible()


def test_the_socket_of_a_person_who_was_removed_closes_with_4403(project: str, ann: Visitor) -> None:
    dora = join(ann, username="dora", role="viewer")
    stack = make_stack(ann, project, "services: {}\n")
    team, who = ann.get("/api/me")["teams"][0]["id"], dora.get("/api/me")["id"]
    with dora.watch(stack) as socket:
        assert socket.until(lambda one: one["type"] == "snapshot")["stack"]["rights"] == ["look"]
        assert ann.send("PATCH", f"/api/teams/{team}/members/{who}", {"role": "editor"}).status_code == 200
        again = socket.until(lambda one: one["type"] == "snapshot", within_s=5, what="a snapshot with the new rights")
        assert set(again["stack"]["rights"]) == {"look", "logs", "draw"}
        assert ann.send("DELETE", f"/api/teams/{team}/members/{who}").status_code == 204
        until(lambda: _closed(socket), within_s=5, what="the socket is closed")
        assert socket.socket.close_code == 4403


def _closed(socket: Any) -> bool:
    try:
        socket.socket.recv(timeout=0.05)
    except TimeoutError:
        return False
    except Exception as closed:
        return type(closed).__name__.startswith("ConnectionClosed")
    return False


@pytest.fixture
def policy(ann: Visitor) -> Iterator[Callable[..., None]]:
    """Sets the engine's switches; all are off again afterwards."""
    one = ann.get("/api/engines")[0]["id"]

    def set_policy(**switches: bool) -> None:
        assert ann.send("PATCH", f"/api/engines/{one}/policy", switches).status_code == 200

    yield set_policy
    set_policy()


def test_a_bind_mount_and_privileges_are_refused_until_the_administrator_allows_them(
    window: Window, project: str, ann: Visitor, engine: docker.DockerClient, policy: Callable[..., None]
) -> None:
    text = "services:\n  web:\n    image: standin:latest\n    volumes: [/usr/share:/host:ro]\n    privileged: true\n"
    stack = make_stack(ann, project, text)
    page = window(f"/stacks/{stack}")
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_role("heading", name="In the way of Apply")).to_be_visible()
    expect(page.get_by_text("asks for a bind mount of /usr/share, which this engine does not allow").first).to_be_visible()
    expect(page.get_by_text("asks for a privileged container, which this engine does not allow").first).to_be_visible()
    expect(page.get_by_text("An engine administrator can allow bind mounts for this engine").first).to_be_visible()
    expect(page.get_by_role("button", name="Apply", exact=True).last).to_be_disabled()
    digest = ann.get(f"/api/stacks/{stack}/plan?kind=apply")["digest"]
    refused = ann.send("POST", f"/api/stacks/{stack}/runs", {"kind": "apply", "digest": digest})
    assert refused.status_code == 422 and refused.json()["code"] == "policy-refused", refused.text
    assert [one["code"] for one in refused.json()["problems"]] == ["policy-privileged", "policy-bind-mount"]

    ann.edit(stack, op_id="tame", kind="remove_value", path=["services", "web", "privileged"])
    engines = window("/engines")
    switch = engines.get_by_role("switch", name=re.compile("^Allow bind mounts on"))
    expect(switch).not_to_be_checked()
    switch.click(force=True)
    expect(switch).to_be_checked()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_role("heading", name="In the way of Apply")).to_have_count(0)
    page.get_by_role("button", name="Apply", exact=True).last.click()
    expect(page.get_by_text(re.compile("^Applied in"))).to_be_visible(timeout=60_000)
    host = engine.containers.get(f"{project}-web-1").attrs["HostConfig"]
    assert "/usr/share" in json.dumps([host.get("Binds"), host.get("Mounts")])
    switch.click(force=True)
    expect(switch).not_to_be_checked()


def test_the_worker_refuses_what_was_forbidden_after_it_was_asked_for(
    project: str, ann: Visitor, site: Site, engine: docker.DockerClient, policy: Callable[..., None]
) -> None:
    stack = make_stack(ann, project, "services:\n  web:\n    image: standin:latest\n    privileged: true\n")
    policy(privileged=True)
    until(lambda: ann.get(f"/api/stacks/{stack}/plan?kind=apply")["observed_at"], what="the engine was seen")
    digest = ann.get(f"/api/stacks/{stack}/plan?kind=apply")["digest"]
    worker = site.state()["children"]["worker"]["pid"]
    os.kill(worker, signal.SIGSTOP)
    try:
        run = ann.post(f"/api/stacks/{stack}/runs", {"kind": "apply", "digest": digest})
        policy()
    finally:
        os.kill(worker, signal.SIGCONT)
    ended = ann.ended(run["id"])
    assert ended["state"] == "failed" and ended["error"].startswith("Refused on this engine: web asks for a privileged"), ended
    assert "administrator" in ended["fix"]
    assert not containers_of(engine, project)
