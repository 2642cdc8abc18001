"""Which wires a plan that broke off has taken from containers that go on running, and has not given back."""

from __future__ import annotations

from collections.abc import Iterator

from topology.core.differences import OLD
from topology.core.draft import is_up
from topology.core.observed import Endpoint, Observed, ObservedContainer
from topology.core.plan import Kind, Plan


def cut_off(plan: Plan, before: Observed, now: Observed) -> Iterator[tuple[ObservedContainer, list[Endpoint]]]:
    """The containers as they are, and the wires that they are to have again, as those were: of one that was to be replaced or to
    go, all that the plan has cut, or joined anew without the fixed address; of one that stays none, when it got all those that the
    plan wanted for it."""
    cut = {(one.detail["container"], one.detail["network"]) for one in plan.operations if one.kind is Kind.DISCONNECT}
    joined: dict[str, set[str]] = {}
    for one in plan.operations:
        if one.kind is Kind.CONNECT:
            joined.setdefault(one.detail["container"], set()).add(one.detail["network"])
    going = _going(plan)
    up = {one.id: one for one in now.containers if is_up(one)}
    for was in sorted(before.containers, key=lambda was: (was.service, was.number, was.name)):
        there = up.get(was.id)
        if there is None or not is_up(was):
            continue
        on = {wire.network: wire for wire in there.endpoints}
        wires = [wire for wire in was.endpoints if (was.name, wire.network) in cut]
        wanted = {network for name in {was.name, there.name} for network in joined.get(name, ())}
        if was.name in going:
            lost = [wire for wire in wires if wire.network not in on or _asks(on[wire.network]) != _asks(wire)]
        else:
            lost = [wire for wire in wires if wire.network not in on] if wanted - on.keys() else []
        if lost:
            yield there, lost


def _asks(wire: Endpoint) -> tuple[str, str]:
    return wire.static_ipv4, wire.static_ipv6


def _going(plan: Plan) -> set[str]:
    """Names of the containers that the plan was to set aside or to remove."""
    aside = {
        one.detail["container"] for one in plan.operations if one.kind is Kind.RENAME_CONTAINER and one.detail["to"].endswith(OLD)
    }
    return aside | {one.detail["container"] for one in plan.operations if one.kind is Kind.REMOVE_CONTAINER}
