"""Notes in an engine's own row what the watcher knows of it: that it is there, that it is away, and whose things are on it."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.utils import timezone

from topology import announce, wire
from topology.engine.errors import EngineError
from topology.engine.port import Engine
from topology.models import Engine as EngineRow
from topology.models import Stack, Team
from topology.store import engines

log = structlog.get_logger(__name__)


def note_there(engine_id: UUID, engine: Engine) -> None:
    info = engine.info()
    facts = {
        "version": info.version, "api_version": info.api_version, "os": info.os, "cpus": info.cpus,
        "memory_bytes": info.memory_bytes, "images": [[image.tag, image.size_bytes] for image in engine.images()],
    }  # fmt: skip
    _note(engine_id, error="", facts=facts)


def note_away(engine_id: UUID, error: EngineError) -> None:
    log.warning("engine away", error=error.message)
    row = EngineRow.objects.filter(pk=engine_id).first()
    if row is not None:
        _note(engine_id, error=error.message, facts={**row.facts, "fix": error.fix})


def note_projects(engine_id: UUID, projects: list[str]) -> None:
    """Whose things are on the engine, ours or not: a new stack takes none of these names (`create_stack`)."""
    row = EngineRow.objects.filter(pk=engine_id).first()
    if row is not None and row.facts.get("projects") != projects:
        row.facts = {**row.facts, "projects": projects}
        row.save(update_fields=["facts"])


def _note(engine_id: UUID, *, error: str, facts: dict[str, object]) -> None:
    """Write what is known of the engine, and tell its stacks, and the lists of all teams, when that is news."""
    row = EngineRow.objects.filter(pk=engine_id).first()
    if row is None:
        return
    before = engines.engine_view(row)
    kept = {"projects": row.facts["projects"]} if "projects" in row.facts else {}
    row.error, row.facts, row.seen_at = error, kept | facts, row.seen_at if error else timezone.now()
    row.save(update_fields=["error", "facts", "seen_at"])
    after = engines.engine_view(row)
    if after == before:
        return
    for stack_id in Stack.objects.filter(engine_id=engine_id).values_list("pk", flat=True):
        announce.engine(stack_id, wire.EngineChanged(engine=after))
    for team_id in Team.objects.values_list("pk", flat=True):
        announce.engine_of_list(team_id, wire.EngineChanged(engine=after))
