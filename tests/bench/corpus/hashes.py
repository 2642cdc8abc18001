"""Compose's hash of every service of the accepted files, next to `docker compose config --hash '*'`; and the label that an apply of
the imported files writes, in the folder where Compose ran and in none.
"""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.bench.corpus.projects import HOME, project_of, tool
from tests.compose.corpus import FOLDER, files_of, rows, text_of
from topology.compose.canonical import resolved
from topology.compose.compose_hash import service_hash
from topology.core.bundle import Bundle
from topology.store.readings import design_of

ENV_FILE = "env_file: the tool's list hashes the unresolved variables; its label does not"


@dataclass(frozen=True, slots=True)
class Outcome:
    file: str
    service: str
    equal: bool
    reason: str = ""


def hashed_rows() -> list[dict[str, Any]]:
    return [row for row in rows() if row["valid"] and row["valid_how"] == "plain"]


def outcomes(chosen: list[dict[str, Any]]) -> tuple[list[Outcome], list[str]]:
    """Each service, and the files for which the tool itself gave no hashes, with its words."""
    found, refused = [], []
    for row in chosen:
        done = tool(row, "config", "--hash", "*")
        if done.returncode:
            refused.append(f"{row['file']}: {done.stderr.strip().splitlines()[-1]}")
            continue
        theirs = dict(line.split(" ") for line in done.stdout.splitlines() if line)
        project = project_of(row)
        ours = {name: service_hash(service) for name, service in resolved(project)["services"].items()}
        for name, digest in sorted(theirs.items()):
            written = project.tree["services"].get(name) or {}
            reason = ENV_FILE if written.get("env_file") else "not explained"
            equal = ours.get(name) == digest
            found.append(Outcome(row["file"], name, equal, "" if equal else reason))
    return found, refused


def labelled(chosen: list[dict[str, Any]], *, in_folder: bool) -> list[Outcome]:
    """Each service's label by an apply of the file with its companions, next to the one that Compose would write."""
    found = []
    for row in chosen:
        project, path = project_of(row), FOLDER / row["file"]
        bundle = Bundle(text_of(row), files_of(row), name=path.name)
        design = design_of(bundle, project=project.name, folder=str(path.parent) if in_folder else "")
        for name, service in resolved(project)["services"].items():
            ours = design.services[name].hash if design is not None and name in design.services else ""
            equal = ours == service_hash(service)
            found.append(Outcome(row["file"], name, equal, "" if equal else _why(row, service, has_one=bool(ours))))
    return found


def _why(row: dict[str, Any], service: Mapping[str, Any], *, has_one: bool) -> str:
    folder = str((FOLDER / row["file"]).parent)
    written = json.dumps({key: value for key, value in service.items() if key != "build"})
    if not has_one:
        return "the files are not all in the folder, or have errors"
    if "container:" in str(service.get("volumes_from")):
        return "volumes_from a container: its label, unlike its list, has the bare name"
    if HOME + "/" in written:
        return "it uses HOME, which a stack has only where its .env sets it"
    return "a path beside the file" if folder in written or posixpath.dirname(folder) in written else "not explained"


def label_lines(refused: list[str]) -> Iterator[str]:
    """What the tool itself refuses to hash is left out."""
    without = {one.partition(": ")[0] for one in refused}
    chosen = [row for row in hashed_rows() if row["file"] not in without]
    for in_folder in (True, False):
        found = labelled(chosen, in_folder=in_folder)
        equal = sum(one.equal for one in found)
        where = "in the folder where Compose ran" if in_folder else "of a text that lies nowhere"
        yield f"labels by an apply {where}: equal {equal} of {len(found)} ({equal / max(len(found), 1):.1%})"
        for reason, count in sorted(Counter(one.reason for one in found if not one.equal).items()):
            yield f"    {count} {reason}"


def table() -> str:
    found, refused = outcomes(hashed_rows())
    equal = sum(one.equal for one in found)
    lines = [
        "service hashes, next to `docker compose config --hash '*'`",
        f"    equal {equal} of {len(found)} ({equal / max(len(found), 1):.1%}) in {len({one.file for one in found})} files",
    ]
    lines += [f"    {one.file.removeprefix('files/')} {one.service}: {one.reason}" for one in found if not one.equal]
    lines += [f"    no hashes from the tool: {one.removeprefix('files/')}" for one in refused]
    return "\n".join([*lines, *label_lines(refused)])


if __name__ == "__main__":
    print(table())
