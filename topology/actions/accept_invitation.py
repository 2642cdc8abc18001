"""Join a team by an invitation link: with a new account, or with the one that is logged in. Each link works once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from topology import announce
from topology.actions.authorize import Actor, record
from topology.actions.declined import Declined, invalid
from topology.core.access import Role
from topology.core.problems import Problem
from topology.models import Invitation, Membership
from topology.store.people import token_hash


def find_invitation(token: str) -> Invitation:
    """The open invitation of a token; Declined 404 for a used, expired, revoked or unknown one."""
    row = (
        Invitation.objects.select_related("team", "created_by")
        .filter(token_hash=token_hash(token), used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if row is None:
        raise Declined(404, code="invitation-unknown", message="This invitation is not valid: it was used, revoked, or is too old.",
                       fix="Ask an owner of the team for a new one.")  # fmt: skip
    return row


def accept_invitation(actor: Actor, *, token: str) -> Invitation:
    """Join with the account that is logged in. A member keeps the stronger of the two roles."""
    assert actor.user_id is not None
    with transaction.atomic():
        return _join(token, user_id=actor.user_id, actor=actor)


def join_with_new_account(*, token: str, username: str, password: str) -> Any:
    """The new person, a member of the team. Declined 422 for a name that is taken or a weak password; then the link still works."""
    find_invitation(token)
    try:
        with transaction.atomic():
            user = make_person(username=username, password=password)
            _join(token, user_id=user.pk, actor=Actor.of(user))
            return user
    except IntegrityError as error:
        raise invalid(_username_taken()) from error


def make_person(*, username: str, password: str, administrator: bool = False) -> Any:
    """A new user's row, for a caller that holds the transaction. The name and the password are checked as Django is set to."""
    model = get_user_model()
    user = model(username=model.normalize_username(username.strip()), is_superuser=administrator, is_staff=False)
    try:
        user.username_validator(user.username)
        if not 0 < len(user.username) <= 60:
            raise ValidationError("A user name has 1 to 60 characters.")
    except ValidationError as error:
        raise invalid(Problem("username-form", " ".join(error.messages), fix="Use letters, digits and @ . + - _ only.")) from error
    if model.objects.filter(username__iexact=user.username).exists():
        raise invalid(_username_taken())
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise invalid(Problem("password-weak", " ".join(error.messages), fix="Choose a longer one; a sentence is good.")) from error
    user.set_password(password)
    user.save()
    return user


def _username_taken() -> Problem:
    return Problem("username-taken", "This user name is taken.", fix="Choose another one, or log in if it is yours.")


def _join(token: str, *, user_id: int, actor: Actor) -> Invitation:
    """Use the invitation up by compare-and-set, so that of two who come at once only one gets in."""
    invitation = find_invitation(token)
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()):
        raise Declined(404, code="invitation-unknown", message="This invitation was used a moment ago.",
                       fix="Ask an owner of the team for a new one.")  # fmt: skip
    row, made = Membership.objects.get_or_create(team=invitation.team, user_id=user_id, defaults={"role": invitation.role})
    ranks = list(Role)
    if not made and ranks.index(Role(invitation.role)) > ranks.index(Role(row.role)):
        row.role = invitation.role
        row.save(update_fields=["role"])
    record(actor, "accept_invitation", subject=f"team:{invitation.team_id}", team_id=invitation.team_id, detail={"role": row.role})
    transaction.on_commit(lambda: announce.rights_changed(user_id))
    return invitation
