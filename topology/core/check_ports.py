"""Published ports: one host port serves one container, and not every kind of connection can publish."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from topology.core.design import Design, Port, Service
from topology.core.problems import Problem, Severity


def check_ports(design: Design) -> Iterator[Problem]:
    yield from _taken_twice(design)
    for service in design.services.values():
        if service.ports:
            yield from _useless(design, service)
            yield from _scaled(service)


def host_ports(port: Port) -> range:
    """The host ports that a Port may take; empty when the engine chooses."""
    first, _, last = (port.published or "").partition("-")
    if not first.isdecimal() or (last and not last.isdecimal()) or int(first) == 0:
        return range(0)
    return range(int(first), int(last or first) + 1)


def _taken_twice(design: Design) -> Iterator[Problem]:
    """A fixed host port is taken by the first service that writes it. Of a range ("8000-8010:80") the engine takes a free one."""
    taken: dict[tuple[str, int], dict[str, tuple[int, Service]]] = {}
    for service in design.services.values():
        if service.mode == "host":
            continue
        for index, port in enumerate(service.ports):
            numbers = host_ports(port)
            if len(numbers) != 1:
                continue
            owners = taken.setdefault((port.protocol, numbers[0]), {})
            meets, joins = _address_groups(port.host_ip)
            clashes = [owners[group] for group in meets if group in owners]
            if clashes:
                yield _clash(service, index, port, min(clashes, key=lambda one: one[0])[1])
            for group in joins:
                owners.setdefault(group, (len(owners), service))


def _address_groups(host_ip: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The groups whose members share an address with this one, and those that it belongs to. Groups are: "all" (every port), "any"
    (those of no address), "4" and "6" (those of a version), "any4" and "any6" (all addresses of it), and each address by itself."""
    if not host_ip:
        return ("all",), ("all", "any")
    try:
        address = ip_address(host_ip)
    except ValueError:
        return ("any", host_ip), ("all", host_ip)
    version = str(address.version)
    if address.is_unspecified:
        return ("any", version), ("all", version, f"any{version}")
    return ("any", f"any{version}", str(address)), ("all", version, str(address))


def _clash(service: Service, index: int, port: Port, other: Service) -> Problem:
    where = f"{port.published}/{port.protocol}" + (f" on {port.host_ip}" if port.host_ip else "")
    who = "itself twice" if other.name == service.name else f"`{other.name}` too"
    apart = bool(service.profiles and other.profiles and not set(service.profiles) & set(other.profiles))
    return Problem(
        "port-taken-twice",
        f"Host port {where} of `{service.name}` is published by {who}; only one container can have it.",
        fix="Give one of them another host port (the number on the left).",
        subject=f"service:{service.name}",
        path=("services", service.name, "ports", index),
        severity=Severity.WARNING if apart else Severity.ERROR,
    )


def addresses_overlap(one: str, other: str) -> bool:
    """Whether two host addresses share any; "" is all of IPv4 and IPv6, 0.0.0.0 all of IPv4, :: all of IPv6."""
    if not one or not other:
        return True
    try:
        first, second = ip_address(one), ip_address(other)
    except ValueError:
        return one == other
    if first.version != second.version:
        return False
    return first == second or first.is_unspecified or second.is_unspecified


_USELESS = {
    "host": ("ports-with-host-mode", "is in host mode: its ports are the host's own, and what `ports` says is ignored",
             "Remove `ports`, or put the service on a network.", Severity.WARNING),
    "none": ("ports-with-none-mode", "has no network, so its ports are published nowhere",
             "Remove `ports`, or put the service on a network.", Severity.WARNING),
    "service": ("ports-with-shared-mode", "uses another service's network, so the engine refuses to publish its ports",
                "Move the ports to the service whose network it uses.", Severity.ERROR),
    "container": ("ports-with-shared-mode", "uses another container's network, so the engine refuses to publish its ports",
                  "Publish the ports on that container.", Severity.ERROR),
}  # fmt: skip


def _useless(design: Design, service: Service) -> Iterator[Problem]:
    path, subject = ("services", service.name, "ports"), f"service:{service.name}"
    if service.mode in _USELESS:
        code, why, fix, severity = _USELESS[service.mode]
        yield Problem(code, f"`{service.name}` {why}.", fix=fix, subject=subject, path=path, severity=severity)
    networks = [design.networks.get(one.network) for one in service.attachments]
    if networks and all(network is not None and network.internal for network in networks):
        yield Problem(
            "ports-on-internal-network",
            f"`{service.name}` is on internal networks only, and the engine publishes no ports there.",
            fix="Put it on a network that is not internal as well, or remove `ports`.",
            subject=subject,
            path=path,
            severity=Severity.WARNING,
        )


def _scaled(service: Service) -> Iterator[Problem]:
    if service.scale <= 1:
        return
    for index, port in enumerate(service.ports):
        if 0 < len(host_ports(port)) < service.scale:
            yield Problem(
                "host-port-with-scale",
                f"`{service.name}` runs {service.scale} times, but host port {port.published} can be taken by one of them only.",
                fix=f'Leave the host port out ("{port.target}"), or give a range as large as the scale.',
                subject=f"service:{service.name}",
                path=("services", service.name, "ports", index),
            )
