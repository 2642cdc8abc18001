"""Make a stack: empty, from a Compose text, or from an example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from topology import announce, wire
from topology.actions.authorize import Actor, record, require, rights_in
from topology.actions.declined import invalid
from topology.actions.edit_stack import size_problem
from topology.actions.ensure_engine import ensure_engine
from topology.compose.examples import EXAMPLES
from topology.core.access import Right
from topology.core.bundle import DEFAULT_NAME, Bundle, default_overrides
from topology.core.edit import ReplaceText
from topology.core.edit_json import to_json
from topology.core.problems import Problem
from topology.core.slug import is_project, project_name
from topology.models import Engine, Op, Stack
from topology.store.files import keep_files
from topology.store.readings import is_readable, reading_of
from topology.store.stacks import stack_card, stack_view

LONGEST_NAME = 80
EMPTY_TEXT = "services: {}\n"


def create_stack(
    actor: Actor,
    *,
    team_id: UUID,
    name: str,
    text: str | None = None,
    example: str | None = None,
    files: Mapping[str, str] | None = None,
    overrides: Sequence[str] | None = None,
    file_name: str = "",
) -> wire.StackView:
    """The new stack, with its companions. Texts are kept as they are, byte for byte, also those that cannot be read: the stack
    shows their problems. `overrides` None merges what Compose itself would.
    """
    require(actor, Right.DRAW, team_id, action="create_stack", subject=f"team:{team_id}", what="team")
    name = clean_name(name)
    bundle = make_files(_starting_text(text, example), files=files or {}, overrides=overrides, file_name=file_name)
    engine = ensure_engine()
    try:
        with transaction.atomic():
            stack = _insert(actor, team_id=team_id, engine=engine, name=name, bundle=bundle)
            record(actor, "create_stack", subject=f"stack:{stack.pk}", team_id=team_id, detail={"name": name})
            card = wire.CardChanged(stack_id=str(stack.pk), card=stack_card(stack))
            transaction.on_commit(lambda: announce.card(team_id, card))
            transaction.on_commit(lambda: announce.ask_watcher_resync(stack.pk))
    except IntegrityError as error:
        raise invalid(name_taken(name)) from error
    return stack_view(stack, rights=rights_in(actor, team_id))


def make_files(text: str, *, files: Mapping[str, str], overrides: Sequence[str] | None, file_name: str) -> Bundle:
    """The files as a stack keeps them; Declined 422 for paths and sizes that it does not keep."""
    main = file_name or DEFAULT_NAME
    merged = default_overrides(main, list(files)) if overrides is None else tuple(overrides)
    bundle = Bundle(text, dict(files), merged, main)
    if "\0" in text or any("\0" in one for one in files.values()):
        raise invalid(Problem("file-has-nul", "A file holds a NUL: it is no text.", fix="Take it out, or save the file as text."))
    if problem := size_problem(bundle, before=Bundle("")):
        raise invalid(problem)
    return bundle


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


def _insert(actor: Actor, *, team_id: UUID, engine: Engine, name: str, bundle: Bundle) -> Stack:
    project = _project(actor, engine, name=name, bundle=bundle)
    stack = Stack.objects.create(
        team_id=team_id, engine=engine, name=name, project=project, text=bundle.text, updated_by_id=actor.user_id
    )
    stack.tree = keep_files(stack, bundle, version=1, before=Bundle(""), tree={})
    if is_readable(reading_of(bundle, project=project)):
        stack.good_text, stack.good_tree = stack.text, stack.tree
    stack.save(update_fields=["tree", "good_text", "good_tree"])
    Op.objects.create(
        stack=stack, version=1, op_id=f"create-{stack.pk}", by_id=actor.user_id, edit=to_json(ReplaceText(bundle.text)), inverse={},
        message="Created", text=bundle.text, tree=stack.tree,
    )  # fmt: skip
    return stack


def _project(actor: Actor, engine: Engine, *, name: str, bundle: Bundle) -> str:
    """The project's name on the engine: the text's own `name`, else one made of the stack's, in both cases one that is free.

    What runs, or has left data, under a project's name belongs to whoever made it: a new stack does not come to rule over it. Only
    an engine administrator who names it in the text takes it over.
    """
    stacks = set(Stack.objects.filter(engine=engine).values_list("project", flat=True))
    there = set((engine.facts or {}).get("projects", ()))
    written = (reading_of(bundle, project="stack").raw or {}).get("name")
    if isinstance(written, str) and is_project(written) and written not in stacks:
        if written not in there or actor.is_administrator:
            return written
        return project_name(written, taken=stacks | there)
    return project_name(name, taken=stacks | there)
