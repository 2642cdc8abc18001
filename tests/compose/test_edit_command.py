"""`compose edit`: files and edits from the disk and from standard input, printed, compared, and written in place."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from topology.offline.__main__ import main

TEXT = "# mine\r\nservices:\r\n  web:\r\n    image: nginx # the web\r\n"
NEW = TEXT.replace("nginx", "redis")
EDIT = {"kind": "set_value", "path": ["services", "web", "image"], "value": "redis"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a file and an edit."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_bytes(TEXT.encode())
    (tmp_path / "edit.json").write_text(json.dumps(EDIT))
    return tmp_path


def edited(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, str, str]:
    code = main(["compose", "edit", *arguments])
    out, err = capfdbinary.readouterr()
    return code, out.decode(), err.decode()


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_it_prints_the_new_text_with_its_line_ends(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert edited(capfdbinary, "compose.yaml", "edit.json") == (0, NEW, "")
    assert (folder / "compose.yaml").read_bytes() == TEXT.encode()


@pytest.mark.parametrize("arguments", [("-", "edit.json"), ("compose.yaml", "-")])
def test_file_or_edit_come_from_standard_input(
    arguments: tuple[str, str], folder: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, TEXT if arguments[0] == "-" else json.dumps([EDIT]))
    assert edited(capfdbinary, *arguments) == (0, NEW, "")


@pytest.mark.parametrize("arguments", [("-", "-"), ("-", "edit.json", "--in-place")])
def test_standard_input_is_read_once_and_never_written(
    arguments: tuple[str, ...], folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, out, err = edited(capfdbinary, *arguments)
    assert (code, out) == (2, "") and "standard input" in err


def test_the_difference_is_a_patch(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, _ = edited(capfdbinary, "compose.yaml", "edit.json", "--diff")
    changed = [line for line in out.split("\n") if line.startswith(("+", "-")) and line[:3] not in ("+++", "---")]
    assert (code, changed) == (0, ["-    image: nginx # the web\r", "+    image: redis # the web\r"])


def test_the_inverse_that_json_tells_restores_the_bytes(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    _, out, _ = edited(capfdbinary, "compose.yaml", "edit.json", "--json")
    (folder / "compose.yaml").write_bytes(json.loads(out)["text"].encode())
    (folder / "back.json").write_text(json.dumps(json.loads(out)["inverse"]))
    assert edited(capfdbinary, "compose.yaml", "back.json") == (0, TEXT, "")


def test_a_link_stays_a_link_and_the_mode_stays(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (folder / "real").mkdir()
    real = (folder / "compose.yaml").rename(folder / "real" / "compose.yaml")
    real.chmod(0o640)
    (folder / "compose.yaml").symlink_to("real/compose.yaml")
    assert edited(capfdbinary, "compose.yaml", "edit.json", "--in-place") == (0, "", "")
    assert (folder / "compose.yaml").is_symlink() and real.read_bytes() == NEW.encode() and real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in real.parent.iterdir()) == ["compose.yaml"]


def test_a_read_only_file_is_left_alone(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (folder / "compose.yaml").chmod(0o444)
    code, out, err = edited(capfdbinary, "compose.yaml", "edit.json", "--in-place")
    assert (code, out) == (1, "") and "[file-not-written]" in err and "read-only" in err
    assert (folder / "compose.yaml").read_bytes() == TEXT.encode()


def test_companions_are_written_too_or_nothing_is(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    main_text = "include: [db/db.yaml]\nservices:\n  web: {image: nginx, depends_on: [db]}\n"
    (folder / "compose.yaml").write_text(main_text)
    (folder / "db").mkdir()
    (folder / "db" / "db.yaml").write_text("services:\n  db: {image: postgres}\n")
    (folder / "edit.json").write_text(
        json.dumps({"kind": "in_file", "file": "", "edit": {"kind": "rename_service", "name": "db", "to": "store"}})
    )
    (folder / "db" / "db.yaml").chmod(0o444)
    assert edited(capfdbinary, "compose.yaml", "edit.json", "--in-place")[0] == 1
    assert (folder / "compose.yaml").read_text() == main_text
    (folder / "db" / "db.yaml").chmod(0o644)
    code, _, err = edited(capfdbinary, "compose.yaml", "edit.json", "--in-place")
    assert code == 0 and "db/db.yaml was changed too" in err
    assert (folder / "db" / "db.yaml").read_text() == "services:\n  store: {image: postgres}\n"
    assert "depends_on: [store]" in (folder / "compose.yaml").read_text()


def test_names_that_are_no_files_are_passed_over(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (folder / "compose.yaml").write_text(f"include: [{'a' * 300}, '.', \"a\\0b\"]\nservices:\n  web: {{image: nginx}}\n")
    code, out, _ = edited(capfdbinary, "compose.yaml", "edit.json")
    assert code == 0 and out.endswith("web: {image: redis}\n")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ("", "edit.json:1:1: error: The edit is not JSON"),
        ('{"kind": ', "[edit-not-json]"),
        ('"add"', "it has no `kind`"),
        ('{"kind": "frob"}', "`frob` is no kind of edit"),
        ('{"kind": "set_value"}', "`set_value` lacks `path`"),
        ('{"kind": "remove_service", "name": "web", "x": 1}', "`remove_service` has no field `x`"),
        ('{"kind": "remove_service", "name": "wob"}', "[service-unknown]"),
        ('{"kind": "remove_file", "file": "x"}', "[edit-of-files]"),
    ],
)
def test_a_wrong_edit_is_named(edit: str, said: str, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (folder / "edit.json").write_text(edit)
    code, out, err = edited(capfdbinary, "compose.yaml", "edit.json", "--in-place")
    assert (code, out) == (1, "") and said in err
    assert (folder / "compose.yaml").read_bytes() == TEXT.encode()


@pytest.mark.parametrize("file", ["", "nowhere.yaml", "."])
def test_a_file_that_cannot_be_read_is_named(file: str, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, out, err = edited(capfdbinary, file, "edit.json")
    assert (code, out) == (1, "") and "[file-not-read]" in err
