"""Who asks, and whether they may. Every action asks here first; nothing is allowed that no rule allows.

A thing of a team that one is no member of does not exist for one (404); a member without the right gets 403 and an audit row.
Engine administrators look after engines; they see no team's stacks unless they are members.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from topology.actions.declined import Declined, not_found
from topology.core.access import GRANTS, Right, Role, grants
from topology.models import Audit, Membership, Run, ShareLink, Stack


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks: a person, or the holder of share links (`shares`, ids of the links opened), or neither."""

    user_id: int | None = None
    username: str = ""
    is_administrator: bool = False
    shares: frozenset[str] = frozenset()

    @classmethod
    def of(cls, user: Any, *, shares: frozenset[str] = frozenset()) -> Actor:
        """The actor for a Django user; an anonymous or deactivated one has no rights of a person."""
        if user is None or not user.is_authenticated or not user.is_active:
            return cls(shares=shares)
        return cls(user_id=user.pk, username=user.get_username(), is_administrator=user.is_superuser, shares=shares)

    @classmethod
    def by_id(cls, user_id: int | None) -> Actor:
        """The actor for a user's id, as the database says now. Tasks use it: rights are checked again when a job starts."""
        return cls.of(get_user_model().objects.filter(pk=user_id).first()) if user_id is not None else cls()


def role_in(actor: Actor, team_id: UUID) -> Role | None:
    """The person's role in a team, None for none."""
    if actor.user_id is None:
        return None
    found = Membership.objects.filter(user_id=actor.user_id, team_id=team_id).values_list("role", flat=True).first()
    return Role(found) if found else None


def rights_in(actor: Actor, team_id: UUID) -> list[str]:
    """The rights on a team's things, sorted, as `wire.RightName`."""
    role = role_in(actor, team_id)
    return sorted(right.value for right in GRANTS[role]) if role else []


def require_login(actor: Actor) -> None:
    if actor.user_id is None:
        raise Declined(401, code="login-needed", message="You are not logged in.", fix="Log in and try again.")


def require(actor: Actor, right: Right, team_id: UUID, *, action: str, subject: str, what: str = "stack") -> Role:
    """The role that lets `actor` do `action` on a team's thing; Declined 401, 404 (no member) or 403 (no right, audited)."""
    require_login(actor)
    role = role_in(actor, team_id)
    if role is None:
        raise not_found(what)
    if not grants(role, right):
        record(actor, action, subject=subject, team_id=team_id, allowed=False, detail={"right": right.value, "role": role.value})
        raise Declined(
            403,
            code="right-missing",
            message=f"Your role here, {role.value}, does not let you do this.",
            fix=f"Ask an owner of the team to make you {_least_role(right)}.",
        )
    return role


def require_administrator(actor: Actor, *, action: str, subject: str) -> None:
    require_login(actor)
    if not actor.is_administrator:
        record(actor, action, subject=subject, allowed=False, detail={"right": Right.ADMINISTER.value})
        raise Declined(
            403, code="right-missing", message="Only an engine administrator may do this.", fix="Ask an engine administrator."
        )


def find_stack(actor: Actor, stack_id: UUID, right: Right, *, action: str) -> Stack:
    """The stack, with its team and engine, for someone who may do `action` on it; else Declined."""
    require_login(actor)
    stack = Stack.objects.select_related("team", "engine", "updated_by").filter(pk=stack_id).first()
    if stack is None:
        raise not_found("stack")
    require(actor, right, stack.team_id, action=action, subject=f"stack:{stack.pk}")
    return stack


def find_run(actor: Actor, run_id: UUID, right: Right, *, action: str) -> Run:
    """The run, with its stack, for someone who may do `action` on it; else Declined."""
    require_login(actor)
    run = Run.objects.select_related("stack", "by").filter(pk=run_id).first()
    if run is None:
        raise not_found("run")
    require(actor, right, run.stack.team_id, action=action, subject=f"run:{run.pk}", what="run")
    return run


def find_shared(actor: Actor, share_id: UUID) -> ShareLink:
    """The share link that this visitor has opened and nobody has revoked since; else Declined 404."""
    share = ShareLink.objects.select_related("stack__team", "stack__engine", "stack__updated_by").filter(pk=share_id).first()
    if share is None or str(share.pk) not in actor.shares:
        raise not_found("shared stack")
    return share


def record(
    actor: Actor,
    action: str,
    *,
    subject: str,
    team_id: UUID | None = None,
    allowed: bool = True,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit row. `detail` must hold no secret: names, counts and codes only."""
    Audit.objects.create(
        user_id=actor.user_id, action=action, subject=subject, team_id=team_id, allowed=allowed, detail=detail or {}
    )


def _least_role(right: Right) -> str:
    return next(role.value for role in Role if right in GRANTS[role])
