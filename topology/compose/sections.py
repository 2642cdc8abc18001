"""The top-level networks, volumes, configs and secrets → records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.compose.forms import labels, mapping
from topology.compose.plain import Path
from topology.compose.report import Report
from topology.compose.units import as_text, truth
from topology.core.design import Network, Pool, Resource, Volume

_NETWORK = {
    "name", "driver", "driver_opts", "internal", "attachable", "enable_ipv4", "enable_ipv6", "external", "ipam", "labels",
}  # fmt: skip
_VOLUME = {"name", "driver", "driver_opts", "external", "labels"}


def read_network(key: str, value: Any, *, report: Report, line: int) -> Network:
    spec, path = mapping(value), ("networks", key)
    external, name = _external(spec)
    ipam = mapping(spec.get("ipam"))
    enable_ipv4 = spec.get("enable_ipv4")
    return Network(
        key,
        name=name,
        driver=as_text(spec.get("driver")) or None,
        driver_opts=labels(spec.get("driver_opts")),
        internal=report.truth(spec.get("internal"), (*path, "internal")) or False,
        attachable=report.truth(spec.get("attachable"), (*path, "attachable")) or False,
        enable_ipv4=report.truth(enable_ipv4, (*path, "enable_ipv4")),
        enable_ipv6=report.truth(spec.get("enable_ipv6"), (*path, "enable_ipv6")) or False,
        external=external,
        ipam_driver=as_text(ipam.get("driver")) or None,
        ipam_options=labels(ipam.get("options")),
        pools=tuple(_pool(mapping(item)) for item in ipam.get("config") or ()),
        labels=labels(spec.get("labels")),
        other={name: item for name, item in spec.items() if name not in _NETWORK},
        line=line,
    )


def _external(spec: Mapping[str, Any]) -> tuple[bool, str | None]:
    """Whether somebody else makes it, and its name; `external: {name: x}` is the old way to say both."""
    external, name = spec.get("external"), as_text(spec.get("name")) or None
    if isinstance(external, dict):
        return True, as_text(external.get("name")) or name
    return bool(truth(external or False)), name


def _pool(spec: Mapping[str, Any]) -> Pool:
    return Pool(
        subnet=as_text(spec.get("subnet")) or None,
        gateway=as_text(spec.get("gateway")) or None,
        ip_range=as_text(spec.get("ip_range")) or None,
        aux_addresses=labels(spec.get("aux_addresses")),
    )


def read_volume(key: str, value: Any, *, line: int) -> Volume:
    spec = mapping(value)
    external, name = _external(spec)
    return Volume(
        key,
        name=name,
        driver=as_text(spec.get("driver")) or None,
        driver_opts=labels(spec.get("driver_opts")),
        external=external,
        labels=labels(spec.get("labels")),
        other={name: item for name, item in spec.items() if name not in _VOLUME},
        line=line,
    )


def read_resource(key: str, value: Any, *, path: Path, report: Report, line: int) -> Resource:
    """A config or a secret; one that says from nowhere, or from several places, is reported."""
    spec = mapping(value)
    external, name = _external(spec)
    sources = [source for source in ("file", "environment", "content") if spec.get(source) is not None]
    if len(sources) > 1 or (not sources and not external and "driver" not in spec):
        report.error(
            "resource-source",
            f"`{key}` must come from exactly one of file, environment, content or external.",
            "Write one of them.",
            path,
        )
    values = {source: as_text(spec[source]) for source in sources}
    return Resource(key, name=name, external=external, line=line, **values)
