"""A stack's picture over HTTP."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from topology.actions.draw_picture import draw_picture
from topology.api.http import Request

router = Router()


@router.get("stacks/{uuid:stack_id}/picture.svg", operation_id="read_picture")
def read_picture(request: Request, stack_id: UUID, theme: Literal["light", "dark"] = "light") -> HttpResponse:
    """An attachment, so that nothing in it ever becomes a page of ours."""
    project, svg = draw_picture(request.auth, stack_id=stack_id, theme=theme)
    headers = {"Content-Disposition": f'attachment; filename="{project}.svg"'}
    return HttpResponse(svg.encode(), content_type="image/svg+xml; charset=utf-8", headers=headers)
