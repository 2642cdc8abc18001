"""Which containers of a service are wanted: as many as its scale, whatever their numbers, as in Compose.

Compose (2.26.1) leaves containers 2 and 3 of a scale of 2 as they are, and takes away the highest numbers. Where others name the
first container (a shared namespace, volumes, a link) that has to be number 1. What is missing gets the lowest free numbers.
"""

from __future__ import annotations

from itertools import count, islice

from topology.core.design import Design
from topology.core.observed import Observed
from topology.core.order import bonds


def wanted_numbers(design: Design, observed: Observed) -> dict[str, list[int]]:
    """Service → the numbers of its containers, ascending."""
    there = observed.by_service()
    named = {bond.service for spec in design.services.values() for bond in bonds(design, spec)}
    named |= {link.target for spec in design.services.values() for link in spec.links if not link.external}
    found = {}
    for name, spec in design.services.items():
        kept = [] if name in named else sorted({one.number for one in there.get(name, ())})[: spec.scale]
        free = (number for number in count(1) if number not in kept)
        found[name] = sorted([*kept, *islice(free, spec.scale - len(kept))])
    return found
