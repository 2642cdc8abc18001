"""Files of the corpus as projects: what the reference tool was given when `expected/` was made.

That was: the file alone, the folder's `.env` (or the companion that stands in for it), and an environment with HOME only.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.compose.corpus import FOLDER, rows
from tests.lab.compose import compose_command
from topology.compose.project import Project, resolve
from topology.compose.sources import SourceFile

HOME = "/root"


@dataclass(frozen=True, slots=True)
class Disk:
    """The machine's files."""

    complete: bool = True

    def text(self, path: str) -> str | None:
        file = Path(path)
        return file.read_text("utf-8") if file.is_file() else None


def expected_rows() -> list[dict[str, Any]]:
    return [row for row in rows() if row.get("expected")]


def expected_text(row: dict[str, Any]) -> str:
    """What the tool printed, byte for byte, with this machine's folder in it."""
    return (FOLDER / row["expected"]).read_text("utf-8").replace("@CORPUS@", str(FOLDER / "files"))


def environment_of() -> dict[str, str]:
    return {"HOME": HOME}


def env_files_of(row: dict[str, Any]) -> list[str] | None:
    """The companion `.env` where the folder has none; None: the folder's own."""
    if ((FOLDER / row["file"]).parent / ".env").exists():
        return None
    return [str(FOLDER / one) for one in row["companions"] if Path(one).name == ".env"] or None


def project_of(row: dict[str, Any], *, name: str | None = None) -> Project:
    return load(FOLDER / row["file"], environment=environment_of(), env_files=env_files_of(row), name=name)


def load(
    path: Path,
    *,
    environment: dict[str, str],
    name: str | None = None,
    directory: str | None = None,
    env_files: list[str] | None = None,
    profiles: tuple[str, ...] = (),
) -> Project:
    """One file as a project."""
    file = SourceFile(str(path), path.read_text("utf-8"), path.name)
    return resolve(
        [file], sources=Disk(), directory=directory or str(path.parent), environment=environment, name=name, profiles=profiles,
        env_files=env_files,
    )  # fmt: skip


def tool(row: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The reference tool on a corpus file."""
    options = [part for one in env_files_of(row) or () for part in ("--env-file", one)]
    return run_tool(["-f", str(FOLDER / row["file"]), *options, *arguments], environment=environment_of())


def run_tool(arguments: list[str], *, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*compose_command(), *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Where two JSON values differ, as lines."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        lines = []
        for key in sorted(ours.keys() | theirs.keys()):
            lines += differences(ours.get(key, "—"), theirs.get(key, "—"), f"{path}.{key}" if path else key)
        return lines
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [
            line
            for at, (one, other) in enumerate(zip(ours, theirs, strict=True))
            for line in differences(one, other, f"{path}[{at}]")
        ]
    if type(ours) is type(theirs) and ours == theirs:
        return []
    return [f"{path}: {_short(ours)}, the tool has {_short(theirs)}"]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"
