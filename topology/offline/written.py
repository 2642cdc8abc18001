"""Files that are written in place: all of them or none, each whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from topology.core.problems import Problem


def write_all(texts: Mapping[Path, str]) -> Problem | None:
    """Write texts over files that are there; modes stay, and a link stays a link to the file that is written.

    The new texts stand beside the files before the first one is replaced. A file without a write permission is left alone, as an
    editor would leave it, although its folder would allow a new one in its place.
    """
    new: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            target = Path(os.path.realpath(path))
            mode = target.stat().st_mode
            if not mode & 0o222 or not os.access(target, os.W_OK):
                return _not_written(path, "it is read-only")
            new[_written_beside(target, text, mode=mode)] = target
        for made, target in list(new.items()):
            made.replace(target)
            del new[made]
    except OSError as error:
        return _not_written(Path(error.filename or next(iter(texts))), error.strerror or str(error))
    finally:
        for made in new:
            made.unlink(missing_ok=True)
    return None


def _written_beside(target: Path, text: str, *, mode: int) -> Path:
    with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name[:100]}.", delete=False) as file:
        made = Path(file.name)
        try:
            file.write(text.encode("utf-8"))
            made.chmod(mode)
        except OSError:
            made.unlink(missing_ok=True)
            raise
    return made


def _not_written(path: Path, why: str) -> Problem:
    return Problem("file-not-written", f"`{path}` cannot be written: {why}.",
                   fix="Give yourself the right to write it, or print the new text and save it elsewhere.")  # fmt: skip
