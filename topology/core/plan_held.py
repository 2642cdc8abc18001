"""What a container that an apply leaves alone has, and one that is to be made or started would need: the engine would refuse that
after the old container was stopped. Left alone are orphans that are not to be removed, one-offs and those of profiles."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from topology.core.check_ports import addresses_overlap, host_ports
from topology.core.design import Design
from topology.core.differences import Wanted, will_start
from topology.core.draft import is_up
from topology.core.observed import Observed, ObservedContainer
from topology.core.plan_removals import is_orphan
from topology.core.problems import Problem


def held_notes(design: Design, observed: Observed, *, wanted: list[Wanted], going: Collection[str]) -> Iterator[Problem]:
    """`going` are the ids of containers that the plan removes, now or in the end."""
    handled = {one.there.id for one in wanted if one.there is not None} | set(going)
    left = [one for one in observed.containers if one.id not in handled and one.state != "removing"]
    for one in wanted:
        for holder in sorted(left, key=lambda holder: holder.name):
            yield from _name(design, one, holder)
            yield from _port(design, one, holder)


def _name(design: Design, one: Wanted, holder: ObservedContainer) -> Iterator[Problem]:
    if holder.name == one.name:
        message = f"{one.service} is to be named {one.name}, as another container of this stack is that this apply leaves alone."
        yield _problem(design, "name-held", message, one, holder, other=f"give {one.service} another container_name")


def _port(design: Design, one: Wanted, holder: ObservedContainer) -> Iterator[Problem]:
    spec = design.services[one.service]
    if spec.mode == "host" or not is_up(holder) or (one.kept is not None and not will_start(design, one.kept)):
        return
    for port in spec.ports:
        numbers = host_ports(port)
        if len(numbers) == 1 and any(
            (held.published, held.protocol) == (numbers[0], port.protocol) and addresses_overlap(held.host_ip, port.host_ip)
            for held in holder.ports
        ):
            number = f"{numbers[0]}/{port.protocol}"
            message = f"Host port {number} of {one.service} is taken by {holder.name}, which this apply leaves alone."
            yield _problem(
                design, "port-held", message, one, holder, other=f"give {one.service} another host port (the number on the left)"
            )


def _problem(design: Design, code: str, message: str, one: Wanted, holder: ObservedContainer, *, other: str) -> Problem:
    way = "Apply with `remove orphans` to remove that one" if is_orphan(design, holder) else f"Remove {holder.name} from the engine"
    return Problem(
        code, message, fix=f"{way}, or {other}.", subject=f"service:{one.service}", line=design.services[one.service].line
    )
