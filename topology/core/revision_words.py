"""What an edit did, in a line of a stack's history. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from topology.core.design import Design
from topology.core.revision_diff import NodeChange, node_changes

MOST_NAMED = 4
MOST_KEYS = 3
_ORDER = ("service", "network", "volume", "config", "secret")


def change_words(old: Design, new: Design) -> str:
    """Such as "Added job; changed web (command, networks); removed network old". "" where nothing of the graph differs."""
    unwritten = {f"network:{key}" for design in (old, new) for key, one in design.networks.items() if one.implicit}
    changes = [one for one in node_changes(old, new) if one.id not in unwritten]
    parts = [_part(verb, [one for one in changes if one.change == verb]) for verb in ("added", "changed", "removed")]
    words = "; ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def _part(verb: str, changes: Sequence[NodeChange]) -> str:
    """The nodes by name, or their number where they are many."""
    if not changes:
        return ""
    if len(changes) > MOST_NAMED:
        kinds = [one.id.partition(":")[0] for one in changes]
        counts = [(kind, kinds.count(kind)) for kind in _ORDER if kind in kinds]
        return f"{verb} {', '.join(f'{count} {kind}' + 's' * (count > 1) for kind, count in counts)}"
    changes = sorted(changes, key=lambda one: (_ORDER.index(one.id.partition(":")[0]), one.id))
    return f"{verb} {', '.join(_node(one) for one in changes)}"


def _node(change: NodeChange) -> str:
    kind, _, name = change.id.partition(":")
    keys = change.keys[:MOST_KEYS]
    more = [f"{len(change.keys) - MOST_KEYS} more"] if len(change.keys) > MOST_KEYS else []
    return f"{'' if kind == 'service' else f'{kind} '}{name}" + (f" ({', '.join([*keys, *more])})" if keys else "")
