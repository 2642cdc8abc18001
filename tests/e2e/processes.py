"""`./netyard` as a process, and the processes of a site."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.e2e.conftest import ROOT, Site


def netyard(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NETYARD_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, str(ROOT / "netyard"), *arguments], cwd=ROOT, env={**kept, "NETYARD_DATA": str(data), **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90,
    )  # fmt: skip


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def pids_of(site: Site) -> dict[str, int]:
    return {name: int(child["pid"]) for name, child in site.state()["children"].items()}
