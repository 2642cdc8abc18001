"""What starts after what must end somewhere: depends_on, links, `service:` modes and volumes_from may form no circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from topology.core.design import Design, Service
from topology.core.problems import Problem

_MAX_STARTS = 500
Edges = Mapping[str, tuple[str, ...]]


def check_cycles(design: Design) -> Iterator[Problem]:
    """One Problem for each circle that has a service no other had, naming every step and what makes it."""
    edges = _circular(
        {
            name: tuple(one.service for one in service.depends_on if one.service in design.services)
            for name, service in design.services.items()
        }
    )
    seen: set[str] = set()
    for start in list(edges)[:_MAX_STARTS]:
        circle = [] if start in seen else _shortest_circle(edges, start)
        if not circle:
            continue
        seen.update(circle)
        steps = [(name, circle[(place + 1) % len(circle)]) for place, name in enumerate(circle)]
        said = ", ".join(f"`{one}` {_because(design.services[one], other)} `{other}`" for one, other in steps)
        first = design.services[start]
        yield Problem(
            "dependency-cycle",
            f"{' → '.join([*circle, start])} is a circle, so none of them can start first: {said}.",
            fix="Take one of these steps away.",
            subject=f"service:{start}",
            path=("services", start, _key(first, steps[0][1])),
        )


def _circular(edges: Edges) -> dict[str, tuple[str, ...]]:
    """Only the services that are in a circle or between two: those that lead nowhere are taken away until none is left."""
    left = {name: set(targets) for name, targets in edges.items()}
    comes_from: dict[str, list[str]] = {}
    for name, targets in edges.items():
        for target in targets:
            comes_from.setdefault(target, []).append(name)
    ends = [name for name, targets in left.items() if not targets]
    while ends:
        end = ends.pop()
        del left[end]
        for name in comes_from.get(end, ()):
            if name in left and end in left[name]:
                left[name].discard(end)
                if not left[name]:
                    ends.append(name)
    return {name: tuple(target for target in edges[name] if target in left) for name in edges if name in left}


def _shortest_circle(edges: Edges, start: str) -> list[str]:
    """The services on the shortest way from `start` back to itself; [] when there is none."""
    came: dict[str, str | None] = {start: None}
    queue = [start]
    for name in queue:
        for target in edges.get(name, ()):
            if target == start:
                way = [name]
                while (before := came[way[-1]]) is not None:
                    way.append(before)
                return way[::-1]
            if target not in came:
                came[target] = name
                queue.append(target)
    return []


def _key(service: Service, target: str) -> str:
    if any(one.service == target and not one.implied for one in service.depends_on):
        return "depends_on"
    if any(link.target == target and not link.external for link in service.links):
        return "links"
    for key in ("network_mode", "ipc", "pid", "uts", "cgroup"):
        if getattr(service, key) == f"service:{target}":
            return key
    return "volumes_from"


def _because(service: Service, target: str) -> str:
    words = {"depends_on": "depends on", "links": "links to", "volumes_from": "takes volumes from"}
    return words.get(key := _key(service, target), f"shares the {key.removesuffix('_mode')} of")
