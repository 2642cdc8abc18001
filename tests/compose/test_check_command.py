"""`compose check`: several files, options as Compose has them, and who refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from topology.offline.__main__ import main

GOOD = "services:\n  web:\n    image: nginx\n    ports: ['80:80']\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, without variables that change what a project is."""
    monkeypatch.chdir(tmp_path)
    for name in ("COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def checked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["compose", "check", *arguments])
    return code, capsys.readouterr().out


def test_a_sound_project_is_accepted_with_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text("name: shop\n" + GOOD)
    assert checked(capsys) == (0, "shop: 1 service, 0 errors, 0 warnings. Compose accepts it.\n")


def test_it_says_who_refuses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yml").write_text(
        GOOD + "    networks: [nowhere]\n  api:\n    image: nginx\n    ports: ['80:80']\n    labels: [a=1, a=2]\n"
    )
    code, said = checked(capsys, "a.yml", "--name", "shop")
    lines = said.splitlines()
    assert code == 1 and lines[-1] == "shop: 2 services, 2 errors, 1 warning. Compose refuses it."
    assert lines[0] == "Compose refuses this:" and lines[1].startswith("a.yml:5:16: error: ") and "[network-unknown]" in lines[1]
    assert lines[3] == "Compose takes this, the engine or Netyard does not:" and lines[4].startswith("a.yml:8:13: error: ")
    assert lines[6] == "To look at:" and lines[7].startswith("a.yml:9:19: warning: ")


def test_what_only_the_engine_minds_is_still_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yml").write_text(GOOD + "  api: {image: nginx, ports: ['80:80']}\n")
    code, said = checked(capsys, "a.yml", "--json")
    found = json.loads(said)
    assert (code, found["compose_accepts"], [one["code"] for one in found["problems"]]) == (1, True, ["port-taken-twice"])
    assert found["problems"][0]["compose_refuses"] is False


def test_files_are_laid_on_each_other_and_named_from_here(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a.yml").write_text("services: {web: {extends: {file: base/b.yml, service: w}}}\n")
    (folder / "sub" / "base").mkdir()
    (folder / "sub" / "base" / "b.yml").write_text("services: {w: {image: x, cpus: many}}\n")
    (folder / "over.yml").write_text("services: {web: {ports: [none]}}\n")
    _, said = checked(capsys, "sub/a.yml", "over.yml", "--json")
    found = json.loads(said)
    assert [(one["file"], one["line"], one["code"]) for one in found["problems"]] == [
        ("over.yml", 1, "bad-port"),
        ("sub/base/b.yml", 1, "bad-number"),
    ]
    assert found["project"] == "sub"


def test_options_change_the_project(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "my.env").write_text("PORT=http\n")
    (folder / "a.yml").write_text(
        "services: {web: {image: x, ports: ['${PORT:-80}']}, b: {image: x, profiles: [p], networks: [none]}}\n"
    )
    assert "bad-port" not in checked(capsys, "a.yml")[1]
    assert "bad-port" in checked(capsys, "a.yml", "--env-file", "my.env")[1]
    assert "Compose accepts it" in checked(capsys, "a.yml")[1]
    assert "Compose refuses it" in checked(capsys, "a.yml", "--profile", "p")[1]
    assert checked(capsys, "a.yml", "--project-directory", "/tmp/other-name")[1].endswith("Compose accepts it.\n")


def test_the_default_file_and_its_override_are_found_above(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "docker-compose.yml").write_text(GOOD)
    (folder / "docker-compose.override.yml").write_text("services: {web: {scale: many}}\n")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    code, said = checked(capsys)
    assert code == 1 and "../docker-compose.override.yml:1:25: error: " in said


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"services: {a: {image: \xff}}", "not-utf8"), (b"a: [", "bad-yaml"), (b"", "empty-file"), (b"web: {image: x}", "legacy-v1")],
)
def test_texts_that_are_none_are_told(folder: Path, capsys: pytest.CaptureFixture[str], text: bytes, code: str) -> None:
    (folder / "a.yml").write_bytes(text)
    exit_code, said = checked(capsys, "a.yml", "--json")
    found = json.loads(said)
    assert exit_code == 1 and [one["code"] for one in found["problems"]] == [code] and not found["compose_accepts"]


def test_a_folder_without_a_file_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(checked(capsys, "--json")[1])["problems"][0]["code"] in ("no-file", "file-not-read")
    assert json.loads(checked(capsys, "gone.yml", "--json")[1])["problems"][0]["code"] == "file-not-read"
