"""Teams and their people. A team always keeps an owner; a role taken away closes what it had opened within seconds."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from topology import announce, wire
from topology.actions.authorize import Actor, record, require, require_administrator, require_login
from topology.actions.declined import Declined, invalid, not_found
from topology.core.access import Right, Role, grants
from topology.core.problems import Problem
from topology.models import Invitation, Membership, Team
from topology.store.people import invitation_view, member_view, team_refs, team_view, token_hash

LONGEST_NAME = 80
LONGEST_DAYS = 90


def list_teams(actor: Actor) -> list[wire.TeamRef]:
    require_login(actor)
    assert actor.user_id is not None
    return team_refs(actor.user_id)


def create_team(actor: Actor, *, name: str) -> wire.TeamView:
    """A new team, with the one who asks as its owner. Owners deploy on the engines, so it takes who administers those: else
    everybody with an invitation to look could give themselves that right."""
    require_administrator(actor, action="create_team", subject="teams")
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise invalid(Problem("name-length", f"A team's name has 1 to {LONGEST_NAME} characters.", fix="Choose another name."))
    with transaction.atomic():
        team = found_team(actor, name=name)
    return team_view(team, role=Role.OWNER.value, with_invitations=True, now=timezone.now())


def found_team(actor: Actor, *, name: str) -> Team:
    """The rows of a new team and its first owner; for a caller that holds the transaction."""
    assert actor.user_id is not None
    team = Team.objects.create(name=name)
    Membership.objects.create(team=team, user_id=actor.user_id, role=Role.OWNER.value)
    record(actor, "create_team", subject=f"team:{team.pk}", team_id=team.pk, detail={"name": name})
    user_id = actor.user_id
    transaction.on_commit(lambda: announce.rights_changed(user_id))
    return team


def read_team(actor: Actor, *, team_id: UUID) -> wire.TeamView:
    role = require(actor, Right.LOOK, team_id, action="read_team", subject=f"team:{team_id}", what="team")
    team = Team.objects.get(pk=team_id)
    return team_view(team, role=role.value, with_invitations=grants(role, Right.MANAGE), now=timezone.now())


def change_member(actor: Actor, *, team_id: UUID, user_id: int, role: str) -> wire.Member:
    """The member with the new role. The last owner stays one."""
    require(actor, Right.MANAGE, team_id, action="change_member", subject=f"team:{team_id}", what="team")
    with transaction.atomic():
        row = _member(team_id, user_id)
        if row.role == Role.OWNER and role != Role.OWNER:
            _keep_an_owner(team_id)
        detail = {"user": user_id, "from": row.role, "to": role}
        row.role = role
        row.save(update_fields=["role"])
        record(actor, "change_member", subject=f"team:{team_id}", team_id=team_id, detail=detail)
        transaction.on_commit(lambda: announce.rights_changed(user_id))
    return member_view(row)


def remove_member(actor: Actor, *, team_id: UUID, user_id: int) -> None:
    """The person is out of the team. The last owner stays."""
    require(actor, Right.MANAGE, team_id, action="remove_member", subject=f"team:{team_id}", what="team")
    with transaction.atomic():
        row = _member(team_id, user_id)
        if row.role == Role.OWNER:
            _keep_an_owner(team_id)
        row.delete()
        record(actor, "remove_member", subject=f"team:{team_id}", team_id=team_id, detail={"user": user_id})
        transaction.on_commit(lambda: announce.rights_changed(user_id))


def create_invitation(actor: Actor, *, team_id: UUID, role: str, days: int) -> wire.Invitation:
    """The invitation; its token is in this answer only."""
    require(actor, Right.MANAGE, team_id, action="create_invitation", subject=f"team:{team_id}", what="team")
    if not 1 <= days <= LONGEST_DAYS:
        raise invalid(Problem("days-range", f"An invitation is good for 1 to {LONGEST_DAYS} days.", fix="Choose fewer days."))
    assert actor.user_id is not None
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = Invitation.objects.create(
            team_id=team_id, role=role, token_hash=token_hash(token), created_by_id=actor.user_id,
            expires_at=timezone.now() + timedelta(days=days),
        )  # fmt: skip
        detail = {"invitation": str(row.pk), "role": role, "days": days}
        record(actor, "create_invitation", subject=f"team:{team_id}", team_id=team_id, detail=detail)
    return invitation_view(row, token=token)


def revoke_invitation(actor: Actor, *, invitation_id: UUID) -> None:
    require_login(actor)
    row = Invitation.objects.filter(pk=invitation_id, used_at=None).first()
    if row is None:
        raise not_found("invitation")
    subject = f"invitation:{invitation_id}"
    require(actor, Right.MANAGE, row.team_id, action="revoke_invitation", subject=subject, what="invitation")
    with transaction.atomic():
        record(actor, "revoke_invitation", subject=subject, team_id=row.team_id, detail={"role": row.role})
        row.delete()


def _member(team_id: UUID, user_id: int) -> Membership:
    """The membership, with all of the team's locked, so that two owners cannot demote each other at once."""
    rows = list(Membership.objects.select_for_update(of=("self",)).select_related("user").filter(team_id=team_id).order_by("pk"))
    found = next((row for row in rows if row.user_id == user_id), None)
    if found is None:
        raise not_found("member")
    return found


def _keep_an_owner(team_id: UUID) -> None:
    if Membership.objects.filter(team_id=team_id, role=Role.OWNER.value).count() == 1:
        raise Declined(409, code="last-owner", message="The team needs an owner.", fix="Make somebody else an owner first.")
