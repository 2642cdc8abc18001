"""Who is at the other end of a socket, and whether the page that opened it is one of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from channels.auth import get_user
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http.request import validate_host

from topology.actions.authorize import Actor
from topology.core.access import SHARES_KEY


class OwnOrigin:
    """Middleware: a socket is let in from the site's own pages only. A foreign Origin and a missing one get 403.

    Own is what the browser itself asked for (the Host header, an allowed host), or one of `CSRF_TRUSTED_ORIGINS`.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        if is_own_origin(dict(scope["headers"])):
            return await self.application(scope, receive, send)
        await receive()
        return await send({"type": "websocket.close"})


def is_own_origin(headers: dict[bytes, bytes]) -> bool:
    origin = headers.get(b"origin", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1").lower()
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = urlsplit(origin)
    if parts.scheme not in (("https",) if settings.SECURE_TLS else ("http", "https")) or parts.netloc.lower() != host:
        return False
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return bool(host) and validate_host(name, settings.ALLOWED_HOSTS)


async def actor_of(scope: dict[str, Any]) -> Actor:
    """The person or guest, as the database says now: a session that ended or a changed password leaves nobody."""
    session = SessionStore(scope["session"].session_key)
    user = await get_user({"session": session})
    shares = await database_sync_to_async(lambda: frozenset(session.get(SHARES_KEY, ())))()
    return Actor.of(user, shares=shares)
