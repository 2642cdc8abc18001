"""The ASGI application: Django over HTTP, `topology.live` over WebSocket, the latter only from the site's own pages."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
http = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402 - models are ready only from here on
from channels.routing import ProtocolTypeRouter  # noqa: E402

from topology.live.identity import OwnOrigin  # noqa: E402
from topology.live.routing import websocket_router  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": OwnOrigin(AuthMiddlewareStack(websocket_router()))})
