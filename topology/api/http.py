"""The HTTP interface: one Ninja API, errors always as `wire.Failure`, every operation named in `core.access.ENTRANCES`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.renderers import BaseRenderer
from ninja.security import APIKeyCookie

from topology import wire
from topology.actions.authorize import Actor
from topology.actions.declined import Declined
from topology.api.parser import StrictParser
from topology.core.access import ENTRANCES, SHARES_KEY, Right
from topology.store.graphs import problem_view


class Request(HttpRequest):
    """A request that has come through the door: `auth` is who asks."""

    auth: Actor


def actor_of(request: HttpRequest) -> Actor:
    """The one who asks, from the session."""
    return Actor.of(request.user, shares=frozenset(request.session.get(SHARES_KEY, ())))


class Person(APIKeyCookie):
    """Somebody who is logged in; state changes need the CSRF header."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor = actor_of(request)
        return actor if actor.user_id is not None else None


class Visitor(APIKeyCookie):
    """Anybody; the action decides by the share links they hold. State changes need the CSRF header all the same."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        return actor_of(request)


class _Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)


api = NinjaAPI(
    title="Netyard", version=settings.VERSION, auth=Person(), renderer=_Renderer(), parser=StrictParser(), docs_url=None,
    openapi_url=None, urls_namespace="api",
)  # fmt: skip


def failure(
    request: HttpRequest, status: int, *, code: str, message: str, fix: str = "", problems: list[wire.ProblemView] | None = None
) -> HttpResponse:
    body = wire.Failure(code=code, message=message, fix=fix, problems=problems or [])
    return HttpResponse(orjson.dumps(body.model_dump()), status=status, content_type="application/json")


@api.exception_handler(Declined)
def on_declined(request: HttpRequest, error: Declined) -> HttpResponse:
    problems = [problem_view(problem) for problem in error.problems]
    return failure(request, error.status, code=error.code, message=error.message, fix=error.fix, problems=problems)


@api.exception_handler(AuthenticationError)
def on_no_login(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return failure(request, 401, code="login-needed", message="You are not logged in.", fix="Log in and try again.")


@api.exception_handler(ValidationError)
def on_bad_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Says which field is wrong. What was sent is not repeated: it may be a secret."""
    problems = [
        wire.ProblemView(
            code="request-field", message=f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}", fix="", subject="",
            path=[], line=0, column=0, severity="error",
        )
        for one in error.errors
    ]  # fmt: skip
    message = problems[0].message if problems else "The request cannot be read."
    return failure(request, 422, code="bad-request", message=message, fix="Mend the request.", problems=problems)


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 403:
        return failure(request, 403, code="csrf", message="The request lacks its CSRF token.", fix="Reload the page and try again.")
    return failure(request, error.status_code, code="bad-request", message=str(error), fix="Mend the request.")


@api.exception_handler(RequestDataTooBig)
def on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return failure(request, 413, code="request-too-large", message="The request is too large.", fix="Send less at once.")


def no_such_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address below /api/."""
    return failure(request, 404, code="not-found", message="There is no such address.")


def operations() -> Iterator[tuple[str, Operation]]:
    """Every operation of the interface with its address below /api."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"/{path.lstrip('/')}", operation


def check_entrances() -> None:
    """Deny by default: an operation without a rule, or with another door than its rule asks for, does not start."""
    for path, operation in operations():
        right = ENTRANCES.get(f"api:{operation.operation_id}")
        if right is None:
            raise ImproperlyConfigured(f"{path} ({operation.operation_id}) has no rule in topology.core.access.ENTRANCES.")
        doors = {type(door) for door in operation.auth_callbacks}
        wanted = {Visitor} if right in (Right.NOBODY, Right.GUEST) else {Person}
        if doors != wanted:
            raise ImproperlyConfigured(f"{path} ({operation.operation_id}) asks for {right.value} but has another door.")
