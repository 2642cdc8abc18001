"""A stack's files: the main Compose text, its companions by relative path, and which of them are merged over it.

Companions are what the texts name (`.env` and other env files, included and extended Compose files, files of configs and secrets,
build contexts) and override files. Which files are merged is part of the stack, in order, and never guessed later: it is what
`docker compose -f main -f first -f second` says. `default_overrides` is what Compose itself would merge when nobody says anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from topology.core.problems import Problem

DEFAULT_NAME = "compose.yaml"
DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")  # the order in which Compose looks
OVERRIDE_NAMES = ("compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml")
LONGEST_PATH = 255
MAX_FILE_BYTES = 1_000_000
MAX_FILES = 100
MAX_TOTAL_BYTES = 5_000_000
_NONE: Mapping[str, str] = MappingProxyType({})
_BAD = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Bundle:
    """`name` is the main text's own file name, by which other files may extend it. `overrides` are paths among `files`."""

    text: str
    files: Mapping[str, str] = field(default_factory=lambda: _NONE)
    overrides: tuple[str, ...] = ()
    name: str = DEFAULT_NAME


def path_problem(path: str) -> Problem | None:
    """Whether a path may be a companion's: relative, POSIX, inside the stack's folder, at most 255 characters."""
    parts = path.split("/")
    if not path or len(path) > LONGEST_PATH or len(path.encode(errors="replace")) > 4 * LONGEST_PATH:
        return Problem("file-path", f"A file's path has 1 to {LONGEST_PATH} characters.", fix="Choose a shorter name.", file=path)
    if path.startswith("/") or ".." in parts:
        return Problem(
            "file-path", f"`{path[:80]}` is outside of the stack's folder.",
            fix="Files of a stack stay inside its folder: use a path without a leading `/` and without `..`.", file=path,
        )  # fmt: skip
    if any(part in ("", ".") or part != part.strip() for part in parts) or _BAD.search(path):
        return Problem("file-path", f"`{path[:80]}` is no plain relative path.", fix="Write it as folder/name.", file=path)
    return None


def clean_path(path: str) -> str:
    """A path as it is written in a text ("./a/../b.env") in the form that companions are kept under ("b.env")."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def bundle_problem(bundle: Bundle, *, before: Bundle | None = None) -> Problem | None:
    """The first thing about the files that cannot be kept. A stack that is over a bound already may still shrink (`before`)."""
    for path in (bundle.name, *bundle.files):
        if problem := path_problem(path):
            return problem
    if problem := _clash(bundle):
        return problem
    for path in bundle.overrides:
        if path not in bundle.files:
            return Problem("override-missing", f"`{path}` is not among the stack's files.", fix="Add the file first.", file=path)
    if len(set(bundle.overrides)) != len(bundle.overrides):
        return Problem("override-twice", "A file is merged twice.", fix="Name each override file once.")
    return _too_much(bundle, before)


def _clash(bundle: Bundle) -> Problem | None:
    """Two files in one place: the main text's name taken, or a file where another needs a folder."""
    if bundle.name in bundle.files:
        return Problem("file-exists", f"`{bundle.name}` is the main file's name.", fix="Choose another name.", file=bundle.name)
    taken = {bundle.name, *bundle.files}
    for path in taken:
        folders = path.split("/")[:-1]
        for count in range(1, len(folders) + 1):
            if (folder := "/".join(folders[:count])) in taken:
                message = f"`{folder}` is a file, so there can be no `{path}` in it."
                return Problem("file-path", message, fix="Choose another path.", file=path)
    return None


def _too_much(bundle: Bundle, before: Bundle | None) -> Problem | None:
    known: Mapping[str, str] = before.files if before else {}
    total = 0
    for path, text in bundle.files.items():
        size = len(text.encode(errors="surrogatepass"))
        total += size
        if size > MAX_FILE_BYTES and len(text) > len(known.get(path, "")):
            return Problem("file-too-large", f"`{path}` is over 1 MB.", fix="Take out what the stack does not need.", file=path)
    if len(bundle.files) > MAX_FILES and len(bundle.files) > len(known):
        return Problem("too-many-files", f"A stack has {MAX_FILES} files at most.", fix="Leave out those that nothing names.")
    if total > MAX_TOTAL_BYTES and total > sum(len(text.encode(errors="surrogatepass")) for text in known.values()):
        return Problem("files-too-large", "The stack's files are over 5 MB together.", fix="Leave out those that nothing names.")
    return None


def default_overrides(name: str, paths: Sequence[str]) -> tuple[str, ...]:
    """What Compose merges by itself: the first override file there is, beside a main file of a default name in the top folder."""
    if name not in DEFAULT_NAMES:
        return ()
    return tuple(path for path in OVERRIDE_NAMES if path in paths)[:1]
