"""`ports` in the long form, one item for each port of a range. Source: the engine's nat.ParsePortSpec."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from topology.compose.canonical.fields import OMIT, Around, Record, integer, text
from topology.compose.units import as_text

_RANGE = re.compile(r"^([0-9]{1,5})(?:-([0-9]{1,5}))?$")
_PORT = Record((
    ("name", text), ("mode", text), ("host_ip", text), ("target", integer), ("published", text), ("protocol", text),
    ("app_protocol", text),
))  # fmt: skip


def ports(value: Any, around: Around) -> Any:
    """All ports. Of two that are the same the later one stands, in the place of the earlier."""
    if not isinstance(value, list):
        return OMIT
    found: dict[tuple[Any, ...], Any] = {}
    for item in value:
        for port in [_long(item, around)] if isinstance(item, Mapping) else _short(as_text(item), around):
            # A published port written as a number is another one to the reference tool than the same as text.
            number = item["published"] if isinstance(item, Mapping) and isinstance(item.get("published"), int) else None
            found[(*_key(port), number)] = port
    return list(found.values()) or OMIT


def _key(port: Any) -> tuple[str, ...]:
    if not isinstance(port, dict):
        return (as_text(port),)
    return tuple(as_text(port.get(key)) for key in ("host_ip", "published", "target", "protocol"))


def _long(item: Mapping[str, Any], around: Around) -> dict[str, Any]:
    return _PORT.of({"mode": "ingress", "protocol": "tcp"} | dict(item), around)


def _short(spec: str, around: Around) -> list[Any]:
    """ "IP:HOST:CONTAINER/PROTOCOL"; what is none is passed on. The order is that of the ports as text ("100" before "99")."""
    rest, _, protocol = spec.partition("/")
    before, _, container = rest.rpartition(":")
    host_ip, _, host = before.rpartition(":")
    if host_ip.startswith("[") and host_ip.endswith("]"):
        host_ip = host_ip[1:-1]
    inside, outside = _bounds(container), _bounds(host) if host else None
    if inside is None or (host and outside is None) or inside[1] - inside[0] > 65535:
        return [spec]
    found = []
    for offset in range(inside[1] - inside[0] + 1):
        target = inside[0] + offset
        port = {"mode": "ingress", "host_ip": host_ip, "target": target, "protocol": (protocol or "tcp").lower()}
        if outside is not None:
            ranged = inside[0] == inside[1] and outside[0] != outside[1]
            port["published"] = f"{outside[0]}-{outside[1]}" if ranged else str(outside[0] + offset)
        found.append(port)
    return [_PORT.of(port, around) for port in sorted(found, key=lambda one: str(one["target"]))]


def _bounds(range_text: str) -> tuple[int, int] | None:
    match = _RANGE.match(range_text)
    return (int(match[1]), int(match[2] or match[1])) if match else None
