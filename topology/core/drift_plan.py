"""A plan cut down to some objects: what puts back one service, without touching what else differs."""

from __future__ import annotations

from collections.abc import Collection

from topology.core.design import Design
from topology.core.order import bonds
from topology.core.payload_network import bridge_links
from topology.core.plan import Impact, Kind, Plan, renumbered

# What leaves a container worse off than it was, unless the rest that the plan has for it follows.
UNFINISHED = frozenset({
    Kind.DISCONNECT, Kind.STOP, Kind.KILL, Kind.RESTART, Kind.CREATE_CONTAINER, Kind.RENAME_CONTAINER, Kind.REMOVE_CONTAINER,
})  # fmt: skip


def restrict(plan: Plan, design: Design, *, subjects: Collection[str]) -> Plan:
    """The operations about these subjects, with all that they need. A service that has to give way for them, its port or its
    address, is put back whole: half of it would leave it stopped or off its network. A container that is made anew takes along
    those that are tied to it at creation: they would be left without a network. Notes of other subjects are none of this plan's.
    """
    chosen = _closed(plan, design, set(subjects))
    order = sorted(_with_needs(plan, chosen))
    place = {old: new for new, old in enumerate(order)}
    operations = tuple(renumbered(plan.operations[old], place.__getitem__) for old in order)
    subjects_kept = chosen | {one.subject for one in operations}
    return Plan(operations, tuple(note for note in plan.notes if note.subject in subjects_kept))


def _closed(plan: Plan, design: Design, subjects: set[str]) -> set[str]:
    """The subjects, with all whose containers these could not do without, nor be left as these leave them."""
    while True:
        subjects = _with_tied(plan, design, subjects)
        needed = (plan.operations[index] for index in _with_needs(plan, subjects))
        more = {one.subject for one in needed if one.kind in UNFINISHED} - subjects
        if not more:
            return subjects
        subjects = subjects | more


def _with_needs(plan: Plan, subjects: set[str]) -> set[int]:
    """The indexes of all operations about these subjects, and of those that they need."""
    kept = {index for index, one in enumerate(plan.operations) if one.subject in subjects}
    left = list(kept)
    while left:
        for need in plan.operations[left.pop()].needs:
            if need not in kept:
                kept.add(need)
                left.append(need)
    return kept


def _with_tied(plan: Plan, design: Design, subjects: set[str]) -> set[str]:
    anew = {one.subject for one in plan.operations if one.impact in (Impact.RECREATE, Impact.NEW, Impact.RESTART)}
    while True:
        more = {
            f"service:{name}" for name, spec in design.services.items()
            if f"service:{name}" not in subjects and any(f"service:{other}" in subjects & anew for other in _tied(design, name))
        }  # fmt: skip
        if not more:
            return subjects
        subjects = subjects | more


def _tied(design: Design, name: str) -> set[str]:
    """The services whose containers this one's is bound to from its creation on."""
    spec = design.services[name]
    linked = {link.target for link in spec.links if not link.external} if bridge_links(design, name) else set()
    return {bond.service for bond in bonds(design, spec)} | linked
