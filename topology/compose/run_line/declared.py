"""`docker network create`, `docker network connect` and `docker volume create` lines."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

from topology.compose.run_line.flags import (
    CONNECT_FLAGS,
    NETWORK_FLAGS,
    NETWORK_SHORT,
    VOLUME_FLAGS,
    VOLUME_SHORT,
)
from topology.compose.run_line.options import Options, Table, read_options
from topology.compose.run_line.words import Word

Raw = dict[str, Any]

_NETWORK = Table(NETWORK_FLAGS, NETWORK_SHORT, interspersed=True)
_VOLUME = Table(VOLUME_FLAGS, VOLUME_SHORT, interspersed=True)
_CONNECT = Table(CONNECT_FLAGS, {}, interspersed=True)
_DEFAULT_DRIVERS = frozenset({"", "bridge"})


def read_network_create(words: Sequence[Word]) -> tuple[str, Raw, Options]:
    """The network's name ("" where the line has none) and its keys."""
    options = read_options(words, _NETWORK)
    keys: Raw = {}
    if (driver := options.value("driver")) not in _DEFAULT_DRIVERS:
        keys["driver"] = driver
    if settings := pairs(options, "opt"):
        keys["driver_opts"] = settings
    for name, key in (("internal", "internal"), ("attachable", "attachable"), ("ipv6", "enable_ipv6")):
        if options.on(name):
            keys[key] = True
    if (switched := options.last("ipv4")) is not None and not switched.on:
        keys["enable_ipv4"] = False
    if ipam := _ipam(options):
        keys["ipam"] = ipam
    if labels := pairs(options, "label"):
        keys["labels"] = labels
    return (options.rest[0].text if options.rest else ""), keys, options


def _ipam(options: Options) -> Raw:
    """The address pools: gateways, ranges and reserved addresses belong to the subnet that holds them."""
    pools: list[Raw] = [{"subnet": one} for part in options.values("subnet") for one in part.value.split(",")]
    for flag, key in (("ip-range", "ip_range"), ("gateway", "gateway")):
        for part in options.values(flag):
            for value in part.value.split(","):
                _pool(pools, value)[key] = value
    for part in options.values("aux-address"):
        name, _, address = part.value.partition("=")
        _pool(pools, address).setdefault("aux_addresses", {})[name] = address
    ipam: Raw = {}
    if driver := options.value("ipam-driver"):
        ipam["driver"] = driver
    if pools:
        ipam["config"] = pools
    if settings := pairs(options, "ipam-opt"):
        ipam["options"] = settings
    return ipam


def _pool(pools: list[Raw], address: str) -> Raw:
    """The pool whose subnet holds an address; the last one where that cannot be said, a new one where there is none."""
    for pool in pools:
        try:
            if ipaddress.ip_address(address.partition("/")[0]) in ipaddress.ip_network(pool.get("subnet", ""), strict=False):
                return pool
        except ValueError:
            continue
    if not pools:
        pools.append({})
    return pools[-1]


def read_volume_create(words: Sequence[Word]) -> tuple[str, Raw, Options]:
    """The volume's name ("" where the line has none) and its keys."""
    options = read_options(words, _VOLUME)
    keys: Raw = {}
    if (driver := options.value("driver")) not in ("", "local"):
        keys["driver"] = driver
    if settings := pairs(options, "opt"):
        keys["driver_opts"] = settings
    if labels := pairs(options, "label"):
        keys["labels"] = labels
    return (options.rest[0].text if options.rest else options.value("name")), keys, options


def read_connect(words: Sequence[Word]) -> tuple[str, str, Raw, Options]:
    """The network, the container and what holds for it there."""
    options = read_options(words, _CONNECT)
    attachment: Raw = {}
    for flag, key in (("alias", "aliases"), ("link-local-ip", "link_local_ips")):
        if values := [one.value for one in options.values(flag)]:
            attachment[key] = values
    for flag, key in (("ip", "ipv4_address"), ("ip6", "ipv6_address"), ("gw-priority", "gw_priority")):
        if value := options.value(flag):
            attachment[key] = value
    if settings := pairs(options, "driver-opt"):
        attachment["driver_opts"] = settings
    network, container = ([one.text for one in options.rest] + ["", ""])[:2]
    return network, container, attachment, options


def pairs(options: Options, name: str) -> dict[str, str]:
    """The `key=value` options of one name."""
    return {key: value for key, _, value in (one.value.partition("=") for one in options.values(name))}
