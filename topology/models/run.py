"""Runs: an apply, down, stop, start or restart as a journal. Each step is a row before it is a call."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from topology.models.sealed import SealedTextField
from topology.models.stack import Stack


class Run(models.Model):
    """`state`: waiting (for the run before it), queued, running, done, failed, cancelled or interrupted (its worker died).
    `asked` is the request as made: digest, services, remove_volumes, remove_orphans. `text` and `tree` are the design of
    `version`, as it was when asked. While running, the worker writes `heartbeat_at` every 2 s; a run whose heartbeat is older
    than 8 s has lost its worker. `rollback_of` is the failed run that this one takes back. `output` is what a container that did
    not stay up printed last, for whoever may read logs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default="queued")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField()
    text = SealedTextField(blank=True)
    tree = models.JSONField(default=dict)
    asked = models.JSONField(default=dict)
    worker = models.CharField(max_length=64, default="", blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)
    fix = models.TextField(default="", blank=True)
    output = SealedTextField(blank=True)
    rollback_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="rollbacks")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stack"], condition=Q(state__in=["queued", "running"]), name="one_open_run_a_stack"),
            models.UniqueConstraint(fields=["stack"], condition=Q(state="waiting"), name="one_waiting_run_a_stack"),
        ]
        indexes = [models.Index(fields=["stack", "-requested_at"], name="runs_of_stack")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Step(models.Model):
    """One operation of a run. `operation` is `topology.core.plan.Operation` as JSON; only the worker reads its `detail`."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    index = models.PositiveIntegerField()
    operation = models.JSONField()
    state = models.CharField(max_length=8, default="pending")
    started_at = models.FloatField(default=0.0)
    ended_at = models.FloatField(default=0.0)
    progress = models.CharField(max_length=200, default="", blank=True)
    share = models.FloatField(null=True)
    error = models.TextField(default="", blank=True)
    fix = models.TextField(default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "index"], name="one_step_an_index")]
        ordering = ["index"]

    def __str__(self) -> str:
        return f"{self.index} {self.state}"


class AppliedImage(models.Model):
    """What a service's containers were made from at the end of a done apply: the image as written, its id on the engine, and a
    digest (name@sha256:…) by which a registry has it, "" where it came from none.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="images")
    service = models.CharField(max_length=255)
    image = models.CharField(max_length=512)
    image_id = models.CharField(max_length=80)
    digest = models.CharField(max_length=600, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "service"], name="one_image_a_service")]
        ordering = ["service"]

    def __str__(self) -> str:
        return f"{self.service}: {self.image}"
