"""What the command line takes along from a disk, and writes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from topology.core.bundle import Bundle
from topology.management.bringing import read_bundle, write_bundle

MAIN = "services:\n  web:\n    build: ./app\n    env_file: [web.env, {path: no.env, required: false}]\ninclude: [more/part.yaml]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "compose.yaml": MAIN, ".env": "A=1\r\n", "web.env": "B=2", "notes.txt": "named nowhere",
        "more/part.yaml": "services:\n  db:\n    extends: {file: base.yaml, service: db}\n",
        "more/base.yaml": "services: {db: {image: busybox}}\n", "compose.override.yaml": "services: {web: {restart: always}}\n",
        "app/Dockerfile": "FROM busybox\n", "app/.git/config": "x",
    }  # fmt: skip
    for path, text in files.items():
        (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / path).write_bytes(text.encode())
    (tmp_path / "in" / "app" / "logo.png").write_bytes(b"\x89PNG\xff\xfe")
    return tmp_path / "in"


def test_a_folder_is_brought_with_what_its_files_name(folder: Path) -> None:
    bundle, notes = read_bundle([str(folder)])
    assert sorted(bundle.files) == [
        ".env", "app/Dockerfile", "compose.override.yaml", "more/base.yaml", "more/part.yaml", "web.env",
    ]  # fmt: skip
    assert (bundle.name, bundle.overrides, bundle.files[".env"]) == ("compose.yaml", ("compose.override.yaml",), "A=1\r\n")
    assert notes == ["app/logo.png is no text, or is over 1 MB: it stays out."]


def test_further_files_are_merged_in_order_instead_of_the_usual_one(folder: Path) -> None:
    (folder / "prod.yaml").write_text("services: {web: {restart: 'no'}}\n")
    bundle, _ = read_bundle([str(folder / "compose.yaml"), str(folder / "prod.yaml")])
    assert bundle.overrides == ("prod.yaml",)
    assert "compose.override.yaml" not in bundle.files


def test_what_lies_outside_of_the_folder_stays_out_also_through_a_link(folder: Path) -> None:
    (folder.parent / "secret.env").write_text("PASSWORD=1")
    (folder / "web.env").unlink()
    (folder / "web.env").symlink_to(folder.parent / "secret.env")
    (folder / "compose.yaml").write_text(MAIN.replace("no.env", "../secret.env"))
    bundle, notes = read_bundle([str(folder)])
    assert "PASSWORD" not in str(bundle)
    assert "web.env is missing (env)." in notes
    assert any(note.startswith("../secret.env is outside of") for note in notes)


def test_a_folder_that_is_written_is_the_one_that_was_read(folder: Path, tmp_path: Path) -> None:
    bundle, _ = read_bundle([str(folder)])
    sentence = write_bundle(bundle, str(tmp_path / "out"))
    assert sentence.endswith("`docker compose up` runs the same.")
    for path in ("compose.yaml", *bundle.files):
        assert (tmp_path / "out" / path).read_bytes() == (folder / path).read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        write_bundle(bundle, str(tmp_path / "out"))
    other = write_bundle(Bundle("a: 1\n", {"b.yaml": ""}, ("b.yaml",), "stack.yaml"), str(tmp_path / "other"))
    assert "`docker compose -f stack.yaml -f b.yaml up`" in other
