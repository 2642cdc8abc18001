"""Texts from files and standard input, decoded or refused with a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

from topology.core.problems import Problem

MAX_BYTES = 10_000_000


def read_text(name: str) -> str | Problem:
    """The text of a file, `-` for standard input; ends of lines and a byte order mark stay as they are."""
    if not name:
        return Problem("file-not-read", "An empty name is no file.", fix="Give the path of a file that exists.")
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _read(Path(name))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is no path"
        return Problem("file-not-read", f"`{name[:200]}` cannot be read: {why}.", fix="Give the path of a file that exists.")
    if len(raw) > MAX_BYTES:
        return Problem("file-too-large", f"`{name}` is over 10 MB.", fix="Split it with `include`.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Problem("not-utf8", f"`{name}` is not UTF-8 text.", fix=f"Save it as UTF-8; line {line} is the first that is not.",
                       line=line, column=1)  # fmt: skip


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
