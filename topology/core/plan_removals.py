"""Containers that go: of a scale taken back, left by an apply that broke off, and orphans where that is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from topology.core.design import Design
from topology.core.differences import Wanted, label_of
from topology.core.draft import Draft
from topology.core.observed import Observed, ObservedContainer
from topology.core.plan import Impact, Kind
from topology.core.scale import wanted_numbers

DEFAULT_STOP_S = 10.0


def grace_s(design: Design, service: str) -> float:
    """How long a container may take to stop before it is killed: as written, else the engine's ten seconds."""
    spec = design.services.get(service)
    return DEFAULT_STOP_S if spec is None or spec.stop_grace_period_s is None else spec.stop_grace_period_s


def is_orphan(design: Design, container: ObservedContainer) -> bool:
    """Of this project, but of a service that the design does not have. What `compose run` made is none."""
    return not container.oneoff and container.service not in design.services


def plan_removals(
    draft: Draft, design: Design, observed: Observed, *, wanted: list[Wanted], later: Collection[str], remove_orphans: bool
) -> dict[str, int]:
    """Add the stops and removals; gives container id → index of its removal. Those of the ids in `later` go another way."""
    staying = {one.there.id for one in wanted if one.there is not None} | set(later)
    considered = {one.service for one in wanted}
    numbers = wanted_numbers(design, observed)
    removed: dict[str, int] = {}
    for container in sorted(observed.containers, key=lambda one: (one.service, one.number, one.name, one.id)):
        cause = _cause(design, container, considered=considered, numbers=numbers, remove_orphans=remove_orphans)
        if cause and container.id not in staying:
            removed[container.id] = remove_container(draft, design, container, cause=cause)
    return removed


def _cause(
    design: Design, container: ObservedContainer, *, considered: set[str], numbers: Mapping[str, list[int]], remove_orphans: bool
) -> str:
    if container.oneoff or container.state == "removing":
        return ""
    if is_orphan(design, container):
        return f"the design has no service {container.service}" if remove_orphans else ""
    spec = design.services[container.service]
    if spec.profiles:
        return ""
    if container.number not in numbers[container.service]:
        return f"scale is {spec.scale}"
    return "another apply left it behind" if container.service in considered else ""


def remove_container(draft: Draft, design: Design, container: ObservedContainer, *, cause: str) -> int:
    """Stop it where it runs, and remove it; its anonymous volumes stay on the engine. Gives the removal's index."""
    words = _words(design, container)
    stops = draft.stop(
        container, summary=f"stop {words}", cause=cause, impact=Impact.REMOVE, timeout_s=grace_s(design, container.service)
    )
    return draft.add(
        Kind.REMOVE_CONTAINER, f"service:{container.service}", f"remove {words}", cause=cause, impact=Impact.REMOVE,
        detail={"container": container.name, "volumes": False}, needs=stops,
    )  # fmt: skip


def _words(design: Design, container: ObservedContainer) -> str:
    """Its label, where it bears the name that goes with it; else its name."""
    known = container.service in design.services and design.container_name(container.service, container.number) == container.name
    return label_of(design, container.service, container.number) if known else f"container {container.name}"
