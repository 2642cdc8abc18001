"""Which containers that stay and run are restarted, because of what has become of others."""

from __future__ import annotations

from collections.abc import Collection

from topology.core.design import Design
from topology.core.differences import Wanted
from topology.core.draft import is_up
from topology.core.observed import ObservedContainer
from topology.core.order import needs_of, shared_services


class Restarts:
    """`started` has the services whose processes start anew in this plan: who shares a namespace with one is cut off until it does
    so as well. `restart: true` asks less, as in Compose: a restart when the other's container is another one."""

    def __init__(self, design: Design, *, wanted: list[Wanted]) -> None:
        self.design = design
        self.started: set[str] = set()
        self._kept: dict[str, list[ObservedContainer]] = {}
        self._remade = {one.service for one in wanted if one.remake}
        for one in wanted:
            if one.kept is not None:
                self._kept.setdefault(one.service, []).append(one.kept)
        self._new = {one.service for one in wanted} - self._kept.keys()

    def cause(self, service: str, there: ObservedContainer) -> str:
        """Why a running container is restarted, "" when it is not."""
        return self._by_sharing(service, there) or self._by_asking(service, there)

    def _by_sharing(self, service: str, there: ObservedContainer) -> str:
        for target, what in shared_services(self.design, self.design.services[service]).items():
            if target in self.started:
                return f"it shares the {what} of {target}, which starts anew"
            older = self._kept.get(target, ())
            if what == "network" and any(is_up(other) and other.started_at > there.started_at for other in older):
                return f"it shares the network of {target}, which was started after it"
        return ""

    def _by_asking(self, service: str, there: ObservedContainer) -> str:
        asked = [name for name, need in needs_of(self.design, service).items() if need.restart]
        for name in asked:
            if name in self._remade | self._new and name in self.started:
                return f"{name}, which it depends on, starts anew"
        for name in asked:
            if _are_newer(self._kept.get(name, ()), there):
                return f"{name}, which it depends on, was made anew after it was started"
        return ""


def _are_newer(others: Collection[ObservedContainer], there: ObservedContainer) -> bool:
    """Whether Netyard has made all of them since this one was started: an apply broke off before it was restarted. What Compose
    makes it restarts for itself."""
    return bool(others) and all(one.config_hash and one.created_at > there.started_at > 0 for one in others)
