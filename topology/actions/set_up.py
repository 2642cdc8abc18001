"""The first administrator, by a one-time link. There is no default password, and the link is dead once somebody has come in."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from topology.actions.accept_invitation import make_person
from topology.actions.authorize import Actor, record
from topology.actions.declined import Declined
from topology.actions.manage_team import found_team
from topology.models import SetupToken, Team
from topology.store.people import token_hash


def make_setup_token() -> str | None:
    """A fresh token for the one-time link, which makes older ones void; None once an administrator exists."""
    with transaction.atomic():
        if _has_administrator():
            return None
        SetupToken.objects.all().delete()
        token = secrets.token_urlsafe(32)
        SetupToken.objects.create(token_hash=token_hash(token))
    return token


def set_up(*, token: str, username: str, password: str, team_name: str = "") -> tuple[Any, Team]:
    """The first administrator, owner of a first team. Declined 404 for a token that is void, 422 for a weak password."""
    with transaction.atomic():
        if not _use_up(token):
            raise Declined(404, code="setup-over", message="This set-up link is not valid, or somebody has used it already.",
                           fix="Start Netyard again for a new link, or log in.")  # fmt: skip
        user = make_person(username=username, password=password, administrator=True)
        actor = Actor.of(user)
        team = found_team(actor, name=" ".join(team_name.split())[:80] or f"{user.get_username()}'s team")
        record(actor, "set_up", subject=f"user:{user.pk}", team_id=team.pk)
    return user, team


def _use_up(token: str) -> bool:
    """Deleting the row decides who was first. With an administrator there already no token counts."""
    deleted, _ = SetupToken.objects.filter(token_hash=token_hash(token)).delete()
    return bool(deleted) and not _has_administrator()


def _has_administrator() -> bool:
    return get_user_model().objects.filter(is_superuser=True, is_active=True).exists()
