"""Files of the first Compose format (version 1, until 2016): services at the top level, no `services:` key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.core.problems import Problem

_SIGNS = frozenset({"image", "build", "extends", "command", "links", "ports", "volumes", "net", "environment"})
_SECTIONS = frozenset({"networks", "volumes", "configs", "secrets", "include", "models", "jobs"})


def legacy_services(raw: Mapping[str, Any]) -> list[str]:
    """The services' names when the file is of version 1, else []."""
    if "services" in raw:
        return []
    others = [(name, value) for name, value in raw.items() if name not in _SECTIONS and not name.startswith("x-")]
    return [name for name, value in others if isinstance(value, dict) and _SIGNS & set(value)]


def legacy_problem(names: list[str]) -> Problem:
    shown = ", ".join(f"`{name}`" for name in names[:3]) + (" …" if len(names) > 3 else "")
    return Problem(
        "legacy-v1",
        f"This file is of the first Compose format: its services ({shown}) stand at the top level. Compose no longer reads it.",
        fix="Convert it, comments kept: press Convert in the editor, or run `netyard compose convert FILE`.",
        path=(names[0],),
    )
