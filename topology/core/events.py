"""Folding an event into what is known: one container replaced, added or dropped. Folding all gives what a fresh look gives.

A container's state is never guessed from the event; whoever folds inspects it and passes it in. Networks and volumes that
appear carry too little in their event to be known: for those, the answer is to look again (`needs_fresh`).
"""

from __future__ import annotations

from dataclasses import replace

from topology.core.observed import EngineEvent, Observed, ObservedContainer

ENDED = ("exited", "dead")


def fold(observed: Observed, event: EngineEvent, container: ObservedContainer | None) -> Observed:
    """What is known after the event. `container` is the one the event is about as it is now, None when it is gone.

    Time never goes back: an event older than what is known changes nothing but what the fresh `container` says.
    """
    at = max(observed.at, event.at)
    if container is not None and _ended_by_a_stop(event, container):
        container = replace(container, stop_asked=True)
    if event.kind == "container" or (event.kind == "network" and container is not None):
        about = container.id if container is not None else event.subject_id
        return replace(observed, at=at, containers=_with(observed, container, about=about))
    if event.kind == "network" and event.action in ("connect", "disconnect"):
        gone = event.detail.get("container", "")  # it died before it could be looked at
        return replace(observed, at=at, containers=_with(observed, None, about=gone)) if gone else replace(observed, at=at)
    if event.kind == "network" and event.action in ("destroy", "remove"):
        left = tuple(one for one in observed.networks if one.id != event.subject_id)
        return replace(observed, at=at, networks=left)
    if event.kind == "volume" and event.action == "destroy":
        name = event.name or event.subject_id
        volumes = tuple(one for one in observed.volumes if one.name != name)
        external = tuple(one for one in observed.external_volumes if one != name)
        owners = {one: who for one, who in observed.volume_owners.items() if one != name}
        makings = {one: made for one, made in observed.volume_makings.items() if one != name}
        return replace(observed, at=at, volumes=volumes, external_volumes=external, volume_owners=owners, volume_makings=makings)
    return replace(observed, at=at)


def needs_fresh(event: EngineEvent) -> bool:
    """Whether the event makes something known that only a fresh observe can tell: a new network or volume, other images."""
    if event.kind in ("network", "volume"):
        return event.action == "create"
    return event.kind == "image" and event.action in ("pull", "tag", "untag", "delete", "load", "import")


def keep_stops(before: Observed, after: Observed) -> Observed:
    """`after` with what a look cannot tell: which of its ended containers were ended by a stop, as `before` knew."""
    stopped = {(one.id, one.finished_at) for one in before.containers if one.stop_asked}
    if not stopped:
        return after
    return replace(after, containers=tuple(_as_stopped(one, stopped) for one in after.containers))


def _as_stopped(container: ObservedContainer, stopped: set[tuple[str, float]]) -> ObservedContainer:
    ended = container.state in ENDED and (container.id, container.finished_at) in stopped
    return replace(container, stop_asked=True) if ended else container


def _ended_by_a_stop(event: EngineEvent, container: ObservedContainer) -> bool:
    """An end that the engine says was a stop, which it does last of all, or a death whose event has signs of one (`wanted`); and
    which it did not come back from."""
    wanted = event.action == "stop" or (event.action == "die" and event.detail.get("wanted") == "1")
    return event.kind == "container" and wanted and container.id == event.subject_id and container.state in ENDED


def _with(observed: Observed, container: ObservedContainer | None, *, about: str) -> tuple[ObservedContainer, ...]:
    """The containers with this one in its place; a new one last. Without one, the one of that id is dropped."""
    if container is None:
        return tuple(one for one in observed.containers if one.id != about)
    container = _as_stopped(container, {(one.id, one.finished_at) for one in observed.containers if one.stop_asked})
    if any(one.id == about for one in observed.containers):
        return tuple(container if one.id == about else one for one in observed.containers)
    return (*observed.containers, container)
