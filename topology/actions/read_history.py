"""Look at a stack's versions: the list, one of them as a picture, and what differs between two."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from topology import wire
from topology.actions.authorize import Actor, find_stack, record, rights_in
from topology.actions.declined import Declined, invalid
from topology.core.access import Right
from topology.core.problems import Problem
from topology.core.revision_diff import FileChange, file_changes, node_changes
from topology.models import Op, Stack
from topology.store import history
from topology.store.files import bundle_of
from topology.store.guests import hidden_paths
from topology.store.readings import good_design
from topology.store.stacks import view_of_version

LONGEST_NAME = 120


def list_revisions(actor: Actor, *, stack_id: UUID) -> list[wire.Revision]:
    """The versions, newest first, with what was applied of them."""
    return history.revisions_of(find_stack(actor, stack_id, Right.LOOK, action="list_revisions"))


def read_revision(actor: Actor, *, stack_id: UUID, version: int) -> wire.RevisionView:
    """A version as it was, masked as the stack itself is, without any right to change it."""
    stack = find_stack(actor, stack_id, Right.LOOK, action="read_revision")
    op = find_version(stack, version)
    rights = rights_in(actor, stack.team_id)
    return wire.RevisionView(
        revision=history.revision_view(op, applied=history.applied_of(stack.pk, version)),
        stack=view_of_version(stack, op, rights=rights),
        images={service: row.image_id for service, row in history.images_of(stack, version).items()},
    )


def read_difference(actor: Actor, *, stack_id: UUID, old: int, new: int) -> wire.Difference:
    """From version `old` to `new`. Whoever may not draw sees which files with values differ, not their lines."""
    stack = find_stack(actor, stack_id, Right.LOOK, action="read_difference")
    before, after = (bundle_of(find_version(stack, version)) for version in (old, new))
    draws = Right.DRAW in rights_in(actor, stack.team_id)
    hidden = set() if draws else hidden_paths(before) | hidden_paths(after)
    designs = [good_design(bundle, project=stack.project) for bundle in (before, after)]
    return wire.Difference(
        old_version=old,
        new_version=new,
        files=[_file_view(one, hidden=one.path in hidden) for one in file_changes(before, after)],
        nodes=[wire.NodeDifference(id=one.id, change=one.change, fields=list(one.keys)) for one in node_changes(*designs)],
    )


def name_revision(actor: Actor, *, stack_id: UUID, version: int, name: str) -> wire.Revision:
    """Give a version a name, by which it is kept for good; "" takes it away."""
    stack = find_stack(actor, stack_id, Right.DRAW, action="name_revision")
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise invalid(
            Problem("name-length", f"A version's name has at most {LONGEST_NAME} characters.", fix="Choose a shorter one.")
        )
    with transaction.atomic():
        op = find_version(stack, version)
        Op.objects.filter(pk=op.pk).update(name=name)
        op.name = name
        record(actor, "name_revision", subject=f"stack:{stack.pk}", team_id=stack.team_id, detail={"version": version})
    return history.revision_view(op, applied=history.applied_of(stack.pk, version))


def find_version(stack: Stack, version: int) -> Op:
    """A version's row; Declined 404 where it never was, or was thinned out."""
    found = history.find_version(stack, version)
    if found is None:
        raise Declined(
            404, code="version-not-found", message=f"There is no version {version} of this stack.",
            fix="It may have been thinned out: name the versions that you want to keep.",
        )  # fmt: skip
    return found


def _file_view(one: FileChange, *, hidden: bool) -> wire.FileDifference:
    hunks = [
        wire.DifferenceHunk(
            old_line=hunk.old_line, new_line=hunk.new_line,
            lines=[wire.DifferenceLine(kind=line.kind, text=line.text) for line in hunk.lines],
        )
        for hunk in one.hunks
    ]  # fmt: skip
    return wire.FileDifference(path=one.path, change=one.change, hidden=hidden, hunks=[] if hidden else hunks)
