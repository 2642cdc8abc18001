"""Waiting for what a service depends on, each container once in a plan."""

from __future__ import annotations

from dataclasses import replace

from topology.core.design import Dependency, Design, Healthcheck
from topology.core.differences import Wanted, label_of
from topology.core.draft import Draft, Soft
from topology.core.observed import ObservedContainer
from topology.core.one_shots import completed
from topology.core.order import is_required, needs_of
from topology.core.plan import Impact, Kind

COMPLETION_TIMEOUT_S = 3600
LEAST_HEALTH_TIMEOUT_S = 60


class Waits:
    """Gives the indexes that a service's start needs: its dependencies' starts, and waits where a condition asks for more."""

    def __init__(self, draft: Draft, design: Design, *, wanted: list[Wanted]) -> None:
        self.draft, self.design = draft, design
        self._wanted: dict[str, list[Wanted]] = {}
        for one in wanted:
            self._wanted.setdefault(one.service, []).append(one)
        self.starts: dict[str, int] = {}
        self._waits: dict[tuple[str, Kind], int] = {}
        self._asked: set[int] = set()  # waits without whose good end somebody does not start

    def started(self, one: Wanted, index: int) -> None:
        """Operation `index` starts this container."""
        self.starts[one.name] = index

    def after(self, name: str) -> list[int]:
        """Indexes after which the container `name` is there as others may expect it: its start, and waits for its health."""
        waits = [index for (waited, _), index in self._waits.items() if waited == name and index in self._asked]
        return waits or ([self.starts[name]] if name in self.starts else [])

    def before(self, service: str) -> list[int]:
        """Indexes to be done before `service` starts; waits are added where they are not there yet. Of what it can do without they
        are soft: Compose says that it failed, and goes on."""
        found: list[int] = []
        for target, need in needs_of(self.design, service).items():
            required = is_required(self.design, service, need)
            for one in self._wanted.get(target, []):
                index = self._last(one, need, waiting=service, required=required)
                found += [] if index is None else [index if required else Soft(index)]
        return found

    def _last(self, one: Wanted, need: Dependency, *, waiting: str, required: bool) -> int | None:
        index = self.starts.get(one.name)
        if need.condition == "service_healthy" and (index is not None or not _is_healthy(one.kept)):
            return self._wait(one, Kind.WAIT_HEALTHY, waiting=waiting, after=index, required=required)
        if need.condition == "service_completed_successfully" and (index is not None or not _is_completed(one.kept)):
            return self._wait(one, Kind.WAIT_COMPLETED, waiting=waiting, after=index, required=required)
        return index

    def _wait(self, one: Wanted, kind: Kind, *, waiting: str, after: int | None, required: bool) -> int:
        key = (one.name, kind)
        cause = f"{waiting} depends on it" if required else f"{waiting} depends on it, and starts without it if need be"
        if key not in self._waits:
            label = label_of(self.design, one.service, one.number)
            healthy = kind is Kind.WAIT_HEALTHY
            spec = self.design.services[one.service]
            timeout_s = health_timeout_s(spec.healthcheck) if healthy else COMPLETION_TIMEOUT_S
            self._waits[key] = self.draft.add(
                kind, f"service:{one.service}", f"wait until {label} {'is healthy' if healthy else 'has ended well'}",
                cause=cause, impact=Impact.IN_PLACE,
                detail={"container": one.name, "timeout_s": timeout_s}, needs=[] if after is None else [after],
            )  # fmt: skip
        index = self._waits[key]
        if required and index not in self._asked:
            self._asked.add(index)
            self.draft.operations[index] = replace(self.draft.operations[index], cause=cause)
        return index


def _is_healthy(kept: ObservedContainer | None) -> bool:
    return kept is not None and kept.state == "running" and kept.health == "healthy"


def _is_completed(kept: ObservedContainer | None) -> bool:
    return kept is not None and completed(kept)


def health_timeout_s(check: Healthcheck | None) -> float:
    """How long a container may take to become healthy: its own times with room to spare, a minute at least.

    The engine's defaults are 30 s between checks, 30 s for one, three failures.
    """
    if check is None:
        return LEAST_HEALTH_TIMEOUT_S * 3
    interval_s = 30.0 if check.interval_s is None else check.interval_s
    timeout_s = 30.0 if check.timeout_s is None else check.timeout_s
    retries = 3 if check.retries is None else check.retries
    return max(LEAST_HEALTH_TIMEOUT_S, round((check.start_period_s or 0) + (retries + 1) * (interval_s + timeout_s)))
