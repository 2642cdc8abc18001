"""Text in pictures: how wide it is about, and how it is cut. No font is at hand, so widths are of a wide common one."""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape

_NARROW = frozenset("iljtfrI.,:;'|!()[]/\\ -")
_WIDE = frozenset("mwMW@%&—→")
MONO_EM = 0.605


def width(text: str, *, size: float, mono: bool = False, bold: bool = False) -> float:
    """The width in pixels, rather too large than too small."""
    ems = 0.0
    for char in text:
        if unicodedata.combining(char):
            continue
        if unicodedata.east_asian_width(char) in "WF":
            ems += 1.0
        elif mono:
            ems += MONO_EM
        elif char in _NARROW:
            ems += 0.36
        elif char in _WIDE:
            ems += 0.92
        else:
            ems += 0.7 if char.isupper() else 0.58
    return ems * size * (1.06 if bold else 1.0)


def shorten(text: str, room: float, *, size: float, mono: bool = False, bold: bool = False, keep_end: bool = False) -> str:
    """The text, cut with an ellipsis to fit `room` pixels; `keep_end` cuts in the middle, so that a tag stays readable."""
    if width(text, size=size, mono=mono, bold=bold) <= room:
        return text
    for left in range(len(text) - 1, 0, -1):
        head = text[: (left + 1) // 2] if keep_end else text[:left]
        tail = text[len(text) - left // 2 :] if keep_end and left > 1 else ""
        cut = f"{head.rstrip()}…{tail}"
        if width(cut, size=size, mono=mono, bold=bold) <= room:
            return cut
    return "…"


def clean(text: str) -> str:
    """Text for XML: escaped, and without the characters that XML cannot hold."""
    kept = "".join(
        char
        for char in text
        if char in "\t\n\r" or (char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")
    )
    return escape(kept, {'"': "&quot;"})
