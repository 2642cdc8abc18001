"""Wires that differ: on which networks a container is, beside those the design asks for. They change on the container itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topology.core.design import Design
from topology.core.draft import is_up
from topology.core.endpoint_options import GATEWAY_API, as_settings, options_difference
from topology.core.labels import NETWORK, PROJECT
from topology.core.link_wires import LinkChanges, link_changes, link_words, without_compose_names
from topology.core.observed import Endpoint, Observed, ObservedContainer
from topology.core.payload_network import WIRED, bridge_links, wanted_endpoints, wanted_mode


@dataclass(frozen=True, slots=True)
class WireChange:
    """`leave` and `join` say what happens, in this order; both is a reconnect. `endpoint` is the wanted EndpointSettings."""

    network: str
    leave: bool
    join: bool
    cause: str
    endpoint: Mapping[str, Any]


def wire_changes(design: Design, observed: Observed, there: ObservedContainer, *, renewed: set[str]) -> list[WireChange]:
    """The changes of one kept container, those that join first, by network. `renewed` are networks that are made anew."""
    if wanted_mode(design.services[there.service]) not in WIRED:
        return []
    wanted = wanted_endpoints(design, there.service)
    now = {one.network: one for one in there.endpoints if one.network}
    stays = design.container_name(there.service, there.number) == there.name  # then its name goes on resolving
    resolves = frozenset({there.name}) if stays else frozenset()
    found = {
        name: _join(network_word(design, observed, name), name, endpoint, now.get(name), there, observed, renewed, resolves)
        for name, endpoint in sorted(wanted.items())
    }
    links = link_changes(design, observed, there, joined={name for name, change in found.items() if change is not None})
    relinked = [change or _relink(name, wanted[name], links) for name, change in found.items()]
    changes = [one for one in relinked if one is not None]
    for name in sorted(now.keys() - wanted.keys()):
        if name != "none":
            changes.append(
                WireChange(name, True, False, f"the design does not have it on {network_word(design, observed, name)}", {})
            )
    on_none = "none" in now or (there.network_mode == "none" and not now)
    if changes and wanted and on_none:  # the engine refuses a second network beside "none"
        changes.insert(0, WireChange("none", True, False, "it joins a network", {}))
    return changes


def network_word(design: Design, observed: Observed, name: str) -> str:
    """A network in words: its key in the file (or when it was made), docker0, else the engine's name."""
    if name == "bridge":
        return "docker0"
    if key := next((key for key in design.networks if design.network_name(key) == name), ""):
        return key
    labels = next((one.labels for one in observed.networks if one.name == name), {})
    mine = labels.get(PROJECT) == design.project
    return labels.get(NETWORK, name) if mine else name


def _join(
    word: str,
    name: str,
    endpoint: Mapping[str, Any],
    now: Endpoint | None,
    there: ObservedContainer,
    observed: Observed,
    renewed: set[str],
    resolves: frozenset[str],
) -> WireChange | None:
    if now is None:
        return WireChange(name, False, True, f"the design has it on {word}", endpoint)
    if name in renewed:
        return WireChange(name, True, True, f"{word} is made anew", endpoint)
    ids = {one.id for one in observed.networks if one.name == name and one.id}
    if now.network_id and ids and now.network_id not in ids:
        return WireChange(name, True, True, f"{word} was made anew", endpoint)
    if now.network_id and not ids and name != "bridge" and not is_up(there):  # it is bound to the id: only anew can it start on it
        return WireChange(name, True, True, f"{word} was removed from the engine", endpoint)
    cause = _endpoint_difference(endpoint, now, there, resolves=resolves, priorities=observed.speaks(GATEWAY_API))
    mac = endpoint.get("MacAddress", "")
    if not cause and observed.macs_at_connect and mac and now.mac and mac.lower() != now.mac.lower():
        cause = f"MAC address {now.mac} becomes {mac}"
    return WireChange(name, True, True, cause, endpoint) if cause else None


def _relink(name: str, endpoint: Mapping[str, Any], links: LinkChanges) -> WireChange | None:
    cause = links.cause(name)
    return WireChange(name, True, True, cause, endpoint) if cause else None


def own_names(there: ObservedContainer) -> set[str]:
    """Names that are no aliases of anybody's choice: the container's, and the one that Compose gave it when it made it, by which it
    goes on to be known where it is called otherwise now."""
    return {there.name, there.id[:12], there.service, f"{there.project}-{there.service}-{there.number}"}


def _endpoint_difference(
    endpoint: Mapping[str, Any], now: Endpoint, there: ObservedContainer, *, resolves: frozenset[str], priorities: bool
) -> str:
    """What differs of an endpoint beside its links, in words. Names that the engine or Compose adds by themselves are no
    difference, nor is an alias that `resolves` without being one. `priorities`: whether the engine knows gateway priorities."""
    if now.network == "bridge":
        return ""
    ipam = endpoint.get("IPAMConfig", {})
    if (wanted := ipam.get("IPv4Address", "")) != now.static_ipv4:
        return _address_cause(wanted, now.static_ipv4)
    if (wanted := ipam.get("IPv6Address", "")) != now.static_ipv6:
        return _address_cause(wanted, now.static_ipv6)
    aliases = set(endpoint.get("Aliases", ()))
    own = own_names(there) - {there.service}  # which is asked for like any other, where it is wanted
    if missing := sorted(aliases - set(now.aliases) - resolves):
        return f"alias {', '.join(missing)} is new"
    if extra := sorted(set(now.aliases) - aliases - own):
        return f"alias {', '.join(extra)} goes"
    return options_difference(endpoint, now.options, priorities=priorities)


def _address_cause(wanted: str, now: str) -> str:
    if not wanted:
        return f"address {now} is no longer fixed"
    return f"address {now} becomes {wanted}" if now else f"address {wanted} is new"


def unwanted_links(design: Design, there: ObservedContainer) -> list[str]:
    """Links on the default bridge that the design does not have, as "container:alias". The engine removes them in place."""
    if wanted_mode(design.services[there.service]) not in WIRED:
        return []
    wanted = set(bridge_links(design, there.service))
    asked = without_compose_names(there.links, project=there.project) if wanted else sorted(set(there.links))
    return [link for link in asked if link not in wanted]


def endpoint_words(endpoint: Mapping[str, Any], *, service: str) -> str:
    """An endpoint in words: " as www, 10.0.0.5, linked to db"."""
    aliases = [alias for alias in endpoint.get("Aliases", ()) if alias != service]
    ipam = endpoint.get("IPAMConfig", {})
    words = [ipam[key] for key in ("IPv4Address", "IPv6Address") if ipam.get(key)]
    links = [link_words(link) for link in endpoint.get("Links") or ()]
    parts = ([f"as {', '.join(aliases)}"] if aliases else []) + [f"at {word}" for word in words]
    parts += [f"linked to {', '.join(links)}"] if links else []
    return f" {', '.join(parts)}" if parts else ""


def _derived_mac(ipv4: str) -> str:
    """The MAC that engines before 28 give with an IPv4 address: kept with another address it would be another container's."""
    parts = ipv4.split(".")
    return "02:42" + "".join(f":{int(part):02x}" for part in parts) if len(parts) == 4 else ""


def as_was(endpoint: Endpoint, *, fixed: bool = False) -> dict[str, Any]:
    """What an observed endpoint was made with, as EndpointSettings. Addresses that were asked for come along when `fixed`: on a
    network that was made anew they may not fit any more. A MAC comes along unless the engine derived it from the address: an
    engine does not tell which was asked for, and one that is not derived is the container's own in any case."""
    asked = {"IPv4Address": endpoint.static_ipv4, "IPv6Address": endpoint.static_ipv6} if fixed else {}
    options = as_settings(endpoint.options)
    ipam = {key: address for key, address in asked.items() if address} | options.get("IPAMConfig", {})
    body: dict[str, Any] = {**options, "Aliases": list(endpoint.aliases)} | ({"IPAMConfig": ipam} if ipam else {})
    body |= {"MacAddress": endpoint.mac} if endpoint.mac and endpoint.mac != _derived_mac(endpoint.ipv4) else {}
    return body | ({"Links": list(endpoint.links)} if endpoint.links else {})
