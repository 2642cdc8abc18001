"""Where things are, and the one exception that ends `./netyard` with a sentence."""

import hashlib
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
EDITOR = ROOT / "static" / "editor"
DIST = ROOT / "static" / "dist"


class CannotGoOn(Exception):
    """Something a person must mend first: the message is one sentence that says what and how."""


def say(text: str) -> None:
    """A line of progress for the person at the terminal."""
    print(text, flush=True)


def valkey_socket(data: Path) -> Path:
    """The private Valkey's socket: in the data folder, or under /tmp where that path is too long for a socket (107 bytes)."""
    inside = data / "valkey.sock"
    if len(str(inside)) <= 100:
        return inside
    return Path(tempfile.gettempdir()) / f"netyard-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}.sock"
