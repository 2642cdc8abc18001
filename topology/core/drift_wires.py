"""Wires that somebody plugged by hand: networks, aliases, addresses and links of a container, told as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.core.design import Design
from topology.core.link_wires import LinkChanges, link_changes, link_words
from topology.core.observed import Endpoint, Observed, ObservedContainer
from topology.core.payload_network import bridge_links, wanted_endpoints
from topology.core.wiring import network_word, own_names, unwanted_links

NOWHERE = frozenset({"none", "host"})


def wire_drift(design: Design, observed: Observed, there: ObservedContainer) -> Iterator[tuple[str, str]]:
    """(part, words): "networks.tools", "aliases.front", "address.front", "links.front.TARGET:ALIAS", networks by engine name."""
    wanted = wanted_endpoints(design, there.service)
    now = {one.network: one for one in there.endpoints if one.network and one.network not in NOWHERE}
    for name in sorted(now.keys() - wanted.keys()):
        yield f"networks.{name}", f"connected to {network_word(design, observed, name)}"
    for name in sorted(wanted.keys() - now.keys()):
        yield f"networks.{name}", f"disconnected from {network_word(design, observed, name)}"
    links = link_changes(design, observed, there)
    for name in sorted((wanted.keys() & now.keys()) - {"bridge"}):
        yield from _endpoint(wanted[name], now[name], there, links, name=name, word=network_word(design, observed, name))
    yield from ((f"links.bridge.{link}", f"linked to {link_words(link)}") for link in unwanted_links(design, there))
    if "bridge" in now:
        for link in sorted(set(bridge_links(design, there.service)) - set(there.links)):
            yield f"links.bridge.{link}", f"no longer linked to {link_words(link)}"


def _endpoint(
    wanted: Mapping[str, Any], now: Endpoint, there: ObservedContainer, links: LinkChanges, *, name: str, word: str
) -> Iterator[tuple[str, str]]:
    asked = set(wanted.get("Aliases", ()))
    own = own_names(there) - {there.service}
    missing, extra = sorted(asked - set(now.aliases) - {there.name}), sorted(set(now.aliases) - asked - own)
    if missing or extra:
        words = [f"also {', '.join(extra)}"] if extra else []
        words += [f"no longer {', '.join(missing)}"] if missing else []
        yield f"aliases.{name}", f"named {' and '.join(words)} on {word}"
    ipam = wanted.get("IPAMConfig", {})
    for key, fixed in (("IPv4Address", now.static_ipv4), ("IPv6Address", now.static_ipv6)):
        if (address := ipam.get(key, "")) != fixed:
            yield f"address.{name}", f"address {fixed or 'not fixed'} on {word} instead of {address or 'any'}"
    for link in links.extra.get(name, ()):
        yield f"links.{name}.{link}", f"linked to {link_words(link)} on {word}"
    for link in links.missing.get(name, ()):
        yield f"links.{name}.{link}", f"no longer linked to {link_words(link)} on {word}"
