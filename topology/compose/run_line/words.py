"""A pasted shell text → commands of words, each with its place.

Quotes, escapes and comments by the rules of a POSIX shell; where the text shows that it is of PowerShell or cmd (a line that ends
with ` or ^, a path with a drive letter), a backslash is a plain character. Nothing is run: variables become Compose's own
`${NAME}`, the current folder `${PWD}`, a dollar sign that the shell would leave alone `$$`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

_WINDOWS = re.compile(r"[`^][ \t]*\r?\n|(?:^|[\s\"'=])[A-Za-z]:\\", re.MULTILINE)
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)((?::?[-?+=])[^{}]{0,500})?\}|(?:env:)?([A-Za-z_]\w*))")
_PERCENT = re.compile(r"%([A-Za-z_]\w*)%")
_FOLDER = re.compile(r"\$\(\s*pwd(?:\s+-[LP])?\s*\)|`\s*pwd\s*`|\$\{?(?:PWD|pwd)\}?(?:\.Path)?|%(?:cd|CD)%")
KNOWN_COMMANDS = {"id -u": "${UID:-1000}", "id -g": "${GID:-1000}", "whoami": "${USER}"}
_LONGEST_COMMAND = 2_000  # characters inside `$(…)`
_MOST_VARIABLES = 200
_CONTINUED = re.compile(r"[\\`^][ \t]*\r?\n")
_OPERATORS = ("&&", "||", "|&", "|", ";", "&")
_REDIRECTION = re.compile(r"(?:\d*|&)(?:>>|>&|>\||>|<<<|<<|<)(?:&\d|[ \t]*[^\s|;&]+)?")
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its quotes; `line` and `column` count from 1. `guessed` names a command that would have to run to know it."""

    text: str
    line: int
    column: int
    guessed: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """The words of one simple command; comments that stand above it; redirections that were left out."""

    words: tuple[Word, ...]
    comments: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """All commands; `open_quote` is the line of a quote that never ends, 0 for none."""

    commands: tuple[Command, ...]
    open_quote: int = 0


@dataclass
class Scanner:
    """One pass over a text."""

    text: str
    at: int = 0
    windows: bool = False
    commands: list[Command] = field(default_factory=list)
    open_quote: int = 0

    def __post_init__(self) -> None:
        self.windows = bool(_WINDOWS.search(self.text))
        self._lines = [0, *(found.end() for found in re.finditer("\n", self.text))]
        self._depth = 0
        self._budget = 1_000_000  # characters that may be looked at for the ends of `$(…)`
        self._words: list[Word] = []
        self._comments: list[str] = []
        self._dropped: list[str] = []
        self._parts: list[str] | None = None
        self._start = 0
        self._guessed = ""

    def run(self) -> Split:
        while self.at < len(self.text):
            self._step()
        self._end_command()
        return Split(tuple(self.commands), self.open_quote)

    def _step(self) -> None:
        char = self.text[self.at]
        if found := _CONTINUED.match(self.text, self.at):
            self._end_word()
            self.at = found.end()
        elif char == "\n":
            self._end_command()
            self.at += 1
        elif char in " \t\r\u00a0":
            self._end_word()
            self.at += 1
        elif char == "#" and self._parts is None:
            self._comment()
        elif self._parts is None and (found := _REDIRECTION.match(self.text, self.at)) and found.group().strip("0123456789&"):
            self._dropped.append(found.group())
            self.at = found.end()
        elif (char == "(" and self._parts is None) or (char == ")" and self._depth):
            self._depth += 1 if char == "(" else -1
            self._end_command()
            self.at += 1
        elif operator := next((one for one in _OPERATORS if self.text.startswith(one, self.at)), ""):
            self._end_command()
            self.at += len(operator)
        else:
            self._character(char)

    def _character(self, char: str) -> None:
        if self._parts is None:
            self._parts, self._start = [], self.at
        if char in "'\u2018\u2019":
            self._single()
        elif char in '"\u201c\u201d':
            self._double()
        elif char == "\\" and not self.windows:
            self._put(self.text[self.at + 1 : self.at + 2])
            self.at += 2
        elif not self._expansion():
            self._put(char)
            self.at += 1

    def _put(self, text: str) -> None:
        """Plain characters; a dollar sign is doubled, so that Compose leaves it alone."""
        assert self._parts is not None
        self._parts.append(text.replace("$", "$$"))

    def _single(self) -> None:
        ansi = self._parts is not None and self._parts[-1:] == ["$$"]
        end = self.at + 1
        while end < len(self.text) and self.text[end] not in "'\u2019":
            end += 2 if ansi and self.text[end] == "\\" else 1
        if end >= len(self.text):
            self.open_quote = self.open_quote or self._line(self.at)
        inner = self.text[self.at + 1 : end]
        if ansi:
            assert self._parts is not None
            self._parts.pop()
            inner = re.sub(r"\\(.)", lambda found: _ANSI.get(found.group(1), found.group(1)), inner, flags=re.DOTALL)
        self._put(inner)
        self.at = end + 1

    def _double(self) -> None:
        opened = self.at
        self.at += 1
        while self.at < len(self.text):
            char, following = self.text[self.at], self.text[self.at + 1 : self.at + 2]
            if char in '"\u201d':
                self.at += 1
                return
            if char == "\\" and following and (following == '"' or (not self.windows and following in "\\$`\n")):
                self._put("" if following == "\n" else following)
                self.at += 2
            elif char == "`" and self.windows and following:
                self._put(following)
                self.at += 2
            elif not self._expansion():
                self._put(char)
                self.at += 1
        self.open_quote = self.open_quote or self._line(opened)

    def _expansion(self) -> bool:
        """A variable, the current folder or a command to run, at the current place."""
        assert self._parts is not None
        if found := _FOLDER.match(self.text, self.at):
            self._parts.append("${PWD}")
        elif found := _VARIABLE.match(self.text, self.at):
            braced, default, bare = found.groups()
            self._parts.append(f"${{{braced or bare}{default or ''}}}")
        elif self.windows and (found := _PERCENT.match(self.text, self.at)):
            self._parts.append(f"${{{found.group(1)}}}")
        elif (char := self.text[self.at]) == "`" or self.text.startswith("$(", self.at):
            return self._substitution(char)
        else:
            return False
        self.at = found.end()
        return True

    def _substitution(self, char: str) -> bool:
        begin = self.at + (1 if char == "`" else 2)
        if self._budget < 0:
            return False
        end = self.text.find("`", begin, begin + _LONGEST_COMMAND) if char == "`" else _closing(self.text, begin)
        self._budget -= (end if end > 0 else begin + _LONGEST_COMMAND) - begin
        if end < 0 or (char == "`" and self.windows):
            return False
        command = self.text[begin:end].strip()
        assert self._parts is not None
        if command in KNOWN_COMMANDS:
            self._parts.append(KNOWN_COMMANDS[command])
        else:
            self._put(self.text[self.at : end + 1])
        self._guessed = command
        self.at = end + 1
        return True

    def _comment(self) -> None:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        self._comments.append(self.text[self.at : end].strip())
        self.at = end

    def _line(self, at: int) -> int:
        return bisect_right(self._lines, at)

    def _end_word(self) -> None:
        if self._parts is not None:
            line = self._line(self._start)
            column = self._start - self._lines[line - 1] + 1
            self._words.append(Word("".join(self._parts), line, column, self._guessed))
        self._parts, self._guessed = None, ""

    def _end_command(self) -> None:
        self._end_word()
        if self._words:
            self.commands.append(Command(tuple(self._words), tuple(self._comments), tuple(self._dropped)))
            self._comments, self._dropped = [], []
        self._words = []


def _closing(text: str, at: int) -> int:
    """The place of the bracket that closes the one before `at`, -1 for none."""
    depth = 1
    for place in range(at, min(len(text), at + _LONGEST_COMMAND)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    return -1


def split_commands(text: str) -> Split:
    """A text's commands in their order."""
    return Scanner(text).run()


def filled(text: str, variables: Mapping[str, str]) -> str:
    """A word's text with the variables that the pasted lines set themselves."""
    for name, value in list(variables.items())[:_MOST_VARIABLES] if "${" in text else ():
        text = re.sub(r"(?<!\$)\$\{" + re.escape(name) + r"(?::?[-?+=][^{}]*)?\}", lambda _, new=value: new, text)  # type: ignore[misc]
    return text
