"""Subnets and static addresses: subnets do not overlap, an address lies in its network's subnet and belongs to one container."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from topology.core.design import Attachment, Design, Network, Pool, Service
from topology.core.problems import Problem, Severity

Address = IPv4Address | IPv6Address
Subnet = IPv4Network | IPv6Network


def check_addresses(design: Design) -> Iterator[Problem]:
    for network in design.networks.values():
        for index, pool in enumerate(network.pools):
            yield from _pool(network, index, pool)
    yield from _overlaps(design)
    taken = {key: _reserved(network) for key, network in design.networks.items()}
    for service in design.services.values():
        for attachment in service.attachments:
            joined = design.networks.get(attachment.network)
            if joined is None:
                continue
            for key, written in (("ipv4_address", attachment.ipv4), ("ipv6_address", attachment.ipv6)):
                if written is not None:
                    yield from _static(service, attachment, joined, key, written, taken[joined.key])


def subnet_of(text: str | None) -> Subnet | None:
    """A subnet from its CIDR text, host bits ignored; None when it is not one."""
    try:
        return ip_network(text, strict=False) if text and "/" in text else None
    except ValueError:
        return None


def _address(text: str | None) -> Address | None:
    try:
        return ip_address(text) if text else None
    except ValueError:
        return None


def _in_network(
    network: Network, code: str, message: str, fix: str, *path: str | int, severity: Severity = Severity.ERROR
) -> Problem:
    place = ("networks", network.key, "ipam", "config", *path)
    return Problem(code, message, fix=fix, subject=f"network:{network.key}", path=place, severity=severity)


def _pool(network: Network, index: int, pool: Pool) -> Iterator[Problem]:
    subnet = subnet_of(pool.subnet)
    if pool.subnet is not None and subnet is None:
        yield _in_network(
            network, "bad-subnet", f"`{pool.subnet[:60]}` is no subnet.", "Write it as 172.28.0.0/16.", index, "subnet"
        )
    if subnet is None:
        return
    if str(subnet).partition("/")[0] != str(_address(str(pool.subnet).partition("/")[0])):
        yield _in_network(
            network,
            "subnet-host-bits",
            f"`{pool.subnet}` names an address inside the subnet; newer engines refuse that.",
            f"Write `{subnet}`.",
            index,
            "subnet",
            severity=Severity.WARNING,
        )
    yield from _inside(network, index, pool, subnet)


def _inside(network: Network, index: int, pool: Pool, subnet: Subnet) -> Iterator[Problem]:
    """Gateway, range and named addresses of a pool lie in its subnet."""
    gateway, part = _address(pool.gateway), subnet_of(pool.ip_range)
    if pool.gateway is not None and (gateway is None or gateway not in subnet):
        yield _in_network(
            network,
            "gateway-outside-subnet",
            f"The gateway `{pool.gateway[:60]}` is not in the subnet {subnet}.",
            f"Use an address of {subnet}, such as {_first(subnet)}.",
            index,
            "gateway",
        )
    if pool.ip_range is not None and (part is None or not _within(part, subnet)):
        yield _in_network(
            network,
            "range-outside-subnet",
            f"The range `{pool.ip_range[:60]}` is not a part of {subnet}.",
            "Use a smaller subnet inside it.",
            index,
            "ip_range",
        )
    for name, written in pool.aux_addresses.items():
        address = _address(written)
        if address is None or address not in subnet:
            yield _in_network(
                network,
                "aux-outside-subnet",
                f"`{name}` ({written[:60]}) is not in the subnet {subnet}.",
                f"Use an address of {subnet}.",
                index,
                "aux_addresses",
                name,
            )


def _within(part: Subnet, whole: Subnet) -> bool:
    first, last = part.network_address, part.broadcast_address
    return part.version == whole.version and first in whole and last in whole


def _first(subnet: Subnet) -> Address:
    return subnet.network_address + 1 if subnet.num_addresses > 2 else subnet.network_address


def _overlaps(design: Design) -> Iterator[Problem]:
    seen = _SeenSubnets()
    for network in design.networks.values():
        for index, pool in enumerate(network.pools):
            subnet = subnet_of(pool.subnet)
            if subnet is None or network.external:
                continue
            found = seen.first_overlap(subnet)
            if found is not None:
                other, owner = found
                where = "of the same network" if owner is network else f"of `{owner.key}`"
                yield _in_network(
                    network,
                    "subnets-overlap",
                    f"The subnet {subnet} of `{network.key}` overlaps {other} {where}; the engine refuses the second.",
                    "Choose a subnet that no other network uses, or leave it out.",
                    index,
                    "subnet",
                )
            seen.add(subnet, network)


class _SeenSubnets:
    """Subnets so far. Two overlap only when one holds the other, so each is looked up by its own bits: no pairs are compared."""

    def __init__(self) -> None:
        self._count = 0
        self._at: dict[tuple[int, int, int], tuple[int, Subnet, Network]] = {}
        self._inside: dict[tuple[int, int, int], tuple[int, Subnet, Network]] = {}  # by every subnet that holds one of them

    def first_overlap(self, subnet: Subnet) -> tuple[Subnet, Network] | None:
        """The earliest one that holds it or lies in it."""
        holders = (self._at.get(key) for key in _holders(subnet))
        found = [one for one in (*holders, self._inside.get(next(_holders(subnet)))) if one is not None]
        return min(found, key=lambda one: one[0])[1:] if found else None

    def add(self, subnet: Subnet, owner: Network) -> None:
        entry = (self._count, subnet, owner)
        self._count += 1
        keys = list(_holders(subnet))
        self._at.setdefault(keys[0], entry)
        for key in keys:
            self._inside.setdefault(key, entry)


def _holders(subnet: Subnet) -> Iterator[tuple[int, int, int]]:
    """(version, prefix length, prefix) of the subnet itself, then of each larger one that holds it."""
    bits, start = subnet.max_prefixlen, int(subnet.network_address)
    for length in range(subnet.prefixlen, -1, -1):
        yield subnet.version, length, start >> (bits - length)


def _reserved(network: Network) -> dict[Address, str]:
    """Addresses that no container can have, with who has them: gateways and named ones."""
    taken: dict[Address, str] = {}
    for pool in network.pools:
        subnet = subnet_of(pool.subnet)
        if subnet is None:
            continue
        gateway = _address(pool.gateway) or _first(subnet_of(pool.ip_range) or subnet)
        taken[gateway] = "the network's gateway"
        for name, written in pool.aux_addresses.items():
            if (address := _address(written)) is not None:
                taken[address] = f"the reserved address `{name}`"
    return taken


def _static(
    service: Service, attachment: Attachment, network: Network, key: str, written: str, taken: dict[Address, str]
) -> Iterator[Problem]:
    def problem(code: str, message: str, fix: str) -> Problem:
        path = ("services", service.name, "networks", attachment.network, key)
        return Problem(code, message, fix=fix, subject=f"service:{service.name}", path=path)

    address = _address(written)
    if address is None or address.version != (4 if key == "ipv4_address" else 6):
        yield problem("bad-address", f"`{written[:60]}` is no IPv{key[3]} address.", "Write one, such as " + _EXAMPLE[key] + ".")
        return
    subnets = [subnet for pool in network.pools if (subnet := subnet_of(pool.subnet)) and subnet.version == address.version]
    if service.scale > 1:
        yield problem(
            "address-with-scale",
            f"`{service.name}` runs {service.scale} times, but only one container can have {address}.",
            "Remove the address, or run it once.",
        )
    if address in taken:
        yield problem(
            "address-taken-twice", f"{address} on `{network.key}` is already that of {taken[address]}.", "Choose another address."
        )
    taken.setdefault(address, f"`{service.name}`")
    if not network.external and (found := _misplaced(service, network, address, subnets)):
        yield problem(*found)


def _misplaced(service: Service, network: Network, address: Address, subnets: list[Subnet]) -> tuple[str, str, str] | None:
    """Code, message and fix when no subnet of the network can give the address."""
    if not subnets:
        return (
            "address-without-subnet",
            f"`{service.name}` wants {address}, but `{network.key}` has no IPv{address.version} subnet "
            "of its own, and the engine gives fixed addresses in written subnets only.",
            f"Give `{network.key}` a subnet that holds {address}.",
        )
    if not any(address in subnet for subnet in subnets):
        return (
            "address-outside-subnet",
            f"{address} is not in {' or '.join(map(str, subnets))}, the subnet of `{network.key}`.",
            f"Choose an address of {subnets[0]}.",
        )
    if any(_unusable(address, subnet) for subnet in subnets):
        return (
            "address-reserved",
            f"{address} is the first or last address of its subnet, which no container can have.",
            "Choose one between.",
        )
    return None


_EXAMPLE = {"ipv4_address": "172.28.0.10", "ipv6_address": "fd00:28::10"}


def _unusable(address: Address, subnet: Subnet) -> bool:
    ends = (subnet.network_address, subnet.broadcast_address) if subnet.version == 4 else (subnet.network_address,)
    return subnet.num_addresses > 2 and address in ends
