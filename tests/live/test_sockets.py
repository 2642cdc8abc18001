"""Sockets on the real application, with a real Valkey and a real database: what viewers and guests get, and what they may send."""

from __future__ import annotations

import time

import orjson
import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from tests.live.conftest import Breaking, stack_path, timeline_line
from topology import announce, wire
from topology.core.observed import Observed, ObservedContainer
from topology.live import presence
from topology.store import status

pytestmark = pytest.mark.django_db(transaction=True)


def _status(world, seq: int) -> wire.StatusChanged:
    container = ObservedContainer(id="c1", name="nyt-shop-web-1", image="standin", image_id="", state="running", service="web")
    folded = status.Folded(seq, Observed(at=float(seq), containers=(container,)))
    return wire.StatusChanged(status=status.status_view(folded, design=None, engine_error=""))


# --- who gets in --------------------------------------------------------------------------------------------------------------


# --- rights that go away --------------------------------------------------------------------------------------------------------


# --- guests -----------------------------------------------------------------------------------------------------------------------


async def test_a_guest_sees_the_shape_and_no_value(world, open_page):
    page = await open_page(f"/ws/shared/{world.share.pk}/", who="guest")
    first = await page.next("snapshot")
    assert first["stack"]["text"] == "" and first["stack"]["rights"] == ["guest"]
    from topology.store.stacks import stack_view

    view = await sync_to_async(lambda: stack_view(_fetched(world.stack.pk)))()
    announce.design(world.stack.pk, wire.DesignChanged(op_id="o", by="owner", stack=view.model_copy(update={"version": 2})))
    second = await page.next("design")
    run = wire.RunView(
        id="r", stack_id=str(world.stack.pk), kind="apply", state="failed", by="owner", version=1, requested_at=1, started_at=1,
        ended_at=1, error="hunter22 is no image", fix="hunter22", steps=[],
    )  # fmt: skip
    announce.run(world.stack.pk, wire.RunChanged(run=run))
    third = await page.next("run")
    assert third["run"]["error"]
    assert "hunter22" not in orjson.dumps([first, second, third]).decode()
    assert second["stack"]["version"] == 2


def _fetched(stack_id):
    from topology.models import Stack

    return Stack.objects.select_related("team", "engine", "updated_by").get(pk=stack_id)


async def test_a_guest_gets_no_logs_and_may_send_nothing(world, open_page):
    page = await open_page(f"/ws/shared/{world.share.pk}/", who="guest")
    await page.next("snapshot")
    for message in (
        {"type": "logs_open", "stream": "s", "services": []},
        {"type": "drag", "layout_version": 1, "nodes": {}},
        {"type": "watch", "samples": True},
    ):
        await page.send(message)
        await page.next("refused")


# --- changes ----------------------------------------------------------------------------------------------------------------------


async def test_it_hands_on_what_is_newer_than_the_snapshot_and_drops_what_is_not(world, open_page):
    await sync_to_async(status.save)(world.stack.pk, Observed(at=1.0), since=status.Folded())
    page = await open_page(stack_path(world), who="viewer")
    snapshot = await page.next("snapshot")
    assert snapshot["status"]["seq"] == 1
    for seq in (1, 2, 3, 3):
        announce.status(world.stack.pk, _status(world, seq))
    announce.status(world.stack.pk, _status(world, 4))
    seen = [(await page.next("status"))["status"]["seq"] for _ in range(3)]
    assert seen == [2, 3, 4]


async def test_a_reconnect_begins_with_what_was_missed(world, open_page):
    first = await open_page(stack_path(world), who="viewer")
    await first.next("snapshot")
    await first.socket.disconnect()
    await sync_to_async(status.save)(world.stack.pk, Observed(at=5.0), since=status.Folded())
    await sync_to_async(status.add_timeline)(world.stack.pk, at=5.0, kind="container", text="web died")
    again = await open_page(stack_path(world), who="viewer")
    snapshot = await again.next("snapshot")
    assert snapshot["status"]["seq"] == 1 and snapshot["timeline"][0]["text"] == "web died"


async def test_viewers_are_announced_as_they_come_and_go(world, open_page):
    first = await open_page(stack_path(world), who="viewer")
    await first.next("snapshot")
    second = await open_page(stack_path(world), who="editor")
    assert len((await second.next("snapshot"))["viewers"]) == 2

    async def names() -> list[str]:
        return sorted(one["username"] for one in (await first.next("viewers"))["viewers"])

    while await names() != ["editor", "viewer"]:
        pass
    await second.socket.disconnect()
    while await names() != ["viewer"]:
        pass


async def test_a_viewer_whose_socket_broke_while_it_was_told_something_is_gone(world, open_page):
    first = await open_page(stack_path(world), who="viewer")
    await first.next("snapshot")
    line = Breaking()
    second = await open_page(stack_path(world), who="editor", app=line)
    await second.next("snapshot")
    line.broken = True
    await announce.share(world.stack.pk, wire.CursorMoved(client="x", x=1, y=2, selected=[]))
    await second.socket.wait(5)
    assert [one.username for one in await presence.viewers(world.stack.pk)] == ["viewer"]
    while [one["username"] for one in (await first.next("viewers"))["viewers"]] != ["viewer"]:
        pass


async def test_a_viewer_whose_server_died_is_gone_in_seconds(world, open_page, monkeypatch):
    monkeypatch.setattr(presence, "BELIEVED_S", 0.2)
    await presence.arrive(world.stack.pk, client="ghost", username="ghost")
    viewer = wire.Viewer(client="me", username="me", color=0)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        await presence.stay(world.stack.pk, viewer, client="me")
        if [one.client for one in await presence.viewers(world.stack.pk)] == ["me"]:
            return
    raise AssertionError("the ghost stays")


async def test_cursors_and_drags_go_to_the_others_only(world, open_page):
    one = await open_page(stack_path(world), who="editor")
    two = await open_page(stack_path(world), who="viewer")
    client = (await one.next("snapshot"))["client"]
    await two.next("snapshot")
    await one.send({"type": "cursor", "x": 10, "y": 20, "selected": ["service:web"]})
    moved = await two.next("cursor")
    assert (moved["client"], moved["x"], moved["selected"]) == (client, 10.0, ["service:web"])
    await one.send({"type": "drag", "layout_version": 1, "nodes": {"service:web": {"x": 1, "y": 2}}})
    assert (await two.next("drag"))["nodes"]["service:web"]["x"] == 1.0
    await two.send({"type": "cursor", "x": 1, "y": 1})
    first = await one.next("cursor")
    assert first["client"] != client


@pytest.mark.parametrize(
    "message",
    ["{", "[]", "7", '{"type":"format_disk"}', '{"type":"cursor","x":"left","y":1}', '{"type":"watch","samples":true,"more":1}',
     '{"type":"logs_open","stream":"s","services":"all"}', '{"type":"cursor","x":1,"y":1,"selected":["' + "x" * 70_000 + '"]}'],
)  # fmt: skip
async def test_it_refuses_what_is_no_message_of_ours_and_goes_on(world, open_page, message):
    page = await open_page(stack_path(world), who="owner")
    await page.next("snapshot")
    await page.send(message)
    assert (await page.next("refused"))["message"]
    await page.send({"type": "watch", "samples": False})
    announce.timeline(world.stack.pk, timeline_line(10**6))
    kinds = []
    while "timeline" not in kinds:
        kinds.append(orjson.loads(await page.socket.receive_from(timeout=5))["type"])
    assert "refused" not in kinds


async def test_a_flood_of_cursors_is_thinned_out(world, open_page):
    one = await open_page(stack_path(world), who="editor")
    two = await open_page(stack_path(world), who="viewer")
    await one.next("snapshot")
    await two.next("snapshot")
    for number in range(300):
        await one.send({"type": "cursor", "x": number, "y": 0})
    await one.send({"type": "nonsense"})
    await one.next("refused")
    announce.timeline(world.stack.pk, timeline_line(10**6))
    got = 0
    while True:
        message = orjson.loads(await two.socket.receive_from(timeout=5))
        got += message["type"] == "cursor"
        if message["type"] == "timeline":
            break
    assert 20 <= got <= 70


# --- what is asked of the watcher -----------------------------------------------------------------------------------------------


async def _asked(kind: str) -> dict:
    while (message := await get_channel_layer().receive(announce.WATCHER))["type"] != kind:
        pass
    return message


async def test_it_asks_the_watcher_for_samples_and_logs_and_ends_them_on_leaving(world, open_page):
    page = await open_page(stack_path(world), who="editor")
    await page.next("snapshot")
    await page.send({"type": "watch", "samples": True})
    asked = await _asked("watch.samples")
    assert asked["stack"] == str(world.stack.pk) and asked["until"] > time.time() + 5
    await page.send({"type": "logs_open", "stream": "a", "services": ["web"], "tail": 5})
    logs = await _asked("watch.logs")
    assert (logs["services"], logs["tail"], logs["stream"]) == (["web"], 5, "a")
    await announce.answer(logs["reply"], wire.Logs(stream="a", lines=[], ended=False, error="so"))
    assert (await page.next("logs"))["error"] == "so"
    await page.socket.disconnect()
    assert (await _asked("watch.logs_close"))["reply"] == logs["reply"]


async def test_a_viewer_may_not_read_logs(world, open_page):
    page = await open_page(stack_path(world), who="viewer")
    await page.next("snapshot")
    await page.send({"type": "logs_open", "stream": "a", "services": []})
    assert "logs" in (await page.next("refused"))["message"]


# --- the list


async def test_the_list_gets_cards_of_ones_own_teams_with_ones_own_rights(world, open_page):
    from topology.store.stacks import stack_card

    page = await open_page("/ws/stacks/", who="viewer")
    stranger = await open_page("/ws/stacks/", who="stranger")
    await page.send({"type": "anything"})
    await page.next("refused")
    await stranger.send({"type": "anything"})
    await stranger.next("refused")
    card = await sync_to_async(lambda: stack_card(_fetched(world.stack.pk)))()
    announce.card(world.team.pk, wire.CardChanged(stack_id=str(world.stack.pk), card=card))
    assert (await page.next("card"))["card"]["rights"] == ["look"]
    assert await stranger.socket.receive_nothing(timeout=0.2)


async def test_the_list_hears_that_an_engine_is_away_though_nothing_is_drawn_for_it(world, open_page):
    from topology.actions.note_engine import note_away
    from topology.engine.errors import EngineUnreachable
    from topology.models import Engine

    page = await open_page("/ws/stacks/", who="viewer")
    empty = await sync_to_async(Engine.objects.create)(name="empty", url="unix:///nowhere")
    await sync_to_async(note_away)(empty.pk, EngineUnreachable("No engine answers at /nowhere.", fix="Start it."))
    heard = (await page.next("engine"))["engine"]
    assert (heard["name"], heard["reachable"], heard["error"]) == ("empty", False, "No engine answers at /nowhere.")
    assert "unix:" not in str(heard)
