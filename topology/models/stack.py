"""Stacks: the Compose text, its companions, the layout beside it, and every edit ever made. Texts are encrypted at rest."""

import uuid

from django.conf import settings
from django.db import models

from topology.models.people import Team
from topology.models.sealed import SealedJSONField, SealedTextField


class Stack(models.Model):
    """`text` is the design, byte for byte. `good_text` is the last text that could be read, equal to `text` while it can.

    `project` is the Compose project name on the engine, fixed at creation, unique on an engine. `version` grows by one with
    each edit. `layout` is {node id: NodeLayout}.

    `tree` is {"name": the main text's file name, "files": {path: id of its StackFile}, "overrides": [paths, in order]}, each
    left out where there is nothing to say; `good_tree` goes with `good_text`. `rolls_back` is whether a failed apply was last asked
    to go back by itself. `folder` is where the files lie on the engine's host, last seen on containers of Compose's own
    (`core.located`); "" for what came in over the browser.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="stacks")
    engine = models.ForeignKey("topology.Engine", on_delete=models.PROTECT, related_name="stacks")
    name = models.CharField(max_length=80)
    project = models.CharField(max_length=63)
    text = SealedTextField(blank=True)
    good_text = SealedTextField(blank=True)
    tree = models.JSONField(default=dict)
    good_tree = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    applied_version = models.PositiveIntegerField(default=0)
    rolls_back = models.BooleanField(default=False)
    folder = models.CharField(max_length=4096, blank=True, default="")
    layout = models.JSONField(default=dict)
    layout_version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engine", "project"], name="one_stack_a_project"),
            models.UniqueConstraint(fields=["team", "name"], name="one_stack_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Op(models.Model):
    """One edit of a stack, in the order the server gave them. `op_id` makes a repeated one harmless. `text` and `tree` are the
    result; `notes` what the writer had to decide. `message` names the gesture; `name` is what a person called the version.
    """

    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="ops")
    version = models.PositiveIntegerField()
    op_id = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    edit = SealedJSONField()
    inverse = SealedJSONField()
    notes = models.JSONField(default=list)
    message = models.CharField(max_length=200, default="", blank=True)
    name = models.CharField(max_length=120, default="", blank=True)
    text = SealedTextField(blank=True)
    tree = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stack", "version"], name="one_op_a_version"),
            models.UniqueConstraint(fields=["stack", "op_id"], name="one_op_an_id"),
        ]

    def __str__(self) -> str:
        return f"{self.stack_id} v{self.version}"


class StackFile(models.Model):
    """A text that a companion of a stack has, or once had: never changed, so that every version keeps its files. Which ones a
    version has is said by its `tree`. `version` is the stack's version that brought it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="stack_files")
    path = models.CharField(max_length=255)
    version = models.PositiveIntegerField()
    text = SealedTextField(blank=True)

    def __str__(self) -> str:
        return f"{self.path} v{self.version}"


class ShareLink(models.Model):
    """A read-only link to one stack. Only the SHA-256 of the token is kept; revoked by deleting the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stack = models.ForeignKey(Stack, on_delete=models.CASCADE, related_name="shares")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"share of {self.stack_id}"
