"""Two teams, a person for each role, a stack, and sockets as a browser opens them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from django.contrib.auth import get_user_model
from django.test import Client

from topology import wire
from topology.core.access import Role
from topology.models import Engine, Membership, ShareLink, Stack, Team
from topology.store.people import token_hash

TEXT = """services:
  web:
    image: standin:latest
    environment:
      PASSWORD: hunter22-secret
    networks: [front]
  api:
    image: standin:latest
    networks: [front]
networks:
  front: {}
"""
OWN_ORIGIN = "http://localhost"


@dataclass
class World:
    """`cookies` has a session for each name; `guest` one that has opened the share link."""

    team: Team
    stack: Stack
    share: ShareLink
    users: dict[str, Any] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def build_world() -> World:
    team, others = Team.objects.create(name="Ours"), Team.objects.create(name="Theirs")
    engine = Engine.objects.create(name="local", url="unix:///nowhere.sock")
    owner = get_user_model().objects.create_user("owner")
    stack = Stack.objects.create(
        team=team, engine=engine, name="shop", project="nyt-shop", text=TEXT, good_text=TEXT, updated_by=owner
    )
    share = ShareLink.objects.create(stack=stack, token_hash=token_hash("token"), created_by=owner)
    world = World(team, stack, share)
    for role in Role:
        user = owner if role is Role.OWNER else get_user_model().objects.create_user(role.value)
        Membership.objects.create(team=team, user=user, role=role.value)
        world.users[role.value] = user
    world.users["stranger"] = get_user_model().objects.create_user("stranger")
    Membership.objects.create(team=others, user=world.users["stranger"], role="owner")
    for name, user in world.users.items():
        client = Client()
        client.force_login(user)
        world.cookies[name] = client.cookies["sessionid"].value
    guest = Client()
    session = guest.session
    session["shares"] = [str(share.pk)]
    session.save()
    world.cookies["guest"] = guest.cookies["sessionid"].value
    return world


@pytest.fixture(autouse=True)
def own_layer() -> None:
    """A channel layer of the test's own: a layer's locks belong to one event loop, and each test has another."""
    channel_layers.backends.clear()


@pytest.fixture
async def world(transactional_db: None) -> World:
    return await sync_to_async(build_world)()


class Page:
    """One browser window's socket."""

    def __init__(self, socket: WebsocketCommunicator) -> None:
        self.socket = socket

    async def next(self, kind: str, *, within_s: float = 15.0) -> dict[str, Any]:
        """The next message of a kind; others are passed over, but not for longer than `within_s` in all."""
        deadline = time.monotonic() + within_s
        while True:
            message = orjson.loads(await self.socket.receive_from(timeout=max(0.01, deadline - time.monotonic())))
            if message["type"] == kind:
                return message

    async def send(self, message: Any) -> None:
        await self.socket.send_to(text_data=message if isinstance(message, str) else orjson.dumps(message).decode())

    async def closed(self, *, within_s: float = 5.0) -> int:
        """The code it is closed with; messages before that are passed over."""
        while True:
            output = await self.socket.receive_output(timeout=within_s)
            if output["type"] == "websocket.close":
                return output["code"]


class Breaking:
    """The application behind a server whose client went without a word: a send finds nobody, and no message says it closed."""

    broken = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from dashboard.asgi import application

        async def send_to_who_is_there(message: Any) -> None:
            if self.broken:
                raise OSError("the client is gone")
            await send(message)

        with contextlib.suppress(OSError):  # as uvicorn does
            await application(scope, receive, send_to_who_is_there)


Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def open_page(world: World) -> AsyncIterator[Open]:
    from dashboard.asgi import application

    pages: list[Page] = []

    async def open_one(
        path: str, *, who: str | None = None, origin: str | None = OWN_ORIGIN, refused: bool = False, app: Any = application
    ) -> Page:
        headers = [(b"host", b"localhost")]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        if who is not None:
            headers.append((b"cookie", f"sessionid={world.cookies[who]}".encode()))
        socket = WebsocketCommunicator(app, path, headers=headers)
        accepted, _ = await socket.connect(timeout=15)
        assert accepted is not refused
        page = Page(socket)
        if accepted:
            pages.append(page)
        return page

    yield open_one
    for page in pages:
        with contextlib.suppress(asyncio.CancelledError):  # a receive that timed out has ended its application
            await page.socket.disconnect()


def stack_path(world) -> str:
    return f"/ws/stacks/{world.stack.pk}/"


def timeline_line(number: int) -> wire.TimelineAdded:
    return wire.TimelineAdded(entry=wire.TimelineEntry(id=number, at=1.0, kind="run", service="", text="x", severity="info", by=""))
