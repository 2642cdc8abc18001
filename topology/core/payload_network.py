"""Networks and endpoints as the Engine API takes them.

Three ways of being connected are wires, which change on a container that exists: user networks, docker0 ("bridge") and none.
Sharing the host's or another container's network is fixed when a container is made.
Measured on 20.10.24: a container that was moved between networks, bridge and none keeps its place over a restart, also when the
network it was made on is gone.
"""

from __future__ import annotations

from typing import Any

from topology.core.design import Attachment, Design, Network, Service

INTERFACE = "com.docker.network.endpoint.ifname"
WIRED = ("networks", "bridge", "none")
NO_NAMES = frozenset({"default", "bridge", "host", "none"})  # modes that are words of the engine's


def wanted_mode(spec: Service) -> str:
    """networks, bridge, none, host, service or container; a service with nothing to join has none."""
    if spec.network_mode is None:
        return "networks" if spec.attachments else "none"
    return "bridge" if spec.network_mode == "default" else spec.mode


def is_network_name(mode: str) -> bool:
    """Whether a `network_mode`, or HostConfig.NetworkMode, names a network: it is no word of the engine's and joins nothing."""
    return bool(mode) and mode not in NO_NAMES and ":" not in mode


def primary_attachment(spec: Service) -> Attachment | None:
    """The network that a container is made on: of the highest priority, the first as written. None unless on networks."""
    if wanted_mode(spec) != "networks":
        return None
    return max(spec.attachments, key=lambda one: one.priority)  # max keeps the first of equals


def join_target(design: Design, mode: str) -> str:
    """The container meant by `service:NAME` or `container:NAME`, by name."""
    kind, _, name = mode.partition(":")
    return design.container_name(name) if kind == "service" and name in design.services else name


def links_of(design: Design, spec: Service, *, network: str = "") -> list[str]:
    """The links as "container:alias", sorted; with `network` (its key) those that mean something there: to what is on it, and to
    containers outside of the design. Of a scaled service the first container is meant."""
    found = set()
    for link in spec.links:
        internal = not link.external and link.target in design.services
        if not internal or not network or network in (one.network for one in design.services[link.target].attachments):
            found.add(f"{design.container_name(link.target) if internal else link.target}:{link.alias}")
    return sorted(found)


def bridge_links(design: Design, service: str) -> list[str]:
    """HostConfig.Links: the links of a service on the default bridge, where the engine writes them into /etc/hosts."""
    spec = design.services[service]
    return links_of(design, spec) if wanted_mode(spec) == "bridge" else []


def aliases_of(spec: Service, attachment: Attachment) -> list[str]:
    """The service's name, unless it is not wanted, then the written aliases, each once."""
    return list(dict.fromkeys([*([spec.name] if attachment.service_alias else []), *attachment.aliases]))


def mac_of(spec: Service, attachment: Attachment) -> str | None:
    """The MAC asked for on a network: the attachment's own, on the one that the container is made on else the service's. Engines
    keep that of the container's creation before API 1.44 only; since then a connect call has to bring it along."""
    return attachment.mac or (spec.mac_address if attachment == primary_attachment(spec) else None)


def endpoint_payload(design: Design, service: str, attachment: Attachment) -> dict[str, Any]:
    """An EndpointSettings: aliases, static addresses, links, MAC and driver options. What is not written is left out."""
    spec = design.services[service]
    body: dict[str, Any] = {"Aliases": aliases_of(spec, attachment)}
    ipam: dict[str, Any] = {}
    if attachment.ipv4:
        ipam["IPv4Address"] = attachment.ipv4
    if attachment.ipv6:
        ipam["IPv6Address"] = attachment.ipv6
    if attachment.link_local_ips:
        ipam["LinkLocalIPs"] = list(attachment.link_local_ips)
    if ipam:
        body["IPAMConfig"] = ipam
    if links := links_of(design, spec, network=attachment.network):
        body["Links"] = links
    if mac := mac_of(spec, attachment):
        body["MacAddress"] = mac
    options = {name: str(value) for name, value in attachment.driver_opts.items()}
    if attachment.interface_name:
        options[INTERFACE] = attachment.interface_name
    if options:
        body["DriverOpts"] = options
    if attachment.gw_priority:
        body["GwPriority"] = attachment.gw_priority
    return body


def wanted_endpoints(design: Design, service: str) -> dict[str, dict[str, Any]]:
    """Engine's network name → EndpointSettings, for each network that the service is to be on; docker0 is "bridge"."""
    spec = design.services[service]
    mode = wanted_mode(spec)
    if mode == "networks":
        return {design.network_name(one.network): endpoint_payload(design, service, one) for one in spec.attachments}
    mac = {"MacAddress": spec.mac_address} if spec.mac_address else {}
    return {"bridge": mac} if mode == "bridge" else {}


def network_body(network: Network) -> dict[str, Any]:
    """A network's settings without its name and labels: these decide whether it must be replaced."""
    body: dict[str, Any] = {"Driver": network.driver or "bridge", "Internal": network.internal, "Attachable": network.attachable}
    body["EnableIPv6"] = network.enable_ipv6
    if network.enable_ipv4 is not None:
        body["EnableIPv4"] = network.enable_ipv4
    if network.driver_opts:
        body["Options"] = {name: str(value) for name, value in network.driver_opts.items()}
    pools = [_pool(pool) for pool in network.pools]
    if network.ipam_driver or network.ipam_options or pools:
        body["IPAM"] = {"Driver": network.ipam_driver or "default", "Config": pools, "Options": dict(network.ipam_options)}
    return body


def _pool(pool: Any) -> dict[str, Any]:
    texts = {"Subnet": pool.subnet, "Gateway": pool.gateway, "IPRange": pool.ip_range}
    body: dict[str, Any] = {name: value for name, value in texts.items() if value}
    if pool.aux_addresses:
        body["AuxiliaryAddresses"] = dict(pool.aux_addresses)
    return body
