"""Looks at engines that people asked for, and the containers that stacks took in as they were."""

import uuid

from django.conf import settings
from django.db import models

from topology.models.engine import Engine
from topology.models.sealed import SealedJSONField
from topology.models.stack import Stack


class Look(models.Model):
    """A look at an engine that a worker takes. `kind` is "survey" (what is on it), "project" or "containers" (told again as a
    Compose file) or "keep" (what somebody changed by hand, to be put into the design); `asked` has the names.
    `state` goes from "looking" to "ready" or "failed"; `answer` is sealed, since values of variables are in it. Kept for a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engine = models.ForeignKey(Engine, on_delete=models.CASCADE, related_name="looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    asked = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="looking")
    answer = SealedJSONField(default=dict)
    error = models.TextField(default="", blank=True)
    fix = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class AdoptedContainer(models.Model):
    """A container without Compose's labels that belongs to a stack (`topology.core.adopted`). One container, one stack."""

    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="adopted")
    engine = models.ForeignKey(Engine, on_delete=models.CASCADE, related_name="adopted")
    container_id = models.CharField(max_length=64)
    service = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engine", "container_id"], name="one_stack_a_container")]

    def __str__(self) -> str:
        return f"{self.service} {self.container_id[:12]}"


class StackDrift(models.Model):
    """What was last seen to be changed outside of Netyard; `items` are `topology.core.drift.Drift` as JSON."""

    stack = models.OneToOneField(Stack, primary_key=True, on_delete=models.CASCADE, related_name="drift")
    items = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.stack_id}: {len(self.items)}"
