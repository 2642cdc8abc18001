"""The corpus of real Compose files, where it is at hand. `files` are what Compose saw beside a file when it was asked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from topology.compose.read import Reading, read

FOLDER = Path(__file__).parents[3] / "shared" / "corpus"


@cache
def rows() -> list[dict[str, Any]]:
    """The manifest's rows; none when the corpus is not there."""
    manifest = FOLDER / "manifest.json"
    return json.loads(manifest.read_text("utf-8")) if manifest.exists() else []


def text_of(row: dict[str, Any]) -> str:
    return (FOLDER / row["file"]).read_text("utf-8")


def expected_of(row: dict[str, Any]) -> dict[str, Any]:
    """What `docker compose config --format json` printed; it writes every dollar sign twice."""
    return json.loads((FOLDER / row["expected"]).read_text("utf-8").replace("$$", "$"))


def files_of(row: dict[str, Any]) -> dict[str, str]:
    """The companions by their path from the file's folder; a `.env` further up stands in for the folder's own."""
    folder = (FOLDER / row["file"]).parent
    beside = {path.relative_to(folder).as_posix(): path for path in folder.glob("**/*") if path.is_file()}
    for companion in row["companions"]:
        path = FOLDER / companion
        beside.setdefault(".env" if path.name == ".env" else path.name, path)
    return {name: path.read_text("utf-8", errors="replace") for name, path in beside.items()}


@cache
def readings() -> list[tuple[dict[str, Any], Reading]]:
    """Every row with what was read of its file, once for all tests."""
    return [(row, read(text_of(row), project="corpus", files=files_of(row))) for row in rows()]
