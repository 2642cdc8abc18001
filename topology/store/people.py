"""Teams, members, invitations and share links as people see them. Tokens are kept only as SHA-256."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from topology import wire
from topology.core.access import Role
from topology.models import Invitation, Membership, ShareLink, Team


def token_hash(token: str) -> str:
    """What is kept of a token. Tokens are 256 random bits, so a plain hash cannot be searched."""
    return hashlib.sha256(token.encode()).hexdigest()


def team_refs(user_id: int) -> list[wire.TeamRef]:
    rows = Membership.objects.filter(user_id=user_id).select_related("team").order_by("team__name", "team_id")
    return [wire.TeamRef(id=str(row.team_id), name=row.team.name, role=_role(row.role)) for row in rows]


def member_view(row: Membership) -> wire.Member:
    return wire.Member(user_id=row.user_id, username=row.user.get_username(), role=_role(row.role))


def invitation_view(row: Invitation, *, token: str = "") -> wire.Invitation:
    return wire.Invitation(
        id=str(row.pk), role=_role(row.role), created_at=row.created_at.timestamp(), expires_at=row.expires_at.timestamp(),
        created_by=_name(row.created_by), token=token,
    )  # fmt: skip


def team_view(team: Team, *, role: str, with_invitations: bool, now: datetime) -> wire.TeamView:
    """The team; open invitations only for those who manage it."""
    members = Membership.objects.filter(team=team).select_related("user").order_by("user__username")
    invitations = (
        Invitation.objects.filter(team=team, used_at=None, expires_at__gt=now).select_related("created_by").order_by("-created_at")
        if with_invitations
        else []
    )
    return wire.TeamView(
        id=str(team.pk), name=team.name, role=_role(role), members=[member_view(row) for row in members],
        invitations=[invitation_view(row) for row in invitations],
    )  # fmt: skip


def share_view(row: ShareLink, *, token: str = "") -> wire.Share:
    return wire.Share(
        id=str(row.pk), created_at=row.created_at.timestamp(), created_by=_name(row.created_by),
        last_used_at=row.last_used_at.timestamp() if row.last_used_at else 0.0, token=token,
    )  # fmt: skip


def _role(role: str) -> wire.RoleName:
    return Role(role).value


def _name(user: Any) -> str:
    return user.get_username() if user else ""
