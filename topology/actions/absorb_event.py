"""Folds what happened on an engine into a stack's status and timeline, and announces it at once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from topology import announce, wire
from topology.actions.resync_stack import Changed, save_observed, tell
from topology.core.adopted import as_member
from topology.core.events import fold
from topology.core.observed import EngineEvent, Observed, ObservedContainer
from topology.core.status import describe, signal_name
from topology.engine.port import Engine
from topology.models import Stack
from topology.store import status
from topology.store.adoptions import adopted_of

RECENT_S = 120.0  # within which a program that was told to end has ended, or is killed: an engine's own grace is 10 s
KILL, ENDING = "SIGKILL", frozenset({"SIGTERM", "SIGINT", "SIGQUIT"})


def absorb_event(stack_id: UUID, events: Sequence[EngineEvent], *, engine: Engine) -> Changed | None:
    """Take in events of one stack that came together, in their order: each container concerned is inspected once.

    The status is saved and announced before the timeline is written: who looks sees the change first. None when the stack is gone.
    """
    adopted, project = adopted_of(stack_id), Stack.objects.filter(pk=stack_id).values_list("project", flat=True).first() or ""
    looked = {found: engine.inspect(found) for found in sorted({container_of(event) for event in events} - {""})}
    containers = {key: one and as_member(one, adopted, project=project) for key, one in looked.items()}

    def fold_all(observed: Observed) -> Observed:
        for event in events:
            observed = fold(observed, event, containers.get(container_of(event)))
        return replace(observed, at=time.time())

    changed = save_observed(stack_id, fold_all)
    if changed is not None:
        tell(stack_id, changed)
        write_timeline(stack_id, events, containers=containers)
    return changed


def container_of(event: EngineEvent) -> str:
    """The id of the container that an event is about, "" for none. A network's connect and disconnect name one in `detail`."""
    return event.subject_id if event.kind == "container" else event.detail.get("container", "")


class Signals:
    """What was sent to containers before they died: an engine's `die` event does not say it.

    A stop sends the stop signal and, when that is no use, SIGKILL: then the death was wanted, whatever its exit code. A signal
    that many programs go on after, as SIGHUP, explains a death only where that is by this very signal. Where an engine gives a
    program longer than is remembered here, its own `stop` event says that the end was wanted (`core.events`).
    """

    def __init__(self) -> None:
        self._sent: dict[str, list[tuple[float, str]]] = {}

    def __len__(self) -> int:
        return len(self._sent)

    def sent(self, container_id: str) -> list[str]:
        """The names of what was sent to a container of late, oldest first."""
        return [name for _, name in self._sent.get(container_id, [])]

    def explain(self, event: EngineEvent) -> EngineEvent:
        """The event; a death with `signal` and `wanted` in its detail."""
        if event.kind != "container":
            return event
        if event.action == "kill":
            self._forget(before=event.at - RECENT_S)
            self._sent.setdefault(event.subject_id, []).append((event.at, signal_name(event.detail.get("signal", ""))))
        elif event.action in ("start", "destroy"):
            self._sent.pop(event.subject_id, None)
        elif event.action == "die":
            self._forget(before=event.at - RECENT_S)
            sent = self.sent(event.subject_id)
            self._sent.pop(event.subject_id, None)
            return replace(event, detail={**event.detail, **_explained(sent, code=event.detail.get("exitCode", ""))})
        return event

    def _forget(self, *, before: float) -> None:
        recent = {key: [one for one in sent if one[0] >= before] for key, sent in self._sent.items()}
        self._sent = {key: sent for key, sent in recent.items() if sent}


def _explained(sent: Sequence[str], *, code: str) -> dict[str, str]:
    """Of a death, the signal that it came from, and whether a stop sent it; nothing where it came from none of these."""
    by = signal_name(str(int(code) - 128)) if code.isdigit() and int(code) > 128 else ""
    if not sent or (by and by not in sent):
        return {}
    if sent[-1] == KILL:
        return {"signal": KILL} | ({"wanted": "1"} if sent[0] != KILL else {})
    asked = [name for name in sent if name in ENDING]
    if asked:
        return {"signal": asked[-1], "wanted": "1"}
    return {"signal": by} if by else {}


def write_timeline(
    stack_id: UUID, events: Sequence[EngineEvent], *, containers: Mapping[str, ObservedContainer | None] | None = None
) -> None:
    """A line for each event that people care about; a network's event is told with the service of its container."""
    for event in events:
        about = (containers or {}).get(container_of(event))
        named = event if event.service or about is None else replace(event, service=about.service)
        line = describe(named)
        if line is not None:
            entry = status.add_timeline(
                stack_id, at=event.at, kind=line.kind, service=line.service, text=line.text, severity=line.severity
            )
            announce.timeline(stack_id, wire.TimelineAdded(entry=entry))
