"""A plan in the making: operations are added with the indexes of those they need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from topology.core.design import Design
from topology.core.hooks import hooks_of
from topology.core.observed import ObservedContainer
from topology.core.plan import Impact, Kind, Operation, Plan
from topology.core.problems import Problem


class Soft(int):
    """An index among those that an operation needs, of one that may fail: it goes on when that is over."""


class Draft:
    """Collects operations. Every one waits for all pulls, so that nothing changes while an image is missing. The design is asked
    for what its services run before they stop and after they start."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self.operations: list[Operation] = []
        self.notes: list[Problem] = []
        self.pulls: list[int] = []
        self.first: list[int] = []  # what everything that is added later waits for
        self._stopped: dict[str, int] = {}
        self._disconnected: dict[tuple[str, str], int] = {}

    def add(
        self,
        kind: Kind,
        subject: str,
        summary: str,
        *,
        cause: str,
        impact: Impact,
        detail: dict[str, Any],
        needs: Iterable[int] = (),
        contents: dict[str, str] | None = None,
    ) -> int:
        """Append an operation; gives its index."""
        found = [*needs, *self.first]
        hard = {index for index in found if not isinstance(index, Soft)}
        soft = {int(index) for index in found} - hard
        wanted = sorted(hard | soft) or (self.pulls if kind not in (Kind.PULL_IMAGE, Kind.BUILD_IMAGE) else [])
        self.operations.append(
            Operation(kind, subject, summary, cause, impact, detail, tuple(wanted), contents or {}, tuple(sorted(soft)))
        )
        return len(self.operations) - 1

    def hooks(
        self, when: str, *, service: str, container: str, label: str, cause: str, impact: Impact, needs: Iterable[int]
    ) -> list[int]:
        """Run a service's `post_start` or `pre_stop` commands one after another; gives the last one's index, or what they need."""
        last = list(needs)
        commands = hooks_of(self.design.services.get(service), when)
        for place, command in enumerate(commands, start=1):
            which = f"{when} {place} of {len(commands)}" if len(commands) > 1 else when
            detail = {"container": container} | command
            summary = f"run {which} in {label}"
            last = [
                self.add(Kind.RUN_COMMAND, f"service:{service}", summary, cause=cause, impact=impact, detail=detail, needs=last)
            ]
        return last

    def stop(
        self, container: ObservedContainer, *, summary: str, cause: str, impact: Impact, timeout_s: float, needs: Iterable[int] = ()
    ) -> list[int]:
        """Stop a container, once in a plan, when it runs; gives the index in a list, an empty one when it does not run."""
        if not is_up(container):
            return []
        if container.id not in self._stopped:
            detail = {"container": container.name, "timeout_s": timeout_s}
            if container.state == "running":
                needs = self.hooks(
                    "pre_stop", service=container.service, container=container.name, label=summary.removeprefix("stop "),
                    cause=cause, impact=impact, needs=needs,
                )  # fmt: skip
            self._stopped[container.id] = self.add(
                Kind.STOP, f"service:{container.service}", summary, cause=cause, impact=impact, detail=detail, needs=needs
            )
        return [self._stopped[container.id]]

    def disconnect(self, container: ObservedContainer, network: str, *, summary: str, cause: str, needs: Iterable[int] = ()) -> int:
        """Take a container off a network, once in a plan; gives the operation's index."""
        key = (container.id, network)
        if key not in self._disconnected:
            self._disconnected[key] = self.add(
                Kind.DISCONNECT, f"service:{container.service}", summary, cause=cause, impact=Impact.IN_PLACE,
                detail={"container": container.name, "network": network}, needs=needs,
            )  # fmt: skip
        return self._disconnected[key]

    def taken_off(self, container: ObservedContainer) -> dict[str, int]:
        """Network → index of what takes the container off it, by now."""
        return {network: index for (identity, network), index in self._disconnected.items() if identity == container.id}

    def left(self, container: ObservedContainer) -> list[int]:
        """The indexes of all that takes the container off a network by now: it must still be there, by its name, for them."""
        return list(self.taken_off(container).values())

    def plan(self) -> Plan:
        notes = sorted(set(self.notes), key=lambda note: (note.severity, note.subject, note.code, note.message))
        return Plan(tuple(self.operations), tuple(notes))


def is_up(container: ObservedContainer) -> bool:
    """Whether it holds processes, ports and addresses: running, paused or between two restarts."""
    return container.state in ("running", "paused", "restarting")
