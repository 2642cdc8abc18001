"""Compose's list-or-mapping forms, read into one shape each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.compose.units import as_text


def texts(value: Any) -> tuple[str, ...]:
    """A text or a list of texts as a tuple."""
    if value is None:
        return ()
    return tuple(as_text(item) for item in value) if isinstance(value, list) else (as_text(value),)


def pairs(value: Any) -> dict[str, str | None]:
    """`["A=1", "B"]` or `{A: 1, B: null}` as {"A": "1", "B": None}; the last of a name wins."""
    if isinstance(value, dict):
        return {key: None if item is None else as_text(item) for key, item in value.items()}
    result: dict[str, str | None] = {}
    for item in value if isinstance(value, list) else ():
        name, equals, text = as_text(item).partition("=")
        result[name] = text if equals else None
    return result


def labels(value: Any) -> dict[str, str]:
    """Labels (also options and sysctls): as `pairs`, a missing value is ""."""
    return {name: text or "" for name, text in pairs(value).items()}


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def hosts(value: Any) -> tuple[str, ...]:
    """`extra_hosts` as "name:address" each."""
    return tuple(f"{name}:{address}" for name, address in host_pairs(value))


def host_pairs(value: Any) -> list[tuple[str, str]]:
    """(name, address) of `extra_hosts`, an IPv6 address without brackets. The list form takes `=` as well as `:`, and several
    addresses with commas between them; the mapping has a list for those."""
    found: list[tuple[str, str]] = []
    if isinstance(value, dict):
        found = [(name, address) for name, addresses in value.items() for address in texts(addresses)]
    for item in texts(value) if isinstance(value, list) else ():
        name, _, addresses = item.partition("=" if "=" in item else ":")
        found += [(name, address) for address in addresses.split(",")]
    return [(name, _without_brackets(address)) for name, address in found]


def _without_brackets(address: str) -> str:
    return address[1:-1] if len(address) > 2 and address[0] == "[" and address[-1] == "]" else address
