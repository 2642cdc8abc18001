"""Puts back the containers whose place was taken, where the new ones did not get as far as staying up.

They were stopped and set aside by the same plan (`core.plan_replacing`). The new one goes, the old one gets its name, its networks
and its restart policy again, and starts: what ran before an apply that failed runs after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from topology.core.design import Design
from topology.core.differences import OLD, label_of
from topology.core.draft import Draft, is_up
from topology.core.observed import Endpoint, Observed, ObservedContainer
from topology.core.order import needs_of, shared_services, start_order
from topology.core.payload_host import restart_policy
from topology.core.plan import Impact, Kind, Plan
from topology.core.plan_removals import grace_s
from topology.core.plan_replacing import bound_groups
from topology.core.wiring import as_was

FIXED = ("bridge", "host", "none")  # networks that nobody makes anew


def plan_put_back(design: Design, plan: Plan, before: Observed, now: Observed, *, cause: str, done: Collection[int] = ()) -> Plan:
    """What brings back the containers that `plan`, made when the engine was as `before`, has stopped and not replaced.

    `done` are the indexes of its operations that were carried out. Empty when there is nothing to bring back. The operations have an
    order and needs of their own.
    """
    return _PutBack(design, before, now, cause=cause).plan(plan, done=done)


class _PutBack:
    def __init__(self, design: Design, before: Observed, now: Observed, *, cause: str) -> None:
        self.design, self.before, self.now, self.cause = design, before, now, cause
        self.draft = Draft(design)
        self.started: dict[str, list[int]] = {}

    def plan(self, plan: Plan, *, done: Collection[int]) -> Plan:
        order, _ = start_order(self.design, list(self.design.services))
        places = {name: place for place, name in enumerate(order)}
        settled = self._settled(plan, done)
        waiting = [(was, old) for was, old in self._left(plan) if (old.service, self._name_of(old)) not in settled]
        left = sorted(waiting, key=lambda pair: (places.get(pair[1].service, len(places)), pair[1].number))
        for was, old in left:
            self._bring_back(was, old)
        others = {one.id for one in self.before.containers} - {old.id for _, old in left}
        for one in sorted(self.now.containers, key=lambda one: (places.get(one.service, len(places)), one.number)):
            if is_up(one) and one.id in others:
                self._restart_sharer(one)
        return self.draft.plan()

    def _left(self, plan: Plan) -> Iterator[tuple[ObservedContainer, ObservedContainer]]:
        """Containers that the plan was to remove in the end and that do not run any more, as they were and as they are."""
        names = {one.detail["container"] for one in plan.operations if one.kind is Kind.REMOVE_CONTAINER}
        asides = {name for name in names if name.endswith(OLD)}
        renames = [one.detail for one in plan.operations if one.kind is Kind.RENAME_CONTAINER]
        there = {one.id: one for one in self.now.containers}
        for was in self.before.containers:
            own = self._name_of(was)
            if own + OLD in asides and _name_after(was.name, renames) == own + OLD:
                old = there.get(was.id)
                if old is not None and old.state == "exited":
                    yield was, old

    def _settled(self, plan: Plan, done: Collection[int]) -> set[tuple[str, str]]:
        """Service and name of the containers that have taken their places for good: they have stayed up, and so has all that is
        bound to them. That the old one could not be removed then is no reason to go back to it."""
        steady: dict[tuple[str, str], bool] = {}
        for index, one in enumerate(plan.operations):
            if one.kind is Kind.WAIT_STEADY:
                steady[(one.subject.partition(":")[2], one.detail["container"])] = index in done
        services = [name for name in dict.fromkeys(service for service, _ in steady) if name in self.design.services]
        settled: set[tuple[str, str]] = set()
        for group in bound_groups(self.design, services):
            found = {key: well for key, well in steady.items() if key[0] in group}
            settled |= {key for key, well in found.items() if (well if len(group) == 1 else all(found.values()))}
        return settled

    def _name_of(self, one: ObservedContainer) -> str:
        return self.design.container_name(one.service, one.number) if one.service in self.design.services else one.name

    def _bring_back(self, was: ObservedContainer, old: ObservedContainer) -> None:
        label, name, subject = label_of(self.design, old.service, old.number), self._name_of(old), f"service:{old.service}"
        needs = self._clear(old, label=label)
        if old.name != name:
            needs = [self._add(
                Kind.RENAME_CONTAINER, subject, f"give the old {label} its name {name} again",
                {"container": old.name, "to": name}, needs,
            )]  # fmt: skip
        policy = restart_policy(was.restart_policy or None) if is_up(was) else restart_policy(self._policy(old))
        if policy != restart_policy(old.restart_policy or None):
            detail = {"container": name, "payload": {"RestartPolicy": policy}}
            needs = [self._add(Kind.UPDATE_CONTAINER, subject, f"give the old {label} its restart policy again", detail, needs)]
        wires = [index for wire in was.endpoints for index in self._wire(old, wire, name=name, label=label, needs=needs)]
        first = [index for target in needs_of(self.design, old.service) for index in self.started.get(target, [])]
        index = self._add(Kind.START, subject, f"start the old {label} again", {"container": name}, [*needs, *wires, *first])
        self.started.setdefault(old.service, []).append(index)

    def _policy(self, old: ObservedContainer) -> str | None:
        return self.design.services[old.service].restart

    def _clear(self, old: ObservedContainer, *, label: str) -> list[int]:
        """Remove what was to take its place."""
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
        return removed

    def _wire(self, old: ObservedContainer, wire: Endpoint, *, name: str, label: str, needs: list[int]) -> Iterator[int]:
        """Join a network again that it was taken off, or that was made anew under its feet."""
        ids = {one.id for one in self.now.networks if one.name == wire.network}
        present = next((one for one in old.endpoints if one.network == wire.network), None)
        stale = present is not None and present.network_id and ids and present.network_id not in ids
        if wire.network in FIXED or not ids or (present is not None and not stale):
            return
        subject, last = f"service:{old.service}", needs
        if stale:
            detail: dict[str, Any] = {"container": name, "network": wire.network}
            last = [self._add(Kind.DISCONNECT, subject, f"disconnect the old {label} from {wire.network}", detail, last)]
        detail = {"container": name, "network": wire.network, "endpoint": as_was(wire, fixed=wire.network_id in ids)}
        yield self._add(Kind.CONNECT, subject, f"connect the old {label} to {wire.network} again", detail, last)

    def _restart_sharer(self, one: ObservedContainer) -> None:
        """What runs in a namespace of a container that was stopped is cut off until it starts anew."""
        if one.service not in self.design.services:
            return
        shared = shared_services(self.design, self.design.services[one.service])
        needs = [index for target in sorted(shared) for index in self.started.get(target, [])]
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
