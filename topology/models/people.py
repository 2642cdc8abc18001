"""Teams, their people, and what was done by whom."""

import uuid

from django.conf import settings
from django.db import models


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a team; `role` is a `topology.core.access.Role`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_role_a_team")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} in {self.team_id}"


class Invitation(models.Model):
    """A link that lets its holder join a team. Only the SHA-256 of the token is kept. It is used up by joining."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.role} in {self.team_id}"


class SetupToken(models.Model):
    """The one-time link that makes the first administrator. Only its SHA-256 is kept; gone once an administrator exists."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"setup token of {self.created_at}"


class Audit(models.Model):
    """Who did or tried what, to which thing, and whether it was let through. `detail` never holds a secret."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=200)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    allowed = models.BooleanField(default=True)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
