"""A stack's versions over HTTP."""

from __future__ import annotations

from uuid import UUID

from ninja import Router

from topology import wire
from topology.actions import read_history as reading
from topology.actions.restore_revision import restore_revision as restore
from topology.api.http import Request

router = Router()


@router.get("stacks/{uuid:stack_id}/revisions", operation_id="list_revisions", response=list[wire.Revision])
def list_revisions(request: Request, stack_id: UUID) -> list[wire.Revision]:
    return reading.list_revisions(request.auth, stack_id=stack_id)


@router.get("stacks/{uuid:stack_id}/revisions/{int:version}", operation_id="read_revision", response=wire.RevisionView)
def read_revision(request: Request, stack_id: UUID, version: int) -> wire.RevisionView:
    return reading.read_revision(request.auth, stack_id=stack_id, version=version)


@router.patch("stacks/{uuid:stack_id}/revisions/{int:version}", operation_id="name_revision", response=wire.Revision)
def name_revision(request: Request, stack_id: UUID, version: int, body: wire.NameRevision) -> wire.Revision:
    return reading.name_revision(request.auth, stack_id=stack_id, version=version, name=body.name)


@router.post("stacks/{uuid:stack_id}/revisions/{int:version}/restore", operation_id="restore_revision", response=wire.EditResult)
def restore_revision(request: Request, stack_id: UUID, version: int, body: wire.RestoreRevision) -> wire.EditResult:
    return restore(request.auth, stack_id=stack_id, version=version, op_id=body.op_id)


@router.get("stacks/{uuid:stack_id}/difference", operation_id="read_difference", response=wire.Difference)
def read_difference(request: Request, stack_id: UUID, old: int, new: int) -> wire.Difference:
    return reading.read_difference(request.auth, stack_id=stack_id, old=old, new=new)
