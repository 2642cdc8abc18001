"""The wires of containers that are to be replaced and still run: they serve until their successors take over, which may be long
after their network was made anew or their address given to another, or never, where the apply breaks off. So they join again at
once, as they were.

A worker that was killed may have left one off its networks, and no engine says on which a container was: on the one that it was
made on, by its `network_mode`. One that lacks that, or has none at all, joins what the design has it on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from topology.core.design import Design
from topology.core.differences import Wanted
from topology.core.draft import Draft
from topology.core.observed import Endpoint, Observed, ObservedContainer
from topology.core.payload_network import wanted_endpoints
from topology.core.wiring import as_was, network_word

SERVING = ("running", "paused")


@dataclass(frozen=True, slots=True)
class Return:
    """A network that a container is to join again, with the operations that come first."""

    container: ObservedContainer
    network: str
    endpoint: Mapping[str, Any]
    cause: str
    needs: tuple[int, ...] = ()


def outgoing(observed: Observed, wanted: list[Wanted], *, later: Collection[str]) -> list[ObservedContainer]:
    """The containers that run until others take their places, those of the ids in `later` among them, by name."""
    ids = {one.there.id for one in wanted if one.there is not None and one.remake} | set(later)
    return sorted((one for one in observed.containers if one.id in ids and one.state in SERVING), key=lambda one: one.name)


def returns(
    draft: Draft, design: Design, observed: Observed, going: list[ObservedContainer], *, on: Collection[str],
    renewed: Collection[str], freed: Collection[tuple[str, str]],
) -> list[Return]:  # fmt: skip
    """What the containers that are `going` are to join again. `on` are the engine's names of the networks that the design uses,
    `renewed` those that the plan makes anew, `freed` (network, address) what goes to others."""
    return [one for old in going for one in _returns(draft, design, observed, old, on=on, renewed=renewed, freed=freed)]


def _returns(
    draft: Draft, design: Design, observed: Observed, old: ObservedContainer, *, on: Collection[str], renewed: Collection[str],
    freed: Collection[tuple[str, str]],
) -> Iterator[Return]:  # fmt: skip
    taken_off = draft.taken_off(old)
    wanted = wanted_endpoints(design, old.service) if old.service in design.services else {}
    left = {wire.network for wire in old.endpoints if wire.network not in taken_off}
    for wire in sorted(old.endpoints, key=lambda wire: wire.network):
        if wire.network in taken_off and wire.network in on:
            index = taken_off[wire.network]
            own = wanted.get(wire.network, {}).get("IPAMConfig", {}) if wire.network in renewed else None
            endpoint = as_was(_free(wire, freed=freed, own=own), fixed=True)
            yield Return(old, wire.network, endpoint, draft.operations[index].cause, (index,))
            left.add(wire.network)
    if _is_cut_off(old, left=left, wanted=wanted):
        for name in sorted(wanted.keys() - left):
            cause = f"an apply that broke off took it off {network_word(design, observed, name)}"
            yield Return(old, name, wanted[name], cause)


def _free(wire: Endpoint, *, freed: Collection[tuple[str, str]], own: Mapping[str, str] | None) -> Endpoint:
    """The endpoint, asking for the addresses that it asked for and can have again: not what goes to another, and on a network that
    is made anew only what its successor asks for as well (`own`)."""
    four, six = wire.static_ipv4, wire.static_ipv6
    if (wire.network, four) in freed or (own is not None and own.get("IPv4Address") != four):
        four = ""
    if (wire.network, six) in freed or (own is not None and own.get("IPv6Address") != six):
        six = ""
    return replace(wire, static_ipv4=four, static_ipv6=six)


def _is_cut_off(old: ObservedContainer, *, left: Collection[str], wanted: Mapping[str, Any]) -> bool:
    on_networks = old.network_mode not in ("", "bridge", "default", "host", "none") and ":" not in old.network_mode
    return on_networks and "bridge" not in wanted and (not left or (old.network_mode in wanted and old.network_mode not in left))
