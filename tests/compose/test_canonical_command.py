"""`compose config`, as it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.bench.corpus.projects import run_tool
from topology.offline.__main__ import main

VECTORS = Path(__file__).parents[1] / "vectors" / "canonical"
BASE = """services:
  web:
    image: ${IMAGE:-x}
    ports: ['80:80']
    env_file: [web.env]
  debug: {image: y, profiles: [dev]}
"""
OVERRIDE = "services:\n  web:\n    ports: ['81:81']\n    environment: {A: '2'}\n    volumes: ['./data:/data']\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files of one project, and its files of variables."""
    place = tmp_path / "My App"
    place.mkdir()
    for name, text in (("base.yaml", BASE), ("more.yaml", OVERRIDE), ("web.env", "A=1\nB=$IMAGE\n"), ("vars.env", "IMAGE=nginx\n")):
        (place / name).write_text(text)
    monkeypatch.chdir(place)
    monkeypatch.setenv("HOME", "/root")
    return place


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["compose", "config", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("ours", "tools"),
    [
        (["base.yaml"], ["-f", "base.yaml"]),
        (["base.yaml", "more.yaml"], ["-f", "base.yaml", "-f", "more.yaml"]),
        (["base.yaml", "--env-file", "vars.env"], ["-f", "base.yaml", "--env-file", "vars.env"]),
        (["base.yaml", "--profile", "dev", "--name", "other"], ["-f", "base.yaml", "--profile", "dev", "-p", "other"]),
        (["base.yaml", "--project-directory", "."], ["-f", "base.yaml", "--project-directory", "."]),
    ],
)  # fmt: skip
def test_it_prints_a_project_as_the_tool_does(
    folder: Path, capsys: pytest.CaptureFixture[str], ours: list[str], tools: list[str]
) -> None:
    found = run_tool([*tools, "config", "--format", "json"], environment={"HOME": "/root"})
    assert found.returncode == 0, found.stderr
    assert printed(capsys, *ours).rstrip("\n") == found.stdout.rstrip("\n")


def test_it_prints_the_same_as_yaml(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert yaml.safe_load(printed(capsys, "base.yaml", "--format", "yaml")) == json.loads(printed(capsys, "base.yaml"))


def test_it_prints_hashes_of_all_services_or_of_some(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [str(VECTORS / "hashes.yaml"), "--project-directory", "/srv/app", "--profile", "p", "--hash"]
    wanted = (VECTORS / "hashes.txt").read_text("utf-8").splitlines()
    environmental = {"h"}  # names HOME, which is this process's own
    found = printed(capsys, *asked, "*").splitlines()
    assert [one for one in found if one.split()[0] not in environmental] == [
        one for one in wanted if one.split()[0] not in environmental
    ]
    assert printed(capsys, *asked, "b, a").splitlines() == [wanted[0], wanted[1]]


def test_it_prints_nothing_of_a_project_that_compose_refuses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.yaml").write_text("services:\n  web: {image: x, networks: [nowhere]}\n")
    assert main(["compose", "config", "bad.yaml"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("bad.yaml:2:")


def test_it_prints_a_project_that_only_the_engine_would_refuse(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "twice.yaml").write_text("services:\n  a: {image: x, ports: ['80:80']}\n  b: {image: x, ports: ['80:80']}\n")
    assert list(json.loads(printed(capsys, "twice.yaml"))["services"]) == ["a", "b"]


def test_a_service_that_is_not_there_has_no_hash(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compose", "config", "base.yaml", "--hash", "debug"]) == 1
    assert "no such service: debug" in capsys.readouterr().err


def test_it_starts_without_what_only_a_server_or_an_explanation_needs() -> None:
    program = (
        "import sys; from topology.offline.__main__ import main; "
        f"assert main(['compose', 'config', {str(VECTORS / 'hashes.yaml')!r}]) == 0; "
        "slow = {'django', 'docker', 'jsonschema', 'check_jsonschema', 'requests', 'pydantic'}; "
        "print(sorted(slow & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == "[]"
