"""Addresses of the sockets. Ids are UUIDs by pattern: anything else is no address at all."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from topology.live.shared import SharedSocket
from topology.live.stack import StackSocket
from topology.live.stacks import StacksSocket

websocket_urlpatterns: list[Any] = [
    path("ws/stacks/", StacksSocket.as_asgi(), name="live:stacks"),
    path("ws/stacks/<uuid:stack_id>/", StackSocket.as_asgi(), name="live:stack"),
    path("ws/shared/<uuid:share_id>/", SharedSocket.as_asgi(), name="live:shared"),
]


class Refused404:
    """The end of the list: an address that is none is closed before it opens, as HTTP 404 would be."""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.close", "code": 4404})


def websocket_router() -> URLRouter:
    return URLRouter([*websocket_urlpatterns, re_path(r"", Refused404())])  # type: ignore[arg-type]
