"""`compose graph` as it is called: records and pictures from files, problems on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = "services:\n  web: {image: nginx, links: [db]}\n  db: {image: postgres}\n"


def graph(folder: Path, *arguments: str, text: str = TEXT) -> subprocess.CompletedProcess[str]:
    (folder / "compose.yaml").write_text(text)
    command = [sys.executable, "-m", "topology.offline", "compose", "graph", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_it_prints_records(tmp_path: Path) -> None:
    done = graph(tmp_path, "--json", "--name", "shop")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert (found["project"], [one["name"] for one in found["services"]]) == ("shop", ["web", "db"])
    assert found["links"] == [{"client": "web", "server": "db", "alias": "db", "external": False}]
    assert {"client", "server", "alias", "external"} == set(found["links"][0])
    assert isinstance(found["problems"], list)


def test_it_writes_a_picture_to_a_file(tmp_path: Path) -> None:
    done = graph(tmp_path, "--svg", "--theme", "dark", "-o", "out.svg", "compose.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "out.svg").read_text().startswith("<svg ")


def test_a_file_with_errors_is_drawn_and_says_so(tmp_path: Path) -> None:
    done = graph(tmp_path, "--svg", text="services:\n  web: {image: nginx, networks: [gone]}\n")
    assert done.returncode == 1
    assert done.stdout.startswith("<svg ") and "error" in done.stderr


def test_what_cannot_be_read_or_written_is_a_sentence(tmp_path: Path) -> None:
    assert "cannot be read" in graph(tmp_path, "missing.yaml").stderr
    assert "cannot be written" in graph(tmp_path, "-o", "no/such/folder.svg", "--svg").stderr
    assert graph(tmp_path, text="a: [").returncode == 1
