"""Compose's ways to write times, sizes and numbers, as seconds, bytes and numbers. None means: not of that form."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

_UNIT_S = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3,
    "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0,
}  # fmt: skip
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w)")
_SIZE = re.compile(r"^([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?([kmgtpKMGTP]?)(?:[iI]?[bB])?$")
_MAX_TEXT = 100


def seconds(text: Any) -> float | None:
    """A duration in Go's form ("1m30s", "500ms", "1.5h", also "d" and "w") in seconds."""
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        return None
    text = text.strip()
    if text == "0":
        return 0.0
    total, end = 0.0, 0
    for part in _DURATION.finditer(text):
        if part.start() != end:
            return None
        total += float(part[1]) * _UNIT_S[part[2]]
        end = part.end()
    return round(total, 9) if end and end == len(text) else None


def size_bytes(value: Any) -> int | None:
    """A size in bytes: a number, or text such as "512m", "1.5gb", "64KiB"; the factor is always 1024."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if 0 <= value < 2**63 else None
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not (match := _SIZE.match(value.strip())):
        return None
    size = float(match[1]) * 1024 ** " kmgtp".index(match[2].lower() or " ")
    return int(size) if size < 2**63 else None


def number(value: Any) -> float | None:
    """A number, written as one or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (isinstance(value, str) and len(value) > _MAX_TEXT):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if abs(result) < 1e300 else None


def whole(value: Any) -> int | None:
    """A whole number, written as one or as text."""
    result = number(value)
    return int(result) if result is not None and result == int(result) else None


def truth(value: Any) -> bool | None:
    """A truth value, written as one or as text (what a variable gives)."""
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in ("true", "1", "t", "yes", "y", "on"):
        return True
    return False if word in ("false", "0", "f", "no", "n", "off") else None


def as_text(value: Any) -> str:
    """A scalar as the reference tool prints it: true, 3, 1.5; None is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        value = float(value) if abs(value) < 10**300 else str(value)
    return _float_text(value) if isinstance(value, float) else str(value)


def _float_text(value: float) -> str:
    """As Go prints it: the shortest digits that mean it, with an exponent below 0.0001 and from 1000000 on (1e+06)."""
    if value != value or value in (float("inf"), float("-inf")):
        return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    power = len(digits) + exponent - 1
    if value == 0 or -4 <= power < 6:
        return format(Decimal(repr(value)).normalize(), "f")
    text = "".join(map(str, digits))
    mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
    return f"{'-' if sign else ''}{mantissa}e{'-' if power < 0 else '+'}{abs(power):02d}"
