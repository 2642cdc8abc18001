"""The browser program's files, as Vite's manifest names them."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ENTRY = "src/main.tsx"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Addresses of the entry's script, its style sheets, and the scripts it loads first of all."""

    script: str
    styles: tuple[str, ...]
    preloads: tuple[str, ...]


def bundle() -> Bundle | None:
    """The built program; None while nothing is built. Read again when the manifest changes."""
    path = Path(settings.BASE_DIR) / "static" / "dist" / ".vite" / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError):
        return None


@functools.lru_cache(maxsize=2)
def _read(path: Path, changed_ns: int) -> Bundle:
    manifest = json.loads(path.read_text())
    chunks = _with_imports(manifest, ENTRY)
    styles = dict.fromkeys(style for chunk in chunks for style in manifest[chunk].get("css", ()))
    url = settings.STATIC_URL
    return Bundle(
        script=url + manifest[ENTRY]["file"],
        styles=tuple(url + style for style in styles),
        preloads=tuple(url + manifest[chunk]["file"] for chunk in chunks if chunk != ENTRY),
    )


def _with_imports(manifest: dict[str, dict[str, list[str]]], entry: str) -> list[str]:
    """The entry and what it imports, each once, in the order in which style sheets must come."""
    found: list[str] = []
    waiting = [entry]
    while waiting:
        chunk = waiting.pop(0)
        if chunk not in found:
            found.append(chunk)
            waiting += manifest[chunk].get("imports", [])
    return found
