"""Engines as people see them."""

from __future__ import annotations

from topology import wire
from topology.core.policy import Allowed
from topology.models import Engine

NOT_SEEN = "Nobody has looked at this engine yet."
HINT = "Start the engine, or set DOCKER_HOST to where it listens; it is found by itself once it answers."


def engine_view(engine: Engine) -> wire.EngineView:
    """The engine as last seen. Its address is nobody's business but an administrator's, so it is not in here."""
    facts = engine.facts or {}
    error = engine.error or ("" if engine.seen_at else NOT_SEEN)
    return wire.EngineView(
        id=str(engine.pk),
        name=engine.name,
        reachable=not error,
        error=error,
        fix=(str(facts.get("fix") or "") or HINT) if error else "",
        version=str(facts.get("version", "")),
        os=str(facts.get("os", "")),
        cpus=int(facts.get("cpus", 0)),
        memory_bytes=int(facts.get("memory_bytes", 0)),
        policy=policy_view(engine),
    )


def policy_view(engine: Engine) -> wire.EnginePolicy:
    known = set(wire.EnginePolicy.model_fields)
    return wire.EnginePolicy(**{name: bool(value) for name, value in (engine.policy or {}).items() if name in known})


def allowed_of(engine: Engine) -> Allowed:
    """The engine's policy as `core.policy` takes it. What the row does not name is not allowed."""
    return Allowed.from_json(engine.policy or {})


def image_views(engine: Engine) -> list[wire.ImageView]:
    """The tags that are present on the engine, by name, as the watcher last saw them."""
    images = (engine.facts or {}).get("images", [])
    return [wire.ImageView(tag=str(tag), size_bytes=int(size)) for tag, size in sorted(images)]
