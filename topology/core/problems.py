"""What a user can fix, as values: a problem has a stable code, a place, a message and a fix. It is returned, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops Apply; a warning is shown and lets it through."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a user can mend.

    `subject` names the object on the canvas ("service:web", "network:front", "volume:data", "" for the whole file).
    `path` is the place in the Compose text as keys and indexes; `line` and `column` count from 1, 0 means unknown.
    `file` is the file's path as it was named, "" for the main (or only) one.
    `code` is stable and kebab-case ("port-taken-twice"); `fix` is a sentence that says what to do.
    """

    code: str
    message: str
    fix: str = ""
    subject: str = ""
    path: tuple[str | int, ...] = ()
    line: int = 0
    column: int = 0
    severity: Severity = Severity.ERROR
    file: str = ""
