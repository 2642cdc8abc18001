"""Compose project names out of people's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

LONGEST = 50  # container names are PROJECT-SERVICE-NUMBER, and DNS labels end at 63
_PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]*")


def is_project(name: str) -> bool:
    """Whether a name is a Compose project name: lower-case letters, digits, `-` and `_`, not beginning with a sign."""
    return len(name) <= 63 and _PROJECT.fullmatch(name) is not None


def project_name(words: str, *, taken: Collection[str]) -> str:
    """The project name for a stack's name, with -2, -3, … where it is taken."""
    ascii_only = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9_]+", "-", ascii_only).strip("-_")[:LONGEST].rstrip("-_") or "stack"
    number, name = 1, slug
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    return name
