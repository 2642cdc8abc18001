"""An engine's logins at image registries: an administrator writes them, a worker tries them, nobody reads their secrets."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction

from topology import queue, wire
from topology.actions.authorize import Actor, record, require_administrator
from topology.actions.declined import Declined, not_found
from topology.core.image_name import registry_host
from topology.models import Engine, RegistryLogin
from topology.store import logins

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?|\[[0-9a-f:]+\](:[0-9]{1,5})?")
MOST_LOGINS = 50
MOST_CHARACTERS = 8000  # tokens of some registries are long
NO_WORKER = "No worker could be asked to try it."


def list_logins(actor: Actor, *, engine_id: UUID) -> list[wire.RegistryLoginView]:
    require_administrator(actor, action="list_logins", subject=f"engine:{engine_id}")
    return [logins.login_view(one) for one in logins.logins_of(_engine(engine_id))]


def save_login(actor: Actor, *, engine_id: UUID, login: wire.NewRegistryLogin) -> wire.RegistryLoginView:
    """Keep a login for a registry, in place of the one that it had, and let the engine try it."""
    require_administrator(actor, action="save_login", subject=f"engine:{engine_id}")
    registry, username = _checked(login)
    with transaction.atomic():
        engine = Engine.objects.select_for_update().filter(pk=engine_id).first()
        if engine is None:
            raise not_found("engine")
        row = RegistryLogin.objects.filter(engine=engine, registry=registry).first()
        if row is None and RegistryLogin.objects.filter(engine=engine).count() >= MOST_LOGINS:
            raise _wrong("too-many-logins", f"An engine keeps at most {MOST_LOGINS} logins.", "Forget one that is not needed.")
        row = row or RegistryLogin(engine=engine, registry=registry)
        if not login.secret and row.username != username:
            raise _wrong("secret-missing", "A password or access token is missing.", "Write the one that belongs to this name.")
        row.username, row.secret = username, login.secret or row.secret
        row.changed_by_id = actor.user_id
        _begin(row)
        record(
            actor, "save_login", subject=f"engine:{engine_id}",
            detail={"registry": registry, "username": username, "new_secret": bool(login.secret)},
        )  # fmt: skip
    return _tried(row)


def try_login(actor: Actor, *, engine_id: UUID, login_id: UUID) -> wire.RegistryLoginView:
    """Let the engine try a login again."""
    require_administrator(actor, action="try_login", subject=f"engine:{engine_id}")
    with transaction.atomic():
        row = _find(engine_id, login_id)
        _begin(row)
    return _tried(row)


def forget_login(actor: Actor, *, engine_id: UUID, login_id: UUID) -> None:
    require_administrator(actor, action="forget_login", subject=f"engine:{engine_id}")
    with transaction.atomic():
        row = _find(engine_id, login_id)
        record(
            actor, "forget_login", subject=f"engine:{engine_id}", detail={"registry": row.registry, "username": row.username}
        )  # fmt: skip
        row.delete()


def _checked(login: wire.NewRegistryLogin) -> tuple[str, str]:
    """The registry's host and the name, as they are kept."""
    registry, username = registry_host(login.registry), login.username.strip()
    if not HOST.fullmatch(registry) or len(registry) > 255:
        raise _wrong(
            "registry-host", f"“{login.registry.strip()[:80]}” is no registry's host.",
            "Write it as images name it: docker.io, ghcr.io or registry.example:5000.",
        )  # fmt: skip
    if not username or len(username) > 255 or ":" in username:
        raise _wrong("registry-name", "A user name is missing, too long, or has a colon in it.", "Write the name at the registry.")
    if len(login.secret) > MOST_CHARACTERS:
        raise _wrong("secret-long", f"The secret is longer than {MOST_CHARACTERS} characters.", "Use an access token.")
    return registry, username


def _begin(row: RegistryLogin) -> None:
    row.state, row.words, row.fix = logins.CHECKING, "", ""
    row.save()


def _tried(row: RegistryLogin) -> wire.RegistryLoginView:
    """Ask a worker, now that the row is there for it to read."""
    if not queue.enqueue(queue.CHECK_LOGIN, str(row.pk)):
        row.state, row.words, row.fix = logins.UNKNOWN, NO_WORKER, "It is used all the same. Try it again later."
        row.save(update_fields=["state", "words", "fix"])
    return logins.login_view(row)


def _engine(engine_id: UUID) -> Engine:
    engine = Engine.objects.filter(pk=engine_id).first()
    if engine is None:
        raise not_found("engine")
    return engine


def _find(engine_id: UUID, login_id: UUID) -> RegistryLogin:
    row = RegistryLogin.objects.select_related("changed_by").filter(pk=login_id, engine_id=engine_id).first()
    if row is None:
        raise not_found("login")
    return row


def _wrong(code: str, message: str, fix: str) -> Declined:
    return Declined(422, code=code, message=message, fix=fix)
