"""People and teams over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from ninja import Router
from ninja.responses import Status

from topology import wire
from topology.actions import manage_team as teams
from topology.api.http import Request

router = Router()


@router.get("me", operation_id="me", response=wire.Me)
def me(request: Request) -> wire.Me:
    actor = request.auth
    assert actor.user_id is not None
    return wire.Me(
        id=actor.user_id, username=actor.username, is_administrator=actor.is_administrator, teams=teams.list_teams(actor),
        version=settings.VERSION,
    )  # fmt: skip


@router.get("teams", operation_id="list_teams", response=list[wire.TeamRef])
def list_teams(request: Request) -> list[wire.TeamRef]:
    return teams.list_teams(request.auth)


@router.post("teams", operation_id="create_team", response={201: wire.TeamView})
def create_team(request: Request, body: wire.NewTeam) -> Status[Any]:
    return Status(201, teams.create_team(request.auth, name=body.name))


@router.get("teams/{uuid:team_id}", operation_id="read_team", response=wire.TeamView)
def read_team(request: Request, team_id: UUID) -> wire.TeamView:
    return teams.read_team(request.auth, team_id=team_id)


@router.patch("teams/{uuid:team_id}/members/{int:user_id}", operation_id="change_member", response=wire.Member)
def change_member(request: Request, team_id: UUID, user_id: int, body: wire.RoleChange) -> wire.Member:
    return teams.change_member(request.auth, team_id=team_id, user_id=user_id, role=body.role)


@router.delete("teams/{uuid:team_id}/members/{int:user_id}", operation_id="remove_member", response={204: None})
def remove_member(request: Request, team_id: UUID, user_id: int) -> Status[Any]:
    teams.remove_member(request.auth, team_id=team_id, user_id=user_id)
    return Status(204, None)


@router.post("teams/{uuid:team_id}/invitations", operation_id="create_invitation", response={201: wire.Invitation})
def create_invitation(request: Request, team_id: UUID, body: wire.NewInvitation) -> Status[Any]:
    return Status(201, teams.create_invitation(request.auth, team_id=team_id, role=body.role, days=body.days))


@router.delete("invitations/{uuid:invitation_id}", operation_id="revoke_invitation", response={204: None})
def revoke_invitation(request: Request, invitation_id: UUID) -> Status[Any]:
    teams.revoke_invitation(request.auth, invitation_id=invitation_id)
    return Status(204, None)
