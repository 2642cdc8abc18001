"""People, teams, invitations and share links."""

from __future__ import annotations

from topology.wire.base import RoleName, Wire


class TeamRef(Wire):
    id: str
    name: str
    role: RoleName


class Me(Wire):
    id: int
    username: str
    is_administrator: bool
    teams: list[TeamRef]
    version: str


class Member(Wire):
    user_id: int
    username: str
    role: RoleName


class Invitation(Wire):
    """`token` is there only in the answer that made it; the link is /join#TOKEN."""

    id: str
    role: RoleName
    created_at: float
    expires_at: float
    created_by: str
    token: str = ""


class NewInvitation(Wire):
    role: RoleName
    days: int = 7


class TeamView(Wire):
    id: str
    name: str
    role: RoleName
    members: list[Member]
    invitations: list[Invitation]


class NewTeam(Wire):
    name: str


class RoleChange(Wire):
    role: RoleName


class Share(Wire):
    """A read-only link to one stack; `token` only in the answer that made it; the link is /shared#TOKEN."""

    id: str
    created_at: float
    created_by: str
    last_used_at: float
    token: str = ""


class OpenShare(Wire):
    token: str


class Opened(Wire):
    """The grant itself lives in the visitor's session; the page goes on to /shared/<share_id>."""

    share_id: str
    stack_name: str
