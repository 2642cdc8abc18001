"""The words of a command → options by a table of flags, as Docker's own command line reads them: `--flag value`, `--flag=value`,
`-itd`, `-p80:80`; the first word that is no flag ends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from topology.compose.run_line.flags import Flag
from topology.compose.run_line.words import Word
from topology.core.problems import Problem

_TRUE = frozenset({"1", "t", "T", "true", "TRUE", "True"})
_FALSE = frozenset({"0", "f", "F", "false", "FALSE", "False"})


@dataclass(frozen=True, slots=True)
class Option:
    """One flag as written: its row of the table, its value ("" for a switch), the word it stands in."""

    flag: Flag
    value: str
    word: Word
    on: bool = True


@dataclass(slots=True)
class Options:
    """What a command line says: the options in their order, the words behind them, and what could not be read."""

    options: list[Option] = field(default_factory=list)
    rest: list[Word] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def last(self, name: str) -> Option | None:
        found = [one for one in self.options if one.flag.name == name]
        return found[-1] if found else None

    def value(self, name: str) -> str:
        found = self.last(name)
        return found.value if found else ""

    def values(self, name: str) -> list[Option]:
        return [one for one in self.options if one.flag.name == name]

    def on(self, name: str) -> bool:
        found = self.last(name)
        return found is not None and found.on


@dataclass(frozen=True, slots=True)
class Table:
    """The flags of one command. `interspersed`: flags may follow the first word that is none (`network create X -d bridge`)."""

    flags: Mapping[str, Flag]
    short: Mapping[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    interspersed: bool = False


def read_options(words: Sequence[Word], table: Table) -> Options:
    """All options of a command, and the words that are none."""
    found = Options()
    at = 0
    while at < len(words):
        text = words[at].text
        if text == "--":
            found.rest += words[at + 1 :]
            break
        if text.startswith("--"):
            at = _long(words, at, table, found)
        elif text.startswith("-") and len(text) > 1:
            at = _short(words, at, table, found)
        elif table.interspersed:
            found.rest.append(words[at])
            at += 1
        else:
            found.rest += words[at:]
            break
    return found


def _long(words: Sequence[Word], at: int, table: Table, found: Options) -> int:
    word = words[at]
    name, equals, value = word.text[2:].partition("=")
    flag = table.flags.get(table.aliases.get(name, name))
    if flag is None:
        return _unknown(words, at, f"--{name}", has_value=bool(equals), found=found)
    if flag.kind == "switch":
        _switch(flag, value if equals else "true", word, found)
        return at + 1
    if equals:
        found.options.append(Option(flag, value, word))
        return at + 1
    return _next_value(flag, words, at, found)


def _short(words: Sequence[Word], at: int, table: Table, found: Options) -> int:
    """One dash: switches together, the last may take a value that is glued to it, stands behind `=`, or is the next word."""
    word = words[at]
    letters = word.text[1:]
    for place, letter in enumerate(letters):
        flag = table.flags.get(table.short.get(letter, ""))
        rest = letters[place + 1 :]
        if flag is None:
            return _unknown(words, at, f"-{letter}", has_value=rest.startswith("="), found=found)
        if flag.kind != "switch":
            if rest:
                found.options.append(Option(flag, rest.removeprefix("="), word))
                return at + 1
            return _next_value(flag, words, at, found)
        if rest.startswith("="):
            _switch(flag, rest[1:], word, found)
            return at + 1
        _switch(flag, "true", word, found)
    return at + 1


def _next_value(flag: Flag, words: Sequence[Word], at: int, found: Options) -> int:
    if at + 1 >= len(words):
        found.problems.append(_problem("flag-without-value", f"`{words[at].text}` needs a value, and the line ends.", words[at],
                                       fix="Give the value, or remove the flag."))  # fmt: skip
        return at + 1
    found.options.append(Option(flag, words[at + 1].text, words[at]))
    return at + 2


def _switch(flag: Flag, value: str, word: Word, found: Options) -> None:
    if value not in _TRUE | _FALSE:
        found.problems.append(_problem("bad-flag-value", f"`{word.text}`: `{value}` is neither true nor false.", word,
                                       fix=f"Write `--{flag.name}` or `--{flag.name}=false`."))  # fmt: skip
        return
    found.options.append(Option(flag, "", word, on=value in _TRUE))


def _unknown(words: Sequence[Word], at: int, name: str, *, has_value: bool, found: Options) -> int:
    """A flag that is in no table. Whether the next word is its value can only be guessed: it is, when a flag follows that word."""
    word = words[at]
    following = [one.text for one in words[at + 1 : at + 3]]
    takes = not has_value and len(following) == 2 and not following[0].startswith("-") and following[1].startswith("-")
    told = f", with its value `{following[0]}`" if takes else ""
    found.problems.append(_problem("unknown-flag", f"`{name}` is no flag that is known here; it is left out{told}.", word,
                                   fix="Check its spelling, or write what it means into the Compose text."))  # fmt: skip
    return at + (2 if takes else 1)


def _problem(code: str, message: str, word: Word, *, fix: str) -> Problem:
    return Problem(code, message, fix=fix, line=word.line, column=word.column)
