"""`$VAR` and `${VAR…}` in values, by the Compose Specification's rules (12-interpolation.md).

Only the variables that are passed in exist: the server's own environment never gets into a design.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from topology.compose.plain import Map, Path, Seq, subject_of
from topology.core.problems import Problem, Severity

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = (":-", ":?", ":+", "-", "?", "+")
_MAX_DEPTH = 40
_MAX_LENGTH = 1_000_000


class _Malformed(Exception):
    """The text is no valid template."""


@dataclass(slots=True)
class Interpolation:
    """Variables, and what was found wrong while they were filled in (one warning for a variable, however often it is used)."""

    variables: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    unset: dict[str, Path] = field(default_factory=dict)

    def fill(self, value: Any, path: Path = ()) -> Any:
        """The value with the variables in all its texts filled in; keys stay as they are. What has none stays the same object."""
        if isinstance(value, str):
            return self.fill_text(value, path) if "$" in value else value
        if isinstance(value, dict):
            return self._fill_keys(value, path)
        if isinstance(value, list):
            found = [self.fill(item, (*path, index)) for index, item in enumerate(value)]
            if all(new is old for new, old in zip(found, value, strict=True)):
                return value
            return Seq(found, value.places if isinstance(value, Seq) else None)
        return value

    def _fill_keys(self, value: dict[str, Any], path: Path) -> dict[str, Any]:
        changed: dict[str, Any] = {}
        for key, item in value.items():
            if isinstance(item, str):
                if "$" in item:
                    changed[key] = self.fill_text(item, (*path, key))
            elif isinstance(item, dict | list) and (new := self.fill(item, (*path, key))) is not item:
                changed[key] = new
        if not changed:
            return value
        return Map({key: changed.get(key, item) for key, item in value.items()}, value.places if isinstance(value, Map) else None)

    def fill_text(self, text: str, path: Path) -> str:
        try:
            filled, _ = self._scan(text, 0, path, depth=0)
        except _Malformed:
            self._report(
                "bad-interpolation",
                f"`{_short(text)}` has a `${{` that makes no variable.",
                "Write `${NAME}` for a variable, or `$$` for a dollar sign.",
                path,
            )
            return text
        return filled

    def finish(self) -> list[Problem]:
        """Everything found, with one warning for each variable that has no value."""
        for name, path in sorted(self.unset.items()):
            self._report(
                "variable-unset",
                f"The variable `{name}` is not set, so it is empty here.",
                f"Give the stack a value for `{name}`, or write a default: `${{{name}:-value}}`.",
                path,
                severity=Severity.WARNING,
            )
        return self.problems

    def _scan(self, text: str, start: int, path: Path, *, depth: int) -> tuple[str, int]:
        """Fill in from `start` to the end, or inside braces (depth > 0) to the closing one; returns the text and where it ended."""
        if depth > _MAX_DEPTH:
            raise _Malformed
        parts: list[str] = []
        at, braces = start, 0
        while at < len(text):
            char = text[at]
            if char == "$":
                part, at = self._variable(text, at, path, depth=depth)
                parts.append(part)
                continue
            if depth and char == "{":
                braces += 1
            if depth and char == "}":
                if not braces:
                    break
                braces -= 1
            parts.append(char)
            at += 1
        if depth and at >= len(text):
            raise _Malformed
        filled = "".join(parts)
        if len(filled) > _MAX_LENGTH:
            raise _Malformed
        return filled, at

    def _variable(self, text: str, at: int, path: Path, *, depth: int) -> tuple[str, int]:
        """What stands at a `$`: its value and the place after it."""
        if text.startswith("$$", at):
            return "$", at + 2
        if match := _NAME.match(text, at + 1):
            return self._plain(match[0], path), match.end()
        if not text.startswith("${", at):
            return "$", at + 1  # `$(date)`, `$5` and a `$` at the end are plain text to the reference tool
        if not (match := _NAME.match(text, at + 2)):
            raise _Malformed
        name, at = match[0], match.end()
        if text.startswith("}", at):
            return self._plain(name, path), at + 1
        operator = next((sign for sign in _OPERATORS if text.startswith(sign, at)), None)
        if operator is None:
            raise _Malformed
        quiet = self if self._wants_word(name, operator) else Interpolation(self.variables)
        word, end = quiet._scan(text, at + len(operator), path, depth=depth + 1)
        return self._apply(name, operator, word, path), end + 1

    def _has(self, name: str, operator: str) -> bool:
        return bool(self.variables.get(name)) if operator.startswith(":") else name in self.variables

    def _wants_word(self, name: str, operator: str) -> bool:
        return self._has(name, operator) == operator.endswith("+")

    def _apply(self, name: str, operator: str, word: str, path: Path) -> str:
        has = self._has(name, operator)
        if operator.endswith("+"):
            return word if has else ""
        if has:
            return self.variables[name]
        if operator.endswith("-"):
            return word
        self._report(
            "variable-required",
            f"The variable `{name}` must have a value" + (f": {word}" if word else "."),
            f"Give the stack a value for `{name}`.",
            path,
        )
        return ""

    def _plain(self, name: str, path: Path) -> str:
        if name not in self.variables:
            self.unset.setdefault(name, path)
        return self.variables.get(name, "")

    def _report(self, code: str, message: str, fix: str, path: Path, *, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(Problem(code, message, fix=fix, subject=subject_of(path), path=path, severity=severity))


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= 60 else line[:57] + "…"
