"""A container takes another's place. The old one stays, stopped and under another name, until the new one has stayed up.

The new one is made beside the old (its name ends with NEXT), the old is stopped and set aside (OLD), the new one takes the name and
starts; when it has stayed up the old one goes. An apply that breaks off leaves them somewhere on this way, and the next goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from topology.core.design import Design
from topology.core.differences import NEXT, OLD, Wanted, label_of
from topology.core.draft import Draft
from topology.core.observed import Observed, ObservedContainer
from topology.core.order import bonds
from topology.core.payload_host import restart_policy
from topology.core.payload_network import bridge_links
from topology.core.plan import Impact, Kind
from topology.core.plan_networks import NetworkStage
from topology.core.plan_removals import grace_s
from topology.core.waits import Waits

STEADY_S = 2.0  # how long a new container has to stay up: a crash loop's first restarts come within it


def predecessors(observed: Observed, wanted: list[Wanted]) -> dict[str, ObservedContainer]:
    """Of an apply that broke off, id of a container that stays → the one whose place it takes: set aside, or still in it."""
    by_service = observed.by_service()
    found = {}
    for one in wanted:
        if one.kept is None:
            continue
        others = [other for other in by_service.get(one.service, ()) if other.number == one.number and other.id != one.kept.id]
        aside = [other for other in others if other.name == one.name + OLD]
        waiting = one.kept.name == one.name + NEXT
        before = [other for other in others if waiting and other.name == one.name and other.state not in ("created", "dead")]
        if aside or before:
            found[one.kept.id] = (aside or before)[0]
    return found


def bound_to(design: Design, service: str) -> list[str]:
    """The services of which a container is bound to those that are there when it is made: by a namespace, a mount or a link on the
    default bridge."""
    spec = design.services[service]
    names = {bond.service for bond in bonds(design, spec)}
    names |= {link.target for link in spec.links if not link.external} if bridge_links(design, service) else set()
    return sorted(names & design.services.keys())


def bound_groups(design: Design, olds: Iterable[ObservedContainer]) -> list[list[ObservedContainer]]:
    """Containers that are replaced, in groups that can only go back together: they are bound to each other, directly or through
    others of the group, or those that come are."""
    groups: list[list[ObservedContainer]] = []
    for old in olds:
        tied = [group for group in groups if any(_are_bound(design, old, other) for other in group)]
        groups = [group for group in groups if group not in tied] + [[*(one for group in tied for one in group), old]]
    return groups


def _are_bound(design: Design, one: ObservedContainer, other: ObservedContainer) -> bool:
    designed = {one.service, other.service} <= design.services.keys()
    comes = designed and (other.service in bound_to(design, one.service) or one.service in bound_to(design, other.service))
    return comes or _joins(one, other) or _joins(other, one)


def _joins(one: ObservedContainer, other: ObservedContainer) -> bool:
    """Whether a container shares the network of the other, or is linked to it on the default bridge."""
    linked = one.network_mode == "bridge" and other.name in {link.partition(":")[0] for link in one.links}
    return linked or one.network_mode in (f"container:{other.id}", f"container:{other.name}")


class Replacements:
    """`take_place` for each new container, once it is ready; `finish` when all have their starts."""

    def __init__(
        self, draft: Draft, design: Design, *, networks: NetworkStage, waits: Waits, earlier: Mapping[str, ObservedContainer]
    ) -> None:
        self.draft, self.design, self.networks, self.waits = draft, design, networks, waits
        self._earlier = earlier
        self._aside: list[tuple[Wanted, ObservedContainer, str]] = []

    def in_place_of(self, one: Wanted) -> ObservedContainer | None:
        """The container that still bears the name which one that stays is to have."""
        old = self._earlier.get(one.kept.id) if one.kept else None
        return old if old is not None and old.name == one.name else None

    def keep(self, one: Wanted) -> None:
        """Of an apply that broke off, the old container is set aside by now."""
        old = self._earlier.get(one.kept.id) if one.kept else None
        if old is not None and old.name == one.name + OLD:
            self._aside.append((one, old, "an apply that broke off left it"))

    def take_place(self, one: Wanted, old: ObservedContainer, *, name: str, cause: str, ready: list[int]) -> int:
        """Stop the old container once the new one is ready and its turn to start has come; gives the index after which the new
        one, now called `name`, bears its own name. One that did not run is nothing to go back to: it is removed."""
        label = label_of(self.design, one.service, one.number)
        subject = f"service:{one.service}"
        rejoined = self.networks.joined.get(old.id, [])  # by its name as well
        needs = [*ready, *self.waits.before(one.service), *self.draft.left(old), *rejoined]
        stopped = self.draft.stop(
            old, summary=f"stop {label}", cause=cause, impact=Impact.RECREATE, timeout_s=grace_s(self.design, one.service),
            needs=needs,
        )  # fmt: skip
        stopped_by_us = one.kept is not None and old.state == "exited"  # by an apply that broke off
        if old.state not in ("running", "paused") and not stopped_by_us:
            freed = self.draft.add(
                Kind.REMOVE_CONTAINER, subject, f"remove the old {label}", cause=cause, impact=Impact.RECREATE,
                detail={"container": old.name, "volumes": False}, needs=[*needs, *stopped],
            )  # fmt: skip
            self.networks.replaced[old.id] = freed
            free = [freed]
        else:
            free = self._set_aside(one, old, cause=cause, needs=[*needs, *stopped])
        return self.draft.add(
            Kind.RENAME_CONTAINER, subject, f"name the new {one.service} {one.name}", cause=cause, impact=Impact.RECREATE,
            detail={"container": name, "to": one.name}, needs=free,
        )  # fmt: skip

    def _set_aside(self, one: Wanted, old: ObservedContainer, *, cause: str, needs: list[int]) -> list[int]:
        """The indexes after which it has given its name up. It may be called so already: what it was called went to another."""
        label, subject = label_of(self.design, one.service, one.number), f"service:{one.service}"
        if old.restart_policy == "always":  # an engine that is started anew starts such a one, stopped or not
            payload = {"RestartPolicy": restart_policy("no")}
            needs = [self.draft.add(
                Kind.UPDATE_CONTAINER, subject, f"keep the old {label} from starting by itself", cause=cause,
                impact=Impact.RECREATE, detail={"container": old.name, "payload": payload}, needs=needs,
            )]  # fmt: skip
        self._aside.append((one, old, cause))
        if old.name == one.name + OLD:
            return needs
        return [self.draft.add(
            Kind.RENAME_CONTAINER, subject, f"set the old {label} aside as {one.name}{OLD}", cause=cause, impact=Impact.RECREATE,
            detail={"container": old.name, "to": one.name + OLD}, needs=needs,
        )]  # fmt: skip

    def finish(self) -> None:
        """Remove what was set aside, each when the one in its place has stayed up, and is healthy where others wait for that.
        Those that are bound to each other can only go back together, so their old ones stay until all of the new ones have."""
        for group in bound_groups(self.design, [old for _, old, _ in self._aside]):
            aside = [entry for entry in self._aside if entry[1] in group]
            together = len(group) > 1
            steady = [] if not together else [self._steady(one, cause=cause) for one, _, cause in aside]
            for one, old, cause in aside:
                needs = steady if together else [self._steady(one, cause=cause)]
                label, subject = label_of(self.design, one.service, one.number), f"service:{one.service}"
                self.networks.replaced[old.id] = self.draft.add(
                    Kind.REMOVE_CONTAINER, subject, f"remove the old {label}", cause=cause, impact=Impact.RECREATE,
                    detail={"container": one.name + OLD, "volumes": False}, needs=needs,
                )  # fmt: skip

    def _steady(self, one: Wanted, *, cause: str) -> int:
        return self.draft.add(
            Kind.WAIT_STEADY, f"service:{one.service}", f"see that {label_of(self.design, one.service, one.number)} stays up",
            cause=cause, impact=Impact.RECREATE, detail={"container": one.name, "timeout_s": STEADY_S},
            needs=self.waits.after(one.name),
        )  # fmt: skip
