"""Addresses of both IP versions, in one form for each: IPv6 has several ("fd00:0::5" is "fd00::5")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any

from topology.core.observed import Endpoint


def fixed_in(endpoint: Mapping[str, Any]) -> list[str]:
    """The addresses that an EndpointSettings asks for."""
    ipam = endpoint.get("IPAMConfig") or {}
    return in_one_form([ipam.get("IPv4Address"), ipam.get("IPv6Address")])


def held_by(wire: Endpoint) -> list[str]:
    """The addresses that a container has on a network now."""
    return in_one_form([wire.ipv4, wire.ipv6])


def in_one_form(texts: Iterable[str | None]) -> list[str]:
    return [_in_one_form(text) for text in texts if text]


def _in_one_form(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return text
