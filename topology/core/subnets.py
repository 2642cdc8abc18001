"""Subnets as texts: whether they share addresses, and whether an address lies in one. A text that is no subnet has no addresses."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any


def overlap(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether two sets of subnets share addresses."""
    others = _parsed(second)
    return any(one.overlaps(other) for one in _parsed(first) for other in others if one.version == other.version)


def lies_in(address: str, subnets: Iterable[str]) -> bool:
    """Whether an address belongs to one of the subnets."""
    try:
        return any(ip_address(address) in one for one in _parsed(subnets))
    except ValueError:
        return False


def _parsed(subnets: Iterable[str]) -> list[Any]:
    found: list[IPv4Network | IPv6Network] = []
    for text in subnets:
        try:
            found.append(ip_network(text, strict=False))
        except ValueError:
            continue
    return found
