"""Several files as one project, next to what the reference tool (2.26.1) made of the same files, as it was recorded.

`tests/vectors/projects/expected.json` holds, for each list of files, the tool's `config --format json` or its refusal.
"""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from topology.compose.canonical import config
from topology.compose.plain import Map, locate
from topology.compose.project import Project, resolve
from topology.compose.read import read, read_project
from topology.compose.sources import MemorySources, SourceFile
from topology.compose.verdict import compose_refuses
from topology.core.problems import Problem
from topology.offline.disk import DiskSources

FOLDER = Path(__file__).parents[1] / "vectors" / "projects"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
# A key of `environment` that two files made a list of is not found by `!reset` in the tool; here it is, as the specification says.
KNOWN = {("base.yml", "over.yml", "reset.yml"): [".services.a.environment.A"]}


def project_of(files: list[str]) -> Project:
    sources = [
        SourceFile(str(FOLDER / name), (FOLDER / name).read_text("utf-8"), name if at else "") for at, name in enumerate(files)
    ]
    return resolve(sources, sources=DiskSources([str(FOLDER)]), directory=str(FOLDER), environment={"HOME": "/root"})


def resolved(*texts: str, environment: dict[str, str] | None = None, profiles: tuple[str, ...] = (), **others: str) -> Project:
    """The texts laid on each other; `others` are files beside them, `__` in a name for a dot, `_0_` for a slash."""
    beside = {f"/p/{name.replace('_0_', '/').replace('__', '.')}": dedent(text) for name, text in others.items()}
    files = [SourceFile(f"/p/{at}.yml", dedent(text), f"{at}.yml" if at else "") for at, text in enumerate(texts)]
    return resolve(files, sources=MemorySources(beside), directory="/p", environment=environment or {}, profiles=profiles)


def refusals(project: Project) -> list[Problem]:
    reading = read_project(project)
    return [one for one in reading.checked() if compose_refuses(one, project, read=one in reading.problems)]


def places(problems: tuple[Problem, ...] | list[Problem]) -> list[tuple[str, str, int, int]]:
    return [(one.code, one.file, one.line, one.column) for one in problems]


def differing(ours: Any, theirs: Any, path: str = "") -> list[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [
            found
            for key in sorted(ours.keys() | theirs.keys())
            for found in differing(ours.get(key, "-"), theirs.get(key, "-"), f"{path}.{key}")
        ]
    return [] if ours == theirs else [path]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["files"]))
def test_a_project_is_what_compose_makes_of_it(case: dict[str, Any]) -> None:
    project = project_of(case["files"])
    found = refusals(project)
    if "refused" in case:
        assert found, f"the tool said: {case['refused']}"
        return
    assert found == []
    ours = json.loads(json.dumps(config(project)).replace(str(FOLDER), "@HERE@"))
    assert differing(ours, case["config"]) == KNOWN.get(tuple(case["files"]), [])


def test_a_problem_is_told_in_the_file_where_its_value_is_written() -> None:
    project = resolved(
        "services:\n  a:\n    extends: {file: base.yml, service: b}\n",
        "services:\n  a:\n    cpus: many\n",
        base__yml="services:\n  b:\n    image: x\n    ports:\n      - '1:1'\n      - nonsense\n",
    )
    assert places(refusals(project)) == [("bad-number", "1.yml", 3, 11), ("bad-port", "base.yml", 6, 9)]


def test_a_problem_of_an_included_file_is_told_there() -> None:
    project = resolved(
        "include: [sub/inc.yml]\nservices: {}\n",
        sub_0_inc__yml="services:\n  a:\n    image: x\n    networks: [nowhere]\n",
    )
    assert places(refusals(project)) == [("network-unknown", "sub/inc.yml", 4, 16)]


def test_every_value_of_a_merged_tree_knows_its_place() -> None:
    project = project_of(["base.yml", "over.yml"])

    def walk(value: Any, path: tuple[str | int, ...]) -> None:
        assert not path or locate(project.tree, Problem("x", "x", path=path)).line > 0
        assert not isinstance(value, Map) or set(value) - {"condition", "required"} <= set(value.places), path
        for step, item in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
            walk(item, (*path, step))

    walk(project.tree, ())
    at = locate(project.tree, Problem("x", "x", path=("services", "a", "labels", "n")))
    assert (at.file, at.line) == ("over.yml", 10)


@pytest.mark.parametrize(
    ("text", "name", "environment", "expected"),
    [
        ("services: {}", None, {}, "p"),
        ("name: My_App.1\nservices: {}", None, {}, "my_app1"),
        ("name: '${N:-deep}er'\nservices: {}", None, {}, "deeper"),
        ("name: one\nservices: {}", None, {"COMPOSE_PROJECT_NAME": "two"}, "two"),
        ("name: one\nservices: {}", "three", {"COMPOSE_PROJECT_NAME": "two"}, "three"),
    ],
)
def test_the_project_is_named_by_the_nearest_who_says(
    text: str, name: str | None, environment: dict[str, str], expected: str
) -> None:
    project = resolve([SourceFile("/p/c.yml", text)], directory="/p", environment=environment, name=name)
    assert (project.name, project.problems, project.environment["COMPOSE_PROJECT_NAME"]) == (expected, (), expected)


def test_a_name_that_was_asked_for_must_be_one() -> None:
    project = resolve([SourceFile("/p/c.yml", "services: {}")], directory="/p", environment={}, name="A b")
    assert [one.code for one in project.problems] == ["project-name"]


def test_env_files_give_variables_and_the_environment_wins() -> None:
    beside = MemorySources({"/p/.env": "A=file\nB=${A}x\n", "/q/one.env": "A=one\n", "/q/two.env": "A=two\nC=${A}\n"})
    file = SourceFile("/p/c.yml", "services: {a: {image: '${A}-${B:-}-${C:-}'}}")

    def image(environment: dict[str, str], env_files: list[str] | None) -> str:
        project = resolve([file], sources=beside, directory="/p", environment=environment, env_files=env_files)
        return str(project.tree["services"]["a"]["image"])

    assert image({}, None) == "file-filex-"
    assert image({"A": "own"}, None) == "own-ownx-"
    assert image({}, ["/q/one.env", "/q/two.env"]) == "two--one"  # what an earlier file says is known first


def test_a_bad_line_of_an_env_file_is_told_there() -> None:
    project = resolved("services: {a: {image: x}}", __env="A=1\nB C=2\nD='open\n")
    assert places(project.problems) == [("bad-env-file", ".env", 2, 1), ("bad-env-file", ".env", 3, 3)]


def test_profiles_come_from_the_options_and_the_environment() -> None:
    project = resolved("services: {}", environment={"COMPOSE_PROFILES": "a, b"}, profiles=("c",))
    assert project.profiles == ("c", "a", "b")


def test_what_only_sleeping_services_do_wrong_is_not_refused_by_compose() -> None:
    text = "services: {a: {image: x}, b: {image: x, profiles: [p], networks: [nowhere]}}"
    assert refusals(resolved(text)) == []
    assert [one.code for one in refusals(resolved(text, profiles=("p",)))] == ["network-unknown"]


def test_a_dependency_that_only_its_profiles_start_is_told() -> None:
    found = refusals(resolved("services:\n  a: {image: x, links: [b]}\n  b: {image: x, profiles: [p]}\n"))
    assert places(found) == [("dependency-asleep", "", 2, 25)]


def test_files_that_are_not_at_hand_are_an_error_only_where_all_files_are() -> None:
    text = (
        "include: [other.yml]\nservices:\n  a:\n    image: x\n    env_file: a.env\n  b:\n    extends: {file: c.yml, service: b}\n"
    )
    there = {(one.code, one.severity, one.line) for one in read_project(resolved(text)).problems}
    assert there == {("include-not-followed", "error", 1), ("env-file-not-read", "error", 5), ("extends-not-followed", "error", 7)}
    pasted = read(text, project="p").problems
    assert {(one.code, one.severity) for one in pasted} == {(code, "warning") for code, _, _ in there}


def test_overrides_among_the_files_of_a_stack_are_laid_on_its_text() -> None:
    files = {"prod/over.yml": "services: {a: {image: y, cpus: x}}", "prod/.env": "A=1"}
    found = read("services: {a: {image: x}}", project="p", files=files, overrides=["prod/over.yml"])
    assert found.design is not None and found.design.services["a"].image == "y"
    assert places(found.problems) == [("bad-number", "prod/over.yml", 1, 32)]


def test_documents_of_one_file_are_laid_on_each_other() -> None:
    project = resolved("services: {a: {image: x}}\n---\nservices: {a: {image: y}}\n---\n")
    assert project.tree["services"]["a"]["image"] == "y"
    assert places(project.problems) == [("empty-file", "", 5, 1)]


def test_a_file_may_be_followed_only_so_often() -> None:
    beside = {f"f{at}__yml": f"include: [f{at + 1}.yml, f{at + 1}.yml]\nservices: {{}}\n" for at in range(20)}
    found = resolved("include: [f0.yml]\nservices: {}\n", **beside, f20__yml="services: {a: {image: x}}\n").problems
    assert {one.code for one in found} == {"include-not-followed"} and "more files than" in found[0].message


def test_disk_files_outside_the_allowed_folders_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.env").write_text("A=1")
    (tmp_path / "in" / "link.env").symlink_to(tmp_path / "secret.env")
    (tmp_path / "in" / "bad.env").write_bytes(b"A=\xff")
    sources = DiskSources([str(tmp_path / "in")])

    def code(path: Path) -> str:
        found = sources.text(str(path))
        return found.code if isinstance(found, Problem) else str(found)

    found = [code(tmp_path / name) for name in ("secret.env", "in/link.env", "in/bad.env", "in/none.env", "in/../secret.env")]
    assert found == ["file-outside", "file-outside", "not-utf8", "None", "file-outside"]
