"""Logins at image registries: rows as people see them, and those that a run may use."""

from __future__ import annotations

from uuid import UUID

from topology import wire
from topology.models import Engine, RegistryLogin

CHECKING, WORKS, REFUSED, UNKNOWN = "checking", "works", "refused", "unknown"


def login_view(login: RegistryLogin) -> wire.RegistryLoginView:
    """Everything but the secret."""
    return wire.RegistryLoginView.model_validate({
        "id": str(login.pk), "registry": login.registry, "username": login.username, "state": login.state,
        "words": login.words, "fix": login.fix, "checked_at": login.checked_at,
        "changed_by": login.changed_by.get_username() if login.changed_by else "", "changed_at": login.changed_at.timestamp(),
    })  # fmt: skip


def logins_of(engine: Engine) -> list[RegistryLogin]:
    """All of an engine, by registry."""
    return list(RegistryLogin.objects.filter(engine=engine).select_related("changed_by").order_by("registry"))


def usable_logins(engine: Engine) -> list[RegistryLogin]:
    """Those that a run takes along. One that its registry refused is not: public images of it are pulled without."""
    return list(RegistryLogin.objects.filter(engine=engine).exclude(state=REFUSED).order_by("registry"))


def mark(login_id: UUID | str, *, seen: str, state: str, words: str = "", fix: str = "", at: float) -> bool:
    """Write how a try went, unless the login was changed since: `seen` is the secret that was tried. False then."""
    row = RegistryLogin.objects.select_for_update().filter(pk=login_id).first()
    if row is None or row.secret != seen:
        return False
    row.state, row.words, row.fix, row.checked_at = state, words, fix, at
    row.save(update_fields=["state", "words", "fix", "checked_at"])
    return True
