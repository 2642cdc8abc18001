"""Env files (`.env`, `--env-file`, `env_file`): NAME=value, one after the other. The grammar is the reference tool's.

Source: Compose Specification, "env_file format"; compose-go's dotenv package for what it leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from topology.compose.interpolate import Interpolation
from topology.core.problems import Problem

_SPACE = " \t\v\f\r\x85\xa0"
_START = re.compile(r"(?:\s+|#[^\n]*)*")
_EXPORT = re.compile(r"export[ \t\v\f\r]+")
_ESCAPES = re.compile(r"\\(?:[abcfnrtv$\"\\]|0[0-7]{0,3})")
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\", "$": "$$"}


def read_dotenv(text: str, *, variables: Mapping[str, str]) -> dict[str, str | None]:
    """The file's variables in order; a name without a value is None (taken from the environment). What is wrong is left out."""
    return read_env_file(text, variables=variables)[0]


def read_env_file(text: str, *, variables: Mapping[str, str], file: str = "") -> tuple[dict[str, str | None], list[Problem]]:
    """The file's variables in order, and what is wrong in it, told as problems of `file`.

    `#` starts a comment. Text in single quotes is taken as it is; elsewhere variables are filled in, from `variables` first and
    then from the lines above. Quoted values may run over several lines. A name without `=` is None.
    """
    reader = _Reader(text.removeprefix("\ufeff"), variables, file)
    reader.read()
    return reader.values, reader.problems


@dataclass(slots=True)
class _Reader:
    """One file under way."""

    text: str
    variables: Mapping[str, str]
    file: str
    values: dict[str, str | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        at = 0
        while (at := self._start(at)) < len(self.text):
            at = self._statement(at)

    def _start(self, at: int) -> int:
        match = _START.match(self.text, at)
        return match.end() if match else at

    def _statement(self, at: int) -> int:
        if match := _EXPORT.match(self.text, at):
            at = match.end()
        end = at
        while end < len(self.text) and self.text[end] not in "=:\n":
            char = self.text[end]
            if char not in _SPACE and char not in "_.-[]" and not char.isalnum():
                self._say(at, f"`{char}` cannot be part of a variable's name.")
                return self._line_end(end)
            end += 1
        name = self.text[at:end].rstrip()
        if not name or " " in name:
            if name or end < len(self.text):
                self._say(at, "A variable's name has no spaces." if name else "A variable needs a name.")
            return self._line_end(end)
        if end >= len(self.text) or self.text[end] == "\n":
            self.values[name] = None
            return end
        return self._value(name, end + 1)

    def _value(self, name: str, at: int) -> int:
        while at < len(self.text) and self.text[at] in _SPACE:
            at += 1
        if at < len(self.text) and self.text[at] in "'\"":
            return self._quoted(name, at)
        end = self._line_end(at)
        self.values[name] = self._filled(self.text[at:end].partition(" #")[0].rstrip(), at)
        return end

    def _quoted(self, name: str, at: int) -> int:
        quote, end = self.text[at], at + 1
        while end < len(self.text) and self.text[end] != quote:
            end += 2 if self.text[end] == "\\" else 1
        if end >= len(self.text):
            self._say(at, "A quote is opened and never closed.", "Close it.")
            return self._line_end(at)
        inside = self.text[at + 1 : end].replace("\\" + quote, quote)
        self.values[name] = inside if quote == "'" else self._filled(_ESCAPES.sub(_escape, inside), at)
        return end + 1

    def _filled(self, text: str, at: int) -> str:
        if "$" not in text:
            return text
        known = {name: value for name, value in self.values.items() if value is not None} | dict(self.variables)
        interpolation = Interpolation(known)
        filled = interpolation.fill_text(text, ())
        for problem in interpolation.problems:
            self._say(at, problem.message, problem.fix)
        return filled

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def _say(self, at: int, message: str, fix: str = "Write NAME=value.") -> None:
        if len(self.problems) < 20:
            line = self.text.count("\n", 0, at) + 1
            column = at - (self.text.rfind("\n", 0, at) + 1) + 1
            self.problems.append(Problem("bad-env-file", message, fix=fix, line=line, column=column, file=self.file))


def _escape(match: re.Match[str]) -> str:
    text = match[0][1:]
    if text[0] == "0":
        return chr(int(text[1:], 8)) if len(text) > 1 else match[0]
    return _ESCAPED.get(text, match[0])
