"""The worker's part of keeping what was changed outside: look at the containers concerned, and edit the design."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from topology import announce, wire
from topology.actions.authorize import Actor, find_stack
from topology.actions.declined import Declined
from topology.actions.see_drift import find_drift
from topology.actions.settle_drift import write_kept
from topology.core.access import Right
from topology.core.reconstruct import reconstruct
from topology.engine.connect import open_engine
from topology.engine.errors import EngineError
from topology.engine.port import Engine
from topology.models import Look
from topology.store import status
from topology.store.adoptions import adopted_of


def keep_looked(look_id: str, *, connect: Callable[[str], Engine] = open_engine) -> None:
    """Whoever asked must still be allowed to draw. What went wrong stands in the look."""
    look = Look.objects.select_related("engine").filter(pk=look_id, kind="keep", state="looking").first()
    if look is None:
        return
    actor = Actor.by_id(look.by_id)
    try:
        stack = find_stack(actor, look.asked["stack"], Right.DRAW, action="keep_drift")
        found = find_drift(stack, status.load(stack.pk).observed) or ()
        chosen = tuple(one for one in found if one.subject == look.asked["subject"])
        if chosen:
            with contextlib.closing(connect(look.engine.url)) as engine:
                seen = engine.look(project=stack.project, containers=adopted_of(stack.pk))
            made = reconstruct(seen, project=stack.project)
            names = {one["Id"]: str(one["Name"]).lstrip("/") for one in seen.containers}
            told = {names[key]: made.file["services"][service] for key, service in made.services.items()}
            write_kept(actor, stack, chosen, told=told, networks=made.file.get("networks") or {})
        look.state = "ready"
    except (Declined, EngineError) as error:
        look.state, look.error, look.fix = "failed", error.message, error.fix
        _tell_failure(look, actor)
    look.save(update_fields=["state", "error", "fix"])


def _tell_failure(look: Look, actor: Actor) -> None:
    """Nobody waits for the answer: it goes to the timeline."""
    name = str(look.asked["subject"]).partition(":")[2]
    text = f"What was changed of {name} could not be put into the design: {look.error} {look.fix}".strip()
    entry = status.add_timeline(
        look.asked["stack"], at=time.time(), kind="drift", service=name, text=text, severity="error", by=actor.username
    )
    announce.timeline(look.asked["stack"], wire.TimelineAdded(entry=entry))
