"""Networks of the in-memory engine: addresses are given and refused as the real one does, with its words."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from topology.engine.errors import EngineError
from topology.engine.failures import error_from_answer

POOLS = [ipaddress.IPv4Network(f"172.{second}.0.0/16") for second in range(17, 32)]
BARE = ("null", "host")  # drivers without addresses


@dataclass(slots=True)
class FakeNetwork:
    """`raw` is what GET /networks has of it; `taken` the addresses of running containers, by container id."""

    raw: dict[str, Any]
    configured: bool  # its subnet was asked for, so fixed addresses are allowed
    taken: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> dict[str, Any]:
        """With the running containers on it, which the list of networks leaves out."""
        return self.raw | {"Containers": {container: {} for container in sorted(self.taken)}}

    @property
    def subnet(self) -> ipaddress.IPv4Network:
        return ipaddress.IPv4Network(self.raw["IPAM"]["Config"][0]["Subnet"])

    @property
    def gateway(self) -> str:
        return str(self.raw["IPAM"]["Config"][0]["Gateway"])

    def give(self, container_id: str, *, wanted: str) -> str:
        """An address for a container: the wanted one, or the lowest that is free."""
        if wanted:
            check_address(self, wanted)
            if wanted == self.gateway or wanted in (v for k, v in self.taken.items() if k != container_id):
                raise error_from_answer(403, "Address already in use")
            self.taken[container_id] = wanted
        elif container_id not in self.taken:
            used = {self.gateway, *self.taken.values()}
            self.taken[container_id] = next(str(one) for one in self.subnet.hosts() if str(one) not in used)
        return self.taken[container_id]


def check_address(network: FakeNetwork, wanted: str) -> None:
    if not network.configured:
        raise error_from_answer(
            400, "user specified IP address is supported only when connecting to networks with user configured subnets"
        )
    if ipaddress.IPv4Address(wanted) not in network.subnet:
        raise error_from_answer(400, f"Invalid address {wanted}: It does not belong to any of this network's subnets")


def new_network(payload: Mapping[str, Any], *, id: str, existing: list[FakeNetwork]) -> FakeNetwork:
    """What POST /networks/create makes of a payload; refuses a subnet that overlaps. "null" and "host" have none."""
    driver = payload.get("Driver") or "bridge"
    raw: dict[str, Any] = {
        "Id": id,
        "Name": payload["Name"],
        "Driver": driver,
        "Internal": bool(payload.get("Internal")),
        "Attachable": bool(payload.get("Attachable")),
        "EnableIPv6": bool(payload.get("EnableIPv6")),
        "Options": dict(payload.get("Options") or {}),
        "Labels": dict(payload.get("Labels") or {}),
        "IPAM": {"Driver": "default", "Config": []},
    }
    if driver in BARE:
        return FakeNetwork(raw, configured=False)
    pools = (payload.get("IPAM") or {}).get("Config") or []
    asked = next((pool["Subnet"] for pool in pools if pool.get("Subnet") and ":" not in pool["Subnet"]), None)
    subnets = [one.subnet for one in existing if one.raw["Driver"] not in BARE]
    if asked:
        subnet = ipaddress.IPv4Network(asked)
        if any(subnet.overlaps(one) for one in subnets):
            raise error_from_answer(403, "Pool overlaps with other one on this address space")
    else:
        free = [pool for pool in POOLS if not any(pool.overlaps(one) for one in subnets)]
        if not free:
            raise _no_pool()
        subnet = free[0]
    gateway = next((pool["Gateway"] for pool in pools if pool.get("Gateway")), str(next(subnet.hosts())))
    raw["IPAM"]["Config"] = [{"Subnet": str(subnet), "Gateway": gateway}]
    return FakeNetwork(raw, configured=asked is not None)


def _no_pool() -> EngineError:
    return error_from_answer(500, "could not find an available, non-overlapping IPv4 address pool among the defaults to assign")
