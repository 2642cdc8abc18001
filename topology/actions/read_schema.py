"""The Compose Specification's own schema, for the editor's completion: the same one that texts are checked against."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

from topology.actions.authorize import Actor, require_login
from topology.compose.schema import schema_text


def read_schema(actor: Actor) -> tuple[str, str]:
    """The schema as JSON text, and a tag that changes with it."""
    require_login(actor)
    return schema_text(), _tag()


@cache
def _tag() -> str:
    return f'"{sha256(schema_text().encode()).hexdigest()[:32]}"'
