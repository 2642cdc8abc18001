"""Devices: of the host by path, and those that a driver hands out (GPUs, CDI). Source: Compose Specification, "gpus", "deploy"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.core.design import Service

ALL = -1  # DeviceRequest.Count: as many as there are


def device_config(spec: Service) -> dict[str, Any]:
    """Devices and DeviceRequests of HostConfig, those that are asked for."""
    body: dict[str, Any] = {}
    named = [text for text in spec.devices if _is_cdi(text)]
    if paths := [_path(text) for text in spec.devices if not _is_cdi(text)]:
        body["Devices"] = paths
    asked = [_request(one, default=["gpu"]) for one in _gpus(spec.other.get("gpus"))]
    asked += [_request(one, default=[]) for one in reservations(spec)]
    if named:
        asked.append({"Driver": "cdi", "DeviceIDs": named})
    if asked:
        body["DeviceRequests"] = asked
    return body


def reservations(spec: Service) -> list[Mapping[str, Any]]:
    """`deploy.resources.reservations.devices`."""
    value: Any = spec.other.get("deploy")
    for step in ("resources", "reservations", "devices"):
        value = value.get(step) if isinstance(value, Mapping) else None
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _gpus(value: Any) -> list[Mapping[str, Any]]:
    if value == "all":
        return [{"count": "all"}]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _request(one: Mapping[str, Any], *, default: list[str]) -> dict[str, Any]:
    """A DeviceRequest. With neither a count nor ids all devices are meant. A reservation's capabilities are as written."""
    capabilities = [str(word) for word in one.get("capabilities") or default]
    body: dict[str, Any] = {"Driver": str(one.get("driver") or ""), "Capabilities": [capabilities]}
    if "gpu" not in capabilities and default:
        body["Capabilities"] = [[*default, *capabilities]]
    if ids := one.get("device_ids"):
        body["DeviceIDs"] = [str(item) for item in ids]
    else:
        count = str(one.get("count", "all"))
        body["Count"] = int(count) if count.lstrip("-").isdigit() else ALL
    if options := one.get("options"):
        pairs = options.items() if isinstance(options, Mapping) else (str(item).partition("=")[::2] for item in options)
        body["Options"] = {str(name): str(value) for name, value in pairs}
    return body


def _is_cdi(text: str) -> bool:
    """ "vendor.com/class=name" is no path but a device of the Container Device Interface."""
    return "=" in text and not text.startswith("/")


def _path(text: str) -> dict[str, str]:
    parts = text.split(":")
    inside = parts[1] if len(parts) > 1 else parts[0]
    return {"PathOnHost": parts[0], "PathInContainer": inside, "CgroupPermissions": parts[2] if len(parts) > 2 else "rwm"}
