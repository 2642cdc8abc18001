"""What a reader of a plan must know that no operation says: what is left alone, what is not carried, what stands in the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from topology.core.check_ports import addresses_overlap, host_ports
from topology.core.design import Design, Service
from topology.core.differences import as_compose_made
from topology.core.image_name import full_tag
from topology.core.observed import Observed, ObservedContainer
from topology.core.order import needs_of
from topology.core.payload import image_of
from topology.core.payload_network import primary_attachment
from topology.core.plan_removals import is_orphan
from topology.core.plan_support import left_at_the_top, not_carried, too_old, too_old_networks
from topology.core.problems import Problem, Severity
from topology.core.scale import wanted_numbers


def apply_notes(
    design: Design, observed: Observed, *, enabled: Collection[str], cycle: list[str], remove_orphans: bool
) -> Iterator[Problem]:
    """Every note of an apply that does not depend on what is going to be done."""
    if cycle:
        message = f"These services wait for each other: {', '.join(cycle)}."
        yield Problem("dependency-cycle", message, fix="Take one of their depends_on, links or shared namespaces away.")
    yield from left_at_the_top(design)
    if not remove_orphans:
        yield from _orphans(design, observed)
    yield from too_old_networks(design, services=enabled, api_version=observed.api_version)
    there, started = observed.by_service(), set(enabled)
    bearers = {one.name: one for one in observed.containers}
    numbers = wanted_numbers(design, observed)
    for name in sorted(design.services):
        spec = design.services[name]
        if name not in started:
            message = f"{name} belongs to the profile {', '.join(spec.profiles)} and is left as it is."
            yield _warning("profile", message, spec=spec, fix="Take its profiles away to have it started.")
            continue
        yield from _disabled_needs(design, spec, enabled=started)
        yield from not_carried(design, spec)
        yield from too_old(spec, api_version=observed.api_version)
        yield from _taken_names(design, observed, spec, numbers=numbers[name])
        yield from _relative_binds(spec)
        if not observed.macs_at_connect:
            yield from _macs(spec)
        yield from _found(design, there.get(name, []), spec, bearers=bearers)
        yield from _taken_ports(observed, spec)


def without_loose_ends(design: Design) -> tuple[Design, list[Problem]]:
    """The design without attachments to networks that are nowhere defined, and an error for each."""
    notes: list[Problem] = []
    services = dict(design.services)
    for name, spec in sorted(design.services.items()):
        loose = [wire.network for wire in spec.attachments if wire.network not in design.networks]
        if loose:
            services[name] = replace(spec, attachments=tuple(wire for wire in spec.attachments if wire.network in design.networks))
        for network in loose:
            message = f"{name} is to be on the network {network}, which is nowhere defined."
            fix = f"Define {network} under networks, or take {name} off it."
            notes.append(Problem("network-unknown", message, fix=fix, subject=f"service:{name}", line=spec.line))
    return (replace(design, services=services) if notes else design), notes


def _orphans(design: Design, observed: Observed) -> Iterator[Problem]:
    for container in observed.containers:
        if is_orphan(design, container):
            message = (
                f"{container.name} belongs to this stack, but the design has no service {container.service}. It is left alone."
            )
            yield Problem(
                "orphan", message, fix="Apply with `remove orphans` to remove it.", subject=f"service:{container.service}",
                severity=Severity.WARNING,
            )  # fmt: skip


def _disabled_needs(design: Design, spec: Service, *, enabled: Collection[str]) -> Iterator[Problem]:
    for name, need in needs_of(design, spec.name).items():
        if name not in enabled and need.required:
            message = f"{spec.name} needs {name}, which belongs to a profile and is not started."
            fix = f"Take the profiles of {name} away, or the dependency."
            yield Problem("dependency-disabled", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)


def _macs(spec: Service) -> Iterator[Problem]:
    """Measured on engine 20.10.24: a MAC in a connect call is taken and ignored."""
    primary = primary_attachment(spec)
    for wire in spec.attachments:
        if wire.mac and primary is not None and wire.network != primary.network:
            message = f"This engine gives {spec.name} a MAC address of its own on {wire.network}, not {wire.mac}."
            fix = f"Give {wire.network} the highest priority of its networks, or use engine 25 or newer."
            yield _warning("mac-not-carried", message, spec=spec, fix=fix)


def _relative_binds(spec: Service) -> Iterator[Problem]:
    for mount in spec.mounts:
        if mount.kind == "bind" and not re.match(r"/|[A-Za-z]:[\\/]", mount.source or ""):
            message = f"{spec.name} mounts {mount.source}, a path beside the file. The engine has no such folder."
            fix = "Write the whole path on the engine's host, or use a volume."
            yield Problem("bind-relative", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)


def _found(
    design: Design, containers: list[ObservedContainer], spec: Service, *, bearers: Mapping[str, ObservedContainer]
) -> Iterator[Problem]:
    """What is to be said of containers that are there."""
    for container in containers:
        told = bool(container.config_hash) or as_compose_made(design, container, service=spec.name, bearers=bearers)
        if not told and full_tag(container.image) == full_tag(image_of(design, spec.name)):
            message = f"{container.name} was made by another tool. It is kept where it has what the design writes."
            yield _warning("made-elsewhere", message, spec=spec, fix="Remove it to have it made anew as designed.")
        if container.state == "paused":
            yield _warning("paused", f"{container.name} is paused and is left so.", spec=spec, fix="Unpause or restart it.")


def _taken_names(design: Design, observed: Observed, spec: Service, *, numbers: list[int]) -> Iterator[Problem]:
    """The engine would refuse the name, after other things had been done."""
    taken = {design.container_name(spec.name, number) for number in numbers} & set(observed.taken_names)
    for name in sorted(taken):
        message = f"A container that is not of this stack is named {name}, as the one of {spec.name} is to be."
        fix = "Remove or rename that container, or give the service another container_name."
        yield Problem("name-taken", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)


def _taken_ports(observed: Observed, spec: Service) -> Iterator[Problem]:
    """A fixed host port that a container outside this stack has: the start would fail after the old container was stopped."""
    for port in spec.ports:
        numbers = host_ports(port)
        if spec.mode == "host" or len(numbers) != 1:
            continue
        for taken in observed.taken_ports:
            same = (taken.published, taken.protocol) == (numbers[0], port.protocol)
            if same and addresses_overlap(taken.host_ip, port.host_ip):
                message = f"Host port {numbers[0]}/{port.protocol} of {spec.name} is taken by a container outside this stack."
                fix = "Give it another host port (the number on the left), or stop the other container."
                yield Problem("port-taken", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)
                break


def _warning(code: str, message: str, *, spec: Service, fix: str) -> Problem:
    return Problem(code, message, fix=fix, subject=f"service:{spec.name}", line=spec.line, severity=Severity.WARNING)
