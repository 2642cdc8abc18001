"""Fixed addresses are claimed before the engine gives others away.

An engine gives the lowest free address of a pool, and one that a container asks for is not kept for it until it starts. So an
operation that takes whatever address comes waits for those that claim fixed ones which could be handed to it. Where the order
of services does not allow that, the taker goes before the holder lets go; where that cannot be either, a note says so.
Measured on engine 20.10.24: lowest free address first, at start and at connect; given back at stop and at disconnect.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import islice
from typing import Any

from topology.core.design import Design, Pool
from topology.core.differences import Wanted, label_of
from topology.core.draft import Draft, is_up
from topology.core.observed import Observed
from topology.core.plan import Kind, Operation, renumbered
from topology.core.problems import Problem, Severity

KEYS = {4: "IPv4Address", 6: "IPv6Address"}  # of IPAMConfig


@dataclass(frozen=True, slots=True)
class _Use:
    """An operation by which a container gets its address on a network: `fixed` has IP version → the address asked for."""

    index: int
    container: str
    service: str
    label: str
    network: str
    fixed: dict[int, str]
    keeps: bool  # a restart: what is fixed is held until then


class Claims:
    """Adds needs to the operations of a whole draft, and puts them in an order that keeps to them.

    `endpoints` has a container's name → network → EndpointSettings that it starts with.
    """

    def __init__(
        self,
        draft: Draft,
        design: Design,
        observed: Observed,
        *,
        wanted: list[Wanted],
        endpoints: Mapping[str, Mapping[str, Mapping[str, Any]]],
    ) -> None:
        self.draft, self.design, self.observed, self.endpoints = draft, design, observed, endpoints
        self.wanted = {one.name: one for one in wanted}
        self._up = {one.name: one for one in observed.containers if is_up(one)}
        self._up |= {one.name: one.kept for one in wanted if one.kept is not None and is_up(one.kept)}

    def settle(self) -> None:
        """Order every taker after the claims that it endangers."""
        uses = [use for index, one in enumerate(self.draft.operations) for use in self._uses(index, one)]
        for network in sorted({use.network for use in uses}):
            here = [use for use in uses if use.network == network]
            for version in KEYS:
                claims = [use for use in here if use.fixed.get(version)]
                takers = [use for use in here if not use.fixed.get(version)]
                for claim in claims:
                    if takers and self._can_be_given(claim.fixed[version], network):
                        self._protect(claim, claim.fixed[version], takers)
        self.draft.operations = in_order(self.draft.operations)

    # --- who gets an address by what

    def _uses(self, index: int, operation: Operation) -> Iterator[_Use]:
        name = operation.detail.get("container", "")
        if operation.kind in (Kind.START, Kind.RESTART):
            for network, endpoint in self.endpoints.get(name, {}).items():
                yield self._use(index, operation, name, network, endpoint, keeps=operation.kind is Kind.RESTART)
        elif operation.kind is Kind.CONNECT and name in self._up:
            yield self._use(index, operation, name, operation.detail["network"], operation.detail["endpoint"], keeps=False)

    def _use(self, index: int, operation: Operation, name: str, network: str, endpoint: Mapping[str, Any], *, keeps: bool) -> _Use:
        service = operation.subject.partition(":")[2]
        one = self.wanted.get(name)
        label = label_of(self.design, service, one.number) if one else name
        ipam = endpoint.get("IPAMConfig", {})
        return _Use(index, name, service, label, network, {key: ipam.get(text, "") for key, text in KEYS.items()}, keeps)

    # --- which addresses an engine may come to

    def _can_be_given(self, text: str, network: str) -> bool:
        """Whether the engine could give this address away: it is among the first of its pool, as many as can be in use."""
        try:
            address = ip_address(text)
        except ValueError:
            return False
        count = self._count(network)
        return any(address in _lowest(pool, count) for pool in self._pools(network))

    def _pools(self, network: str) -> list[Pool]:
        found = next((one for key, one in self.design.networks.items() if self.design.network_name(key) == network), None)
        if found is not None and not found.external:
            return list(found.pools)
        there = next((one for one in self.observed.networks if one.name == network), None)
        return [Pool(subnet=subnet) for subnet in there.subnets] if there else []

    def _count(self, network: str) -> int:
        """How many addresses of a network can be in use at any time of the plan, at most."""
        now = {one.id for one in self.observed.containers if any(wire.network == network for wire in one.endpoints)}
        joining = [one for name, one in self.wanted.items() if network in self.endpoints.get(name, {})]
        return len(now) + sum(one.kept is None or one.kept.id not in now for one in joining)

    # --- order

    def _protect(self, claim: _Use, address: str, takers: list[_Use]) -> None:
        for taker in takers:
            if taker.container == claim.container or self._needs(taker.index, claim.index):
                continue
            if not self._needs(claim.index, taker.index):
                self._add_need(taker.index, claim.index)
            elif self._given_back(claim, taker):
                continue
            elif not claim.keeps and not self._held_till(claim, taker, address):
                self._note(claim, taker, address)

    def _given_back(self, claim: _Use, taker: _Use) -> bool:
        """Whether the taker's container lets go of its address again before the claim: one that is to be replaced is stopped."""
        return any(
            self._releases(one, claim.network, [taker.container])
            and self._needs(index, taker.index)
            and self._needs(claim.index, index)
            for index, one in enumerate(self.draft.operations)
        )

    def _held_till(self, claim: _Use, taker: _Use, address: str) -> bool:
        """Let the container that has the address now keep it until the taker has got another; whether there is one."""
        holders = [
            one.name
            for one in self._up.values()
            for wire in one.endpoints
            if wire.network == claim.network and address in (wire.ipv4, wire.ipv6)
        ]
        releases = [index for index, one in enumerate(self.draft.operations) if self._releases(one, claim.network, holders)]
        if not releases or any(self._needs(taker.index, index) for index in releases):
            return False
        for index in releases:
            self._add_need(index, taker.index)
        return True

    @staticmethod
    def _releases(operation: Operation, network: str, holders: list[str]) -> bool:
        if operation.detail.get("container") not in holders:
            return False
        left = operation.kind is Kind.DISCONNECT and operation.detail["network"] == network
        return left or operation.kind in (Kind.STOP, Kind.REMOVE_CONTAINER)

    def _needs(self, index: int, other: int) -> bool:
        """Whether the operation at `index` needs the `other`, directly or through what it needs."""
        seen, left = {index}, [index]
        while left:
            for need in self.draft.operations[left.pop()].needs:
                if need == other:
                    return True
                if need not in seen:
                    seen.add(need)
                    left.append(need)
        return False

    def _add_need(self, index: int, need: int) -> None:
        one = self.draft.operations[index]
        self.draft.operations[index] = replace(one, needs=tuple(sorted({*one.needs, need})))

    def _note(self, claim: _Use, taker: _Use, address: str) -> None:
        key = next((key for key in self.design.networks if self.design.network_name(key) == claim.network), claim.network)
        message = f"{claim.label} asks for {address} on {key}, and {taker.label}, which starts before it, may be given it."
        fix = f"Reserve an ip_range on {key} that leaves {address} out: addresses are given from that range only."
        spec = self.design.services.get(claim.service)
        self.draft.notes.append(
            Problem(
                "address-may-be-given", message, fix=fix, subject=f"service:{claim.service}", line=spec.line if spec else 0,
                severity=Severity.WARNING,
            )
        )  # fmt: skip


def _lowest(pool: Pool, count: int) -> set[IPv4Address | IPv6Address]:
    """The first `count` addresses that an engine gives from a pool."""
    try:
        whole: IPv4Network | IPv6Network = ip_network(pool.ip_range or pool.subnet or "", strict=False)
    except ValueError:
        return set()
    taken = {text for text in (pool.gateway, *pool.aux_addresses.values()) if text}
    gateway = 0 if pool.gateway else 1  # which the engine takes for itself, the first, where none is written
    return set(islice((one for one in whole.hosts() if str(one) not in taken), count + gateway))


def in_order(operations: list[Operation]) -> list[Operation]:
    """The same operations, each after those it needs, otherwise in the order they came, with `needs` renumbered."""
    waiting = {index: set(one.needs) for index, one in enumerate(operations)}
    ready = [index for index, needs in waiting.items() if not needs]
    heapq.heapify(ready)
    order: list[int] = []
    users: dict[int, list[int]] = {}
    for index, needs in waiting.items():
        for need in needs:
            users.setdefault(need, []).append(index)
    while ready:
        order.append(done := heapq.heappop(ready))
        for user in users.get(done, []):
            waiting[user].discard(done)
            if not waiting[user]:
                heapq.heappush(ready, user)
    assert len(order) == len(operations), "operations need each other in a circle"
    place = {old: new for new, old in enumerate(order)}
    return [renumbered(operations[old], place.__getitem__) for old in order]
