"""Names that pass from one container of the stack to another.

One whose name another is to have gets its own before the stack's containers are touched in any other way, and all that follows
waits for that: so a name is free when it is taken, and means one container only. A circle is opened by a passing name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from topology.core.design import Design
from topology.core.differences import NEXT, Wanted, label_of
from topology.core.draft import Draft
from topology.core.observed import Observed, ObservedContainer
from topology.core.plan import Impact, Kind


def pass_names(
    draft: Draft, design: Design, observed: Observed, *, wanted: list[Wanted], removed: Mapping[str, int]
) -> tuple[Observed, list[Wanted]]:
    """Add the renames; gives what is there and what is wanted as they are after them. `removed`: container id → its removal."""
    moves = _Moves(draft, design, observed, wanted=wanted, removed=removed)
    moves.run()
    return _renamed(observed, wanted, names=moves.names)


class _Moves:
    """`names` has the id of each container that is renamed → its name by now."""

    def __init__(
        self, draft: Draft, design: Design, observed: Observed, *, wanted: list[Wanted], removed: Mapping[str, int]
    ) -> None:
        self.draft, self.design = draft, design
        self.removed = {one.name: removed[one.id] for one in observed.containers if one.id in removed}
        self.names: dict[str, str] = {}
        self._moving = self._possible(observed, wanted, removed=removed)

    @staticmethod
    def _possible(observed: Observed, wanted: list[Wanted], *, removed: Mapping[str, int]) -> dict[str, Wanted]:
        """Name → who bears it and is to have another. Whose own name is held by one that keeps it stays as well."""
        asked = {one.name for one in wanted}
        asked |= {one.name + NEXT for one in wanted if one.remake}  # by its successor; an apply broke off while names were passed
        found = {
            one.there.name: one
            for one in wanted
            if one.there is not None and one.there.name != one.name and one.there.name in asked
        }
        staying = {one.name for one in observed.containers if one.id not in removed} - found.keys()
        while stuck := [name for name, one in found.items() if one.name in staying]:
            for name in stuck:
                staying.add(name)
                del found[name]
        return found

    def run(self) -> None:
        """Those first whose own name is free; where there are none, one of a circle makes way."""
        while self._moving:
            free = [name for name, one in self._moving.items() if one.name not in self._moving]
            name = free[0] if free else next(iter(self._moving))
            one = self._moving.pop(name)
            self._rename(one, name, to=one.name if free else one.name + NEXT)
            if not free:
                self._moving[one.name + NEXT] = one

    def _rename(self, one: Wanted, name: str, *, to: str) -> None:
        assert one.there is not None
        taker = next((other for other in self._moving.values() if other.name == name), one)
        cause = f"{to} is its name" if to == one.name else f"{label_of(self.design, taker.service, taker.number)} takes its name"
        self.draft.first.append(self.draft.add(
            Kind.RENAME_CONTAINER, f"service:{one.service}", f"rename {name} to {to}", cause=cause, impact=Impact.IN_PLACE,
            detail={"container": name, "to": to}, needs=[self.removed[to]] if to in self.removed else [],
        ))  # fmt: skip
        self.names[one.there.id] = to


def _renamed(observed: Observed, wanted: list[Wanted], *, names: Mapping[str, str]) -> tuple[Observed, list[Wanted]]:
    def now(one: ObservedContainer) -> ObservedContainer:
        return replace(one, name=names[one.id]) if one.id in names else one

    if not names:
        return observed, wanted
    found = [replace(one, there=now(one.there)) if one.there is not None else one for one in wanted]
    return replace(observed, containers=tuple(now(one) for one in observed.containers)), found
