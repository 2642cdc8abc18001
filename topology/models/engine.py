"""Engines, and what was last observed on them."""

import uuid

from django.conf import settings
from django.db import models

from topology.models.sealed import SealedTextField
from topology.models.stack import Stack


class Engine(models.Model):
    """A Docker engine. `policy` has the fields of `topology.core.policy.Allowed`; `facts` is what the watcher last saw:
    version, os, cpus, memory_bytes, images as [tag, size] pairs and the names of all Compose projects.
    `error` is "" while it answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    url = models.CharField(max_length=300)
    policy = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    error = models.TextField(default="", blank=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class RegistryLogin(models.Model):
    """A name and secret (password or access token) at one image registry, for the pulls and builds of one engine.

    `registry` is its host ("docker.io", "ghcr.io", "registry.example:5000"). The secret is sealed and is never shown again.
    `state` is "checking" until the engine tried it at the registry, then "works", "refused" (it is not used then) or "unknown"
    (nobody could try: `words` and `fix` say why).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engine = models.ForeignKey(Engine, on_delete=models.CASCADE, related_name="logins")
    registry = models.CharField(max_length=255)
    username = models.CharField(max_length=255)
    secret = SealedTextField()
    state = models.CharField(max_length=8, default="checking")
    words = models.TextField(default="", blank=True)
    fix = models.TextField(default="", blank=True)
    checked_at = models.FloatField(default=0.0)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engine", "registry"], name="one_login_a_registry")]

    def __str__(self) -> str:
        return f"{self.username} at {self.registry}"


class StackStatus(models.Model):
    """The last fold of what runs for a stack; `observed` is `topology.core.observed.Observed` as JSON."""

    stack = models.OneToOneField(Stack, primary_key=True, on_delete=models.CASCADE, related_name="status")
    seq = models.PositiveBigIntegerField(default=0)
    observed = models.JSONField(default=dict)
    observed_at = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.stack_id} seq {self.seq}"


class TimelineRow(models.Model):
    """Something that happened to a stack, in words. The last 500 of each stack are kept."""

    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="timeline")
    at = models.FloatField()
    kind = models.CharField(max_length=16)
    service = models.CharField(max_length=200, default="", blank=True)
    text = models.CharField(max_length=500)
    severity = models.CharField(max_length=8, default="info")
    by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["stack", "-id"], name="timeline_of_stack")]

    def __str__(self) -> str:
        return self.text
