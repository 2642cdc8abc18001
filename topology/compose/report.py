"""What the readers write down when a value is not of its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from topology.compose.plain import Path, subject_of
from topology.compose.units import number, seconds, size_bytes, truth, whole
from topology.core.problems import Problem, Severity

_T = TypeVar("_T")
MAX_PROBLEMS = 300


def capped(problems: Iterable[Problem]) -> list[Problem]:
    """At most MAX_PROBLEMS, errors before warnings; that there are more is said in a problem of its own."""
    found = list(dict.fromkeys(problems))
    if len(found) <= MAX_PROBLEMS:
        return found
    found.sort(key=lambda one: one.severity is Severity.WARNING)
    kept, left = found[: MAX_PROBLEMS - 1], found[MAX_PROBLEMS - 1 :]
    return [*kept, more_problems(f"There are {len(left)} more problems than are shown.", left[0].severity)]


def more_problems(message: str, severity: Severity = Severity.ERROR) -> Problem:
    """Said where problems are left out."""
    fix = "Mend these first; the others show then."
    return Problem("more-problems", message, fix=fix, line=1, column=1, severity=severity)


@dataclass(slots=True)
class Report:
    """Problems in the order they were found, and readers for values that have a form; a bad value is reported and left out."""

    problems: list[Problem] = field(default_factory=list)
    ports_left: int = 20_000  # of a whole file, so that ranges of 65,535 ports cannot fill the memory
    containers_left: int = 1_000  # of a whole file, by `scale`: more is a slip of the finger, and would plan for minutes
    moved: dict[Path, Path] = field(default_factory=dict)  # an item's path by its place in the record → by its place in the text

    def error(self, code: str, message: str, fix: str, path: Path) -> None:
        self.problems.append(Problem(code, message, fix=fix, subject=subject_of(path), path=path))

    def warn(self, code: str, message: str, fix: str, path: Path) -> None:
        self.problems.append(Problem(code, message, fix=fix, subject=subject_of(path), path=path, severity=Severity.WARNING))

    def seconds(self, value: Any, path: Path) -> float | None:
        fix = "Write a number with a unit, such as 30s, 1m30s or 500ms."
        if isinstance(value, str) and value.startswith("-") and seconds(value[1:]):  # which Compose hands on
            self.error("duration-below-zero", f"`{path[-1]}` cannot be below 0.", fix, path)
            return None
        return self._read(seconds, value, path, "bad-duration", "a duration", fix)

    def size(self, value: Any, path: Path) -> int | None:
        fix = "Write bytes, or a number with a unit, such as 512m or 2g."
        if isinstance(value, int | float) and value < 0:  # which Compose hands on
            self.warn("bad-size", f"`{path[-1]}` is below 0, which is taken for no limit.", "Remove it.", path)
            return None
        return self._read(size_bytes, value, path, "bad-size", "a size", fix)

    def number(self, value: Any, path: Path) -> float | None:
        return self._read(number, value, path, "bad-number", "a number", "Write a number, such as 0.5.")

    def whole(self, value: Any, path: Path) -> int | None:
        return self._read(whole, value, path, "bad-number", "a whole number", "Write a whole number.")

    def truth(self, value: Any, path: Path) -> bool | None:
        return self._read(truth, value, path, "bad-truth-value", "true or false", "Write true or false.")

    def _read(self, reader: Callable[[Any], _T | None], value: Any, path: Path, code: str, wanted: str, fix: str) -> _T | None:
        if value is None:
            return None
        result = reader(value)
        if result is None:
            shown = value if not isinstance(value, str) or len(value) <= 60 else value[:57] + "…"
            self.error(code, f"`{path[-1]}`: `{shown}` is not {wanted}.", fix, path)
        return result
