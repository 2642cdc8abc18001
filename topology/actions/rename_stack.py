"""Give a stack another name. Its project on the engine keeps its own, or everything would have to be made anew."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from topology import wire
from topology.actions.authorize import Actor, find_stack, record, rights_in
from topology.actions.create_stack import clean_name, name_taken
from topology.actions.declined import invalid
from topology.actions.edit_stack import announce_design
from topology.core.access import Right
from topology.store.stacks import stack_card


def rename_stack(actor: Actor, *, stack_id: UUID, name: str) -> wire.StackCard:
    stack = find_stack(actor, stack_id, Right.MANAGE, action="rename_stack")
    name = clean_name(name)
    try:
        with transaction.atomic():
            old, stack.name = stack.name, name
            stack.save(update_fields=["name", "updated_at"])
            record(actor, "rename_stack", subject=f"stack:{stack_id}", team_id=stack.team_id, detail={"from": old, "to": name})
            announce_design(actor, stack)
    except IntegrityError as error:
        raise invalid(name_taken(name)) from error
    return stack_card(stack, rights=rights_in(actor, stack.team_id))
