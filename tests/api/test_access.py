"""Who may do what: every route, page, socket, message and task has a rule, and every route keeps it for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from tests.world import World, build_world
from topology import wire
from topology.api.http import operations
from topology.core.access import ENTRANCES, GRANTS, Right, Role
from topology.models import Audit, Op

WHO = ("anonymous", "guest", "viewer", "editor", "deployer", "owner", "stranger", "administrator")
WORLD_TEXT = "services: {}\n"


@dataclass(frozen=True)
class Call:
    """One way to call an operation so that a person with the right gets `status`."""

    method: str
    path: Callable[[World], str]
    status: int = 200
    body: Callable[[World], Any] | None = None


def in_stack(rest: str) -> Callable[[World], str]:
    return lambda world: f"/api/stacks/{world.stack.pk}{rest}"


def older(rest: str) -> Callable[[World], str]:
    """The address of a version whose text is another than the stack's."""

    def path(world: World) -> str:
        Op.objects.get_or_create(stack=world.stack, version=1, defaults=OLDER)
        return f"/api/stacks/{world.stack.pk}/revisions/1{rest}"

    return path


OLDER = {"op_id": "older", "edit": {}, "inverse": {}, "text": "services: {old: {image: nginx}}\n"}


ADD = {"op_id": "op-1", "edit": {"kind": "add_service", "name": "cache", "keys": {"image": "redis:7"}}}
LOGIN = {"registry": "ghcr.io", "username": "ann", "secret": "x"}
CALLS: dict[str, Call] = {
    "me": Call("get", lambda w: "/api/me"),
    "list_stacks": Call("get", lambda w: "/api/stacks"),
    "list_examples": Call("get", lambda w: "/api/examples"),
    "check_compose": Call("post", lambda w: "/api/compose/check", body=lambda w: {"text": WORLD_TEXT}),
    "read_schema": Call("get", lambda w: "/api/compose/schema"),
    "convert_compose": Call("post", lambda w: "/api/compose/convert", body=lambda w: {"text": "web:\n  image: busybox\n"}),
    "compose_from_run": Call("post", lambda w: "/api/compose/from-run", body=lambda w: {"text": "docker run busybox"}),
    "create_stack": Call("post", lambda w: "/api/stacks", 201, lambda w: {"team_id": str(w.team.pk), "name": "New"}),
    "read_stack": Call("get", in_stack("")),
    "rename_stack": Call("patch", in_stack(""), body=lambda w: {"name": "Other"}),
    "delete_stack": Call("delete", in_stack(""), 204),
    "edit_stack": Call("post", in_stack("/edits"), body=lambda w: ADD),
    "move_nodes": Call("post", in_stack("/layout"), body=lambda w: {"op_id": "m", "nodes": {"service:web": {"x": 20, "y": 0}}}),
    "export_stack": Call("get", in_stack("/export")),
    "read_picture": Call("get", in_stack("/picture.svg?theme=dark")),
    "read_file": Call("get", in_stack("/files?path=.env")),
    "read_status": Call("get", in_stack("/status")),
    "read_timeline": Call("get", in_stack("/timeline")),
    "list_revisions": Call("get", in_stack("/revisions")),
    "read_revision": Call("get", older("")),
    "name_revision": Call("patch", older(""), body=lambda w: {"name": "Before the fair"}),
    "restore_revision": Call("post", older("/restore"), body=lambda w: {"op_id": "restore-1"}),
    "read_difference": Call("get", lambda w: older("")(w).replace("/revisions/1", "/difference?old=1&new=1")),
    "read_plan": Call("get", in_stack("/plan?kind=apply")),
    "request_run": Call("post", in_stack("/runs"), 202, lambda w: {"kind": "stop"}),
    "keep_drift": Call("post", in_stack("/drift/keep"), 409, lambda w: {"subject": "service:web"}),
    "list_runs": Call("get", in_stack("/runs")),
    "read_run": Call("get", lambda w: f"/api/runs/{w.run.pk}"),
    "cancel_run": Call("post", lambda w: f"/api/runs/{w.run.pk}/cancel"),
    "list_shares": Call("get", in_stack("/shares")),
    "create_share": Call("post", in_stack("/shares"), 201),
    "revoke_share": Call("delete", lambda w: f"/api/shares/{w.share.pk}", 204),
    "open_share": Call("post", lambda w: "/api/shared/open", body=lambda w: {"token": "share-token"}),
    "read_shared": Call("get", lambda w: f"/api/shared/{w.share.pk}"),
    "list_teams": Call("get", lambda w: "/api/teams"),
    "create_team": Call("post", lambda w: "/api/teams", 201, lambda w: {"name": "Third"}),
    "read_team": Call("get", lambda w: f"/api/teams/{w.team.pk}"),
    "change_member": Call(
        "patch", lambda w: f"/api/teams/{w.team.pk}/members/{w.people['viewer'].pk}", body=lambda w: {"role": "editor"}
    ),
    "remove_member": Call("delete", lambda w: f"/api/teams/{w.team.pk}/members/{w.people['viewer'].pk}", 204),
    "create_invitation": Call("post", lambda w: f"/api/teams/{w.team.pk}/invitations", 201, lambda w: {"role": "viewer"}),
    "revoke_invitation": Call("delete", lambda w: f"/api/invitations/{w.invitation.pk}", 204),
    "list_engines": Call("get", lambda w: "/api/engines"),
    "list_images": Call("get", lambda w: f"/api/engines/{w.engine.pk}/images"),
    "list_logins": Call("get", lambda w: f"/api/engines/{w.engine.pk}/logins"),
    "save_login": Call("post", lambda w: f"/api/engines/{w.engine.pk}/logins", body=lambda w: LOGIN),
    "try_login": Call("post", lambda w: f"/api/engines/{w.engine.pk}/logins/{w.login.pk}/try"),
    "forget_login": Call("delete", lambda w: f"/api/engines/{w.engine.pk}/logins/{w.login.pk}", 204),
    "ask_look": Call("post", lambda w: f"/api/engines/{w.engine.pk}/looks", 202, lambda w: {"kind": "survey"}),
    "read_look": Call("get", lambda w: f"/api/looks/{w.look.pk}"),
    "adopt_stack": Call(
        "post", lambda w: f"/api/looks/{w.look.pk}/adopt", 201, lambda w: {"team_id": str(w.team.pk), "name": "Found"}
    ),
    "set_engine_policy": Call("patch", lambda w: f"/api/engines/{w.engine.pk}/policy", body=lambda w: {"privileged": True}),
}


def expected(right: Right, who: str, allowed: int) -> int:
    """The status that the table asks for: 401 with no login, 404 for what is not one's own, 403 for a right that is missing."""
    if right is Right.NOBODY:
        return allowed
    if right is Right.GUEST:
        return allowed if who == "guest" else 404
    if who in ("anonymous", "guest"):
        return 401
    if right is Right.ANYBODY:
        return allowed
    if right is Right.ADMINISTER:
        return allowed if who == "administrator" else 403
    if who in ("stranger", "administrator"):
        return 404
    return allowed if right in GRANTS[Role(who)] else 403


def call(world: World, who: str, one: Call) -> HttpResponse:
    client = world.client(who)
    body = {} if one.body is None else {"data": one.body(world)}
    send = getattr(client, one.method)
    return send(one.path(world), **body) if one.method == "get" else send(one.path(world), content_type="application/json", **body)


def test_every_operation_has_a_rule_and_is_called_here() -> None:
    found = {operation.operation_id for _, operation in operations()}
    ruled = {name.partition(":")[2] for name in ENTRANCES if name.startswith("api:")}
    assert found == ruled == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_route_answers_everybody_as_the_table_says(db: None, name: str) -> None:
    world = build_world()
    one, right = CALLS[name], ENTRANCES[f"api:{name}"]
    for who in WHO:
        before = Audit.objects.filter(allowed=False).count()
        with transaction.atomic():
            response = call(world, who, one)
            refused = Audit.objects.filter(allowed=False).count() - before
            transaction.set_rollback(True)
        assert response.status_code == expected(right, who, one.status), (who, response.content[:300])
        if response.status_code >= 400:
            assert wire.Failure.model_validate_json(response.content).message
        assert refused == (1 if response.status_code == 403 else 0), who


@pytest.mark.parametrize("name", sorted(name for name, one in CALLS.items() if one.method != "get"))
def test_a_change_without_the_csrf_header_is_refused(db: None, name: str) -> None:
    world = build_world()
    client = world.client("owner")
    client.handler.enforce_csrf_checks = True
    one = CALLS[name]
    data = one.body(world) if one.body else {}
    response = getattr(client, one.method)(one.path(world), data=data, content_type="application/json")
    assert response.status_code == 403
    assert response.json()["code"] == "csrf"


@pytest.mark.parametrize("bad", ["1", "../../version", "00000000-0000-0000-0000-00000000000g", "%2e%2e%2fversion", "' or 1=1"])
def test_what_is_no_id_is_no_address(db: None, bad: str) -> None:
    client = build_world().client("owner")
    for rest in ("", "/status", "/plan", "/runs"):
        assert client.get(f"/api/stacks/{bad}{rest}").status_code == 404
    assert client.post("/api/stacks", {"team_id": bad, "name": "x"}, content_type="application/json").status_code == 404


def pages(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if one.namespace != "api":
                yield from pages(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.name


def test_every_page_has_a_rule() -> None:
    unruled = [(path, name) for path, name in pages(get_resolver().url_patterns) if f"page:{name}" not in ENTRANCES]
    assert unruled == []


def test_nothing_below_api_is_served_by_anything_but_an_operation() -> None:
    (resolver,) = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and one.namespace == "api"]
    served = {str(one.pattern) for one in resolver.url_patterns} - {""}  # "" answers 404
    plain = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")
    assert {plain.sub(r":\1", one) for one in served} == {plain.sub(r":\1", path.lstrip("/")) for path, _ in operations()}


PAGES_FOR_ANONYMOUS = {
    "app": ("/", 302), "login": ("/login/", 200), "logout": ("/logout/", 405), "password": ("/password/", 302),
    "setup": ("/setup/", 200), "join": ("/join/", 200), "shared": ("/shared/", 200), "health": ("/healthz", 200),
    "ready": ("/readyz", 200), "api_fallback": ("/api/none", 404),
    "shared_app": ("/shared/00000000-0000-4000-8000-000000000000", 404),
}  # fmt: skip


def test_pages_let_in_only_whom_the_table_lets_in(db: None) -> None:
    ruled = {name.partition(":")[2] for name in ENTRANCES if name.startswith("page:")}
    assert set(PAGES_FOR_ANONYMOUS) == ruled
    world = build_world()
    for name, (path, status) in PAGES_FOR_ANONYMOUS.items():
        response = world.client("anonymous").get(path)
        assert response.status_code == status, name
        if status == 302:
            assert response["Location"].startswith("/login/?next="), name
    assert world.client("anonymous").get(f"/shared/{world.share.pk}").status_code == 404
    assert world.client("stranger").get(f"/shared/{world.share.pk}").status_code == 404
    assert world.client("guest").get(f"/shared/{world.share.pk}").status_code in (200, 503)  # 503: the editor is not built


def test_every_socket_and_every_message_to_one_has_a_rule() -> None:
    from topology.live.routing import websocket_urlpatterns

    sockets = {pattern.name for pattern in websocket_urlpatterns}
    messages = {kind.model_fields["type"].annotation for kind in get_args(wire.ClientMessage)}
    wanted = sockets | {f"live:stack:{get_args(one)[0]}" for one in messages}
    assert wanted == {name for name in ENTRANCES if name.startswith("live:")}


def test_every_task_has_a_rule() -> None:
    import topology.tasks  # noqa: F401 - registers them
    from dashboard.celery import app

    tasks = {name.rpartition(".")[2] for name in app.tasks if not name.startswith("celery.")}
    assert {f"task:{name}" for name in tasks} == {name for name in ENTRANCES if name.startswith("task:")}


def test_an_operation_without_a_rule_stops_the_site_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from topology.api import http

    monkeypatch.setattr(http, "ENTRANCES", {name: right for name, right in ENTRANCES.items() if name != "api:delete_stack"})
    with pytest.raises(ImproperlyConfigured, match="delete_stack"):
        http.check_entrances()


def test_a_person_who_is_deactivated_is_nobody(db: None) -> None:
    world = build_world()
    client = world.client("owner")
    world.people["owner"].is_active = False
    world.people["owner"].save()
    assert client.get("/api/stacks").status_code == 401
    assert world.actor("owner").user_id is None


def test_a_revoked_link_shows_nothing_any_more(db: None) -> None:
    world = build_world()
    guest = world.client("guest")
    assert guest.get(f"/api/shared/{world.share.pk}").status_code == 200
    assert world.client("owner").delete(f"/api/shares/{world.share.pk}").status_code == 204
    assert guest.get(f"/api/shared/{world.share.pk}").status_code == 404
    assert guest.get(f"/shared/{world.share.pk}").status_code == 404
