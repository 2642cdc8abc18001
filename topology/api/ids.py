"""Ids that come in a body. Those in an address are checked by its pattern."""

from __future__ import annotations

from uuid import UUID

from topology.actions.declined import not_found


def team_id_of(text: str) -> UUID:
    """A team's id; anything else names no team."""
    try:
        return UUID(text)
    except ValueError as error:
        raise not_found("team") from error
