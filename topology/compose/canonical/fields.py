"""Tables of fields: a record's keys in the reference tool's order, each with what makes its canonical value.

A converter takes the value as resolved and the surroundings, and gives the canonical value or OMIT. A value that has no canonical
form is passed on as it is: saying so is the reading's task, not this one's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from struct import error, pack, unpack
from typing import Any, Final

from topology.compose.units import as_text, number, size_bytes, truth, whole


class _Omit:
    """Stands for a field that is left out."""

    def __repr__(self) -> str:
        return "OMIT"


OMIT: Final = _Omit()
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Around:
    """What a project's values are seen from: its directory (absolute POSIX path), its variables, and other files' texts."""

    directory: str
    environment: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    text_of: Callable[[str], str | None] = lambda path: None

    @property
    def home(self) -> str | None:
        return self.environment.get("HOME")


Convert = Callable[[Any, Around], Any]


class Record:
    """A mapping with known keys. Unknown ones (`x-` among them) are dropped, as the tool's JSON drops them.

    `always` are keys that are printed even when they are not written, with that value. `pointer`: an absent (null) record is left
    out, an empty one is not; without it an empty record stands for an absent one.
    """

    def __init__(self, fields: Iterable[tuple[str, Convert]], *, always: Mapping[str, Any] | None = None) -> None:
        self._fields = dict(fields)
        self._place = {key: place for place, key in enumerate(self._fields)}
        self._always = always or {}

    def __call__(self, value: Any, around: Around) -> Any:
        if value is None:
            return OMIT
        if not isinstance(value, Mapping):
            return value
        return self.of(value, around)

    def of(self, value: Mapping[str, Any], around: Around) -> dict[str, Any]:
        """The canonical record of a mapping."""
        found: dict[str, Any] = {}
        known = self._place.keys() & (value.keys() | self._always.keys())
        for key in sorted(known, key=self._place.__getitem__):
            one = self._fields[key](value[key], around) if key in value else OMIT
            if one is not OMIT:
                found[key] = one
            elif key in self._always:
                found[key] = self._always[key]
        return found


def as_written(value: Any, around: Around) -> Any:
    """Whatever it is, with its names sorted; left out when it is null."""
    return OMIT if value is None else sorted_names(value)


def sorted_names(value: Any) -> Any:
    """A value with the keys of all its mappings sorted."""
    if isinstance(value, Mapping):
        return {key: sorted_names(value[key]) for key in sorted(value)}
    return [sorted_names(item) for item in value] if isinstance(value, list) else value


def text(value: Any, around: Around) -> Any:
    """Text, left out when empty."""
    return as_text(value) or OMIT


def kept_text(value: Any, around: Around) -> Any:
    """Text, printed even when empty."""
    return as_text(value)


def integer(value: Any, around: Around) -> Any:
    """A whole number, left out when 0."""
    found = kept_integer(value, around)
    return OMIT if found == 0 else found


def kept_integer(value: Any, around: Around) -> Any:
    """A whole number, 0 too."""
    if value is None:
        return OMIT
    found = whole(value)
    return value if found is None else found


def single(value: Any, around: Around) -> Any:
    """A number in single precision, left out when 0; whole ones without a point, as Go's encoder writes them."""
    if value is None:
        return OMIT
    found = number(value)
    if found is None:
        return value
    return OMIT if found == 0 else as_single(found)


def as_single(value: float) -> float | int:
    """The shortest number that is the same in 32 bits."""
    if value == int(value) and abs(value) < 2**24:
        return int(value)
    try:
        wanted = pack("f", value)
    except (OverflowError, error):
        return value
    exact = unpack("f", wanted)[0]
    shorter = (float(f"{exact:.{digits}g}") for digits in range(1, 9))
    return next((short for short in shorter if pack("f", short) == wanted), float(f"{exact:.9g}"))


def flag(value: Any, around: Around) -> Any:
    """A truth value, left out when false."""
    found = kept_flag(value, around)
    return OMIT if found is False else found


def kept_flag(value: Any, around: Around) -> Any:
    """A truth value, false too; left out when it is not written."""
    if value is None:
        return OMIT
    found = truth(value)
    return value if found is None else found


def size(value: Any, around: Around) -> Any:
    """A size in bytes, as text; left out when 0."""
    if value is None:
        return OMIT
    found = size_bytes(value)
    if found is None:
        found = whole(value)
    return as_text(value) if found is None else str(found) if found else OMIT


def texts(value: Any, around: Around) -> Any:
    """A list of texts; a single text becomes a list of one. Left out when empty."""
    if value is None:
        return OMIT
    return [as_text(item) for item in (value if isinstance(value, list) else [value])] or OMIT


def mapped(convert: Convert) -> Convert:
    """A mapping with keys of the user's, sorted; each value by `convert`, null where that leaves it out. Left out when empty."""

    def run(value: Any, around: Around) -> Any:
        if not isinstance(value, Mapping):
            return OMIT if value is None else value
        found = {key: convert(value[key], around) for key in sorted(value)}
        return {key: None if one is OMIT else one for key, one in found.items()} or OMIT

    return run


def listed(convert: Convert) -> Convert:
    """A list, each item by `convert`. Left out when empty."""

    def run(value: Any, around: Around) -> Any:
        if not isinstance(value, list):
            return OMIT if value is None else value
        return [one for item in value if (one := convert(item, around)) is not OMIT] or OMIT

    return run


def unless_empty(convert: Convert) -> Convert:
    """By `convert`, left out when nothing comes of it."""

    def run(value: Any, around: Around) -> Any:
        found = convert(value, around)
        return OMIT if found in ({}, [], "") else found

    return run
