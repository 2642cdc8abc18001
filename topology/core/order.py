"""The order in which services start, by depends_on, links, shared namespaces and volumes_from. Ties go by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from topology.core.design import Dependency, Design, Service


@dataclass(frozen=True, slots=True)
class Bond:
    """What a container is bound to from its creation on: the `what` (network, pid, ipc or volumes) of the container `name`."""

    service: str
    what: str
    name: str


def bonds(design: Design, spec: Service) -> list[Bond]:
    """By `service:NAME` and `volumes_from`, and by `container:NAME` where that is a container of the design that is started."""
    found = []
    for text in spec.volumes_from:
        target, _, rest = text.partition(":")
        name = rest.partition(":")[0]
        found.append(
            _by_name(design, spec, "volumes", name) if target == "container" else _by_service(design, spec, "volumes", target)
        )
    for what, mode in (("ipc", spec.ipc), ("pid", spec.pid), ("network", spec.network_mode)):
        kind, _, name = (mode or "").partition(":")
        if kind in ("service", "container"):
            found.append((_by_service if kind == "service" else _by_name)(design, spec, what, name))
    return [one for one in found if one is not None]


def _by_service(design: Design, spec: Service, what: str, target: str) -> Bond | None:
    known = target in design.services and target != spec.name
    return Bond(target, what, design.container_name(target)) if known else None


def _by_name(design: Design, spec: Service, what: str, name: str) -> Bond | None:
    for other in design.services.values():
        numbers = range(1, other.scale + 1) if not other.profiles and other.name != spec.name else ()
        if any(design.container_name(other.name, number) == name for number in numbers):
            return Bond(other.name, what, name)
    return None


def shared_services(design: Design, spec: Service) -> dict[str, str]:
    """Service → the namespace of it that this one joins: network, pid or ipc."""
    return {one.service: one.what for one in bonds(design, spec) if one.what != "volumes"}


def needs_of(design: Design, service: str) -> dict[str, Dependency]:
    """Service → why it must be there first. Written conditions win over what a link, a shared namespace or a mount implies."""
    found = compose_needs(design, service)
    for one in bonds(design, design.services[service]):
        found.setdefault(one.service, Dependency(one.service, implied=True))
    return dict(sorted(found.items()))


def compose_needs(design: Design, service: str) -> dict[str, Dependency]:
    """The same as Compose sees it, to which `container:NAME` says nothing of a service."""
    spec = design.services[service]
    found = {one.service: one for one in spec.depends_on if one.service in design.services}
    named = {link.target for link in spec.links if not link.external}
    named |= {text.partition(":")[2] for text in (spec.network_mode, spec.pid, spec.ipc) if text and text.startswith("service:")}
    named |= {text.partition(":")[0] for text in spec.volumes_from}
    for name in sorted(named & design.services.keys()):
        found.setdefault(name, Dependency(name, implied=True))
    found.pop(service, None)
    return dict(sorted(found.items()))


def is_required(design: Design, service: str, need: Dependency) -> bool:
    """Whether the service cannot do without what it needs: as written, and always where it is bound or linked."""
    spec = design.services[service]
    tied = {one.service for one in bonds(design, spec)} | {link.target for link in spec.links if not link.external}
    return need.required or need.service in tied


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
