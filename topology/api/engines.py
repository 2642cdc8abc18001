"""Engines over HTTP."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from topology.actions import manage_engine as engines
from topology.api import wire

router = Router()


@router.get("engines", operation_id="list_engines", response=list[wire.EngineView])
def list_engines(request: HttpRequest) -> list[wire.EngineView]:
    return engines.list_engines(request.auth)


@router.get("engines/{uuid:engine_id}/images", operation_id="list_images", response=list[wire.ImageView])
def list_images(request: HttpRequest, engine_id: UUID) -> list[wire.ImageView]:
    return engines.list_images(request.auth, engine_id=engine_id)


@router.patch("engines/{uuid:engine_id}/policy", operation_id="set_engine_policy", response=wire.EngineView)
def set_engine_policy(request: HttpRequest, engine_id: UUID, body: wire.EnginePolicy) -> wire.EngineView:
    return engines.set_engine_policy(request.auth, engine_id=engine_id, policy=body)
