"""How a container joins its networks again, as it was on them: what a plan that broke off took away.

A network that is gone is made again as it was, on other addresses where its own are another network's by now. A fixed address is
asked for again where it belongs to the network and nobody has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from topology.core.claims import Claims
from topology.core.design import Design
from topology.core.draft import Draft, is_up
from topology.core.labels import CONFIG, NETWORK
from topology.core.observed import Endpoint, Observed, ObservedContainer, ObservedNetwork
from topology.core.plan import Impact, Kind
from topology.core.subnets import lies_in, overlap
from topology.core.wiring import as_was

SHARED = ("host", "none")  # networks that nobody joins


class WiresAgain:
    """`removed` has the ids of containers that go → the index of their removal: what they hold is free after that."""

    def __init__(
        self, draft: Draft, design: Design, before: Observed, now: Observed, *, cause: str, removed: dict[str, int]
    ) -> None:
        self.draft, self.design, self.before, self.now, self.cause = draft, design, before, now, cause
        self.removed = removed
        self._made: dict[str, tuple[int, ObservedNetwork]] = {}
        self._endpoints: dict[str, dict[str, dict[str, Any]]] = {}

    def join(
        self, there: ObservedContainer, wire: Endpoint, *, name: str, label: str, impact: Impact, needs: list[int]
    ) -> list[int]:
        """Connect a container, called `name` by then, to a network that it was on, unless it is on that still; gives the index."""
        network = self._network(wire)
        if wire.network in SHARED or network is None:
            return []
        endpoint, freed = self._endpoint(there, wire, network)
        self._endpoints.setdefault(name, {})[network.name] = endpoint
        present = next((one for one in there.endpoints if one.network == network.name), None)
        lost = present is not None and present.network_id not in ("", network.id)  # it is bound to the id
        if present is not None and not lost and _keeps(present, endpoint):
            return []
        subject, word = f"service:{there.service}", network.name
        last = [*needs, *freed, *([self._made[network.name][0]] if network.name in self._made else [])]
        if present is not None:
            last = [self._add(
                Kind.DISCONNECT, subject, f"disconnect {label} from {word}", impact,
                {"container": name, "network": network.name}, last,
            )]  # fmt: skip
        detail = {"container": name, "network": network.name, "endpoint": endpoint}
        return [self._add(Kind.CONNECT, subject, f"connect {label} to {word} again", impact, detail, last)]

    def settle(self) -> None:
        """Whoever takes an address that the engine gives waits for those that ask for a fixed one."""
        networks = (*self.now.networks, *(network for _, network in self._made.values()))
        were = {one.id: one.endpoints for one in self.before.containers}
        containers = tuple(_joined(one, were.get(one.id, ())) for one in self.now.containers)
        seen = replace(self.now, networks=networks, containers=containers)
        Claims(self.draft, Design(self.design.project), seen, wanted=[], endpoints=self._endpoints).settle()

    def _network(self, wire: Endpoint) -> ObservedNetwork | None:
        """The network that a wire is to be on again; made again where it is gone. None: nobody knows it."""
        if wire.network in self._made:
            return self._made[wire.network][1]
        found = _named(self.now, wire)
        if found is None and (was := _named(self.before, wire)) is not None:
            return self._make(was)
        return found

    def _make(self, was: ObservedNetwork) -> ObservedNetwork:
        taken = any(overlap(was.subnets, one.subnets) for one in self.now.networks)
        taken = taken or any(overlap(was.subnets, one.subnets) for _, one in self._made.values())
        made = replace(was, id="", subnets=() if taken else was.subnets)
        body: dict[str, Any] = {
            "Name": was.name, "CheckDuplicate": True, "Driver": was.driver, "Internal": was.internal, "Attachable": was.attachable,
            "EnableIPv6": was.enable_ipv6, "Options": dict(was.options), "Labels": dict(was.labels),
        }  # fmt: skip
        if taken:  # it is not as it was designed then, and nothing says so
            body["Labels"].pop(CONFIG, None)
        elif was.ipam:
            body["IPAM"] = dict(was.ipam)
        words = f" ({', '.join(made.subnets)})" if made.subnets else ""
        subject = f"network:{was.labels.get(NETWORK, was.name)}"
        index = self._add(
            Kind.CREATE_NETWORK, subject, f"create network {was.name} again{words}", Impact.NEW, {"payload": body}, []
        )
        self._made[was.name] = (index, made)
        return made

    def _endpoint(self, there: ObservedContainer, wire: Endpoint, network: ObservedNetwork) -> tuple[dict[str, Any], list[int]]:
        """The EndpointSettings, and what frees the addresses in it."""
        if network.name == "bridge":  # which has no names and no addresses to ask for
            return {}, []
        freed: list[int] = []
        four = self._address(there, network, wire.static_ipv4, lambda one: one.ipv4, freed, same=wire.network_id == network.id)
        six = self._address(there, network, wire.static_ipv6, lambda one: one.ipv6, freed, same=wire.network_id == network.id)
        return as_was(replace(wire, static_ipv4=four, static_ipv6=six), fixed=True), freed

    def _address(
        self, there: ObservedContainer, network: ObservedNetwork, address: str, borne: Callable[[Endpoint], str], freed: list[int],
        *, same: bool,
    ) -> str:  # fmt: skip
        if not address or not (same or (lies_in(address, network.subnets) and self._has_pools(network))):
            return ""
        for other in self.now.containers:
            if other.id == there.id or not is_up(other):
                continue
            if any(one.network == network.name and borne(one) == address for one in other.endpoints):
                if other.id not in self.removed:
                    return ""
                freed.append(self.removed[other.id])
        return address

    def _has_pools(self, network: ObservedNetwork) -> bool:
        """Whether its subnet was asked for: the engine takes fixed addresses on no other."""
        if network.name in self._made:
            return True
        designed = [one for key, one in self.design.networks.items() if self.design.network_name(key) == network.name]
        return any(pool.subnet for one in designed for pool in one.pools)

    def _add(self, kind: Kind, subject: str, summary: str, impact: Impact, detail: dict[str, Any], needs: list[int]) -> int:
        return self.draft.add(kind, subject, summary, cause=self.cause, impact=impact, detail=detail, needs=needs)


def _named(observed: Observed, wire: Endpoint) -> ObservedNetwork | None:
    """The network of a wire, by its id before its name."""
    found = [one for one in observed.networks if one.name == wire.network]
    return min(found, key=lambda one: (one.id != wire.network_id, one.id), default=None)


def _joined(one: ObservedContainer, were: tuple[Endpoint, ...]) -> ObservedContainer:
    """A container with the wires that it has and those that it had."""
    on = {wire.network for wire in one.endpoints}
    return replace(one, endpoints=(*one.endpoints, *(wire for wire in were if wire.network not in on)))


def _keeps(present: Endpoint, endpoint: dict[str, Any]) -> bool:
    """Whether the addresses that an endpoint asks for now are those that it is to ask for."""
    ipam = endpoint.get("IPAMConfig", {})
    return (present.static_ipv4, present.static_ipv6) == (ipam.get("IPv4Address", ""), ipam.get("IPv6Address", ""))
