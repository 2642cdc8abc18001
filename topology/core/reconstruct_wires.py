"""How a container is connected, as `networks`, `network_mode`, `links` and `depends_on` of a Compose service.

Names that the engine or Compose adds by themselves are left out: the container's own, the short id, the service's, and the further
names that Compose gives each link. An address stands only where it was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topology.core.labels import DEPENDS_ON, NETWORK, PROJECT

Json = Mapping[str, Any]
SHORT_ID = 12
RANDOM_MACS = 28  # the engine that first made MACs at random
MADE_MAC = "02:42"
OWN_MACS = ("bridge", "macvlan", "overlay")  # drivers under which an endpoint has a MAC of its own, and how it is made is known
NO_NETWORK = ("host", "none", "bridge", "default", "")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who else is there: `services` container id → service, `names` id → name (all of the engine's), `by_name` name → id (those
    that are reconstructed), `networks` by name."""

    project: str
    services: Mapping[str, str]
    names: Mapping[str, str]
    by_name: Mapping[str, str]
    networks: Mapping[str, Json]
    version: str = ""  # the engine's own, "20.10.24"

    def service_of(self, container: str) -> str:
        """The service of a container by name or id, "" for one that is not reconstructed."""
        name = container.lstrip("/")
        return self.services.get(name) or self.services.get(self.by_name.get(name, ""), "")

    def joined(self, mode: str) -> str:
        """ "container:ID" as "service:NAME" where it is one of ours, else by the container's name."""
        target = mode.partition(":")[2]
        service = self.service_of(target)
        return f"service:{service}" if service else f"container:{self.names.get(target, target)}"

    def service_or_container(self, text: str) -> str:
        """An entry of VolumesFrom, "ID[:ro]", as `volumes_from` has it."""
        target, sign, mode = text.partition(":")
        service = self.service_of(target)
        mode = "" if mode == "rw" else mode
        return (service or f"container:{self.names.get(target, target)}") + (f"{sign}{mode}" if mode else "")

    def network_key(self, name: str) -> str:
        return network_key(self.networks.get(name, {}), name=name, project=self.project)


def network_key(network: Json, *, name: str, project: str) -> str:
    """A network's key in the file: Compose's own where it is the project's, else its name (`default` is the project's)."""
    labels = network.get("Labels") or {}
    if labels.get(PROJECT) == project and labels.get(NETWORK):
        return str(labels[NETWORK])
    return f"{name}-1" if name == "default" else name


def wire_keys(container: Json, others: Json, *, service: str, near: Neighbours) -> dict[str, Any]:
    """`others` are the service's further keys: shared namespaces and volumes_from imply an order."""
    host = container.get("HostConfig") or {}
    endpoints = (container.get("NetworkSettings") or {}).get("Networks") or {}
    mode = str(host.get("NetworkMode") or "")
    keys: dict[str, Any] = {}
    if mode.startswith("container:"):
        keys["network_mode"] = near.joined(mode)
    elif mode == "host" or (mode == "none" and not endpoints):
        keys["network_mode"] = mode
    elif users := {name: one or {} for name, one in endpoints.items() if name not in NO_NETWORK}:
        keys |= _networks(container, users, service=service, near=near, primary=mode)
    elif "bridge" in endpoints or mode in ("bridge", "default", ""):
        keys["network_mode"] = "bridge"
        if "mac_address" not in others and (mac := _asked_mac(endpoints.get("bridge") or {}, name="bridge", near=near)):
            keys["mac_address"] = mac
    else:
        keys["network_mode"] = "none"
    links, external = _links(container, endpoints, near=near)
    keys |= ({"links": links} if links else {}) | ({"external_links": external} if external else {})
    if needs := _needs(container, service=service, links=links, keys={**others, **keys}, near=near):
        keys["depends_on"] = needs
    return keys


def _networks(container: Json, endpoints: dict[str, Json], *, service: str, near: Neighbours, primary: str) -> dict[str, Any]:
    """The network that the container was made on stands first: it is the primary one."""
    order = sorted(endpoints, key=lambda name: (name != primary, near.network_key(name)))
    found = {
        near.network_key(name): _endpoint(
            container, endpoints[name], service=service, mac=_asked_mac(endpoints[name], name=name, near=near)
        )
        for name in order
    }
    if list(found) == ["default"] and not found["default"]:
        return {}
    return {"networks": {key: value or None for key, value in found.items()} if any(found.values()) else list(found)}


def _asked_mac(one: Json, *, name: str, near: Neighbours) -> str:
    """The MAC of an endpoint where it was asked for, else "". Engines before 28 make one of the address: 02:42 and its bytes. Later
    ones make it at random, so that it tells only where there is no address: on a container that does not run."""
    mac, address = str(one.get("MacAddress") or "").lower(), str(one.get("IPAddress") or "")
    if near.networks.get(name, {}).get("Driver") not in OWN_MACS:
        return ""
    if not address and not one.get("GlobalIPv6Address"):
        return mac
    major = near.version.partition(".")[0]
    if not major.isdigit() or int(major) >= RANDOM_MACS:
        return ""
    made = MADE_MAC + "".join(f":{int(part):02x}" for part in address.split(".") if part.isdigit())
    return "" if mac.startswith(made) else mac


def _endpoint(container: Json, one: Json, *, service: str, mac: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    config = container.get("Config") or {}
    short = str(container["Id"])[:SHORT_ID]
    given = list(one.get("Aliases") or ())
    place = given.index(short) if short in given else len(given)
    asked = given[:place] + [alias for alias in given[place + 1 :] if alias != config.get("Hostname")]
    own = {short, service, str(container["Name"]).lstrip("/")}
    if aliases := [alias for alias in dict.fromkeys(asked) if alias not in own]:
        found["aliases"] = aliases
    ipam = one.get("IPAMConfig") or {}
    for name, key in (("IPv4Address", "ipv4_address"), ("IPv6Address", "ipv6_address"), ("LinkLocalIPs", "link_local_ips")):
        if ipam.get(name):
            found[key] = ipam[name]
    if one.get("DriverOpts"):
        found["driver_opts"] = {key: str(value) for key, value in sorted(one["DriverOpts"].items())}
    if mac and mac != str(config.get("MacAddress") or "").lower():
        found["mac_address"] = mac
    if one.get("GwPriority"):
        found["gw_priority"] = one["GwPriority"]
    return found


def _links(container: Json, endpoints: Json, *, near: Neighbours) -> tuple[list[str], list[str]]:
    """`links` to services that are reconstructed, `external_links` to other containers."""
    texts = [
        *((container.get("HostConfig") or {}).get("Links") or ()),
        *(text for one in endpoints.values() for text in (one or {}).get("Links") or ()),
    ]
    inner, outer = set(), set()
    for text in texts:
        target, _, alias = str(text).partition(":")
        target, alias = target.lstrip("/"), (alias or target).rpartition("/")[2]
        service = near.service_of(target)
        if _added_by_compose(target, alias, service=service, project=near.project):
            continue
        if service:
            inner.add(service if alias == service else f"{service}:{alias}")
        else:
            outer.add(f"{target}:{alias}" if alias != target else target)
    return sorted(inner), sorted(outer)


def _added_by_compose(target: str, alias: str, *, service: str, project: str) -> bool:
    """Beside each link's alias Compose gives "SERVICE-N" and "PROJECT-SERVICE-N", N the number of the one that links."""
    short = re.sub(r"-\d+$", "", alias)
    return short != alias and bool(service) and short in (service, f"{project}-{service}", re.sub(r"-\d+$", "", target))


def _needs(container: Json, *, service: str, links: list[str], keys: Json, near: Neighbours) -> Any:
    """From Compose's label, without what links and shared namespaces imply; a list where nothing but the order is said."""
    text = str(((container.get("Config") or {}).get("Labels") or {}).get(DEPENDS_ON) or "")
    implied = dict(_implied(links, keys))
    known = set(near.services.values())
    found: dict[str, dict[str, Any]] = {}
    for part in sorted(filter(None, text.split(","))):
        name, _, rest = part.partition(":")
        condition, _, restart = rest.partition(":")
        need = {"condition": condition or "service_started"} | ({"restart": True} if restart == "true" else {})
        if name in known and name != service and need != implied.get(name):
            found[name] = need
    plain = {"condition": "service_started"}
    return list(found) if found and all(need == plain for need in found.values()) else found


def _implied(links: list[str], keys: Json) -> Iterator[tuple[str, dict[str, Any]]]:
    """(service, what Compose writes on the container for it); for one that is named twice the first counts."""
    again = {"condition": "service_started", "restart": True}
    for text in reversed(keys.get("volumes_from") or ()):
        yield text.partition(":")[0], {"condition": "service_started"}
    for key in ("ipc", "pid", "network_mode"):
        kind, _, name = str(keys.get(key) or "").partition(":")
        if kind == "service":
            yield name, again
    yield from ((text.partition(":")[0], again) for text in links)
