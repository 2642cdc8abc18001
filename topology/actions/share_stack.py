"""Read-only links to one stack: made, listed and revoked by owners, opened by anybody who holds one."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from topology import announce, wire
from topology.actions.authorize import Actor, find_stack, record, require, require_login
from topology.actions.declined import Declined, not_found
from topology.core.access import Right
from topology.models import ShareLink
from topology.store.people import share_view, token_hash


def list_shares(actor: Actor, *, stack_id: UUID) -> list[wire.Share]:
    find_stack(actor, stack_id, Right.MANAGE, action="list_shares")
    return [
        share_view(row) for row in ShareLink.objects.filter(stack_id=stack_id).select_related("created_by").order_by("-created_at")
    ]


def create_share(actor: Actor, *, stack_id: UUID) -> wire.Share:
    """The link; its token is in this answer only."""
    stack = find_stack(actor, stack_id, Right.MANAGE, action="create_share")
    assert actor.user_id is not None
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = ShareLink.objects.create(stack=stack, token_hash=token_hash(token), created_by_id=actor.user_id)
        record(actor, "create_share", subject=f"stack:{stack_id}", team_id=stack.team_id, detail={"share": str(row.pk)})
    return share_view(row, token=token)


def revoke_share(actor: Actor, *, share_id: UUID) -> None:
    """Whoever looks through the link is put out within seconds."""
    require_login(actor)
    row = ShareLink.objects.select_related("stack").filter(pk=share_id).first()
    if row is None:
        raise not_found("share link")
    team_id, stack_id = row.stack.team_id, row.stack_id
    require(actor, Right.MANAGE, team_id, action="revoke_share", subject=f"share:{share_id}", what="share link")
    with transaction.atomic():
        record(actor, "revoke_share", subject=f"stack:{stack_id}", team_id=team_id, detail={"share": str(share_id)})
        row.delete()
        transaction.on_commit(lambda: announce.stack_access_changed(stack_id))


def open_share(actor: Actor, *, token: str) -> ShareLink:
    """The link that a token belongs to; the caller keeps its id for the visitor (in the session). Declined 404 for any other."""
    row = ShareLink.objects.select_related("stack").filter(token_hash=token_hash(token)).first()
    if row is None:
        raise Declined(404, code="share-unknown", message="This link is not valid, or it was revoked.",
                       fix="Ask the person who sent it for a new one.")  # fmt: skip
    ShareLink.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    return row
