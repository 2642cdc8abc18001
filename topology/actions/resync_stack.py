"""Brings a stack's status up to what its engine says now, and tells who looks at it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from topology import announce, wire
from topology.actions.see_drift import tell_drift
from topology.core.design import Design
from topology.core.events import keep_stops
from topology.core.observed import Observed
from topology.core.status import summarize
from topology.models import Stack
from topology.store import status
from topology.store.files import good_bundle_of
from topology.store.readings import good_design
from topology.store.stacks import stack_card
from topology.store.status import Folded

ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Changed:
    """A status before and after it was saved."""

    before: Folded
    after: Folded

    @property
    def is_visible(self) -> bool:
        return self.after.seq != self.before.seq


def resync_stack(stack_id: UUID, *, observe: Callable[[], Observed]) -> Changed | None:
    """Observe and save; announce what changed. None when the stack is gone.

    An observation that is older than what is saved meanwhile is thrown away and made again.
    """
    for _ in range(ATTEMPTS):
        observed = observe()
        changed = save_observed(stack_id, lambda before, new=observed: new if new.at >= before.at else None)  # type: ignore[misc]
        if changed is not None:
            tell(stack_id, changed)
            return changed
    return None


def save_observed(stack_id: UUID, fold: Callable[[Observed], Observed | None]) -> Changed | None:
    """Fold on what is saved, until nobody else wrote in between. `fold` gives None to leave it; None when the stack is gone."""
    for attempt in range(ATTEMPTS):
        before = status.load(stack_id)
        observed = fold(before.observed)
        if observed is None:
            return None
        after = status.save(stack_id, keep_stops(before.observed, observed), since=before)
        if after is not None:
            return Changed(before, after)
        time.sleep(0.002 * attempt)  # another writer was faster
    return None


def tell(stack_id: UUID, changed: Changed) -> None:
    """Announce the new status to the stack's sockets, and its card to the team's lists where the card looks different."""
    if not changed.is_visible:
        return
    stack = Stack.objects.select_related("team", "engine", "updated_by", "status").filter(pk=stack_id).first()
    if stack is None:
        return
    design = good_design(good_bundle_of(stack), project=stack.project)
    view = status.status_view(changed.after, design=design, engine_error=stack.engine.error)
    announce.status(stack_id, wire.StatusChanged(status=view))
    if _card_facts(design, changed.before.observed) != _card_facts(design, changed.after.observed):
        tell_card(stack)
    tell_drift(stack_id)


def tell_card(stack: Stack) -> None:
    """Announce a stack's card; its `team`, `updated_by` and `status` should be fetched with it."""
    announce.card(stack.team_id, wire.CardChanged(stack_id=str(stack.pk), card=stack_card(stack)))


def _card_facts(design: Design, observed: Observed) -> object:
    """What a card shows of a status: the summary, and each container's state and health for the small picture."""
    shown = [(one.service, one.number, one.state, one.health, one.exit_code, one.stop_asked) for one in observed.containers]
    return summarize(design, observed), sorted(shown, key=repr)
