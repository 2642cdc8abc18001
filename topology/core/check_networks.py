"""Networks: what services may join and how, names on them, and modes that exclude them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from topology.core.check_addresses import check_addresses
from topology.core.check_references import unknown
from topology.core.design import Design, Service
from topology.core.problems import Problem, Severity

_MODES = ("bridge", "host", "none", "service", "container")
_PREDEFINED = ("bridge", "host", "none")
_MAC = re.compile(r"^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$")


def check_networks(design: Design) -> Iterator[Problem]:
    yield from _engine_names(design)
    yield from check_addresses(design)
    yield from _names_on_networks(design)
    for service in design.services.values():
        yield from _mode(design, service)
        for one in service.attachments:
            path = ("networks", one.network)
            if one.network not in design.networks:
                yield unknown(service, "network-unknown", "network", one.network, design.networks, *path)
            elif design.network_name(one.network) in _PREDEFINED:
                name = design.network_name(one.network)
                yield _problem(
                    service,
                    "network-predefined",
                    f"`{one.network}` is the engine's own network `{name}`, which knows no names.",
                    f"Write `network_mode: {name}` instead.",
                    *path,
                )
            if one.mac is not None and not _MAC.match(one.mac):
                yield _problem(
                    service,
                    "bad-mac",
                    f"`{one.mac[:40]}` is no MAC address.",
                    "Write it as 02:42:ac:11:00:02.",
                    *path,
                    "mac_address",
                )


def _problem(service: Service, code: str, message: str, fix: str, *path: str | int, severity: Severity = Severity.ERROR) -> Problem:
    place = ("services", service.name, *path)
    return Problem(code, message, fix=fix, subject=f"service:{service.name}", path=place, severity=severity)


def _engine_names(design: Design) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, network in design.networks.items():
        name = design.network_name(key)
        if name in _PREDEFINED and not network.external:
            yield Problem(
                "network-name-reserved",
                f"`{name}` is a network of the engine's own; it cannot be made again.",
                fix=f"Choose another name, or write `network_mode: {name}` in the services.",
                subject=f"network:{key}",
                path=("networks", key, "name"),
            )
        if name in owners and not (network.external and design.networks[owners[name]].external):
            yield Problem(
                "network-name-twice",
                f"`{key}` and `{owners[name]}` are both called `{name}` on the engine.",
                fix="Give one of them another `name`.",
                subject=f"network:{key}",
                path=("networks", key, "name"),
            )
        owners.setdefault(name, key)


def _mode(design: Design, service: Service) -> Iterator[Problem]:
    mode = service.network_mode
    if mode is None:
        return
    if service.attachments:
        yield _problem(
            service,
            "mode-with-networks",
            f"`{service.name}` has `network_mode: {mode}` and `networks`; a container can have one of the two only.",
            "Remove `network_mode` to use the networks, or remove `networks`.",
            "network_mode",
        )
    aliased = [one.network for one in service.attachments if one.aliases]
    if service.mode == "bridge" and aliased:
        yield _problem(
            service,
            "aliases-on-docker0",
            f"`{service.name}` is on docker0, where there are no aliases: the default bridge knows names by links only.",
            "Link its clients to it, or put it on a network.",
            "networks",
            aliased[0],
        )
    yield from _mode_word(design, service, mode)


def _mode_word(design: Design, service: Service, mode: str) -> Iterator[Problem]:
    if service.mode in _MODES and (":" in mode) == (service.mode in ("service", "container")):
        return
    if mode in design.networks:
        yield _problem(
            service,
            "mode-is-network",
            f"`{mode}` is a network of this file, not a network mode.",
            f"Write `networks: [{mode}]` instead.",
            "network_mode",
        )
        return
    yield _problem(
        service,
        "mode-unknown",
        f"`{mode[:60]}` is not one of Compose's network modes; the engine takes it for a network's name.",
        "Use bridge, host, none, service:NAME or container:NAME, or declare the network.",
        "network_mode",
        severity=Severity.WARNING,
    )


def _names_on_networks(design: Design) -> Iterator[Problem]:
    """Row 5: a name that several have answers with several addresses in varying order."""
    on: dict[str, list[Service]] = {}
    for service in design.services.values():
        for key in {one.network for one in service.attachments}:
            on.setdefault(key, []).append(service)
    for key, members in on.items():
        owners: dict[str, Service] = {}
        for service in members:
            if any(one.service_alias for one in service.attachments if one.network == key):
                owners.setdefault(service.name.lower(), service)
        for service in members:
            aliases = next(one.aliases for one in service.attachments if one.network == key)
            for index, alias in enumerate(aliases):
                other = owners.setdefault(alias.lower(), service)
                if other is not service:
                    yield _problem(
                        service,
                        "alias-twice",
                        f"On `{key}`, `{alias}` means `{other.name}` as well as `{service.name}`: clients get either one.",
                        "Keep it if you want them to take turns; else give one another alias.",
                        "networks",
                        key,
                        "aliases",
                        index,
                        severity=Severity.WARNING,
                    )
