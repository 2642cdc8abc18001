"""One edit of a stack: spliced into the text, ordered by a lock on the stack's row, told to everybody on commit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from topology import announce, wire
from topology.actions.authorize import Actor, find_stack, rights_in
from topology.actions.declined import Declined, invalid
from topology.actions.see_drift import tell_drift
from topology.compose.bundle import Done, apply_to
from topology.compose.document import MAX_BYTES
from topology.core.access import Right
from topology.core.bundle import Bundle, bundle_problem
from topology.core.edit import (
    Edit,
    InFile,
    PatchText,
    RemoveFile,
    RenameFile,
    RenameNetwork,
    RenameService,
    RenameVolume,
    ReplaceText,
    SetOverrides,
    Several,
)
from topology.core.edit_json import from_json, to_json
from topology.core.problems import Problem
from topology.core.revision_words import change_words
from topology.models import Op, Stack
from topology.store import history
from topology.store.drifts import load_drift
from topology.store.files import bundle_of, good_bundle_of, keep_files
from topology.store.graphs import full_layout
from topology.store.guests import for_viewer
from topology.store.readings import KEPT_CHARS, good_design, is_readable, problems_of, reading_of
from topology.store.stacks import stack_card, stack_view

LONGEST_OP_ID = 64
THIN_EVERY = 50  # versions
CHANGED_MEANWHILE = "lines-changed"


def edit_stack(
    actor: Actor, *, stack_id: UUID, op_id: str, edit: dict[str, Any], message: str = "", file: str = ""
) -> wire.EditResult:
    """The stack after the edit, and what undoes it. The same `op_id` again changes nothing and gives the same answer.

    `file` is the companion in which an edit of the graph is done, "" the main text; typing names its file itself.

    Text that people type is kept even while it cannot be read; any other edit that would leave such a text is refused (422).
    """
    find_stack(actor, stack_id, Right.DRAW, action="edit_stack")
    wanted = from_json(edit)
    if isinstance(wanted, Problem):
        raise invalid(wanted)
    if not 0 < len(op_id) <= LONGEST_OP_ID:
        raise invalid(Problem("op-id-length", f"`op_id` has 1 to {LONGEST_OP_ID} characters.", fix="Send a UUID."))
    with transaction.atomic():
        stack = lock_stack(stack_id)
        op = Op.objects.filter(stack=stack, op_id=op_id).first() or _perform(
            actor, stack, wanted, file=file, op_id=op_id, message=message
        )
    if load_drift(stack.pk):  # the edit may say what runs
        tell_drift(stack.pk)
    view = stack_view(stack, rights=rights_in(actor, stack.team_id))
    return wire.EditResult(version=op.version, inverse=op.inverse, notes=op.notes, stack=view)


def lock_stack(stack_id: UUID) -> Stack:
    """The stack's row, locked until the transaction ends: on SQLite by the transaction itself, which is IMMEDIATE."""
    found = Stack.objects.select_for_update(of=("self",)).select_related("team", "updated_by").filter(pk=stack_id).first()
    if found is None:
        raise Declined(404, code="not-found", message="There is no such stack.", fix="Somebody has deleted it meanwhile.")
    return found


def _perform(actor: Actor, stack: Stack, edit: Edit, *, file: str, op_id: str, message: str) -> Op:
    before = bundle_of(stack)
    done = apply_to(before, edit, file=file)
    if isinstance(done, Problem):
        raise invalid(done, status=409 if done.code == CHANGED_MEANWHILE else 422)
    after = done.bundle
    if problem := size_problem(after, before=before):
        raise invalid(problem)
    readable = is_readable(reading_of(after, project=stack.project))
    if not readable and not _is_typing(edit):
        raise Declined(422, code="edit-unreadable", message="The file could not be read after this edit.",
                       fix="Give a value of the right form.", problems=problems_of(after, project=stack.project))  # fmt: skip
    _keep_places(stack, edit)
    message = message or _words(stack, before, after)
    stack.version += 1
    stack.text, stack.tree = after.text, keep_files(stack, after, version=stack.version, before=before, tree=stack.tree)
    if readable:
        stack.good_text, stack.good_tree = stack.text, stack.tree
    stack.updated_by_id = actor.user_id
    stack.save()
    stack.refresh_from_db(fields=["updated_by"])
    op = _journal(actor, stack, edit, done, op_id=op_id, message=message)
    if stack.version % THIN_EVERY == 0:
        history.thin(stack.pk)
    announce_design(actor, stack, op_id=op_id)
    return op


def _words(stack: Stack, before: Bundle, after: Bundle) -> str:
    """What an edit did that came without words: typing, or a script's. Told of what can be read and was read anyway."""
    if max(len(before.text), len(after.text)) > KEPT_CHARS:
        return ""
    old, new = (reading_of(bundle, project=stack.project).design for bundle in (before, after))
    return "" if old is None or new is None else change_words(old, new) or "Edited the text only"


def size_problem(after: Bundle, *, before: Bundle) -> Problem | None:
    """What is too large, or named wrongly, to be kept."""
    if len(after.text) > MAX_BYTES and len(after.text) > len(before.text):
        return Problem("file-too-large", "The file would be over 2 MB.", fix="Split it into several stacks.")
    return bundle_problem(after, before=before)


def _journal(actor: Actor, stack: Stack, edit: Edit, done: Done, *, op_id: str, message: str) -> Op:
    return Op.objects.create(
        stack=stack, version=stack.version, op_id=op_id, by_id=actor.user_id, edit=to_json(edit), inverse=to_json(done.inverse),
        notes=list(done.notes), message=message[:200], text=stack.text, tree=stack.tree,
    )  # fmt: skip


def announce_design(actor: Actor, stack: Stack, *, op_id: str = "") -> None:
    """Tell everybody, on commit, how the stack and its card are now; each as they may see it."""
    view = stack_view(stack)
    seen = for_viewer(view, bundle_of(stack))
    change = wire.DesignChanged(op_id=op_id, by=actor.username, stack=view)
    for_viewers = None if seen is view else change.model_copy(update={"stack": seen})
    card = wire.CardChanged(stack_id=str(stack.pk), card=stack_card(stack))
    transaction.on_commit(lambda: announce.design(stack.pk, change, for_viewers=for_viewers))
    transaction.on_commit(lambda: announce.card(stack.team_id, card))


def _is_typing(edit: Edit) -> bool:
    """Whether an edit may leave files that cannot be read: what people type, and files that come and go one by one."""
    if isinstance(edit, InFile):
        return _is_typing(edit.edit)
    typed = isinstance(edit, PatchText | ReplaceText | RemoveFile | RenameFile | SetOverrides)
    return typed or (isinstance(edit, Several) and any(_is_typing(one) for one in edit.edits))


def _keep_places(stack: Stack, edit: Edit) -> None:
    """Every node stays where people saw it, through any edit; a renamed one takes its place along."""
    design = good_design(good_bundle_of(stack), project=stack.project)
    for node, at in full_layout(design, stack.layout).items():
        stack.layout.setdefault(node, {"x": at.x, "y": at.y})
    for old, new in _renames(edit):
        if old in stack.layout:
            stack.layout[new] = stack.layout.pop(old)


def _renames(edit: Edit) -> list[tuple[str, str]]:
    if isinstance(edit, InFile):
        return _renames(edit.edit)
    if isinstance(edit, RenameService):
        return [(f"service:{edit.name}", f"service:{edit.to}")]
    if isinstance(edit, RenameNetwork):
        return [(f"network:{edit.name}", f"network:{edit.to}")]
    if isinstance(edit, RenameVolume):
        return [(f"volume:{edit.name}", f"volume:{edit.to}")]
    return [pair for one in edit.edits for pair in _renames(one)] if isinstance(edit, Several) else []
