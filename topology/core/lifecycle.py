"""Plans that change no design: down, stop, start and restart. Stops go against the start order, starts with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from topology.core.claims import Claims
from topology.core.design import Design
from topology.core.differences import Wanted, label_of, lasting
from topology.core.draft import Draft, is_up
from topology.core.labels import NETWORK, PROJECT, VOLUME
from topology.core.observed import Observed, ObservedContainer, is_nameless
from topology.core.one_shots import one_shots
from topology.core.order import dependents, needs_of, shared_services, start_order
from topology.core.plan import Impact, Kind, Plan
from topology.core.plan_network_notes import left_note
from topology.core.plan_removals import grace_s
from topology.core.problems import Problem, Severity
from topology.core.waits import Waits


def plan_down(design: Design, observed: Observed, *, remove_volumes: bool = False) -> Plan:
    """Stop and remove every container of the project, then its networks; its volumes only when asked."""
    draft = Draft(design)
    cause = "the stack is taken down"
    removed: dict[str, int] = {}  # container → its removal
    gone: dict[str, list[int]] = {}
    needing = dependents(design)
    for container in _ordered(design, observed, reverse=True):
        needs = [index for name in needing.get(container.service, ()) for index in gone.get(name, [])]
        label = _label(design, container)
        stops = draft.stop(
            container, summary=f"stop {label}", cause=cause, impact=Impact.REMOVE,
            timeout_s=grace_s(design, container.service), needs=needs,
        )  # fmt: skip
        nameless = remove_volumes and any(is_nameless(name) for name in container.mounts)
        index = draft.add(
            Kind.REMOVE_CONTAINER, f"service:{container.service}",
            f"remove {label}{' and the data of its volumes without a name' if nameless else ''}", cause=cause,
            impact=Impact.DATA if nameless else Impact.REMOVE,
            detail={"container": container.name, "volumes": remove_volumes}, needs=[*stops, *needs],
        )  # fmt: skip
        removed[container.id] = index
        gone.setdefault(container.service, []).append(index)
    _down_networks(draft, design, observed, cause=cause, removed=removed)
    if remove_volumes:
        _down_volumes(draft, design, observed, removed=list(removed.values()))
    return draft.plan()


def _down_networks(draft: Draft, design: Design, observed: Observed, *, cause: str, removed: Mapping[str, int]) -> None:
    """Each once what is on it is gone."""
    for network in sorted(observed.networks, key=lambda one: one.name):
        if network.labels.get(PROJECT) == design.project:
            if left := left_note(observed, network):
                draft.notes.append(left)
                continue
            key = network.labels.get(NETWORK, network.name)
            on_it = {one.id for one in observed.containers for end in one.endpoints if network.name == end.network}
            draft.add(
                Kind.REMOVE_NETWORK, f"network:{key}", f"remove network {network.name}", cause=cause, impact=Impact.REMOVE,
                detail={"name": network.name}, needs=[index for key, index in removed.items() if key in on_it],
            )  # fmt: skip


def _down_volumes(draft: Draft, design: Design, observed: Observed, *, removed: list[int]) -> None:
    external = {design.volume_name(key) for key, volume in design.volumes.items() if volume.external}
    for volume in sorted(observed.volumes, key=lambda one: one.name):
        if volume.name not in external and not is_nameless(volume.name):
            key = volume.labels.get(VOLUME, volume.name)
            draft.add(
                Kind.REMOVE_VOLUME, f"volume:{key}", f"remove volume {volume.name} and everything in it",
                cause="removing the volumes was asked for", impact=Impact.DATA, detail={"name": volume.name}, needs=removed,
            )  # fmt: skip


def plan_stop(design: Design, observed: Observed, *, services: Collection[str] = ()) -> Plan:
    """Stop what runs, dependents before what they depend on."""
    draft = Draft(design)
    stopped: dict[str, list[int]] = {}
    needing = dependents(design)
    for container in _ordered(design, observed, reverse=True, services=services):
        needs = [index for name in needing.get(container.service, ()) for index in stopped.get(name, [])]
        stops = draft.stop(
            container, summary=f"stop {_label(design, container)}", cause="stopping was asked for", impact=Impact.STOP,
            timeout_s=grace_s(design, container.service), needs=needs,
        )  # fmt: skip
        stopped.setdefault(container.service, []).extend(stops)
    return draft.plan()


def plan_start(design: Design, observed: Observed, *, services: Collection[str] = ()) -> Plan:
    """Start what is stopped, after what it depends on, and restart what runs in a namespace of it: that is cut off since its end.
    What has no container yet is for an apply."""
    draft = Draft(design)
    everything = _ordered(design, observed)
    chosen = {one.id for one in _ordered(design, observed, services=services)}
    jobs = one_shots(design)
    waits = Waits(draft, design, wanted=[_as_wanted(one) for one in everything])
    anew: set[str] = set()
    for container in everything:
        ended = container.service in jobs.awaited and jobs.is_done(container)
        asked = container.id in chosen and not (is_up(container) or ended)
        cause = "starting was asked for" if asked else _sharing_cause(design, container, anew=anew)
        if cause and container.state not in ("removing", "dead"):
            anew.add(container.service)
            _start_anew(draft, design, waits, container, cause=cause)
    draft.notes += _missing(design, observed, services=services)
    _claim_addresses(draft, design, observed)
    return draft.plan()


def _start_anew(draft: Draft, design: Design, waits: Waits, container: ObservedContainer, *, cause: str) -> None:
    """Restart it where it runs, start it where it does not."""
    running = is_up(container)
    detail: dict[str, Any] = {"container": container.name}
    if running:
        detail |= {"timeout_s": grace_s(design, container.service), "since": container.started_at}
    needs = waits.before(container.service) if container.service in design.services else []
    if container.state == "running":
        needs = draft.hooks(
            "pre_stop", service=container.service, container=container.name, label=_label(design, container), cause=cause,
            impact=Impact.RESTART, needs=needs,
        )  # fmt: skip
    index = draft.add(
        Kind.RESTART if running else Kind.START, f"service:{container.service}",
        f"{'restart' if running else 'start'} {_label(design, container)}", cause=cause,
        impact=Impact.RESTART if running else Impact.IN_PLACE, detail=detail, needs=needs,
    )  # fmt: skip
    _started(draft, design, waits, container, index)


def _started(draft: Draft, design: Design, waits: Waits, container: ObservedContainer, index: int) -> None:
    """What a service runs after its start belongs to it."""
    last = draft.hooks(
        "post_start", service=container.service, container=container.name, label=_label(design, container),
        cause="it has started", impact=draft.operations[index].impact, needs=[index],
    )  # fmt: skip
    waits.started(_as_wanted(container), last[-1])


def plan_restart(design: Design, observed: Observed, *, services: Collection[str] = ()) -> Plan:
    """Restart what runs and start what does not, after what it depends on; with it, what shares its network."""
    draft = Draft(design)
    everything = _ordered(design, observed)
    waits = Waits(draft, design, wanted=[_as_wanted(one) for one in everything])
    anew: set[str] = set()
    for container in everything:
        cause = _restart_cause(design, container, services=services, anew=anew)
        if not cause or container.state in ("removing", "dead"):
            continue
        anew.add(container.service)
        _start_anew(draft, design, waits, container, cause=cause)
    draft.notes += _missing(design, observed, services=services)
    _claim_addresses(draft, design, observed)
    return draft.plan()


def _restart_cause(design: Design, container: ObservedContainer, *, services: Collection[str], anew: set[str]) -> str:
    if not services or container.service in services:
        return "restarting was asked for"
    spec = design.services.get(container.service)
    if spec is None or not is_up(container):
        return ""
    if cause := _sharing_cause(design, container, anew=anew):
        return cause
    again = [name for name, need in needs_of(design, container.service).items() if need.restart and name in anew]
    return f"{again[0]}, which it depends on, starts anew" if again else ""


def _sharing_cause(design: Design, container: ObservedContainer, *, anew: Collection[str]) -> str:
    spec = design.services.get(container.service)
    if spec is None or not is_up(container):
        return ""
    shared = [(target, what) for target, what in shared_services(design, spec).items() if target in anew]
    return f"it shares the {shared[0][1]} of {shared[0][0]}, which starts anew" if shared else ""


def _claim_addresses(draft: Draft, design: Design, observed: Observed) -> None:
    """Containers start with the addresses they were made for, whatever the design says now."""
    endpoints = {
        one.name: {
            wire.network: {"IPAMConfig": {"IPv4Address": wire.static_ipv4, "IPv6Address": wire.static_ipv6}}
            for wire in one.endpoints
        }
        for one in observed.containers
    }
    Claims(draft, design, observed, wanted=[_as_wanted(one) for one in observed.containers], endpoints=endpoints).settle()


def _missing(design: Design, observed: Observed, *, services: Collection[str]) -> list[Problem]:
    there = observed.by_service()
    wanted = sorted(services) if services else [name for name, spec in sorted(design.services.items()) if not spec.profiles]
    names = [name for name in wanted if name not in there and (name not in design.services or design.services[name].scale > 0)]
    fix = "Apply the stack to have it made."
    return [
        Problem("no-container", f"{name} has no container yet.", fix=fix, subject=f"service:{name}", severity=Severity.WARNING)
        for name in names
    ]


def _ordered(
    design: Design, observed: Observed, *, reverse: bool = False, services: Collection[str] = ()
) -> list[ObservedContainer]:
    """The project's containers in start order or against it. Orphans and one-offs start last and go first; one-offs only go."""
    order, _ = start_order(design, list(design.services))
    place = {name: number for number, name in enumerate(order)}
    there = observed.containers if reverse else lasting(observed.containers)
    chosen = [one for one in there if (not services or one.service in services) and (reverse or not one.oneoff)]
    key = lambda one: (place.get(one.service, len(place)), one.service, one.oneoff, one.number, one.name)  # noqa: E731
    return sorted(chosen, key=key, reverse=reverse)


def _as_wanted(container: ObservedContainer) -> Wanted:
    return Wanted(container.service, container.number, container.name, container)


def _label(design: Design, container: ObservedContainer) -> str:
    if container.oneoff or container.service not in design.services:
        return f"container {container.name}"
    return label_of(design, container.service, container.number)
