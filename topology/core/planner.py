"""Desired × observed → a plan. Pure and deterministic: the same two give the same operations in the same order.

The order of an apply: pulls, what is removed, networks, volumes, wires of containers that stay, then service by service, and last
the networks that nothing uses any more. A container that is made anew is created beside the old one first, so that a refused
configuration stops nothing.
"""

from __future__ import annotations

from topology.core.claims import Claims
from topology.core.design import Design
from topology.core.differences import Wanted, full_tag, local_image, wanted_containers
from topology.core.draft import Draft
from topology.core.lifecycle import plan_down, plan_restart, plan_start, plan_stop
from topology.core.observed import Observed
from topology.core.order import start_order
from topology.core.payload import image_of
from topology.core.payload_network import wanted_endpoints
from topology.core.plan import Impact, Kind, Plan
from topology.core.plan_networks import NetworkStage
from topology.core.plan_notes import apply_notes, without_loose_ends
from topology.core.plan_removals import plan_removals
from topology.core.plan_services import ServiceStage, platform_of
from topology.core.plan_volumes import plan_volumes
from topology.core.problems import Problem

__all__ = ["plan_apply", "plan_down", "plan_restart", "plan_start", "plan_stop"]


def plan_apply(design: Design, observed: Observed, *, remove_orphans: bool = False) -> Plan:
    """What makes the engine as drawn. Notes of severity error say what stands in the way: such a plan is not to be performed."""
    draft = Draft()
    design, notes = without_loose_ends(design)
    draft.notes += notes
    enabled = [name for name, spec in design.services.items() if not spec.profiles]
    order, cycle = start_order(design, enabled)
    draft.notes += apply_notes(design, observed, enabled=enabled, cycle=cycle, remove_orphans=remove_orphans)
    wanted = [
        one
        for one in wanted_containers(design, observed, order=order)
        if not (one.made and _no_image(draft, design, observed, service=one.service))
    ]
    _pull(draft, design, observed, wanted=wanted)
    removed = plan_removals(draft, design, observed, wanted=wanted, remove_orphans=remove_orphans)
    networks = NetworkStage(draft, design, observed, wanted=wanted, removed=removed)
    networks.prepare()
    volumes = plan_volumes(draft, design, observed, services=sorted({one.service for one in wanted}))
    networks.rewire()
    services = ServiceStage(draft, design, observed, wanted=wanted, networks=networks, volumes=volumes)
    services.run()
    networks.rejoin(started=services.waits.starts)
    networks.clear()
    endpoints = {one.name: wanted_endpoints(design, one.service) for one in wanted}
    Claims(draft, design, observed, wanted=wanted, endpoints=endpoints).settle()
    return draft.plan()


def _no_image(draft: Draft, design: Design, observed: Observed, *, service: str) -> bool:
    """Whether a container cannot be made for want of an image that no pull brings; says so in a note."""
    spec = design.services[service]
    image = image_of(design, service)
    if local_image(observed.images, image):
        return False
    if spec.build is not None:
        fix = f"Build it on the engine's host and tag it {image}, or give the service an image."
        message = f"{service} is to be built, and building is not performed here: there is no local image {image}."
        draft.notes.append(Problem("build-not-performed", message, fix=fix, subject=f"service:{service}", line=spec.line))
        return True
    if spec.pull_policy == "never":
        fix = f"Load {image} on the engine, or change pull_policy."
        message = f"{service} needs {image}, which is not on the engine, and pull_policy is never."
        draft.notes.append(Problem("image-missing", message, fix=fix, subject=f"service:{service}", line=spec.line))
        return True
    return False


def _pull(draft: Draft, design: Design, observed: Observed, *, wanted: list[Wanted]) -> None:
    """Pull what is missing, each image once, for containers that are made; with pull_policy always, what is there too."""
    for one in wanted:
        image = image_of(design, one.service)
        always = design.services[one.service].pull_policy == "always"
        missing = not local_image(observed.images, image)
        done = any(full_tag(draft.operations[index].detail["image"]) == full_tag(image) for index in draft.pulls)
        if not one.made or done or not (missing or always) or (not missing and design.services[one.service].build is not None):
            continue
        cause = "it is not on the engine" if missing else "pull_policy is always"
        index = draft.add(
            Kind.PULL_IMAGE,
            f"service:{one.service}",
            f"pull image {image}",
            cause=cause,
            impact=Impact.NEW,
            detail={"image": image} | platform_of(design, one.service),
        )
        draft.pulls = [*draft.pulls, index]
