"""The schema of Compose files over HTTP: large and seldom new, so browsers keep it and ask with its tag."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import parse_etags
from ninja import Router

from topology.actions.read_schema import read_schema as read
from topology.api.http import Request

router = Router()
KEPT_S = 3600


@router.get("compose/schema", operation_id="read_schema")
def read_schema(request: Request) -> HttpResponse:
    text, tag = read(request.auth)
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={KEPT_S}"}
    wanted = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in wanted or any(one.removeprefix("W/") == tag for one in wanted):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(text.encode(), content_type="application/schema+json", headers=headers)
