"""Plans and runs over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status

from topology import wire
from topology.actions import read_stack as reading
from topology.actions.cancel_run import cancel_run as cancel
from topology.actions.preview_plan import preview_plan
from topology.actions.request_run import request_run as ask
from topology.api.http import Request

router = Router()


@router.get("stacks/{uuid:stack_id}/plan", operation_id="read_plan", response=wire.PlanView)
def read_plan(
    request: Request,
    stack_id: UUID,
    kind: wire.RunKind = "apply",
    remove_orphans: bool = False,
    remove_volumes: bool = False,
    version: int = 0,
    rollback: bool = False,
    only: str = "",
) -> wire.PlanView:
    return preview_plan(
        request.auth, stack_id=stack_id, kind=kind, remove_orphans=remove_orphans, remove_volumes=remove_volumes, version=version,
        rollback=rollback, only=(only,) if only else (),
    )  # fmt: skip


@router.post("stacks/{uuid:stack_id}/runs", operation_id="request_run", response={202: wire.RunView})
def request_run(request: Request, stack_id: UUID, body: wire.RunRequest) -> Status[Any]:
    return Status(202, ask(request.auth, stack_id=stack_id, asked=body))


@router.get("stacks/{uuid:stack_id}/runs", operation_id="list_runs", response=list[wire.RunView])
def list_runs(request: Request, stack_id: UUID) -> list[wire.RunView]:
    return reading.list_runs(request.auth, stack_id=stack_id)


@router.get("runs/{uuid:run_id}", operation_id="read_run", response=wire.RunView)
def read_run(request: Request, run_id: UUID) -> wire.RunView:
    return reading.read_run(request.auth, run_id=run_id)


@router.post("runs/{uuid:run_id}/cancel", operation_id="cancel_run", response=wire.RunView)
def cancel_run(request: Request, run_id: UUID) -> wire.RunView:
    return cancel(request.auth, run_id=run_id)
