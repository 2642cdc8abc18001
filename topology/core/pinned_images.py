"""A plan with images pinned: a rollback makes containers from what ran then, whatever their names mean by now. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from topology.core.design import Design
from topology.core.image_name import full_tag, local_image
from topology.core.observed import Observed
from topology.core.payload import image_of
from topology.core.plan import Impact, Kind, Operation, Plan, renumbered
from topology.core.problems import Problem, Severity

GONE_FIX = "Apply the newest version instead, or bring that image back to the engine first."


@dataclass(frozen=True, slots=True)
class Pin:
    """What a service ran: the image as written, its id on the engine, and name@digest where a registry has it, else ""."""

    image: str
    image_id: str
    digest: str = ""


def pinned_plan(design: Design, observed: Observed, pins: Mapping[str, Pin], *, make: Callable[[Design, Observed], Plan]) -> Plan:
    """What `make` plans when each service's image is the pinned one. `pins` by service.

    An image that is still on the engine is used by its id, one that is not is pulled by its digest. For one that is nowhere to be
    had there is a warning, and its name means what it means now.
    """
    here = {*observed.images.values(), *(one.image_id for one in observed.containers)}
    ours = {name: pin for name, pin in pins.items() if name in design.services and _is_same(design, name, pin)}
    held = {name: pin for name, pin in ours.items() if pin.image_id in here or pin.digest}
    notes = [_gone(name, pin) for name, pin in sorted(ours.items()) if name not in held]
    services = {
        name: replace(one, pull_policy="missing", build=None) if name in held else one for name, one in design.services.items()
    }
    images = {tag: identity for tag, identity in observed.images.items() if full_tag(tag) not in _tags(held)}
    images |= {pin.image: pin.image_id for pin in held.values()}
    plan = make(replace(design, services=services), replace(observed, images=MappingProxyType(images)))
    operations = tuple(_pinned(one, observed, held, here) for one in plan.operations)
    used = {one.subject.partition(":")[2] for one in operations if one.kind is Kind.CREATE_CONTAINER}
    missing = {name: pin for name, pin in held.items() if pin.image_id not in here and name in used}
    return Plan(
        _after_pulls(operations, missing), tuple(sorted((*plan.notes, *notes), key=lambda note: (note.severity, note.subject)))
    )


def _is_same(design: Design, service: str, pin: Pin) -> bool:
    return full_tag(pin.image) == full_tag(image_of(design, service))


def _tags(held: Mapping[str, Pin]) -> frozenset[str]:
    return frozenset(full_tag(pin.image) for pin in held.values())


def _pinned(one: Operation, observed: Observed, held: Mapping[str, Pin], here: set[str]) -> Operation:
    """A container's making with the image by what names it for certain; by its own name where that means the same."""
    pin = held.get(one.subject.partition(":")[2])
    if pin is None or one.kind is not Kind.CREATE_CONTAINER or local_image(observed.images, pin.image) == pin.image_id:
        return one
    name = pin.image_id if pin.image_id in here else pin.digest
    payload = {**one.detail["payload"], "Image": name}
    return replace(one, summary=f"{one.summary}, as it was ({_short(name)})", detail={**one.detail, "payload": payload})


def _after_pulls(operations: tuple[Operation, ...], missing: Mapping[str, Pin]) -> tuple[Operation, ...]:
    """The pulls first, and nothing before they are done."""
    first = {pin.digest: name for name, pin in sorted(missing.items(), reverse=True)}
    pulls = [
        Operation(
            Kind.PULL_IMAGE, f"service:{name}", f"pull image {digest}", "it ran then, and is not on the engine now", Impact.NEW,
            {"image": digest},
        )
        for digest, name in sorted(first.items())
    ]  # fmt: skip
    count = len(pulls)
    if not count:
        return operations
    rest = [renumbered(one, lambda need: need + count) for one in operations]
    rest = [one if one.needs else replace(one, needs=tuple(range(count))) for one in rest]
    return (*pulls, *rest)


def _gone(service: str, pin: Pin) -> Problem:
    return Problem(
        "image-gone",
        f"The image that {service} ran ({pin.image}, {_short(pin.image_id)}) is not on the engine any more, and no registry is "
        f"known to have it: {pin.image} is taken as it is now.",
        fix=GONE_FIX, subject=f"service:{service}", severity=Severity.WARNING,
    )  # fmt: skip


def _short(name: str) -> str:
    head, sign, digits = name.rpartition("sha256:")
    return f"{head}{sign}{digits[:12]}" if sign else name
