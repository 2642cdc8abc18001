"""What a service implies without writing it: the default network, and dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.compose.forms import texts
from topology.compose.units import as_text

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def with_implied(service: Mapping[str, Any]) -> dict[str, Any]:
    """The service with the default network where it names none, and with the dependencies that its other keys imply."""
    found = dict(service)
    if "network_mode" not in found and not found.get("networks"):
        found["networks"] = {"default": None}
    written = found.get("depends_on")
    named = dict(written) if isinstance(written, Mapping) else {name: {} for name in texts(written)}
    for name, restart in _implied(found):
        named.setdefault(name, {"condition": "service_started", "restart": restart, "required": True})
    return found | {"depends_on": named} if named else found


def _implied(service: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """(service, whether it restarts with that one), by links, shared namespaces and volumes_from."""
    for link in texts(service.get("links")):
        yield link.partition(":")[0], True
    for key in _NAMESPACES:
        shared = as_text(service.get(key))
        if shared.startswith("service:"):
            yield shared.removeprefix("service:"), True
    for spec in texts(service.get("volumes_from")):
        if not spec.startswith("container:"):
            yield spec.partition(":")[0], False
