"""Edits of what stands in other files: included, or extended from there."""

from __future__ import annotations

from tests.compose.writes import done
from topology.compose.write import apply
from topology.core.edit import (
    AddLink,
    AddService,
    Attach,
    InFile,
    RemoveNetwork,
    RemoveService,
    RenameService,
    SetEnvironment,
    SetValue,
)
from topology.core.problems import Problem

MAIN = """\
include:
  - db/compose.yaml
services:
  web:
    extends: {file: common.yml, service: base}
    depends_on: [db]  # first
"""


DB = "services:\n  db:\n    image: pg\n    networks: [inner]\nnetworks:\n  inner:\n"


COMMON = "services:\n  base:\n    image: nginx\n"


def _files() -> dict[str, str]:
    return {"db__compose_yaml": DB, "common_yml": COMMON}


def test_what_stands_in_an_included_file_is_not_changed_unasked() -> None:
    files = {"db/compose.yaml": DB, "common.yml": COMMON}
    for edit in (
        RenameService("db", "pg"),
        RemoveService("db"),
        SetEnvironment("db", "A", "1"),
        RemoveNetwork("inner"),
        SetValue(("services", "db", "image"), "x"),
    ):
        problem = apply(MAIN, edit, files=files)
        assert isinstance(problem, Problem)
        assert (problem.code, problem.file) == ("stands-elsewhere", "db/compose.yaml")


def test_an_edit_in_an_included_file_follows_references_into_all_files() -> None:
    applied = done(MAIN, InFile("db/compose.yaml", RenameService("db", "pg")), **_files())
    assert applied.text == MAIN.replace("[db]", "[pg]")
    assert applied.files == {"db/compose.yaml": DB.replace("  db:", "  pg:")}


def test_a_service_can_be_put_into_an_included_file() -> None:
    applied = done(MAIN, InFile("db/compose.yaml", AddService("cache", {"image": "redis"})), **_files())
    assert applied.text == MAIN
    assert "  cache:\n    image: redis\n" in applied.files["db/compose.yaml"]


def test_included_services_and_networks_can_be_named() -> None:
    assert done(MAIN, AddLink("web", "db", "db"), **_files()).text == MAIN + "    links:\n      - db\n"
    assert done(MAIN, Attach("web", "inner"), **_files()).text == MAIN + "    networks:\n      - inner\n"


def test_an_extended_service_of_another_file_is_renamed_with_who_extends_it() -> None:
    applied = done(MAIN, InFile("common.yml", RenameService("base", "root")), **_files())
    assert applied.text == MAIN.replace("service: base", "service: root")
    assert applied.files == {"common.yml": COMMON.replace("base", "root")}


def test_a_base_that_another_file_extends_is_not_removed() -> None:
    problem = apply(MAIN, InFile("common.yml", RemoveService("base")), files={"db/compose.yaml": DB, "common.yml": COMMON})
    assert isinstance(problem, Problem)
    assert problem.code == "extended-elsewhere"
