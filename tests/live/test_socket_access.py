"""Every socket and each message to it × every role, a foreign owner, a guest and nobody, as the table of entrances says."""

from __future__ import annotations

from typing import Any

import pytest

from topology.core.access import ENTRANCES, Right, Role, grants

pytestmark = pytest.mark.django_db(transaction=True)

PREFIX = "live:stack:"
MESSAGES: dict[str, dict[str, Any]] = {
    "watch": {"samples": False},
    "cursor": {"x": 1, "y": 2, "selected": []},
    "drag": {"layout_version": 1, "nodes": {"service:web": {"x": 1, "y": 2}}},
    "logs_open": {"stream": "s", "services": ["web"], "tail": 1},
    "logs_close": {"stream": "s"},
}
MEMBERS = [role.value for role in Role]


def test_each_message_of_the_table_is_tried_here() -> None:
    assert {name.removeprefix(PREFIX) for name in ENTRANCES if name.startswith(PREFIX)} == set(MESSAGES)


@pytest.mark.parametrize("kind", sorted(MESSAGES))
@pytest.mark.parametrize("role", MEMBERS)
async def test_a_message_is_obeyed_or_refused_as_the_table_says(world, open_page, role, kind):
    page = await open_page(f"/ws/stacks/{world.stack.pk}/", who=role)
    await page.next("snapshot")
    await page.send({"type": kind, **MESSAGES[kind]})
    await page.send({"type": "no such message"})  # the last word: whatever was refused before it stands before it
    refusals = [(await page.next("refused"))["message"]]
    while refusals[-1] != "There is no such message.":
        refusals.append((await page.next("refused"))["message"])
    allowed = grants(role, ENTRANCES[f"{PREFIX}{kind}"])
    assert [text.startswith("Your role does not let you") for text in refusals] == ([False] if allowed else [True, False])


ADDRESSES = {"live:stack": "/ws/stacks/{stack}/", "live:stacks": "/ws/stacks/", "live:shared": "/ws/shared/{share}/"}


def closing_code(entrance: str, who: str | None) -> int:
    """0 where the table lets in, else the code that the socket is closed with."""
    right = ENTRANCES[entrance]
    if right is Right.GUEST:
        return 0 if who == "guest" else 4404
    if who in (None, "guest"):
        return 4401
    if right is Right.ANYBODY or grants(who if who != "stranger" else None, right):
        return 0
    return 4404


@pytest.mark.parametrize("entrance", sorted(ADDRESSES))
@pytest.mark.parametrize("who", [*MEMBERS, "stranger", "guest", None])
async def test_a_socket_lets_in_whom_the_table_lets_in(world, open_page, who, entrance):
    assert {name for name in ENTRANCES if name.startswith("live:") and name.count(":") == 1} == set(ADDRESSES)
    page = await open_page(ADDRESSES[entrance].format(stack=world.stack.pk, share=world.share.pk), who=who)
    wanted = closing_code(entrance, who)
    if wanted:
        assert await page.closed() == wanted
    else:
        await page.send("[]")  # any message at all is answered by one who was let in
        await page.next("refused")
