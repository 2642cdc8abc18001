"""Where the other files of a project come from: `extends`, `include`, `env_file` and env files name them by path."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from topology.core.problems import Problem


class Sources(Protocol):
    """Texts by absolute POSIX path. `complete` says whether a file that is not here exists nowhere, which makes a reference
    to it an error; otherwise it may lie on the user's own disk, and is only named."""

    @property
    def complete(self) -> bool: ...

    def text(self, path: str) -> str | Problem | None:
        """The file's text; None when there is no such file; a Problem when it may not be read or is no text."""
        ...


@dataclass(frozen=True, slots=True)
class MemorySources:
    """Texts that are already here, by absolute path."""

    texts: Mapping[str, str] = field(default_factory=dict)
    complete: bool = True

    def text(self, path: str) -> str | Problem | None:
        return self.texts.get(path)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One Compose file of a project: its absolute path, its text, and how problems call it ("" for the main one)."""

    path: str
    text: str
    shown: str = ""

    @property
    def directory(self) -> str:
        return posixpath.dirname(self.path)


def joined(directory: str, path: str) -> str:
    """A path seen from a directory, as one absolute path without `.` and `..`."""
    return posixpath.normpath(posixpath.join(directory, path))
