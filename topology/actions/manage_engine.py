"""Engines: who may see them, and what an administrator allows on them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from topology import announce, wire
from topology.actions.authorize import Actor, record, require_administrator, require_login
from topology.actions.declined import not_found
from topology.actions.ensure_engine import ensure_engine
from topology.models import Engine, Stack
from topology.store.engines import engine_view, image_views


def list_engines(actor: Actor) -> list[wire.EngineView]:
    require_login(actor)
    ensure_engine()
    return [engine_view(engine) for engine in Engine.objects.order_by("name")]


def list_images(actor: Actor, *, engine_id: UUID) -> list[wire.ImageView]:
    """The tags on the engine, for the palette."""
    require_login(actor)
    return image_views(_find(engine_id))


def set_engine_policy(actor: Actor, *, engine_id: UUID, policy: wire.EnginePolicy) -> wire.EngineView:
    """What is allowed on the engine from now on. What runs already is left alone."""
    require_administrator(actor, action="set_engine_policy", subject=f"engine:{engine_id}")
    with transaction.atomic():
        engine = _find(engine_id)
        engine.policy = policy.model_dump()
        engine.save(update_fields=["policy"])
        record(actor, "set_engine_policy", subject=f"engine:{engine_id}", detail=policy.model_dump())
        change = wire.EngineChanged(engine=engine_view(engine))
        stacks = list(Stack.objects.filter(engine=engine).values_list("pk", flat=True))
        transaction.on_commit(lambda: _tell(stacks, change))
    return engine_view(engine)


def _tell(stacks: list[UUID], change: wire.EngineChanged) -> None:
    for stack_id in stacks:
        announce.engine(stack_id, change)


def _find(engine_id: UUID) -> Engine:
    engine = Engine.objects.filter(pk=engine_id).first()
    if engine is None:
        raise not_found("engine")
    return engine
