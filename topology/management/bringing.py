"""Files on this machine ↔ a stack's files: what `./netyard stack import` takes along, and where `export` writes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.core.management.base import CommandError

from topology.compose.companions import CONTEXT, needs_of
from topology.core.bundle import DEFAULT_NAME, DEFAULT_NAMES, MAX_FILE_BYTES, Bundle, default_overrides, path_problem
from topology.store.archive import zip_of

LONGEST_FILE = 2_000_000
MOST_ROUNDS = 20
SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".venv"})


def read_bundle(names: Sequence[str]) -> tuple[Bundle, list[str]]:
    """The stack's files from a Compose file or the folder with one; further files are merged over it in order, as `-f` does.

    What the texts name comes along where it lies in the main file's folder; the notes say what was missing or stayed out.
    """
    if names[0] == "-":
        return Bundle(_decoded(sys.stdin.buffer.read(LONGEST_FILE + 1), "-")), []
    main = Path(names[0])
    if main.is_dir():
        found = next((main / name for name in DEFAULT_NAMES if (main / name).is_file()), None)
        if found is None:
            raise CommandError(f"There is no {DEFAULT_NAME} in {main}. Name the file itself.", returncode=2)
        main = found
    folder = main.parent
    merged = [_relative(Path(name), folder) for name in names[1:]]
    overrides = tuple(merged) or default_overrides(main.name, [path.name for path in folder.iterdir() if path.is_file()])
    files = {path: _text(folder / path) for path in overrides}
    return _complete(Bundle(_text(main, longest=LONGEST_FILE), files, overrides, main.name), folder)


def _complete(bundle: Bundle, folder: Path) -> tuple[Bundle, list[str]]:
    """Add what is named, then what that names, until nothing is new."""
    notes: dict[str, None] = {}
    for _ in range(MOST_ROUNDS):
        new: dict[str, str] = {}
        for need in needs_of(bundle):
            if need.path in bundle.files:
                continue
            if need.path != "." and path_problem(need.path):
                notes[f"{need.path} is outside of {folder}: it stays out."] = None
            elif need.role == CONTEXT:
                new |= _context(folder, need.path, known=bundle, notes=notes)
            elif _is_inside(folder / need.path, folder):
                new[need.path] = _text(folder / need.path)
            elif need.required:
                notes[f"{need.path} is missing ({need.role}{f', named in {need.named_in}' if need.named_in else ''})."] = None
        if not new:
            break
        bundle = replace(bundle, files={**bundle.files, **new})
    return bundle, list(notes)


def _context(folder: Path, path: str, *, known: Bundle, notes: dict[str, None]) -> dict[str, str]:
    """A build context's texts; what is no text, or too large, stays out with a note."""
    found: dict[str, str] = {}
    for file in sorted((folder / path).rglob("*")):
        inside = file.relative_to(folder).as_posix()
        if SKIPPED & set(file.parts) or not _is_inside(file, folder) or inside in known.files or inside == known.name:
            continue
        text = _text_or_none(file)
        if text is None:
            notes[f"{inside} is no text, or is over 1 MB: it stays out."] = None
        else:
            found[inside] = text
    return found


def _text_or_none(path: Path) -> str | None:
    if path.stat().st_size > MAX_FILE_BYTES:
        return None
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether it is a file that really lies in the folder: a link that leads out of it does not count."""
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _relative(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError as error:
        raise CommandError(f"{path} is outside of {folder}, the main file's folder.", returncode=2) from error


def _text(path: Path, *, longest: int = MAX_FILE_BYTES) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from error
    if len(data) > longest:
        raise CommandError(f"{path} is larger than {longest // 1_000_000} MB.", returncode=2)
    return _decoded(data, str(path))


def _decoded(data: bytes, name: str) -> str:
    if len(data) > LONGEST_FILE:
        raise CommandError(f"{name} is larger than 2 MB.", returncode=2)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is no UTF-8 text.", returncode=2) from error


def write_bundle(bundle: Bundle, output: str) -> str:
    """Write all files to a folder, or to one .zip where the name ends so; gives a sentence. Nothing is overwritten."""
    target = Path(output)
    if target.suffix == ".zip":
        _write(target, zip_of(bundle))
        return f"Wrote {target}."
    files = {**bundle.files, bundle.name: bundle.text}
    if taken := sorted(path for path in files if (target / path).exists()):
        raise CommandError(f"{target / taken[0]} is there already. Choose an empty folder.", returncode=2)
    for path, text in sorted(files.items()):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        _write(target / path, text.encode())
    merged = "".join(f" -f {path}" for path in bundle.overrides)
    usual = bundle.overrides == default_overrides(bundle.name, list(files)) and bundle.name in DEFAULT_NAMES
    command = "docker compose up" if usual else f"docker compose -f {bundle.name}{merged} up"
    return f"Wrote {len(files)} files to {target}; there, `{command}` runs the same."


def _write(path: Path, data: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=2) from error
