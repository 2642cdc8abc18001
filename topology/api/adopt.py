"""What is on an engine, and taking it in, over HTTP; and what was changed outside of Netyard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status

from topology import wire
from topology.actions import adopt_look as looks
from topology.actions.adopt_stack import adopt_stack as adopt
from topology.actions.settle_drift import keep_drift as keep
from topology.api.http import Request
from topology.api.ids import team_id_of

router = Router()


@router.post("engines/{uuid:engine_id}/looks", operation_id="ask_look", response={202: wire.LookView})
def ask_look(request: Request, engine_id: UUID, body: wire.LookRequest) -> Status[Any]:
    return Status(202, looks.ask_look(request.auth, engine_id=engine_id, asked=body))


@router.get("looks/{uuid:look_id}", operation_id="read_look", response=wire.LookView)
def read_look(request: Request, look_id: UUID) -> wire.LookView:
    return looks.read_look(request.auth, look_id=look_id)


@router.post("looks/{uuid:look_id}/adopt", operation_id="adopt_stack", response={201: wire.Adopted})
def adopt_stack(request: Request, look_id: UUID, body: wire.AdoptRequest) -> Status[Any]:
    return Status(201, adopt(request.auth, look_id=look_id, team_id=team_id_of(body.team_id), name=body.name))


@router.post("stacks/{uuid:stack_id}/drift/keep", operation_id="keep_drift", response=wire.Kept)
def keep_drift(request: Request, stack_id: UUID, body: wire.DriftSubject) -> wire.Kept:
    return keep(request.auth, stack_id=stack_id, subject=body.subject)
