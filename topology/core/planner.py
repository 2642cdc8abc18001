"""Desired × observed → a plan. Pure and deterministic: the same two give the same operations in the same order.

The order of an apply: pulls, what is removed, names that pass from one to another, networks, volumes, wires of containers that
stay, then service by service, and last the networks that nothing uses any more. A container that is made anew is created beside
the old one first, so that a refused configuration stops nothing, and the old one is kept until the new one has stayed up, so that
it can be put back.
"""

from __future__ import annotations

from topology.core.claims import Claims
from topology.core.design import Design
from topology.core.differences import wanted_containers
from topology.core.draft import Draft
from topology.core.lifecycle import plan_down, plan_restart, plan_start, plan_stop
from topology.core.observed import Observed
from topology.core.order import start_order
from topology.core.payload_network import wanted_endpoints
from topology.core.plan import Plan
from topology.core.plan_held import held_notes
from topology.core.plan_images import ImageStage
from topology.core.plan_names import pass_names
from topology.core.plan_networks import NetworkStage
from topology.core.plan_notes import apply_notes, without_loose_ends
from topology.core.plan_removals import plan_removals
from topology.core.plan_replacing import predecessors
from topology.core.plan_services import ServiceStage
from topology.core.plan_volumes import plan_volumes

__all__ = ["plan_apply", "plan_down", "plan_restart", "plan_start", "plan_stop"]


def plan_apply(design: Design, observed: Observed, *, remove_orphans: bool = False) -> Plan:
    """What makes the engine as drawn. Notes of severity error say what stands in the way: such a plan is not to be performed."""
    draft = Draft(design)
    design, notes = without_loose_ends(design)
    draft.notes += notes
    enabled = [name for name, spec in design.services.items() if not spec.profiles]
    order, cycle = start_order(design, enabled)
    draft.notes += apply_notes(design, observed, enabled=enabled, cycle=cycle, remove_orphans=remove_orphans)
    wanted = ImageStage(draft, design, observed).run(wanted_containers(design, observed, order=order))
    earlier = predecessors(observed, wanted)
    later = {one.id for one in earlier.values()}
    removed = plan_removals(draft, design, observed, wanted=wanted, later=later, remove_orphans=remove_orphans)
    draft.notes += held_notes(design, observed, wanted=wanted, going={*removed, *later})
    observed, wanted = pass_names(draft, design, observed, wanted=wanted, removed=removed)
    networks = NetworkStage(draft, design, observed, wanted=wanted, removed=removed, later=later)
    networks.prepare()
    volumes = plan_volumes(draft, design, observed, services=sorted({one.service for one in wanted}))
    networks.rewire()
    services = ServiceStage(draft, design, observed, wanted=wanted, networks=networks, volumes=volumes, earlier=earlier)
    services.run()
    networks.rejoin(started=services.waits.starts)
    networks.clear()
    endpoints = {one.name: wanted_endpoints(design, one.service) for one in wanted}
    Claims(draft, design, observed, wanted=wanted, endpoints=endpoints).settle()
    return draft.plan()
