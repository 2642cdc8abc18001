"""The other files of a project, from the disk: only below the folders that are allowed, and none too large."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from topology.core.problems import Problem
from topology.offline.inputs import MAX_BYTES


@dataclass(frozen=True, slots=True)
class DiskSources:
    """Texts of files below `roots`, links followed before that is asked. Each file is read once."""

    roots: Sequence[str]
    complete: bool = True
    _known: dict[str, str | Problem | None] = field(default_factory=dict, repr=False)

    def text(self, path: str) -> str | Problem | None:
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> str | Problem | None:
        try:
            real = Path(os.path.realpath(path))
            if not any(real.is_relative_to(os.path.realpath(root)) for root in self.roots):
                return Problem("file-outside", f"`{path}` is outside the folders that may be read.", fix="Move it into them.")
            if not real.is_file():
                return None
            with real.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "its name is no path"
            return Problem("file-not-read", f"`{path[:200]}` cannot be read: {why}.", fix="Give a file that can be read.")
        if len(raw) > MAX_BYTES:
            return Problem("file-too-large", f"`{path}` is over 10 MB.", fix="Split it with `include`.")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return Problem("not-utf8", f"`{path}` is not UTF-8 text.", fix="Save it as UTF-8.")
