"""Everything a service names must exist: volumes, services it depends on or shares with, configs and secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from topology.core.design import Design, Service
from topology.core.problems import Problem, Severity

_MAX_COMPARED = 300
_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def check_references(design: Design) -> Iterator[Problem]:
    for service in design.services.values():
        yield from _volumes(design, service)
        yield from _dependencies(design, service)
        yield from _shared(design, service)
        yield from _resources(service, "configs", design.configs)
        yield from _resources(service, "secrets", design.secrets)


def unknown(service: Service, code: str, kind: str, name: str, known: Mapping[str, Any], *path: str | int) -> Problem:
    """A name that nothing has, with the nearest one that something has."""
    near = get_close_matches(name, list(known), n=1) if len(known) <= _MAX_COMPARED else []
    fix = f"Did you mean `{near[0]}`?" if near else f"Add the {kind} `{name}`, or take the reference away."
    return Problem(
        code,
        f"`{service.name}` names the {kind} `{name}`, which does not exist.",
        fix=fix,
        subject=f"service:{service.name}",
        path=("services", service.name, *path),
    )


def _volumes(design: Design, service: Service) -> Iterator[Problem]:
    for index, mount in enumerate(service.mounts):
        if mount.kind == "volume" and mount.source and mount.source not in design.volumes:
            yield unknown(service, "volume-unknown", "volume", mount.source, design.volumes, "volumes", index)


def _dependencies(design: Design, service: Service) -> Iterator[Problem]:
    for one in service.depends_on:
        if one.implied:
            continue  # said where it comes from
        target = design.services.get(one.service)
        path = ("depends_on", one.service)
        if target is None:
            if one.required:
                yield unknown(service, "dependency-unknown", "service", one.service, design.services, *path)
            continue
        if one.condition == "service_healthy" and target.healthcheck is not None and target.healthcheck.disable:
            yield Problem(
                "dependency-never-healthy",
                f"`{service.name}` waits until `{target.name}` is healthy, but its health check is switched off.",
                fix=f"Give `{target.name}` a health check, or wait for `service_started`.",
                subject=f"service:{service.name}",
                path=("services", service.name, *path),
            )
        if one.condition == "service_completed_successfully" and target.restart in ("always", "unless-stopped"):
            yield Problem(
                "dependency-never-completes",
                f"`{service.name}` waits until `{target.name}` has finished, but `{target.name}` is always restarted.",
                fix=f'Set `restart: "no"` for `{target.name}`.',
                severity=Severity.WARNING,
                subject=f"service:{service.name}",
                path=("services", service.name, *path),
            )


def _shared(design: Design, service: Service) -> Iterator[Problem]:
    for key in _NAMESPACES:
        kind, _, name = str(getattr(service, key) or "").partition(":")
        if kind == "service" and name and name not in design.services:
            yield unknown(service, "mode-service-unknown", "service", name, design.services, key)
    for index, source in enumerate(service.volumes_from):
        name = source.partition(":")[0]
        if name != "container" and name not in design.services:
            yield unknown(service, "volumes-from-unknown", "service", name, design.services, "volumes_from", index)


def _resources(service: Service, key: str, known: Mapping[str, Any]) -> Iterator[Problem]:
    written = service.other.get(key)
    for index, item in enumerate(written if isinstance(written, list) else ()):
        name = item.get("source") if isinstance(item, dict) else item
        if isinstance(name, str) and name not in known:
            yield unknown(service, f"{key[:-1]}-unknown", key[:-1], name, known, key, index)
