"""There is always an engine to draw for, even before one answers."""

from __future__ import annotations

from django.conf import settings

from topology.models import Engine

LOCAL = "local"


def ensure_engine() -> Engine:
    """The default engine's row, made where there is none; its address follows `DOCKER_HOST`."""
    engine, _ = Engine.objects.get_or_create(name=LOCAL, defaults={"url": settings.DOCKER_HOST})
    if engine.url != settings.DOCKER_HOST:
        engine.url = settings.DOCKER_HOST
        engine.save(update_fields=["url"])
    return engine
