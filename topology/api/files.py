"""A stack's companions over HTTP: one by its path, and all of them with the main text as an export. Edits: `edit_stack`."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from topology import wire
from topology.actions import read_stack as reading
from topology.api.http import Request
from topology.store.archive import zip_of

router = Router()


@router.get("stacks/{uuid:stack_id}/files", operation_id="read_file", response=wire.StackFile)
def read_file(request: Request, stack_id: UUID, path: str) -> wire.StackFile:
    return reading.read_file(request.auth, stack_id=stack_id, path=path)


@router.get("stacks/{uuid:stack_id}/export", operation_id="export_stack")
def export_stack(request: Request, stack_id: UUID, main: bool = False) -> HttpResponse:
    """The Compose text alone where there is nothing else, or with `main`; else a .zip of all files."""
    project, bundle = reading.export_stack(request.auth, stack_id=stack_id)
    if main or not bundle.files:
        return _attachment(f"{project}.compose.yaml", bundle.text.encode(), kind="application/yaml; charset=utf-8")
    return _attachment(f"{project}.zip", zip_of(bundle), kind="application/zip")


def _attachment(name: str, body: bytes, *, kind: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
