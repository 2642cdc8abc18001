"""What a plan takes away from the users of a service, and for how long: from the moment a container stops until it is back.

What goes on running may lose its connections over one network all the same, where it has to join that anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from topology.core.design import Design
from topology.core.plan import Kind, Operation, Plan

START_S = 1.0  # what an engine takes to remove, rename and start a container; measured on 20.10: 0.3 to 0.9 s


@dataclass(frozen=True, slots=True)
class Downtime:
    """Of one service. `at_most_s` is without the time its own processes take to be ready; None: it does not come back by itself.

    It counts from the first of its containers that stops: with several, others may go on meanwhile.
    """

    service: str
    containers: int
    at_most_s: float | None

    def __str__(self) -> str:
        which = f"{self.service} ({self.containers} containers)" if self.containers > 1 else self.service
        if self.at_most_s is None:
            return f"{which} stops and stays so"
        return f"{which} is away for at most {self.at_most_s:.0f} s, each container by itself"


def downtime(plan: Plan) -> list[Downtime]:
    """Of every service that a plan stops, restarts or replaces, by name. What changes in place has none."""
    found: dict[str, list[float | None]] = {}
    started = {one.subject for one in plan.operations if one.kind is Kind.START}
    for index, one in enumerate(plan.operations):
        if one.kind is Kind.RESTART:
            found.setdefault(one.subject, []).append(_grace_s(one) + START_S)
        elif one.kind is Kind.STOP:
            back = one.subject in started
            found.setdefault(one.subject, []).append(_grace_s(one) + _between_s(plan, index) + START_S if back else None)
    return [
        Downtime(subject.partition(":")[2], len(times), None if None in times else max(time for time in times if time is not None))
        for subject, times in sorted(found.items())
    ]


@dataclass(frozen=True, slots=True)
class Cut:
    """Open connections over one network break: `services`, sorted, go on running and join it anew. `network` is its key."""

    network: str
    services: tuple[str, ...]


def cuts(plan: Plan, design: Design) -> list[Cut]:
    """By network, of the services that are not away anyway."""
    away = {f"service:{one.service}" for one in downtime(plan)}
    left, joined = (
        {(one.detail["network"], one.subject) for one in plan.operations if one.kind is kind}
        for kind in (Kind.DISCONNECT, Kind.CONNECT)
    )
    keys = {design.network_name(key): key for key in design.networks}
    found: dict[str, set[str]] = {}
    for network, subject in left & joined:
        if subject not in away:
            found.setdefault(keys.get(network, network), set()).add(subject.partition(":")[2])
    return [Cut(network, tuple(sorted(services))) for network, services in sorted(found.items())]


def _grace_s(operation: Operation) -> float:
    return float(operation.detail.get("timeout_s") or 0)


def _between_s(plan: Plan, stopped: int) -> float:
    """What else lies between the stop and the start: waits and commands that the start needs and that need the stop."""
    start = next(
        (
            index for index, one in enumerate(plan.operations)
            if one.kind is Kind.START and index > stopped and one.subject == plan.operations[stopped].subject
        ),
        None,
    )  # fmt: skip
    if start is None:
        return 0.0
    after = _reaching(plan, stopped)
    slow = (Kind.WAIT_HEALTHY, Kind.WAIT_COMPLETED, Kind.RUN_COMMAND)
    return sum(_grace_s(one) for index, one in enumerate(plan.operations[:start]) if index in after and one.kind in slow)


def _reaching(plan: Plan, stopped: int) -> set[int]:
    """The operations that need the one at `stopped`, directly or through others. Needs point to earlier ones only."""
    found = {stopped}
    for index, one in enumerate(plan.operations):
        if found & set(one.needs):
            found.add(index)
    return found - {stopped}
