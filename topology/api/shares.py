"""Share links over HTTP: made by owners, opened by anybody who holds one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status

from topology import wire
from topology.actions import read_stack as reading
from topology.actions import share_stack as sharing
from topology.api.http import Request, Visitor
from topology.core.access import SHARES_KEY

MOST_GRANTS = 50
router = Router()


@router.get("stacks/{uuid:stack_id}/shares", operation_id="list_shares", response=list[wire.Share])
def list_shares(request: Request, stack_id: UUID) -> list[wire.Share]:
    return sharing.list_shares(request.auth, stack_id=stack_id)


@router.post("stacks/{uuid:stack_id}/shares", operation_id="create_share", response={201: wire.Share})
def create_share(request: Request, stack_id: UUID) -> Status[Any]:
    return Status(201, sharing.create_share(request.auth, stack_id=stack_id))


@router.delete("shares/{uuid:share_id}", operation_id="revoke_share", response={204: None})
def revoke_share(request: Request, share_id: UUID) -> Status[Any]:
    sharing.revoke_share(request.auth, share_id=share_id)
    return Status(204, None)


@router.post("shared/open", operation_id="open_share", auth=Visitor(), response=wire.Opened)
def open_share(request: Request, body: wire.OpenShare) -> wire.Opened:
    share = sharing.open_share(request.auth, token=body.token)
    others = [one for one in request.session.get(SHARES_KEY, []) if one != str(share.pk)]
    request.session[SHARES_KEY] = [*others, str(share.pk)][-MOST_GRANTS:]
    return wire.Opened(share_id=str(share.pk), stack_name=share.stack.name)


@router.get("shared/{uuid:share_id}", operation_id="read_shared", auth=Visitor(), response=wire.Snapshot)
def read_shared(request: Request, share_id: UUID) -> wire.Snapshot:
    return reading.read_shared(request.auth, share_id=share_id)
