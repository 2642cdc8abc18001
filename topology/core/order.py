"""The order in which services start, by depends_on, links, shared namespaces and volumes_from. Ties go by name."""

from __future__ import annotations

from collections.abc import Collection

from topology.core.design import Dependency, Design, Service


def needs_of(design: Design, service: str) -> dict[str, Dependency]:
    """Service → why it must be there first. Written conditions win over what a link or a shared namespace implies."""
    spec = design.services[service]
    found = {one.service: one for one in spec.depends_on if one.service in design.services}
    for name in implied_needs(design, spec):
        found.setdefault(name, Dependency(name, implied=True))
    found.pop(service, None)
    return dict(sorted(found.items()))


def implied_needs(design: Design, spec: Service) -> list[str]:
    """Services named by links, `service:` modes and volumes_from, sorted."""
    names = {link.target for link in spec.links if not link.external}
    names |= shared_services(spec).keys()
    names |= {text.partition(":")[0] for text in spec.volumes_from}
    return sorted(name for name in names if name in design.services)


def shared_services(spec: Service) -> dict[str, str]:
    """Service → the namespace of it that this one joins: network, pid or ipc."""
    modes = {"network": spec.network_mode, "pid": spec.pid, "ipc": spec.ipc}
    joined = {what: mode for what, mode in modes.items() if mode and mode.startswith("service:")}
    return {mode.partition(":")[2]: what for what, mode in reversed(joined.items())}


def start_order(design: Design, services: Collection[str]) -> tuple[list[str], list[str]]:
    """The services, each after those it needs; and those of a cycle, of which one had to come first all the same."""
    left = {name: set(needs_of(design, name)) & set(services) - {name} for name in sorted(services)}
    order: list[str] = []
    cycle: list[str] = []
    while left:
        ready = [name for name, needs in left.items() if not needs]
        if not ready:
            cycle = cycle or sorted(left)
            ready = [min(left)]
        for name in ready:
            left.pop(name, None)
            order.append(name)
        for needs in left.values():
            needs.difference_update(ready)
    return order, cycle


def dependents(design: Design) -> dict[str, list[str]]:
    """Service → those that need it, directly, by name."""
    found: dict[str, list[str]] = {name: [] for name in design.services}
    for name in sorted(design.services):
        for target in needs_of(design, name):
            found[target].append(name)
    return found
