"""What a call uses that is there already: networks, volumes, and containers of the stack that lend what they have. It may be of a
time when that was allowed, adopted, or another's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from topology.core.labels import PROJECT
from topology.core.observed import Observed, ObservedContainer
from topology.core.plan import Kind, Operation, Plan
from topology.core.policy_ask import Ask
from topology.core.policy_mounts import path_asks, volume_asks
from topology.core.policy_networks import network_asks


def unknown_asks(operation: Operation, known: Collection[str], *, ids: Collection[str]) -> Iterator[Ask]:
    """Networks by a word that can be an id or the start of one, and is not the name of one that is there or that the plan makes. An
    engine takes ids as well, which is a way into any network; of other words it says itself that there is no such network."""
    for name in _names_used(operation)[0]:
        is_id = re.fullmatch("[0-9a-f]+", name) or any(id.startswith(name) for id in ids if name)  # a Swarm's are not hex
        if is_id and name not in known:
            yield Ask("other_stacks", "unknown-network", f"the network {name[:64]}, which is no network's name here")


def foreign_asks(operation: Operation, observed: Observed, *, friends: Collection[str]) -> Iterator[Ask]:
    """Networks and volumes that are there and belong to a stack of others. A network without a project is for everybody; a
    volume without one is somebody's data."""
    networks, volumes = _names_used(operation)
    owners = {one.name: one.labels.get(PROJECT, "") for one in observed.networks}
    kept = {name for one in observed.containers for name in one.nameless.values()}  # the stack's own, though without a label
    for name in networks:
        if owners.get(name) and owners[name] not in friends:
            yield Ask("other_stacks", "foreign-network", f"the network {name} of the project {owners[name]}")
    for name in volumes:
        owner = observed.volume_owners.get(name, "")
        if name in observed.external_volumes and owner not in friends and name not in kept:
            whose = f" of the project {owner}" if owner else ", which no stack of the team has made"
            yield Ask("other_stacks", "foreign-volume", f"the volume {name}{whose}")


def standing_asks(operation: Operation, observed: Observed) -> Iterator[Ask]:
    """What is there already and is joined or mounted is judged as its creation would be: it may be of a time when that was
    allowed, or another's. The engine's own three networks are judged by name, in `_namespace`."""
    networks, volumes = _names_used(operation)
    for network in observed.networks:
        if network.name in networks and network.name not in ("bridge", "host", "none"):
            yield from network_asks({"Driver": network.driver, "Options": network.options})
    made = _made_of(observed)
    for name in volumes:
        driver, options = made.get(name, ("", {}))
        yield from volume_asks(driver or "local", options)


def lenders(plan: Plan, observed: Observed) -> dict[str, ObservedContainer]:
    """The stack's containers that are there and stay, by the names that they have in the end. One that the plan makes is judged
    by its own creation."""
    found = {one.name: one for one in observed.containers}
    for operation in plan.operations:
        if operation.kind is Kind.RENAME_CONTAINER:
            was = found.pop(operation.detail["container"], None)
            found.pop(operation.detail["to"], None)
            if was is not None:
                found[operation.detail["to"]] = was
    return found


def lent_asks(operation: Operation, observed: Observed, lenders: Mapping[str, ObservedContainer]) -> Iterator[Ask]:
    """What a container gets from another one of the stack that is there already, by its volumes or namespaces: that one may be of a
    time when it was allowed, or be adopted."""
    if operation.kind is not Kind.CREATE_CONTAINER:
        return
    host = (operation.detail.get("payload") or {}).get("HostConfig") or {}
    made = _made_of(observed)
    for source in host.get("VolumesFrom") or ():
        lender = lenders.get(str(source).partition(":")[0])
        for path in lender.binds if lender else ():
            yield from path_asks(path, always=True)
        for name in lender.mounts if lender else ():
            driver, options = made.get(name, ("", {}))
            yield from volume_asks(driver or "local", options)
    for what, key in {"ipc": "IpcMode", "network": "NetworkMode", "pid": "PidMode"}.items():
        kind, _, name = str(host.get(key) or "").partition(":")
        lender = lenders.get(name) if kind == "container" else None
        if lender is not None and what in lender.host_modes:
            yield Ask("host_namespaces", f"host-{what}", f"the host's {what} namespace, which {name} is in")


def _made_of(observed: Observed) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Volume → its driver and options."""
    made: dict[str, tuple[str, Mapping[str, Any]]] = {one.name: (one.driver, one.options) for one in observed.volumes}
    return made | {name: (str(one.get("driver")), one.get("options") or {}) for name, one in observed.volume_makings.items()}


def _names_used(operation: Operation) -> tuple[list[str], list[str]]:
    """The engine's names of the networks and volumes that a call joins or mounts, sorted."""
    if operation.kind is Kind.CONNECT:
        return [str(operation.detail.get("network", ""))], []
    if operation.kind is not Kind.CREATE_CONTAINER:
        return [], []
    payload = operation.detail.get("payload") or {}
    host = payload.get("HostConfig") or {}
    networks = {str(host.get("NetworkMode") or ""), *((payload.get("NetworkingConfig") or {}).get("EndpointsConfig") or {})}
    volumes = {str(one.get("Source") or "") for one in host.get("Mounts") or () if one.get("Type") == "volume"}
    volumes |= {str(bind).partition(":")[0] for bind in host.get("Binds") or ()}
    return sorted(networks), sorted(volumes)
