"""Tries a registry's login where it will be used: on its engine. Only the worker imports this."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing

from django.db import transaction

from topology.engine.connect import open_engine
from topology.engine.errors import EngineError, Refused
from topology.engine.logins import Login
from topology.engine.port import Engine
from topology.models import RegistryLogin
from topology.store import logins


def check_login(login_id: str, *, connect: Callable[[str], Engine] = open_engine) -> str:
    """The state that the login is in afterwards; "" when it is gone or was changed meanwhile (then another try is under way)."""
    row = RegistryLogin.objects.select_related("engine").filter(pk=login_id).first()
    if row is None:
        return ""
    state, words, fix = _try(row, connect)
    with transaction.atomic():
        kept = logins.mark(row.pk, seen=row.secret, state=state, words=words, fix=fix, at=time.time())
    return state if kept else ""


def _try(row: RegistryLogin, connect: Callable[[str], Engine]) -> tuple[str, str, str]:
    try:
        engine = connect(row.engine.url)
    except EngineError as error:  # an engine that is refused says nothing of the login
        return logins.UNKNOWN, error.message, error.fix
    try:
        with closing(engine):
            engine.check_login(row.registry, Login(row.username, row.secret))
    except Refused as error:
        return logins.REFUSED, error.message, error.fix
    except EngineError as error:
        return logins.UNKNOWN, error.message, error.fix
    return logins.WORKS, "", ""
