"""The networks and volumes that containers use, as top-level sections of a Compose file.

Those that bear the project's labels are its own, with their settings; all others are external, so that nobody takes them down.
An engine tells the subnet it chose itself as it tells one that was written. A subnet counts as written where something proves it:
a fixed address, a range, a gateway left out or not the first, or a subnet that the engine's own pools do not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from topology.core.labels import PROJECT, RESERVED_PREFIXES
from topology.core.observed import is_nameless
from topology.core.reconstruct_mounts import volume_keys
from topology.core.reconstruct_wires import NO_NETWORK, network_key

Json = Mapping[str, Any]
# What an engine gives subnets from, unless it was told otherwise: base → length of each. Source: moby libnetwork/ipamutils.
DEFAULT_POOLS = (
    *((f"172.{second}.0.0/16", 16) for second in range(17, 32)), ("192.168.0.0/16", 20),
)  # fmt: skip


def network_section(
    networks: tuple[Json, ...], containers: tuple[Json, ...], *, project: str, info: Json
) -> dict[str, dict[str, Any] | None]:
    there = {str(one["Name"]): one for one in networks}
    used = {name for one in containers for name in _attached(one)} - set(NO_NETWORK)
    mine = {name for name, one in there.items() if _owner(one) == project}
    found: dict[str, dict[str, Any] | None] = {}
    for name in sorted(used | mine):
        one = there.get(name, {})
        key = network_key(one, name=name, project=project)
        if name in mine:
            body = _settings(one, name=name, key=key, project=project, fixed=_has_fixed(name, containers), info=info)
            if body or key != "default":
                found[key] = body or None
        else:
            found[key] = {"external": True} | ({"name": name} if key != name else {})
    return dict(sorted(found.items()))


def volume_section(volumes: tuple[Json, ...], containers: tuple[Json, ...], *, project: str) -> dict[str, dict[str, Any] | None]:
    there = {str(one["Name"]): one for one in volumes}
    found: dict[str, dict[str, Any] | None] = {}
    for name, key in volume_keys(volumes, containers, project=project).items():
        one = there.get(name, {})
        if is_nameless(name):
            continue
        if _owner(one) != project:
            found[key] = {"external": True} | ({"name": name} if key != name else {})
            continue
        body: dict[str, Any] = {} if name == f"{project}_{key}" else {"name": name}
        if one.get("Driver") not in (None, "", "local"):
            body["driver"] = one["Driver"]
        if one.get("Options"):
            body["driver_opts"] = {k: str(v) for k, v in sorted(one["Options"].items())}
        found[key] = (body | _labels(one)) or None
    return dict(sorted(found.items()))


def _owner(thing: Json) -> str:
    return str((thing.get("Labels") or {}).get(PROJECT) or "")


def _labels(thing: Json) -> dict[str, Any]:
    found = {k: str(v) for k, v in sorted((thing.get("Labels") or {}).items()) if not k.startswith(RESERVED_PREFIXES)}
    return {"labels": found} if found else {}


def _attached(container: Json) -> list[str]:
    mode = str((container.get("HostConfig") or {}).get("NetworkMode") or "")
    if mode.startswith("container:"):
        return []
    return list((container.get("NetworkSettings") or {}).get("Networks") or {})


def _has_fixed(name: str, containers: tuple[Json, ...]) -> bool:
    endpoints = (((one.get("NetworkSettings") or {}).get("Networks") or {}).get(name) or {} for one in containers)
    ipams = [one.get("IPAMConfig") or {} for one in endpoints]
    return any(ipam.get("IPv4Address") or ipam.get("IPv6Address") for ipam in ipams)


def _settings(one: Json, *, name: str, key: str, project: str, fixed: bool, info: Json) -> dict[str, Any]:
    body: dict[str, Any] = {} if name == f"{project}_{key}" else {"name": name}
    if one.get("Driver") not in (None, "", "bridge"):
        body["driver"] = one["Driver"]
    if one.get("Options"):
        body["driver_opts"] = {k: str(v) for k, v in sorted(one["Options"].items())}
    flags = (("Internal", "internal"), ("Attachable", "attachable"), ("EnableIPv6", "enable_ipv6"))
    body |= {word: True for flag, word in flags if one.get(flag)}
    body |= {"enable_ipv4": False} if one.get("EnableIPv4") is False else {}  # engines before API 1.47 have no such word
    ipam = one.get("IPAM") or {}
    address: dict[str, Any] = {}
    if ipam.get("Driver") not in (None, "", "default"):
        address["driver"] = ipam["Driver"]
    if pools := [_pool(pool) for pool in ipam.get("Config") or () if fixed or _is_written(pool, info=info)]:
        address["config"] = pools
    if ipam.get("Options"):
        address["options"] = {k: str(v) for k, v in sorted(ipam["Options"].items())}
    return body | ({"ipam": address} if address else {}) | _labels(one)


def _pool(pool: Json) -> dict[str, Any]:
    names = {"Subnet": "subnet", "IPRange": "ip_range", "Gateway": "gateway"}
    found: dict[str, Any] = {
        word: str(pool[key]).partition("/")[0] if key == "Gateway" else pool[key] for key, word in names.items() if pool.get(key)
    }
    extra = pool.get("AuxiliaryAddresses") or pool.get("AuxAddress")
    return found | ({"aux_addresses": dict(sorted(extra.items()))} if extra else {})


def _is_written(pool: Json, *, info: Json) -> bool:
    if not pool.get("Subnet"):
        return False
    if not pool.get("Gateway") or pool.get("IPRange") or pool.get("AuxiliaryAddresses") or pool.get("AuxAddress"):
        return True
    subnet = ip_network(str(pool["Subnet"]), strict=False)
    if subnet.version != 4 or str(pool["Gateway"]).partition("/")[0] != str(subnet.network_address + 1):
        return True
    given = [(one.get("Base"), one.get("Size")) for one in info.get("DefaultAddressPools") or ()] or DEFAULT_POOLS
    bases = [(ip_network(str(base), strict=False), int(length or 0)) for base, length in given if base]
    return not any(base.version == 4 and subnet.subnet_of(base) and subnet.prefixlen == length for base, length in bases)
