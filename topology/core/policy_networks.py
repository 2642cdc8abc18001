"""What a network asks for that reaches into the host's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.core.policy_ask import Ask

PLAIN_NETWORKS = frozenset({"", "bridge", "overlay"})  # drivers that reach nothing of the host's own networks
HOST_OPTIONS = ("com.docker.network.bridge.name", "com.docker.network.bridge.trusted_host_interfaces", "parent")
GATEWAY_MODES = ("com.docker.network.bridge.gateway_mode_ipv4", "com.docker.network.bridge.gateway_mode_ipv6")


def network_asks(payload: Mapping[str, Any]) -> Iterator[Ask]:
    """A network that reaches into the host's own: its cards (macvlan, ipvlan, a parent) or a bridge that is there already."""
    driver, options = str(payload.get("Driver") or ""), payload.get("Options") or {}
    if driver not in PLAIN_NETWORKS:
        yield Ask(
            "host_namespaces", "host-network-driver", f"a network of the driver {driver[:40]}, which reaches the host's networks"
        )
    for name in HOST_OPTIONS:
        if name in options:
            yield Ask("host_namespaces", "host-network-option", f"the network option {name}")
    for name in GATEWAY_MODES:
        if options.get(name, "nat") not in ("nat", "isolated"):
            yield Ask("host_namespaces", "host-network-option", f"the network option {name}")
    ipam = str((payload.get("IPAM") or {}).get("Driver") or "default")
    if ipam not in ("default", "null"):
        yield Ask("host_namespaces", "host-network-driver", f"addresses of the driver {ipam[:40]}")
