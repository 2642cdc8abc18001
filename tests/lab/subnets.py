"""Addresses for tests that ask for them by number, taken by nobody else at the time."""

from __future__ import annotations

import random
from ipaddress import IPv4Network

import docker


def own_subnet() -> str:
    """The first three numbers of a /24 that no network of the engine overlaps: "10.219.4", for "10.219.4.0/24"."""
    client = docker.from_env()
    pools = [
        one["Subnet"] for network in client.networks.list() for one in network.attrs["IPAM"].get("Config") or () if "Subnet" in one
    ]
    client.close()
    taken = [IPv4Network(one) for one in pools if ":" not in one]
    while True:
        start = f"10.{random.randrange(200, 250)}.{random.randrange(256)}"
        if not any(IPv4Network(f"{start}.0/24").overlaps(one) for one in taken):
            return start
