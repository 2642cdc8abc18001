"""What is wrong after a plan that broke off: what ran and does not run, or is not reached as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.core.simulated import Container
from tests.core.simulator import Simulator
from topology.core.design import Design
from topology.core.differences import OLD
from topology.core.observed import Endpoint, Observed, ObservedContainer
from topology.core.payload_network import wanted_endpoints
from topology.core.plan import Kind, Plan


def losses(engine: Simulator, seen: Observed, plan: Plan, after: Design) -> list[str]:
    """A line for each container that ran when the engine was `seen`, and that neither runs as it did nor as `after` has it."""
    removed = {one.detail["container"] for one in plan.operations if one.kind is Kind.REMOVE_CONTAINER}
    renames = [one.detail for one in plan.operations if one.kind is Kind.RENAME_CONTAINER]
    aside = {detail["container"] for detail in renames if detail["to"].endswith(OLD)}
    gone = {f"container:{one.id}" for one in seen.containers if all(one.id != other.id for other in engine.containers.values())}
    found = []
    for was in seen.containers:
        if was.state != "running" or was.name in removed:
            continue  # it is not wanted any more
        there = next((one for one in engine.containers.values() if one.id == was.id), None)
        if there is None or there.state != "running":
            if was.network_mode in gone:
                continue  # what it shares the network of is removed, as the design says
            if not any(_same(one, was) and one.state == "running" for one in engine.containers.values()):
                found.append(f"{was.name} does not run")
            continue
        going = was.name in aside
        wanted = {} if going else wanted_endpoints(after, was.service) if was.service in after.services else {}
        found += [f"{was.name}: {words}" for words in _wires(engine, there, was, seen, wanted=wanted, going=going)]
    return found


def _same(one: Container, was: ObservedContainer) -> bool:
    return (one.service, one.labels["com.docker.compose.container-number"]) == (was.service, str(was.number))


def _wires(
    engine: Simulator, there: Container, was: ObservedContainer, seen: Observed, *, wanted: Mapping[str, Any], going: bool
) -> Iterator[str]:
    as_wanted = not going and wanted.keys() <= there.endpoints.keys()
    ids = {one.name: one.id for one in seen.networks}
    for wire in was.endpoints:
        if wire.network not in there.endpoints:
            if not as_wanted or wire.network in wanted:
                yield f"not on {wire.network} any more"
            continue
        body = there.endpoints[wire.network]
        names = set(body.get("Aliases", ()))
        if names not in (set(wire.aliases), set(wanted.get(wire.network, {}).get("Aliases", wire.aliases))):
            yield f"has the names {sorted(names)} on {wire.network}"
        address = body.get("IPAMConfig", {}).get("IPv4Address", "")
        asked = wanted.get(wire.network, {"IPAMConfig": {"IPv4Address": wire.static_ipv4}})
        designed = asked.get("IPAMConfig", {}).get("IPv4Address", "")
        same = engine.networks[wire.network]["Id"] == ids[wire.network] or _made_again(engine, wire)
        if same and address not in (wire.static_ipv4, designed) and not _is_held(engine, there, wire):
            yield f"is at {address or 'any address'} on {wire.network}"


def _made_again(engine: Simulator, wire: Endpoint) -> bool:
    return any(
        one.kind is Kind.CREATE_NETWORK and one.summary.startswith(f"create network {wire.network} again (")
        for one in engine.done[-50:]
    )


def _is_held(engine: Simulator, there: Container, wire: Endpoint) -> bool:
    return any(one is not there and one.addresses.get(wire.network) == wire.static_ipv4 for one in engine.containers.values())
