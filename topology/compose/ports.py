"""`ports` in its short and long forms. Source: Compose Specification, "ports"; the engine's nat.ParsePortSpec."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from topology.compose.plain import Path
from topology.compose.report import Report
from topology.compose.units import as_text
from topology.core.design import Port

_RANGE = re.compile(r"^([0-9]{1,5})(?:-([0-9]{1,5}))?$")
_SHORT, _LONG = "bad-port", "port-not-possible"  # Compose hands on what a long form says; the engine refuses it
_PROTOCOLS = ("tcp", "udp", "sctp")
_FIX = 'Write "HOST:CONTAINER", such as "8080:80", "127.0.0.1:8080:80" or "53:53/udp".'


def read_ports(value: Any, *, path: Path, report: Report) -> tuple[Port, ...]:
    """All published ports; a range of container ports becomes one Port each, as the reference tool does."""
    ports: dict[Port, int] = {}
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, float):
            report.error("bad-port", f"`{item}` is not a port: it is no whole number.", _FIX, (*path, index))
            continue
        reader = _long if isinstance(item, dict) else _short
        for port in reader(item, (*path, index), report):
            ports.setdefault(port, index)
    for place, index in enumerate(ports.values()):
        if place != index:
            report.moved[(*path, place)] = (*path, index)
    return tuple(ports)


def _short(item: Any, path: Path, report: Report) -> Iterator[Port]:
    text = as_text(item)
    rest, _, protocol = text.partition("/")
    host_ip, host, container = _split(rest)
    yield from _ports(text, container, host, host_ip, protocol or "tcp", "ingress", path, report)


def _split(text: str) -> tuple[str, str, str]:
    """ "IP:HOST:CONTAINER" in its three parts; a missing one is ""."""
    before, _, container = text.rpartition(":")
    host_ip, _, host = before.rpartition(":")
    if ":" in host_ip and not host_ip.startswith("["):
        return f"{host_ip} (an IPv6 address stands in brackets)", host, container
    if host_ip.startswith("[") and host_ip.endswith("]"):
        host_ip = host_ip[1:-1]
    return host_ip, host, container


def _long(item: dict[str, Any], path: Path, report: Report) -> Iterator[Port]:
    published = as_text(item.get("published"))
    container = as_text(item.get("target"))
    if not container:
        report.error("port-without-target", "This port has no `target`, the port inside the container.", "Add `target:`.", path)
        return
    code = _SHORT if container.startswith("-") else _LONG
    shown = f"{published}:{container}" if published else container
    protocol, mode = as_text(item.get("protocol")) or "tcp", as_text(item.get("mode")) or "ingress"
    yield from _ports(shown, container, published, as_text(item.get("host_ip")), protocol, mode, path, report, code)


def _ports(
    shown: str, container: str, host: str, host_ip: str, protocol: str, mode: str, path: Path, report: Report, code: str = _SHORT
) -> Iterator[Port]:
    inside, outside = _bounds(container), _bounds(host) if host else None
    wrong = _wrong(inside, outside, host, host_ip, protocol.lower())
    if wrong or inside is None:
        shown = shown if len(shown) <= 60 else shown[:57] + "…"
        report.error(code, f"`{shown}` is not a port: {wrong}.", _FIX, path)
        return
    report.ports_left -= inside[1] - inside[0] + 1
    if report.ports_left < 0:
        report.error("too-many-ports", "The file publishes more ports than can be shown.", "Publish fewer, or use host mode.", path)
        return
    protocol = protocol.lower()
    if outside is None or inside[0] == inside[1]:
        published = None if outside is None else host if outside[0] != outside[1] else str(outside[0])
        for target in range(inside[0], inside[1] + 1):
            yield Port(target, published, host_ip, protocol, mode)
        return
    for offset in range(inside[1] - inside[0] + 1):
        yield Port(inside[0] + offset, str(outside[0] + offset), host_ip, protocol, mode)


def _bounds(text: str) -> tuple[int, int] | None:
    match = _RANGE.match(text)
    return (int(match[1]), int(match[2] or match[1])) if match else None


def _wrong(inside: tuple[int, int] | None, outside: tuple[int, int] | None, host: str, host_ip: str, protocol: str) -> str:
    """Why these are no ports, or ""."""
    if inside is None or not 1 <= inside[0] <= inside[1] <= 65535:
        return "the container's port must be from 1 to 65535"
    if host and (outside is None or not 0 <= outside[0] <= outside[1] <= 65535):
        return "the host's port must be from 0 to 65535"
    if outside is not None and inside[0] != inside[1] and outside[1] - outside[0] != inside[1] - inside[0]:
        return "the two ranges are not of the same length"
    if protocol not in _PROTOCOLS:
        return f"the protocol must be one of {', '.join(_PROTOCOLS)}"
    return "" if not host_ip or _is_address(host_ip) else f"`{host_ip}` is not an address of the host"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
