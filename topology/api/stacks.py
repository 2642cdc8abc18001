"""Stacks over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status

from topology import wire
from topology.actions import check_compose as checks
from topology.actions import convert_compose as conversions
from topology.actions import read_stack as reading
from topology.actions.create_stack import create_stack as create
from topology.actions.delete_stack import delete_stack as delete
from topology.actions.edit_stack import edit_stack as edit
from topology.actions.move_nodes import move_nodes as move
from topology.actions.rename_stack import rename_stack as rename
from topology.api.http import Request
from topology.api.ids import team_id_of

router = Router()


@router.get("stacks", operation_id="list_stacks", response=list[wire.StackCard])
def list_stacks(request: Request) -> list[wire.StackCard]:
    return reading.list_stacks(request.auth)


@router.post("stacks", operation_id="create_stack", response={201: wire.StackView})
def create_stack(request: Request, body: wire.NewStack) -> Status[Any]:
    team_id = team_id_of(body.team_id)
    return Status(201, create(request.auth, team_id=team_id, **body.model_dump(exclude={"team_id"})))


@router.get("examples", operation_id="list_examples", response=list[wire.Example])
def list_examples(request: Request) -> list[wire.Example]:
    return checks.list_examples(request.auth)


@router.post("compose/check", operation_id="check_compose", response=wire.Checked)
def check_compose(request: Request, body: wire.ComposeText) -> wire.Checked:
    return checks.check_compose(request.auth, **body.model_dump())


@router.post("compose/convert", operation_id="convert_compose", response=wire.ConvertedText)
def convert_compose(request: Request, body: wire.ConvertRequest) -> wire.ConvertedText:
    return conversions.convert_compose(request.auth, text=body.text, bridge=body.bridge)


@router.post("compose/from-run", operation_id="compose_from_run", response=wire.ConvertedText)
def compose_from_run(request: Request, body: wire.RunText) -> wire.ConvertedText:
    return conversions.compose_from_run(request.auth, text=body.text, bridge=body.bridge)


@router.get("stacks/{uuid:stack_id}", operation_id="read_stack", response=wire.StackView)
def read_stack(request: Request, stack_id: UUID) -> wire.StackView:
    return reading.read_stack(request.auth, stack_id=stack_id)


@router.patch("stacks/{uuid:stack_id}", operation_id="rename_stack", response=wire.StackCard)
def rename_stack(request: Request, stack_id: UUID, body: wire.Renamed) -> wire.StackCard:
    return rename(request.auth, stack_id=stack_id, name=body.name)


@router.delete("stacks/{uuid:stack_id}", operation_id="delete_stack", response={204: None})
def delete_stack(request: Request, stack_id: UUID) -> Status[Any]:
    delete(request.auth, stack_id=stack_id)
    return Status(204, None)


@router.post("stacks/{uuid:stack_id}/edits", operation_id="edit_stack", response=wire.EditResult)
def edit_stack(request: Request, stack_id: UUID, body: wire.EditRequest) -> wire.EditResult:
    return edit(request.auth, stack_id=stack_id, op_id=body.op_id, edit=body.edit, message=body.message, file=body.file)


@router.post("stacks/{uuid:stack_id}/layout", operation_id="move_nodes", response=wire.MoveResult)
def move_nodes(request: Request, stack_id: UUID, body: wire.MoveRequest) -> wire.MoveResult:
    return move(request.auth, stack_id=stack_id, op_id=body.op_id, nodes=body.nodes)


@router.get("stacks/{uuid:stack_id}/status", operation_id="read_status", response=wire.StatusView)
def read_status(request: Request, stack_id: UUID) -> wire.StatusView:
    return reading.read_status(request.auth, stack_id=stack_id)


@router.get("stacks/{uuid:stack_id}/timeline", operation_id="read_timeline", response=list[wire.TimelineEntry])
def read_timeline(request: Request, stack_id: UUID) -> list[wire.TimelineEntry]:
    return reading.read_timeline(request.auth, stack_id=stack_id)
