"""Delete a stack that has nothing left on its engine."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from topology import announce, wire
from topology.actions.authorize import Actor, find_stack, record
from topology.actions.declined import Declined
from topology.actions.edit_stack import lock_stack
from topology.core.access import Right
from topology.models import Run
from topology.store.stacks import observed_of


def delete_stack(actor: Actor, *, stack_id: UUID) -> None:
    """Declined 409 while containers exist or a run is under way: what nobody knows of any more, nobody would take down."""
    find_stack(actor, stack_id, Right.MANAGE, action="delete_stack")
    with transaction.atomic():
        stack = lock_stack(stack_id)
        if Run.objects.filter(stack=stack, state__in=("queued", "running")).exists():
            raise Declined(409, code="run-under-way", message="A run of this stack is under way.", fix="Wait for it, or cancel it.")
        observed = observed_of(stack)
        if observed.containers:
            count = len(observed.containers)
            raise Declined(
                409,
                code="stack-has-containers",
                message=f"The stack has {count} container{'' if count == 1 else 's'} on the engine.",
                fix="Take the stack down first, then delete it.",
            )
        record(actor, "delete_stack", subject=f"stack:{stack_id}", team_id=stack.team_id, detail={"name": stack.name})
        team_id = stack.team_id
        stack.delete()
        gone = wire.CardChanged(stack_id=str(stack_id), card=None)
        transaction.on_commit(lambda: announce.card(team_id, gone))
        transaction.on_commit(lambda: announce.stack_access_changed(stack_id))
