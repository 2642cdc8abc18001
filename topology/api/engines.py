"""Engines over HTTP."""

from __future__ import annotations

from uuid import UUID

from ninja import Router

from topology import wire
from topology.actions import manage_engine as engines
from topology.api.http import Request

router = Router()


@router.get("engines", operation_id="list_engines", response=list[wire.EngineView])
def list_engines(request: Request) -> list[wire.EngineView]:
    return engines.list_engines(request.auth)


@router.get("engines/{uuid:engine_id}/images", operation_id="list_images", response=list[wire.ImageView])
def list_images(request: Request, engine_id: UUID) -> list[wire.ImageView]:
    return engines.list_images(request.auth, engine_id=engine_id)


@router.patch("engines/{uuid:engine_id}/policy", operation_id="set_engine_policy", response=wire.EngineView)
def set_engine_policy(request: Request, engine_id: UUID, body: wire.EnginePolicy) -> wire.EngineView:
    return engines.set_engine_policy(request.auth, engine_id=engine_id, policy=body)
