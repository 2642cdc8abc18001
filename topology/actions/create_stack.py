"""Make a stack: empty, from a Compose text, or from an example."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from topology import announce, wire
from topology.actions.authorize import Actor, record, require, rights_in
from topology.actions.declined import Declined, invalid
from topology.actions.ensure_engine import ensure_engine
from topology.compose.examples import EXAMPLES
from topology.core.access import Right
from topology.core.edit import ReplaceText, to_json
from topology.core.problems import Problem
from topology.core.slug import is_project, project_name
from topology.models import Engine, Op, Stack
from topology.store.readings import problems_of, reading_of
from topology.store.stacks import stack_card, stack_view

LONGEST_NAME = 80
EMPTY_TEXT = "services: {}\n"


def create_stack(actor: Actor, *, team_id: UUID, name: str, text: str | None = None, example: str | None = None) -> wire.StackView:
    """The new stack. A text that cannot be read is refused with its problems: there is nothing to draw yet."""
    require(actor, Right.DRAW, team_id, action="create_stack", subject=f"team:{team_id}", what="team")
    name = clean_name(name)
    text = _starting_text(text, example)
    engine = ensure_engine()
    if reading_of(text, project="stack").design is None:
        problems = problems_of(text, project="stack")
        raise Declined(422, code="text-unreadable", message="This Compose file cannot be read.",
                       fix="Mend the lines named below and try again.", problems=problems)  # fmt: skip
    try:
        with transaction.atomic():
            stack = _insert(actor, team_id=team_id, engine=engine, name=name, text=text)
            record(actor, "create_stack", subject=f"stack:{stack.pk}", team_id=team_id, detail={"name": name})
            card = wire.CardChanged(stack_id=str(stack.pk), card=stack_card(stack))
            transaction.on_commit(lambda: announce.card(team_id, card))
            transaction.on_commit(lambda: announce.ask_watcher_resync(stack.pk))
    except IntegrityError as error:
        raise invalid(name_taken(name)) from error
    return stack_view(stack, rights=rights_in(actor, team_id))


def clean_name(name: str) -> str:
    """A stack's name: 1 to 80 characters after trimming; else Declined."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise invalid(Problem("name-length", f"A stack's name has 1 to {LONGEST_NAME} characters.", fix="Choose another name."))
    return name


def name_taken(name: str) -> Problem:
    return Problem("name-taken", f"The team already has a stack named {name}.", fix="Choose another name.")


def _starting_text(text: str | None, example: str | None) -> str:
    if text is not None:
        return text
    if example is None:
        return EMPTY_TEXT
    found = next((one for one in EXAMPLES if one.id == example), None)
    if found is None:
        raise invalid(Problem("example-unknown", "There is no such example.", fix="Choose one from the list."))
    return found.text


def _insert(actor: Actor, *, team_id: UUID, engine: Engine, name: str, text: str) -> Stack:
    project = _project(actor, engine, name=name, text=text)
    stack = Stack.objects.create(
        team_id=team_id, engine=engine, name=name, project=project, text=text, good_text=text, updated_by_id=actor.user_id
    )
    Op.objects.create(
        stack=stack, version=1, op_id=f"create-{stack.pk}", by_id=actor.user_id, edit=to_json(ReplaceText(text)), inverse={},
        message="Created", text=text,
    )  # fmt: skip
    return stack


def _project(actor: Actor, engine: Engine, *, name: str, text: str) -> str:
    """The project's name on the engine: the text's own `name`, else one made of the stack's, in both cases one that is free.

    What runs, or has left data, under a project's name belongs to whoever made it: a new stack does not come to rule over it. Only
    an engine administrator who names it in the text takes it over.
    """
    stacks = set(Stack.objects.filter(engine=engine).values_list("project", flat=True))
    there = set((engine.facts or {}).get("projects", ()))
    written = (reading_of(text, project="stack").raw or {}).get("name")
    if isinstance(written, str) and is_project(written) and written not in stacks:
        if written not in there or actor.is_administrator:
            return written
        return project_name(written, taken=stacks | there)
    return project_name(name, taken=stacks | there)
