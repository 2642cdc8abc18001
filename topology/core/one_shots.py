"""Services that are there to end: which they are, and whether a container has done what it is there for.

One rule for what is shown and what is planned, so that a stack which is as designed has an empty plan. `docker compose up` runs
whatever has ended once more, each time (2.26.1). So does Netyard where an end may mean that something is missing: what others need
running, what serves something, and what may have been stopped by somebody or by an engine that went down.
"""

from __future__ import annotations

from dataclasses import dataclass

from topology.core.design import Design
from topology.core.observed import ObservedContainer
from topology.core.order import needs_of


@dataclass(frozen=True, slots=True)
class OneShots:
    """`awaited`: another service waits for its end. `idle`: it serves nothing, nobody needs it, and no restart is asked for: its
    end is a good one only where it is known that no signal was sent to it, or where another tool made it: what became of that
    before anybody looked is left as it is, so that what is adopted is not touched."""

    awaited: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()

    def is_done(self, there: ObservedContainer) -> bool:
        if not completed(there) or there.stop_asked:
            return False
        return there.service in self.awaited or (there.service in self.idle and (there.ended_itself or not there.config_hash))


def one_shots(design: Design | None) -> OneShots:
    if design is None:
        return OneShots()
    needs = [need for name in design.services for need in needs_of(design, name).values()]
    needed = {need.service for need in needs}
    return OneShots(
        frozenset(need.service for need in needs if need.condition == "service_completed_successfully"),
        frozenset(
            name
            for name, spec in design.services.items()
            if spec.restart in (None, "no") and not (spec.ports or spec.expose or spec.healthcheck or name in needed)
        ),
    )


def completed(there: ObservedContainer) -> bool:
    """Whether it has ended well, by whatever cause."""
    return there.state == "exited" and there.exit_code == 0 and there.started_at > 0
