"""Keep what was changed outside: the design is edited to say what runs. Putting back is a run of one object (`RunRequest.only`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from topology import queue, wire
from topology.actions.authorize import Actor, find_stack, record
from topology.actions.declined import Declined, invalid
from topology.actions.edit_stack import announce_design, edit_stack
from topology.actions.preview_plan import make_preview
from topology.actions.see_drift import find_drift, tell_drift
from topology.core.access import Right
from topology.core.drift import Drift
from topology.core.drift_keep import keep_edit, needs_look
from topology.core.edit_json import to_json
from topology.core.problems import Problem
from topology.models import Look, Stack
from topology.store import status
from topology.store.files import good_bundle_of
from topology.store.readings import good_design, reading_of

Told = Mapping[str, Mapping[str, Any]]


def keep_drift(actor: Actor, *, stack_id: UUID, subject: str) -> wire.Kept:
    """Edit the design to say what runs of one object. Where that takes a closer look at its containers, a worker does it."""
    stack = find_stack(actor, stack_id, Right.DRAW, action="keep_drift")
    found = _of_subject(stack, subject)
    if needs_look(found):
        with transaction.atomic():
            look = Look.objects.create(
                engine_id=stack.engine_id, by_id=actor.user_id, kind="keep", asked={"stack": str(stack.pk), "subject": subject}
            )
            transaction.on_commit(lambda: queue.enqueue(queue.KEEP_DRIFT, str(look.pk)))
        return wire.Kept(state="queued", version=0, notes=[])
    return write_kept(actor, stack, found, told={}, networks={})


def write_kept(actor: Actor, stack: Stack, found: tuple[Drift, ...], *, told: Told, networks: Told) -> wire.Kept:
    """The edit, done. Where the design now says all that runs and nothing else was edited, it counts as applied."""
    design = good_design(good_bundle_of(stack), project=stack.project)
    raw = reading_of(good_bundle_of(stack), project=stack.project).raw or {}
    edit = keep_edit(found, design, status.load(stack.pk).observed, raw=raw, told=told, networks=networks)
    if isinstance(edit, str):
        raise invalid(Problem("drift-not-keepable", edit, fix="Put it back as it was applied instead.", subject=found[0].subject))
    name = found[0].subject.partition(":")[2]
    done = edit_stack(
        actor, stack_id=stack.pk, op_id=uuid4().hex, edit=to_json(edit), message=f"Kept what was changed outside: {name}"
    )
    record(actor, "keep_drift", subject=f"stack:{stack.pk}", team_id=stack.team_id, detail={"subject": found[0].subject})
    _count_as_applied(actor, stack.pk, version=done.version)
    tell_drift(stack.pk)
    return wire.Kept(state="done", version=done.version, notes=done.notes)


def _of_subject(stack: Stack, subject: str) -> tuple[Drift, ...]:
    found = find_drift(stack, status.load(stack.pk).observed)
    if found is None:
        raise Declined(409, code="run-under-way", message="A run is at work on this stack.", fix="Wait for it to end.")
    chosen = tuple(one for one in found if one.subject == subject)
    if not chosen:
        raise Declined(409, code="no-drift", message="It is as it was applied by now.", fix="Look again.")
    return chosen


def _count_as_applied(actor: Actor, stack_id: UUID, *, version: int) -> None:
    stack = Stack.objects.select_related("team", "engine", "updated_by").get(pk=stack_id)
    if stack.applied_version != version - 1 or stack.version != version:
        return
    preview = make_preview(stack, kind="apply")
    if not preview.plan.operations and not preview.stops:
        stack.applied_version = version
        Stack.objects.filter(pk=stack_id).update(applied_version=version)
        announce_design(actor, stack)
