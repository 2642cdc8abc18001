"""Compose's many spellings of one thing, each in its canonical one: NAME=value lists, hosts, commands, times, modes, limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from topology.compose.canonical.fields import OMIT, Around, Record, kept_integer
from topology.compose.forms import host_pairs, pairs
from topology.compose.forms import labels as as_labels
from topology.compose.units import as_text, whole
from topology.compose.words import split_words

_UNIT_NS = {
    "ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6,
    "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9, "d": 86400 * 10**9, "w": 7 * 86400 * 10**9,
}  # fmt: skip
_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w)")


def options(value: Any, around: Around) -> Any:
    """`driver_opts`, labels, sysctls: names with text, sorted; a missing value is "". Left out when there are none."""
    found = as_labels(value)
    return {name: found[name] for name in sorted(found)} or OMIT


def variables(value: Any, around: Around) -> Any:
    """`environment` of a hook: as `options`, but a name without a value stays null; the project's variables are not asked."""
    found = pairs(value)
    return {name: found[name] for name in sorted(found)} or OMIT


def build_arguments(value: Any, around: Around) -> Any:
    """`args`: a name without a value takes the project's variable, and is dropped when there is none."""
    found = {name: around.environment.get(name) if text is None else text for name, text in pairs(value).items()}
    return {name: found[name] for name in sorted(found) if found[name] is not None} or OMIT


def hosts(value: Any, around: Around) -> Any:
    """`extra_hosts` as sorted "name=address", IPv6 addresses without brackets."""
    return sorted(f"{name}={address}" for name, address in host_pairs(value)) or OMIT


def command(value: Any, around: Around) -> Any:
    """A command as a list of words; text is split as the reference tool does. An empty one ([]) stays: it clears the image's."""
    if value is None:
        return OMIT
    if isinstance(value, list):
        return [as_text(item) for item in value]
    words = split_words(as_text(value))
    return as_text(value) if words is None else list(words.items)


def health_test(value: Any, around: Around) -> Any:
    """A health check's command: text is for the shell, a list is as it is."""
    if value is None:
        return OMIT
    return [as_text(item) for item in value] or OMIT if isinstance(value, list) else ["CMD-SHELL", as_text(value)]


def kept_duration(value: Any, around: Around) -> Any:
    """A time as Go writes it ("1m30s"), 0 too."""
    if value is None:
        return OMIT
    length = nanoseconds(as_text(value))
    return as_text(value) if length is None else go_duration(length)


def duration(value: Any, around: Around) -> Any:
    """A time as Go writes it, left out when 0."""
    found = kept_duration(value, around)
    return OMIT if found == "0s" else found


def nanoseconds(text: str) -> int | None:
    """A duration in nanoseconds, None when it is none. "d" and "w" are taken too; a sign as well."""
    sign, rest = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if rest == "0":
        return 0
    total, end = 0, 0
    for part in _PART.finditer(rest):
        if part.start() != end or len(part[1]) > 25:
            return None
        digits, _, fraction = part[1].partition(".")
        unit = _UNIT_NS[part[2]]
        total += int(digits or "0") * unit + (int(fraction) * unit // 10 ** len(fraction) if fraction else 0)
        end = part.end()
    return sign * total if end and end == len(rest) else None


def go_duration(length_ns: int) -> str:
    """As Go prints a time.Duration: 90 s is "1m30s", half a second "500ms"."""
    if length_ns == 0:
        return "0s"
    sign, left = ("-", -length_ns) if length_ns < 0 else ("", length_ns)
    if left < 10**9:
        for unit, factor in (("ms", 10**6), ("µs", 10**3), ("ns", 1)):
            if left >= factor:
                return f"{sign}{_decimal(left, factor)}{unit}"
    minutes, below = divmod(left, 60 * 10**9)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{sign}{head}{_decimal(below, 10**9)}s"


def _decimal(value: int, factor: int) -> str:
    head, rest = divmod(value, factor)
    tail = str(rest).rjust(len(str(factor)) - 1, "0").rstrip("0")
    return f"{head}.{tail}" if tail else str(head)


_LIMIT = Record((("soft", kept_integer), ("hard", kept_integer)))


def limit(value: Any, around: Around) -> Any:
    """One of `ulimits`: a number, or soft and hard; a 0 is left out."""
    if isinstance(value, Mapping):
        return {key: one for key, one in _LIMIT.of(value, around).items() if one != 0}
    found = whole(value)
    return {} if found == 0 else value if found is None else found


def mode(value: Any, around: Around) -> Any:
    """File permissions as a number. Text is read as a decimal number, as the reference tool does (`0440` unquoted is octal)."""
    return kept_integer(value, around)
