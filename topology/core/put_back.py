"""Puts back the containers whose place was taken, where the new ones did not get as far as staying up, and those that were cut off.

The first were stopped and set aside by the same plan (`core.plan_replacing`). The new one goes, the old one gets its name, its
networks and its restart policy again, and starts. The second go on running, but the plan has taken them off a network and did not
come to connecting them again: they are connected as they were. What ran before an apply that failed runs after it, and is reached.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from topology.core.design import Design
from topology.core.differences import OLD, label_of
from topology.core.draft import Draft, is_up
from topology.core.lost_wires import cut_off
from topology.core.observed import Observed, ObservedContainer
from topology.core.order import needs_of, shared_services, start_order
from topology.core.payload_host import restart_policy
from topology.core.plan import Impact, Kind, Plan
from topology.core.plan_removals import grace_s
from topology.core.plan_replacing import bound_groups
from topology.core.wires_again import WiresAgain


def plan_put_back(design: Design, plan: Plan, before: Observed, now: Observed, *, cause: str, done: Collection[int] = ()) -> Plan:
    """What brings back the containers that `plan`, made when the engine was as `before`, has stopped and not replaced.

    `done` are the indexes of its operations that were carried out. Empty when there is nothing to bring back. The operations have
    an order and needs of their own.
    """
    return _PutBack(design, before, now, cause=cause).plan(plan, done=done)


Pair = tuple[ObservedContainer, ObservedContainer]  # a container as it was and as it is


class _PutBack:
    def __init__(self, design: Design, before: Observed, now: Observed, *, cause: str) -> None:
        self.design, self.before, self.now, self.cause = design, before, now, cause
        self.draft = Draft(design)
        self.started: dict[str, list[int]] = {}  # service → the starts of its containers
        self.again: dict[str, int] = {}  # container's id → its start
        self.removed: dict[str, int] = {}
        self.names: dict[str, str] = {}  # name → the id of the container that is to have it
        self.wires = WiresAgain(self.draft, design, before, now, cause=cause, removed=self.removed)
        order, _ = start_order(design, list(design.services))
        self._places = {name: place for place, name in enumerate(order)}

    def plan(self, plan: Plan, *, done: Collection[int]) -> Plan:
        replaced = self._replaced(plan)
        settled = self._settled(plan, done, replaced)
        left = [(was, old) for was, old in self._left(replaced) if (old.service, self._name_of(old)) not in settled]
        left = self._in_order(left)
        cleared = [self._clear(old) for _, old in reversed(left)][::-1]
        self.names = {was.name.removesuffix(OLD): old.id for was, old in left}
        for (was, old), needs in zip(left, cleared, strict=True):
            self._bring_back(was, old, needs=needs)
        for there, lost in cut_off(plan, self.before, self.now):
            label = self._label(there)
            for wire in lost:
                self.wires.join(there, wire, name=there.name, label=label, impact=Impact.IN_PLACE, needs=[])
        others = {one.id for one in self.before.containers} - {old.id for _, old in left}
        for one in sorted(self.now.containers, key=self._place):
            if is_up(one) and one.id in others:
                self._restart_sharer(one)
        self.wires.settle()
        return self.draft.plan()

    def _place(self, one: ObservedContainer) -> tuple[int, int, str]:
        return self._places.get(one.service, len(self._places)), one.number, one.name

    def _in_order(self, left: list[Pair]) -> list[Pair]:
        """As they start, each after the one whose network it shares."""
        found: list[Pair] = []
        for pair in sorted(left, key=lambda pair: self._place(pair[1])):
            owners = [other for other in left if other[1].id == self._owner(pair[1])]
            found += [one for one in [*owners, pair] if one not in found]
        return found

    @staticmethod
    def _owner(one: ObservedContainer) -> str:
        """The id of the container whose network it shares, "" when it shares none."""
        mode, _, owner = one.network_mode.partition(":")
        return owner if mode == "container" else ""

    def _label(self, one: ObservedContainer) -> str:
        known = one.service in self.design.services and not one.oneoff
        return label_of(self.design, one.service, one.number) if known else one.name

    def _replaced(self, plan: Plan) -> list[ObservedContainer]:
        """Containers that the plan was to remove once others have their places, as they were."""
        names = {one.detail["container"] for one in plan.operations if one.kind is Kind.REMOVE_CONTAINER}
        asides = {name for name in names if name.endswith(OLD)}
        renames = [one.detail for one in plan.operations if one.kind is Kind.RENAME_CONTAINER]
        own = {one.id: self._name_of(one) + OLD for one in self.before.containers}
        return [
            was for was in self.before.containers
            if own[was.id] in asides and _name_after(was.name, renames) == own[was.id]
        ]  # fmt: skip

    def _left(self, replaced: list[ObservedContainer]) -> Iterator[Pair]:
        """Those of them that do not run any more, and can."""
        there = {one.id: one for one in self.now.containers}
        lost = {one.id for one in self.before.containers} - there.keys()
        for was in replaced:
            old, owner = there.get(was.id), self._owner(was)
            # What shared the network of a container that is gone cannot start; one that did not run in the first place and whose
            # owner is not known is such a one.
            cannot = owner in lost or bool(owner and owner not in there and not is_up(was))
            if old is not None and old.state == "exited" and not cannot:
                yield was, old

    def _settled(self, plan: Plan, done: Collection[int], replaced: list[ObservedContainer]) -> set[tuple[str, str]]:
        """Service and name of the containers that have taken their places for good: they have stayed up, and so has all that is
        bound to them. That the old one could not be removed then is no reason to go back to it."""
        steady: dict[tuple[str, str], bool] = {}
        for index, one in enumerate(plan.operations):
            if one.kind is Kind.WAIT_STEADY:
                steady[(one.subject.partition(":")[2], one.detail["container"])] = index in done
        settled: set[tuple[str, str]] = set()
        for group in bound_groups(self.design, replaced):
            keys = {(one.service, self._name_of(one)) for one in group}
            if all(steady.get(key) for key in keys):
                settled |= keys
        return settled

    def _name_of(self, one: ObservedContainer) -> str:
        return self.design.container_name(one.service, one.number) if one.service in self.design.services else one.name

    def _bring_back(self, was: ObservedContainer, old: ObservedContainer, *, needs: list[int]) -> None:
        label, subject = label_of(self.design, old.service, old.number), f"service:{old.service}"
        name = self._name_back(was, old)
        if old.name != name:
            needs = [*needs, *(self.removed[one.id] for one in self.now.containers if one.name == name and one.id in self.removed)]
            needs = [self._add(
                Kind.RENAME_CONTAINER, subject, f"give the old {label} its name {name} again",
                {"container": old.name, "to": name}, needs,
            )]  # fmt: skip
        policy = restart_policy(was.restart_policy or None) if is_up(was) else restart_policy(self._policy(old))
        if policy != restart_policy(old.restart_policy or None):
            detail = {"container": name, "payload": {"RestartPolicy": policy}}
            needs = [self._add(Kind.UPDATE_CONTAINER, subject, f"give the old {label} its restart policy again", detail, needs)]
        joined = [
            index
            for wire in was.endpoints
            for index in self.wires.join(old, wire, name=name, label=f"the old {label}", impact=Impact.RECREATE, needs=needs)
        ]
        first = [index for target in needs_of(self.design, old.service) for index in self.started.get(target, [])]
        first += [self.again[owner] for owner in [self._owner(old)] if owner in self.again]
        needs = [*needs, *joined, *first, *self._freed_ports(was)]
        index = self._add(Kind.START, subject, f"start the old {label} again", {"container": name}, needs)
        self.started.setdefault(old.service, []).append(index)
        self.again[old.id] = index

    def _name_back(self, was: ObservedContainer, old: ObservedContainer) -> str:
        """The name that it had, unless another has that by now; else the one that goes with its service, else the one it has."""
        borne = {one.name for one in self.now.containers if one.id not in self.removed and one.id != old.id}
        borne |= {*self.now.taken_names, *(name for name, owner in self.names.items() if owner != old.id)}
        found = next((name for name in (was.name.removesuffix(OLD), self._name_of(old)) if name not in borne), old.name)
        self.names[found] = old.id
        return found

    def _freed_ports(self, was: ObservedContainer) -> list[int]:
        """The removals of new containers that hold its host ports."""
        ports = {(held.published, held.protocol) for held in was.ports}
        holders = [one for one in self.now.containers if one.id in self.removed]
        return sorted(self.removed[one.id] for one in holders if ports & {(held.published, held.protocol) for held in one.ports})

    def _policy(self, old: ObservedContainer) -> str | None:
        return self.design.services[old.service].restart

    def _clear(self, old: ObservedContainer) -> list[int]:
        """Remove what was to take its place."""
        label = label_of(self.design, old.service, old.number)
        removed: list[int] = []
        for one in sorted(self.now.containers, key=lambda one: one.name):
            same = (one.service, one.number) == (old.service, old.number) and not one.oneoff
            if not same or one.id == old.id:
                continue
            stops = self.draft.stop(
                one, summary=f"stop the new {label}", cause=self.cause, impact=Impact.RECREATE,
                timeout_s=grace_s(self.design, one.service),
            )  # fmt: skip
            detail = {"container": one.name, "volumes": False}
            removed.append(self._add(Kind.REMOVE_CONTAINER, f"service:{one.service}", f"remove the new {label}", detail, stops))
            self.removed[one.id] = removed[-1]
        return removed

    def _restart_sharer(self, one: ObservedContainer) -> None:
        """What runs in a namespace of a container that was stopped is cut off until it starts anew."""
        if one.service not in self.design.services:
            return
        shared = shared_services(self.design, self.design.services[one.service])
        needs = [index for target in sorted(shared) for index in self.started.get(target, [])]
        needs += [self.again[owner] for owner in [self._owner(one)] if owner in self.again]
        if needs:
            detail = {"container": one.name, "timeout_s": grace_s(self.design, one.service), "since": one.started_at}
            words = f"restart {label_of(self.design, one.service, one.number)}, which shares what was stopped"
            self._add(Kind.RESTART, f"service:{one.service}", words, detail, needs)

    def _add(self, kind: Kind, subject: str, summary: str, detail: dict[str, Any], needs: list[int]) -> int:
        return self.draft.add(kind, subject, summary, cause=self.cause, impact=Impact.RECREATE, detail=detail, needs=needs)


def _name_after(name: str, renames: list[Mapping[str, Any]]) -> str:
    """What a container of this name is called in the end: names can pass from one to another before one is set aside."""
    for detail in renames:
        if detail["container"] == name:
            name = detail["to"]
    return name
