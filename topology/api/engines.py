"""Engines over HTTP."""

from __future__ import annotations

from uuid import UUID

from ninja import Router
from ninja.responses import Status

from topology import wire
from topology.actions import manage_engine as engines
from topology.actions import manage_logins as logins
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


@router.get("engines/{uuid:engine_id}/logins", operation_id="list_logins", response=list[wire.RegistryLoginView])
def list_logins(request: Request, engine_id: UUID) -> list[wire.RegistryLoginView]:
    return logins.list_logins(request.auth, engine_id=engine_id)


@router.post("engines/{uuid:engine_id}/logins", operation_id="save_login", response=wire.RegistryLoginView)
def save_login(request: Request, engine_id: UUID, body: wire.NewRegistryLogin) -> wire.RegistryLoginView:
    return logins.save_login(request.auth, engine_id=engine_id, login=body)


@router.post("engines/{uuid:engine_id}/logins/{uuid:login_id}/try", operation_id="try_login", response=wire.RegistryLoginView)
def try_login(request: Request, engine_id: UUID, login_id: UUID) -> wire.RegistryLoginView:
    return logins.try_login(request.auth, engine_id=engine_id, login_id=login_id)


@router.delete("engines/{uuid:engine_id}/logins/{uuid:login_id}", operation_id="forget_login", response={204: None})
def forget_login(request: Request, engine_id: UUID, login_id: UUID) -> Status[None]:
    logins.forget_login(request.auth, engine_id=engine_id, login_id=login_id)
    return Status(204, None)
