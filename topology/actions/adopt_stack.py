"""Make a stack of what runs. No container is touched: labels or a list say that they are the stack's own."""

from __future__ import annotations

import time
from uuid import UUID

from django.db import IntegrityError, transaction

from topology import announce, wire
from topology.actions.adopt_look import find_look
from topology.actions.authorize import Actor, record, require_administrator
from topology.actions.create_stack import clean_name, name_taken
from topology.actions.declined import Declined, invalid, not_found
from topology.core.edit import ReplaceText
from topology.core.edit_json import to_json
from topology.models import AdoptedContainer, Look, Op, Stack, Team
from topology.store import status
from topology.store.graphs import full_layout
from topology.store.readings import errors_of, good_design
from topology.store.stacks import stack_card


def adopt_stack(actor: Actor, *, look_id: UUID, team_id: UUID, name: str) -> wire.Adopted:
    """The new stack, of any team: an administrator hands it over. Declined 409 when the look is not ready, or was overtaken.

    It counts as applied where a plan of it has nothing to do; what is changed by hand from then on shows as such.
    """
    require_administrator(actor, action="adopt_stack", subject=f"look:{look_id}")
    look = find_look(look_id)
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise not_found("team")
    if look.state != "ready" or "text" not in look.answer:
        raise Declined(409, code="look-not-ready", message="The engine has not been looked at yet.", fix="Wait a moment.")
    name = clean_name(name)
    try:
        with transaction.atomic():
            stack = _insert(actor, look, team_id=team.pk, name=name)
    except IntegrityError as error:
        raise _refusal(look, team_id=team.pk, name=name) from error
    return wire.Adopted(stack_id=str(stack.pk), name=stack.name, operations=len(look.answer["operations"]))


def _insert(actor: Actor, look: Look, *, team_id: UUID, name: str) -> Stack:
    text, project = look.answer["text"], look.answer["project"]
    clean = not look.answer["operations"] and not errors_of(text, project=project)
    layout = full_layout(good_design(text, project=project), {})
    stack = Stack.objects.create(
        team_id=team_id, engine_id=look.engine_id, name=name, project=project, text=text, good_text=text,
        updated_by_id=actor.user_id, applied_version=1 if clean else 0,
        layout={node: {"x": at.x, "y": at.y} for node, at in layout.items()},
    )  # fmt: skip
    for container_id, service in look.answer["adopted"].items():
        AdoptedContainer.objects.create(stack=stack, engine_id=look.engine_id, container_id=container_id, service=service)
    Op.objects.create(
        stack=stack, version=1, op_id=f"adopt-{stack.pk}", by_id=actor.user_id, edit=to_json(ReplaceText(text)), inverse={},
        message=f"Adopted from {project}" if look.kind == "project" else "Adopted containers", text=text,
    )  # fmt: skip
    detail = {"project": project, "containers": len(look.answer["adopted"]), "engine": str(look.engine_id)}
    record(actor, "adopt_stack", subject=f"stack:{stack.pk}", team_id=team_id, detail=detail)
    what = f"the project {project}" if look.kind == "project" else f"{len(look.answer['adopted'])} containers"
    status.add_timeline(stack.pk, at=time.time(), kind="engine", text=f"{what} was adopted as it ran", by=actor.username)
    look.delete()
    card = wire.CardChanged(stack_id=str(stack.pk), card=stack_card(stack))
    transaction.on_commit(lambda: announce.card(team_id, card))
    transaction.on_commit(lambda: announce.ask_watcher_resync(stack.pk))
    return stack


def _refusal(look: Look, *, team_id: UUID, name: str) -> Declined:
    if Stack.objects.filter(team_id=team_id, name=name).exists():
        return invalid(name_taken(name))
    return Declined(
        409,
        code="adopted-already",
        message="Another stack has taken this in meanwhile.",
        fix="Look again at what is on the engine.",
    )
