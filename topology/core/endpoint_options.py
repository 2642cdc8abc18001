"""What of an endpoint is neither a name nor an address of its network, as asked for and as an engine tells it back.

Measured on 20.10.24: driver options and link-local addresses are told back as they came, also of a container that does not run.
A gateway priority is known from API 1.48 on. An interface's name is one of the driver options.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GATEWAY_API = "1.48"
SYSCTLS = "com.docker.network.endpoint.sysctls"  # engines from 27 on put the container's sysctls of eth0 here by themselves
WORDS = {"DriverOpts": "driver options", "GwPriority": "gateway priority", "LinkLocalIPs": "link-local addresses"}


def options_in(endpoint: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an EndpointSettings, those that are not set left out."""
    found = {
        "DriverOpts": {str(name): str(value) for name, value in sorted((endpoint.get("DriverOpts") or {}).items())},
        "GwPriority": endpoint.get("GwPriority") or 0,
        "LinkLocalIPs": sorted((endpoint.get("IPAMConfig") or {}).get("LinkLocalIPs") or ()),
    }
    return {name: value for name, value in found.items() if value}


def options_difference(endpoint: Mapping[str, Any], now: Mapping[str, Any] | None, *, priorities: bool) -> str:
    """Which options differ, in words. `priorities`: whether the engine knows gateway priorities."""
    if now is None:
        return ""
    wanted, there = options_in(endpoint), _asked(now, endpoint)
    words = [word for name, word in WORDS.items() if (priorities or name != "GwPriority") and wanted.get(name) != there.get(name)]
    return f"{' and '.join(words)} changed" if words else ""


def _asked(now: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The options without those that the engine added by itself."""
    known = {
        name: value for name, value in now.get("DriverOpts", {}).items() if name != SYSCTLS or name in wanted.get("DriverOpts", {})
    }
    return {name: known if name == "DriverOpts" else value for name, value in now.items() if name != "DriverOpts" or known}


def as_settings(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """The part of an EndpointSettings that asks for these options, an IPAMConfig among them."""
    found = dict(options or {})
    addresses = found.pop("LinkLocalIPs", None)
    return found | ({"IPAMConfig": {"LinkLocalIPs": list(addresses)}} if addresses else {})
