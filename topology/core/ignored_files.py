"""Which files of a folder a `.dockerignore` keeps out of a build, matched as the reference tool does.

Patterns are matched against the whole path and each folder above it, and the last one that matches decides. `*` and `?` stay within
a folder, `**` does not. All patterns are followed at once, character by character, so that none of them takes long.
Source: github.com/moby/patternmatcher; https://docs.docker.com/build/concepts/context/#dockerignore-files.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

MOST_CHARACTERS, MOST_PATTERNS = 30_000, 1_000


@dataclass(frozen=True, slots=True)
class Token:
    """One step of a pattern: a character that `takes` knows, or with `star` any number of them. A `gate` takes none, and leads to
    the next or past the two that follow it: the star and the slash of `**/`."""

    takes: Callable[[str], bool]
    star: bool = False
    gate: bool = False


class BadPattern(ValueError):
    """A pattern that nothing reads, as its argument."""


def left_in(paths: Collection[str], text: str) -> set[str]:
    """Those of the paths that the text of a `.dockerignore` does not keep out."""
    patterns = [(line.startswith("!"), Pattern(line.removeprefix("!"))) for line in _lines(text)]
    found = set()
    for path in paths:
        steps = path.split("/")
        above = ["/".join(steps[:count]) for count in range(1, len(steps) + 1)]
        kept = True
        for keeps, pattern in patterns:
            if keeps != kept and any(pattern.matches(one) for one in above):
                kept = keeps
        if kept:
            found.add(path)
    return found


def _lines(text: str) -> list[str]:
    """The patterns, cleaned: without comments, spaces around, slashes before and behind, and `.` and `..`."""
    found = []
    if len(text) > MOST_CHARACTERS:
        raise BadPattern("more than 30,000 characters")
    for line in text.removeprefix("\ufeff").splitlines():
        pattern = line.strip()
        if line.startswith("#") or not pattern:
            continue
        sign, pattern = ("!", pattern[1:].strip()) if pattern.startswith("!") else ("", pattern)
        if not pattern:
            raise BadPattern(line)
        cleaned = posixpath.normpath("/" + pattern).lstrip("/")
        if cleaned:
            found.append(sign + cleaned)
    if len(found) > MOST_PATTERNS:
        raise BadPattern("more than 1,000 patterns")
    return found


class Pattern:
    """Which tokens may come next is kept as the bits of a number."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._stars = sum(1 << index for index, token in enumerate(self._tokens) if token.star)
        self._gates = sum(1 << index for index, token in enumerate(self._tokens) if token.gate)
        self._masks = functools.cache(self._mask)
        self.matches = functools.cache(self._matches)

    def _matches(self, path: str) -> bool:
        states = self._opened(1)
        for character in path:
            taken = states & self._masks(character)
            states = self._opened((taken & ~self._stars) << 1 | taken & self._stars)
            if not states:
                return False
        return bool(states >> len(self._tokens) & 1)

    def _mask(self, character: str) -> int:
        return sum(1 << index for index, token in enumerate(self._tokens) if token.takes(character))

    def _opened(self, states: int) -> int:
        """With all that can follow without a character: a star may be over at once."""
        while True:
            more = states | (states & (self._stars | self._gates)) << 1 | (states & self._gates) << 3
            if more == states:
                return states
            states = more


def _tokens(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        character, rest = text[place], text[place:]
        if stars := re.match(r"\*\*/?|\*", rest):
            place += stars.end()
            yield from _star(deep=rest.startswith("**"), last=place == len(text))
            continue
        if character == "[" and (found := re.match(r"\[\^?\\?.[^\]]*\]", rest)):
            yield Token(_class(found[0]))
            place += found.end()
            continue
        if character == "[" or re.match(r"\\(?:[A-Za-z0-9]|$)", rest):  # no such escapes
            raise BadPattern(text)
        place += 2 if character == "\\" else 1
        yield Token(_not_a_slash if character == "?" else functools.partial(str.__eq__, text[place - 1]))


def _star(*, deep: bool, last: bool) -> Iterator[Token]:
    if not deep:
        yield Token(_not_a_slash, star=True)
    elif last:
        yield Token(_all, star=True)
    else:  # any folders, or none
        yield Token(_nothing, gate=True)
        yield Token(_all, star=True)
        yield Token(functools.partial(str.__eq__, "/"))


def _class(text: str) -> Callable[[str], bool]:
    try:
        read = re.compile(text)
    except re.error:
        raise BadPattern(text) from None
    return lambda character: read.fullmatch(character) is not None


def _not_a_slash(character: str) -> bool:
    return character != "/"


def _all(character: str) -> bool:
    return True


def _nothing(character: str) -> bool:
    return False
