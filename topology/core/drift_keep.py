"""What was changed outside, as an edit of the design: the file then says what runs, and an apply has nothing to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from topology.core.design import Design
from topology.core.drift import Drift
from topology.core.edit import (
    AddLink,
    AddNetwork,
    AddService,
    Attach,
    Detach,
    Edit,
    Path,
    RemoveLink,
    RemoveNetwork,
    RemoveService,
    RemoveValue,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
    Several,
)
from topology.core.observed import Endpoint, Observed, ObservedContainer, ObservedNetwork, ObservedPool
from topology.core.reconstruct_units import cores, size
from topology.core.wiring import own_names

Raw = Mapping[str, Any]
SEEN = frozenset({
    "container", "scale", "container_name", "restart", "state", "network", "volume", "networks", "aliases", "address", "links",
    "driver", "ipam", "internal", "attachable", "enable_ipv6",
})  # fmt: skip  # parts that need no further look at the container
LIMIT_KEYS: Mapping[str, tuple[str, Path]] = {
    "Memory": ("mem_limit", ("deploy", "resources", "limits", "memory")),
    "MemoryReservation": ("mem_reservation", ("deploy", "resources", "reservations", "memory")),
    "NanoCpus": ("cpus", ("deploy", "resources", "limits", "cpus")),
    "PidsLimit": ("pids_limit", ("deploy", "resources", "limits", "pids")),
    "MemorySwap": ("memswap_limit", ()), "CpuShares": ("cpu_shares", ()), "CpusetCpus": ("cpuset", ()),
    "CpuPeriod": ("cpu_period", ()), "CpuQuota": ("cpu_quota", ()),
}  # fmt: skip


class NotKeepable(ValueError):
    """Why a change cannot be put into a design, in words."""


def refusal(one: Drift) -> str:
    """Why a difference cannot be kept, "" when it can."""
    part, _, rest = one.part.partition(".")
    if one.kind == "stopped":
        return "A design has no stopped services. Start it, or take it out of the design."
    if part == "networks" and rest == "bridge":
        return "A Compose file cannot put a service on docker0 beside other networks."
    if one.subject.startswith("volume:"):
        return "What was in the volume is gone. Put it back to have an empty one."
    return ""


def needs_look(found: Sequence[Drift]) -> bool:
    """Whether the containers must be looked at more closely to be told: values of variables, commands, images."""
    return any(
        (one.kind == "extra" and one.part == "container") or not (one.part.partition(".")[0] in SEEN or one.part in LIMIT_KEYS)
        for one in found
        if not refusal(one)
    )


def keep_edit(
    found: Sequence[Drift], design: Design, observed: Observed, *, raw: Raw, told: Mapping[str, Raw], networks: Mapping[str, Raw]
) -> Edit | str:
    """The edit that puts these differences of one object into the design, or why none can.

    `raw` is the file's value as written; `told` has a container's name → the keys of a service that would make it, and `networks`
    the sections of networks they use, both only needed where `needs_look` says so.
    """
    kept = [one for one in found if not refusal(one)]
    if not kept:
        return refusal(found[0]) if found else "It is as it was applied."
    try:
        edits = list(_edits(kept, design, observed, raw=raw, told=told, networks=networks))
    except NotKeepable as error:
        return str(error)
    unique = list(dict.fromkeys(edits)) if all(_hashable(edit) for edit in edits) else edits
    return unique[0] if len(unique) == 1 else Several(tuple(unique))


def _hashable(edit: Edit) -> bool:
    try:
        hash(edit)
    except TypeError:
        return False
    return True


def _edits(
    found: Sequence[Drift], design: Design, observed: Observed, *, raw: Raw, told: Mapping[str, Raw], networks: Mapping[str, Raw]
) -> Iterator[Edit]:
    kind, _, name = found[0].subject.partition(":")
    if kind == "network":
        yield from _network(found, observed, design, raw=raw, key=name)
        return
    there = {one.name: one for one in observed.containers if one.service == name}
    if name not in design.services:
        yield from _new_service(found, design, told=told, networks=networks, name=name)
    elif any(one.kind == "missing" or one.part == "scale" for one in found):
        yield from _scale(design, raw, service=name, count=len([one for one in there.values() if not one.oneoff]))
    else:
        bearers = {design.container_name(name, one.number): one for one in there.values()}
        done: set[str] = set()
        for one in found:
            if one.part not in done and one.container in bearers:
                done.add(one.part)
                yield from _changed(one, design, bearers[one.container], observed, raw=raw, told=told)


# --- services -----------------------------------------------------------------------------------------------------------------


def _new_service(
    found: Sequence[Drift], design: Design, *, told: Mapping[str, Raw], networks: Mapping[str, Raw], name: str
) -> Iterator[Edit]:
    keys = dict(told.get(found[0].container) or {})
    if not keys:
        raise NotKeepable("The container is not there any more.")
    for key in keys.get("networks") or ():
        if key not in design.networks and key != "default":
            yield AddNetwork(key, dict(networks.get(key) or {}))
    yield AddService(name, keys)


def _scale(design: Design, raw: Raw, *, service: str, count: int) -> Iterator[Edit]:
    """As many as are there; a service of which none is there goes out of the design."""
    if count == 0:
        yield RemoveService(service)
        return
    written = _service(raw, service)
    replicas = isinstance(written.get("deploy"), Mapping) and "replicas" in written["deploy"]
    path: Path = ("deploy", "replicas") if replicas and "scale" not in written else ("scale",)
    yield SetValue(("services", service, *path), count)


def _changed(
    one: Drift, design: Design, there: ObservedContainer, observed: Observed, *, raw: Raw, told: Mapping[str, Raw]
) -> Iterator[Edit]:
    service = there.service
    part, _, rest = one.part.partition(".")
    at = ("services", service)
    if part == "container_name":
        if design.services[service].scale > 1:
            raise NotKeepable("Containers of a scaled service cannot have names of their own.")
        yield SetValue((*at, "container_name"), there.name)
    elif part == "restart":
        yield from _restart(there.restart_policy or "no", raw, at=at)
    elif one.part in LIMIT_KEYS:
        yield from _limit(one.part, there, raw, at=at)
    elif part in ("networks", "aliases", "address"):
        yield from _wire(part, rest, design, there, observed)
    elif part == "links":
        yield _link(rest, design, there, observed)
    else:
        yield from _told(part, rest, told.get(there.name) or {}, at=at)


def _restart(policy: str, raw: Raw, *, at: Path) -> Iterator[Edit]:
    """Into `deploy.restart_policy` where there is one, since it counts before `restart`."""
    below = ("deploy", "restart_policy")
    written = _at(_service(raw, str(at[1])), below)
    if not isinstance(written, Mapping):
        yield SetValue((*at, "restart"), policy)
        return
    condition, _, attempts = policy.partition(":")
    yield SetValue((*at, *below, "condition"), {"no": "none"}.get(condition, condition))
    if attempts:
        yield SetValue((*at, *below, "max_attempts"), int(attempts))
    elif "max_attempts" in written:
        yield RemoveValue((*at, *below, "max_attempts"))


def _limit(name: str, there: ObservedContainer, raw: Raw, *, at: Path) -> Iterator[Edit]:
    key, deployed = LIMIT_KEYS[name]
    value = (there.limits or {}).get(name)
    written = _service(raw, str(at[1]))
    path: Path = (*at, *deployed) if deployed and key not in written and _at(written, deployed) is not None else (*at, key)
    if not value:
        yield RemoveValue(path)
    elif name == "NanoCpus":
        yield SetValue(path, f"{cores(value)}" if path[-1] == "cpus" and deployed and len(path) > 3 else cores(value))
    else:
        yield SetValue(path, size(value) if name.startswith("Memory") else value)


def _told(part: str, name: str, keys: Raw, *, at: Path) -> Iterator[Edit]:
    """What a closer look at the container says of a key, whole; of variables only the one that differs."""
    if not keys:
        raise NotKeepable("The container is not there any more.")
    if part == "environment":
        value = (keys.get("environment") or {}).get(name)
        yield SetEnvironment(str(at[1]), name, None if value is None else str(value))
    elif part in keys:
        yield SetValue((*at, part), keys[part])
    else:
        yield RemoveValue((*at, part))


# --- wires --------------------------------------------------------------------------------------------------------------------


def _wire(part: str, name: str, design: Design, there: ObservedContainer, observed: Observed) -> Iterator[Edit]:
    service = there.service
    now = next((one for one in there.endpoints if one.network == name), None)
    key = next((key for key in design.networks if design.network_name(key) == name), "")
    if now is None:
        left = [one for one in there.endpoints if one.network not in ("none", "host")]
        yield Detach(service, key) if left else SetNetworkMode(service, "none")
        return
    if not key:
        key = name if name != "default" and name not in design.networks else f"{name}-1"
        yield AddNetwork(key, {"external": True} | ({"name": name} if key != name else {}))
    aliases = tuple(alias for alias in now.aliases if alias not in own_names(there))
    if part == "networks":
        yield Attach(service, key, aliases=aliases or None, ipv4=now.static_ipv4 or None, ipv6=now.static_ipv6 or None,
                     keep_default=_is_on_default(design, there))  # fmt: skip
    elif part == "aliases":
        yield Attach(service, key, aliases=aliases)
    else:
        yield _address(service, key, now)


def _address(service: str, key: str, now: Endpoint) -> Edit:
    return Attach(service, key, ipv4=now.static_ipv4, ipv6=now.static_ipv6 or None)


def _is_on_default(design: Design, there: ObservedContainer) -> bool:
    if "default" not in design.networks:
        return False
    return any(one.network == design.network_name("default") for one in there.endpoints)


def _link(rest: str, design: Design, there: ObservedContainer, observed: Observed) -> Edit:
    """ "NETWORK.TARGET:ALIAS" → the link of the service added or removed."""
    text = rest[rest.rindex(".", 0, rest.rindex(":")) + 1 :] if "." in rest else rest
    name = rest[: -len(text) - 1]
    target, _, alias = text.partition(":")
    now = next((one for one in there.endpoints if one.network == name), None)
    service = next((one.service for one in observed.containers if one.name == target), "")
    service = service or next((key for key in design.services if design.container_name(key) == target), "")
    if not service or service not in design.services:
        raise NotKeepable(f"{target} is no service of this stack.")
    is_there = text in (there.links if name == "bridge" else now.links if now is not None else ())
    return AddLink(there.service, service, alias) if is_there else RemoveLink(there.service, service, alias)


def _network(found: Sequence[Drift], observed: Observed, design: Design, *, raw: Raw, key: str) -> Iterator[Edit]:
    there = next((one for one in observed.networks if one.name == design.network_name(key)), None)
    if there is None:
        yield RemoveNetwork(key)
        return
    values: dict[str, Any] = {
        "driver": there.driver, "internal": there.internal, "attachable": there.attachable, "enable_ipv6": there.enable_ipv6,
    }  # fmt: skip
    at = ("networks", key)
    for one in found:
        if one.part == "ipam":
            yield _pools(there, at=at, written=isinstance(_at(raw, (*at, "ipam")), Mapping))
        elif one.part in values:
            yield SetValue((*at, one.part), values[one.part])


def _pools(there: ObservedNetwork, *, at: Path, written: bool) -> Edit:
    """All that the engine says of the network's addresses; a driver and options that the file has beside them stay."""
    pools = [_pool(one) for one in there.pools or map(ObservedPool, there.subnets)]  # a look of an older version has subnets only
    return SetValue((*at, "ipam", "config"), pools) if written else SetValue((*at, "ipam"), {"config": pools})


def _pool(pool: ObservedPool) -> dict[str, Any]:
    texts = {"subnet": pool.subnet, "ip_range": pool.ip_range, "gateway": pool.gateway}
    aux = {"aux_addresses": dict(pool.aux_addresses)} if pool.aux_addresses else {}
    return {name: value for name, value in texts.items() if value} | aux


def _service(raw: Raw, name: str) -> Raw:
    found = (raw.get("services") or {}).get(name)
    return found if isinstance(found, Mapping) else {}


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
