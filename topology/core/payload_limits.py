"""Limits: those that the engine changes in place (POST /containers/X/update), and those fixed when a container is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from topology.core.design import Service

NANO = 1_000_000_000
POWERS = {"": 0, "b": 0, "k": 1, "kb": 1, "m": 2, "mb": 2, "g": 3, "gb": 3, "t": 4, "tb": 4}  # of 1024
IN_PLACE = frozenset({"memswap_limit", "cpu_period", "cpu_quota"})  # keys of `Service.other` that are limits
RATES = {
    "device_read_bps": "BlkioDeviceReadBps", "device_read_iops": "BlkioDeviceReadIOps",
    "device_write_bps": "BlkioDeviceWriteBps", "device_write_iops": "BlkioDeviceWriteIOps",
}  # fmt: skip


def limits(spec: Service) -> dict[str, Any]:
    """The limits that change in place, under HostConfig's names; only those written.

    A swap limit of twice the memory is what the engine sets by itself, and is left out.
    """
    found = {
        "Memory": spec.mem_limit_bytes, "MemoryReservation": spec.mem_reservation_bytes,
        "MemorySwap": size_bytes(spec.other.get("memswap_limit")),
        "NanoCpus": round(spec.cpus * NANO) if spec.cpus else None, "CpuShares": spec.cpu_shares,
        "CpuPeriod": microseconds(spec.other.get("cpu_period")), "CpuQuota": microseconds(spec.other.get("cpu_quota")),
        "CpusetCpus": spec.cpuset, "PidsLimit": spec.pids_limit if spec.pids_limit != -1 else None,
    }  # fmt: skip
    if found["MemorySwap"] and found["MemorySwap"] == 2 * (spec.mem_limit_bytes or 0):
        found["MemorySwap"] = None
    return {name: value for name, value in found.items() if value}


def block_io(spec: Service) -> dict[str, Any]:
    """`blkio_config` under HostConfig's names."""
    written = spec.other.get("blkio_config")
    if not isinstance(written, Mapping):
        return {}
    body: dict[str, Any] = {}
    if weight := size_bytes(written.get("weight")):
        body["BlkioWeight"] = weight
    weights = [_device(one, "weight", "Weight") for one in _items(written.get("weight_device"))]
    if weights:
        body["BlkioWeightDevice"] = weights
    for key, name in RATES.items():
        if rates := [_device(one, "rate", "Rate") for one in _items(written.get(key))]:
            body[name] = rates
    return body


def size_bytes(value: Any) -> int | None:
    """A size: a number of bytes, or text such as "64m"; None where it is neither."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*([a-z]*)", str(value).strip().lower())
    return int(float(found[1]) * 1024 ** POWERS[found[2]]) if found and found[2] in POWERS else None


def microseconds(value: Any) -> int | None:
    """A CPU time: microseconds as a number, or a duration such as "50ms"; None where it is neither."""
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*(us|µs|ms|s|)", str(value).strip().lower())
    return int(float(found[1]) * {"": 1, "us": 1, "µs": 1, "ms": 1_000, "s": 1_000_000}[found[2]]) if found else None


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _device(one: Mapping[str, Any], key: str, name: str) -> dict[str, Any]:
    return {"Path": str(one.get("path", "")), name: size_bytes(one.get(key)) or 0}
