"""Who gets into a socket, with which rights, and how a right that is taken away ends it."""

from __future__ import annotations

import time

import pytest
from asgiref.sync import sync_to_async

from tests.live.conftest import stack_path, timeline_line
from topology import announce, wire
from topology.core.access import ENTRANCES, GRANTS, Role
from topology.live.routing import websocket_urlpatterns
from topology.models import Membership, ShareLink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("origin", [None, "http://evil.example", "http://localhost:8001", "null", "http://localhost.evil.example"])
async def test_it_refuses_a_socket_from_another_origin_or_from_none(world, open_page, origin):
    await open_page(stack_path(world), who="owner", origin=origin, refused=True)


async def test_it_closes_4401_for_someone_who_is_not_logged_in(world, open_page):
    for path in (stack_path(world), "/ws/stacks/"):
        assert await (await open_page(path)).closed() == 4401


async def test_it_closes_4404_for_a_person_of_another_team_as_for_a_stack_that_is_none(world, open_page):
    page = await open_page(stack_path(world), who="stranger")
    assert await page.closed() == 4404
    missing = await open_page("/ws/stacks/00000000-0000-4000-8000-000000000000/", who="owner")
    assert await missing.closed() == 4404


async def test_it_has_no_socket_at_any_other_address(world, open_page):
    for path in ("/ws/", "/ws/stacks/../../version/", "/ws/stacks/1/", "/api/me"):
        await open_page(path, who="owner", refused=True)


@pytest.mark.parametrize("role", [role.value for role in Role])
async def test_it_gives_each_role_a_snapshot_with_its_own_rights(world, open_page, role):
    page = await open_page(stack_path(world), who=role)
    snapshot = wire.Snapshot.model_validate(await page.next("snapshot"))
    assert snapshot.stack.rights == sorted(right.value for right in GRANTS[Role(role)])
    assert [one.name for one in snapshot.stack.graph.services] == ["web", "api"]
    assert snapshot.viewers[0].username == role
    assert snapshot.client == snapshot.viewers[0].client


def test_every_socket_and_every_message_has_its_right_in_the_table():
    kinds = {one.model_fields["type"].annotation.__args__[0] for one in wire.ClientMessage.__args__}
    for pattern in websocket_urlpatterns:
        assert pattern.name in ENTRANCES
    assert {f"live:stack:{kind}" for kind in kinds} == {key for key in ENTRANCES if key.startswith("live:stack:")}


async def test_a_role_taken_away_closes_the_socket_at_once(world, open_page):
    page = await open_page(stack_path(world), who="viewer")
    await page.next("snapshot")
    viewer = world.users["viewer"]
    await sync_to_async(Membership.objects.filter(user=viewer).delete)()
    begun = time.monotonic()
    announce.rights_changed(viewer.pk)
    assert await page.closed() == 4403
    assert time.monotonic() - begun < 2


async def test_a_right_lost_stays_lost_on_a_socket_that_stays_open(world, open_page):
    page = await open_page(stack_path(world), who="editor")
    await page.next("snapshot")
    editor = world.users["editor"]
    await sync_to_async(Membership.objects.filter(user=editor).update)(role="viewer")
    announce.rights_changed(editor.pk)
    announce.timeline(world.stack.pk, timeline_line(10**6))
    await page.next("timeline")  # it comes behind the recheck
    await page.send({"type": "drag", "layout_version": 1, "nodes": {}})
    assert "draw" in (await page.next("refused"))["message"]


async def test_a_revoked_share_link_closes_the_guests_socket(world, open_page):
    page = await open_page(f"/ws/shared/{world.share.pk}/", who="guest")
    await page.next("snapshot")
    await sync_to_async(ShareLink.objects.all().delete)()
    announce.stack_access_changed(world.stack.pk)
    assert await page.closed() == 4403


async def test_a_logout_closes_the_socket(world, open_page):
    from django.contrib.sessions.models import Session

    page = await open_page(stack_path(world), who="owner")
    await page.next("snapshot")
    await sync_to_async(Session.objects.filter(pk=world.cookies["owner"]).delete)()
    announce.rights_changed(world.users["owner"].pk)
    assert await page.closed() == 4401


async def test_a_guest_of_another_session_does_not_get_in(world, open_page):
    assert await (await open_page(f"/ws/shared/{world.share.pk}/", who="stranger")).closed() == 4404
    assert await (await open_page(f"/ws/shared/{world.share.pk}/")).closed() == 4404
