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
    if container is not None and _is_its_end(event, container):
        wanted = event.action == "stop" or event.detail.get("wanted") == "1"
        itself = event.action == "die" and "signal" not in event.detail and container.exit_code == 0
        container = replace(container, stop_asked=container.stop_asked or wanted, ended_itself=itself)
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
    """`after` with what a look cannot tell: how its ended containers came to end, as `before` knew."""
    return replace(after, containers=tuple(_with_end(one, before) for one in after.containers))


def _with_end(container: ObservedContainer, before: Observed) -> ObservedContainer:
    """Times tell one end from another."""
    if container.state not in ENDED:
        return container
    same = [one for one in before.containers if (one.id, one.finished_at) == (container.id, container.finished_at)]
    asked = container.stop_asked or any(one.stop_asked for one in same)
    itself = container.ended_itself or any(one.ended_itself for one in same)
    return replace(container, stop_asked=asked, ended_itself=itself) if asked or itself else container


def _is_its_end(event: EngineEvent, container: ObservedContainer) -> bool:
    """A death, or a stop, which the engine says last of all, that it did not come back from. A death's event says whether a signal
    was sent before (`signal`), to stop it (`wanted`)."""
    end = event.kind == "container" and event.action in ("die", "stop")
    return end and container.id == event.subject_id and container.state in ENDED


def _with(observed: Observed, container: ObservedContainer | None, *, about: str) -> tuple[ObservedContainer, ...]:
    """The containers with this one in its place; a new one last. Without one, the one of that id is dropped."""
    if container is None:
        return tuple(one for one in observed.containers if one.id != about)
    container = _with_end(container, observed)
    if any(one.id == about for one in observed.containers):
        return tuple(container if one.id == about else one for one in observed.containers)
    return (*observed.containers, container)
