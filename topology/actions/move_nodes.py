"""Place nodes on the canvas. Moving a box never changes the design."""

from __future__ import annotations

import math
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from topology import announce, wire
from topology.actions.authorize import Actor, find_stack
from topology.actions.declined import invalid
from topology.actions.edit_stack import lock_stack
from topology.core.access import Right
from topology.core.problems import Problem

MOST_NODES = 5000
FARTHEST = 1_000_000


def move_nodes(actor: Actor, *, stack_id: UUID, op_id: str, nodes: Mapping[str, wire.NodeLayout | None]) -> wire.MoveResult:
    """The new layout version. What a node's new layout does not say is kept; None forgets its place."""
    find_stack(actor, stack_id, Right.DRAW, action="move_nodes")
    for node, at in nodes.items():
        _check(node, at)
    with transaction.atomic():
        stack = lock_stack(stack_id)
        for node, at in nodes.items():
            if at is None:
                stack.layout.pop(node, None)
            else:
                stack.layout[node] = {**stack.layout.get(node, {}), **at.model_dump(exclude_none=True)}
        if len(stack.layout) > MOST_NODES:
            raise invalid(Problem("layout-too-large", f"A layout holds {MOST_NODES} places at most.", fix="Remove unused ones."))
        stack.layout_version += 1
        stack.save(update_fields=["layout", "layout_version"])
        change = wire.LayoutChanged(op_id=op_id, layout_version=stack.layout_version, nodes=dict(nodes))
        transaction.on_commit(lambda: announce.layout(stack_id, change))
    return wire.MoveResult(layout_version=stack.layout_version)


def _check(node: str, at: wire.NodeLayout | None) -> None:
    kind, sign, name = node.partition(":")
    if not sign or kind not in ("service", "network", "volume") or len(name) > 255:
        raise invalid(Problem("node-unknown", "This is no node's id.", fix="Give service:NAME, network:KEY or volume:KEY."))
    numbers = [value for value in (at.x, at.y, at.w, at.h) if value is not None] if at else []
    if not all(math.isfinite(value) and abs(value) <= FARTHEST for value in numbers):
        raise invalid(Problem("place-out-of-range", "This place is outside the canvas.", fix="Move the node nearer."))
