"""Engines, and what was last observed on them."""

import uuid

from django.db import models

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
