"""Make the newest version what an older one was: one edit, that can be undone like any other."""

from __future__ import annotations

from uuid import UUID

from topology import wire
from topology.actions.authorize import Actor, find_stack
from topology.actions.declined import Declined
from topology.actions.edit_stack import edit_stack
from topology.actions.read_history import find_version
from topology.core.access import Right
from topology.core.bundle import Bundle
from topology.core.edit import Edit, RemoveFile, RenameFile, ReplaceText, SetOverrides, Several
from topology.core.edit_json import to_json
from topology.models import Op
from topology.store.files import bundle_of


def restore_revision(actor: Actor, *, stack_id: UUID, version: int, op_id: str) -> wire.EditResult:
    """The stack after it, with what undoes it. Texts, companions and what is merged are as they were, byte for byte; places stay.

    The same `op_id` again changes nothing. Declined 404 where the version is gone, 409 where nothing differs.
    """
    stack = find_stack(actor, stack_id, Right.DRAW, action="restore_revision")
    op = find_version(stack, version)
    edits = edits_between(bundle_of(stack), bundle_of(op))
    if not edits and not Op.objects.filter(stack=stack, op_id=op_id).exists():
        raise Declined(409, code="nothing-to-restore", message=f"The stack is already as it was at version {version}.")
    words = f"Restore version {version}" + (f" ({op.name})" if op.name else "")
    return edit_stack(actor, stack_id=stack_id, op_id=op_id, edit=to_json(Several(tuple(edits))), message=words)


def edits_between(now: Bundle, then: Bundle) -> list[Edit]:
    """What makes the files of `now` those of `then`. Files go first, so that a name is free when another takes it."""
    edits: list[Edit] = [RemoveFile(path) for path in sorted(now.files) if path not in then.files]
    if now.name != then.name:
        edits.append(RenameFile("", then.name))
    if now.text != then.text:
        edits.append(ReplaceText(then.text))
    edits += [ReplaceText(text, path) for path, text in sorted(then.files.items()) if now.files.get(path) != text]
    merged = tuple(path for path in now.overrides if path in then.files)
    if merged != then.overrides:
        edits.append(SetOverrides(then.overrides))
    return edits
