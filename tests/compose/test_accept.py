"""Which files of the corpus are refused, next to the reference tool's verdict (Compose 2.26.1), and where.

`tests/vectors/accept.json` holds, for each file that the tool refuses and that is not of version 1, the path it complained about.
"""

from __future__ import annotations

import json
import random
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.bench import fuzz
from tests.compose.corpus import FOLDER, files_of, rows, text_of
from tests.compose.test_read_corpus import LACKING_A_FILE
from topology.compose.plain import place_in
from topology.compose.project import Project, resolve
from topology.compose.read import read, read_project
from topology.compose.schema import validate
from topology.compose.sources import SourceFile
from topology.compose.verdict import compose_refuses
from topology.core.problems import Problem
from topology.offline.disk import DiskSources

ROWS = rows()
COMPLAINTS: dict[str, str] = json.loads((Path(__file__).parents[1] / "vectors" / "accept.json").read_text("utf-8"))
needs_corpus = pytest.mark.skipif(not ROWS, reason="the corpus is not at hand")
SHARE = 0.97

# Accepted here: their keys are newer than that Compose.
NEWER = {
    "fixtures/dotenv/raw.yaml": "env_file.format: raw",
    "TestRawEnvFile": "env_file.format: raw",
    "TestPullRefreshWindowExplicitPull": "pull_policy: refresh",
    "fixtures/volumes/compose.yaml": "volumes.image",
    "fixtures/watch/include.yaml": "develop.watch.include",
    "TestImageVolume": "volumes.image",
    "TestPreStartHook": "pre_start",
    "TestProvider": "provider",
}


@cache
def verdicts() -> list[tuple[dict[str, Any], Project, list[Problem]]]:
    """Every row as it lies on the disk, and why Compose would refuse it by our reading."""
    found = []
    for row in ROWS:
        path = FOLDER.resolve() / row["file"]
        file = SourceFile(str(path), text_of(row))
        project = resolve([file], sources=DiskSources([str(FOLDER.resolve())]), directory=str(path.parent), environment={})
        reading = read_project(project)
        found.append(
            (row, project, [one for one in reading.checked() if compose_refuses(one, project, read=one in reading.problems)])
        )
    return found


def is_newer(file: str) -> str:
    """The newer key for which the tool refuses a file, "" when it has none."""
    return next((key for part, key in NEWER.items() if part in file), "")


# With what lies in the corpus, the tool itself refuses these: they need variables or files that are not there.
NOT_AS_RECORDED = (*LACKING_A_FILE, "docker__awesome-compose/_history/800e211f/plex/docker-compose.yaml")


@needs_corpus
def test_files_that_compose_accepts_are_accepted() -> None:
    asked = [(row, found) for row, _, found in verdicts() if row["valid"] and not row["file"].endswith(NOT_AS_RECORDED)]
    refused = [(row["file"], found[0]) for row, found in asked if found]
    print(f"accepted {len(asked) - len(refused)} of {len(asked)} that Compose accepts")
    assert refused == []


@needs_corpus
def test_files_that_compose_refuses_are_refused() -> None:
    asked = [(row, found) for row, _, found in verdicts() if not row["valid"] and "legacy v1" not in row["reason"]]
    newer = [row["file"] for row, found in asked if not found and is_newer(row["file"])]
    silent = [row["file"] for row, found in asked if not found and not is_newer(row["file"])]
    print(f"refused {len(asked) - len(newer) - len(silent)} of {len(asked)}; {len(newer)} have newer keys; silent: {silent}")
    assert silent == [] and len(newer) == 16


@needs_corpus
def test_every_file_of_version_1_is_refused_as_such() -> None:
    asked = [found for row, _, found in verdicts() if row["reason"] and "legacy v1" in row["reason"]]
    assert len(asked) == 80 and all([one.code for one in found] == ["legacy-v1"] for found in asked)


@needs_corpus
def test_what_is_refused_is_told_at_the_line_of_which_compose_complains() -> None:
    """The tool names a path and no line: one of our problems stands at, above or below that path, in the same entry."""
    wrong = []
    asked = 0
    for row, project, found in verdicts():
        complaint = COMPLAINTS.get(row["file"])
        if complaint is None or is_newer(row["file"]):
            continue
        asked += 1
        lines = lines_of(project, complaint)
        if not any(lines[0] <= one.line <= lines[1] for one in found):
            wrong.append((row["file"], complaint, lines, [(one.line, one.code) for one in found]))
    print(f"at the right place: {asked - len(wrong)} of {asked}")
    assert len(wrong) <= (1 - SHARE) * asked, wrong


def lines_of(project: Project, complaint: str) -> tuple[int, int]:
    """The first and last line of the entry (such as `services.web.ports`) that the tool named."""
    value: Any = project.tree if project.tree else project.raw
    lines = (1, 1_000_000)
    steps = complaint.split(".")
    while steps and isinstance(value, dict | list):
        taken = next((n for n in range(len(steps), 0, -1) if isinstance(value, dict) and ".".join(steps[:n]) in value), 0)
        step: str | int = ".".join(steps[:taken])
        if isinstance(value, list):
            taken, step = 1, int(steps[0].strip("[]")) if steps[0].strip("[]").isdecimal() else -1
        place = place_in(value, step)
        if place is None:
            break
        key, node, _ = place
        lines = ((key or node).start_mark.line + 1, max(node.end_mark.line + 1, (key or node).start_mark.line + 1))
        value, steps = value[step], steps[taken:]
    return lines


@needs_corpus
def test_spoilt_files_raise_nothing_and_take_no_time() -> None:
    random_ = random.Random(7)
    texts, files = [text_of(row) for row in ROWS], [files_of(row) for row in ROWS[::25]]
    slowest = max(fuzz.take(fuzz.mutated(texts, random_), random_.choice(files))[0] for _ in range(400))
    assert slowest < 2


@pytest.mark.parametrize(("what", "work"), list(fuzz.hostile()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_hostile_file_takes_little_time(what: str, work: Any) -> None:
    begun = time.process_time()
    work()
    assert time.process_time() - begun < fuzz.LONGEST_S


def test_more_problems_than_are_shown_are_told() -> None:
    text = "services:\n" + "".join(f"  s{n}: {{image: x, ports: [a{n}], networks: [n{n}]}}\n" for n in range(700))
    checked = read(text, project="p").checked()
    more = [one.message for one in checked if one.code == "more-problems"]
    assert len(checked) <= 600 and more == ["There are 401 more problems than are shown."]


def test_the_schema_asked_quickly_says_what_it_says_slowly() -> None:
    """The places that break a schema are what the full validator finds; a file that fits has none."""
    for row in ROWS[::3]:
        found = read(text_of(row), project="p")
        if found.raw and "services" in found.raw:
            spoilt = {**found.raw, "volumes": {"v": {"driver": 5}, "w": {}}, "networks": {"n": {"ipam": []}}}
            codes = {(one.problem.path, one.problem.code) for one in validate(spoilt)}
            assert {(("volumes", "v", "driver"), "wrong-type"), (("networks", "n", "ipam"), "wrong-type")} <= codes
