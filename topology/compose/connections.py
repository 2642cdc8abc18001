"""How a service is connected: networks, `network_mode`, links, and what it depends on, said or implied.

Source: compose-go loader/normalize.go (the implicit `default` network, implied dependencies).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.compose.forms import labels, mapping, texts
from topology.compose.plain import Path
from topology.compose.report import Report
from topology.compose.units import as_text, truth
from topology.core.design import DEFAULT_NETWORK, Attachment, Dependency, Link

NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def read_mode(value: Any) -> str | None:
    """`network_mode`; the engine's own word "default" is docker0, which is called "bridge" here."""
    mode = as_text(value)
    return "bridge" if mode == "default" else mode or None


def read_attachments(keys: Mapping[str, Any], *, mode: str | None, path: Path, report: Report) -> tuple[Attachment, ...]:
    """The networks a service is on. One that names neither networks nor a mode is on `default`, marked as implicit."""
    written = keys.get("networks")
    if isinstance(written, list):
        found = tuple(Attachment(name) for name in dict.fromkeys(texts(written)))
    else:
        found = tuple(
            _attachment(name, mapping(spec), (*path, "networks", name), report) for name, spec in mapping(written).items()
        )
    if found or mode is not None or "provider" in keys:
        return found
    return (Attachment(DEFAULT_NETWORK, implicit=True),)


def _attachment(network: str, spec: Mapping[str, Any], path: Path, report: Report) -> Attachment:
    return Attachment(
        network,
        aliases=tuple(dict.fromkeys(texts(spec.get("aliases")))),
        ipv4=as_text(spec.get("ipv4_address")) or None,
        ipv6=as_text(spec.get("ipv6_address")) or None,
        link_local_ips=texts(spec.get("link_local_ips")),
        mac=as_text(spec.get("mac_address")) or None,
        priority=report.whole(spec.get("priority"), (*path, "priority")) or 0,
        driver_opts=labels(spec.get("driver_opts")),
        gw_priority=report.whole(spec.get("gw_priority"), (*path, "gw_priority")) or 0,
        interface_name=as_text(spec.get("interface_name")) or None,
        service_alias=report.truth(spec.get("use_service_name_alias"), (*path, "use_service_name_alias")) is not False,
    )


def read_links(keys: Mapping[str, Any]) -> tuple[Link, ...]:
    """`links` and `external_links`: "redis:db" reaches redis under the name db, "redis" under its own."""
    return (*_links(keys.get("links"), external=False), *_links(keys.get("external_links"), external=True))


def _links(value: Any, *, external: bool) -> Iterator[Link]:
    for item in texts(value) if isinstance(value, list) else ():
        target, _, alias = item.partition(":")
        yield Link(target, alias or target, external=external)


def read_depends_on(keys: Mapping[str, Any]) -> tuple[Dependency, ...]:
    """What is written under `depends_on`, then what links, `service:` modes and volumes_from imply."""
    found: dict[str, Dependency] = {}
    written = keys.get("depends_on")
    if isinstance(written, dict):
        for name, spec in written.items():
            found[name] = _dependency(name, mapping(spec))
    else:
        found = {name: Dependency(name) for name in texts(written)}
    for name, restart in _implied(keys):
        found.setdefault(name, Dependency(name, restart=restart, implied=True))
    return tuple(found.values())


def _dependency(name: str, spec: Mapping[str, Any]) -> Dependency:
    return Dependency(
        name,
        condition=as_text(spec.get("condition")) or "service_started",
        restart=bool(truth(spec.get("restart", False))),
        required=truth(spec.get("required", True)) is not False,
    )


def _implied(keys: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """(service, whether it restarts with it), as the reference tool takes them."""
    for link in _links(keys.get("links"), external=False):
        yield link.target, True
    for key in NAMESPACES:
        kind, _, name = as_text(keys.get(key)).partition(":")
        if kind == "service" and name:
            yield name, True
    for source in texts(keys.get("volumes_from")):
        if not source.startswith("container:"):
            yield source.partition(":")[0], False
