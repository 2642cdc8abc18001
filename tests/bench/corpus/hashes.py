"""Compose's hash of every service of the accepted files, next to `docker compose config --hash '*'`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.bench.corpus.projects import project_of, tool
from tests.compose.corpus import rows
from topology.compose.canonical import resolved
from topology.compose.compose_hash import service_hash

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


def table() -> str:
    found, refused = outcomes(hashed_rows())
    equal = sum(one.equal for one in found)
    lines = [
        "service hashes, next to `docker compose config --hash '*'`",
        f"    equal {equal} of {len(found)} ({equal / max(len(found), 1):.1%}) in {len({one.file for one in found})} files",
    ]
    lines += [f"    {one.file.removeprefix('files/')} {one.service}: {one.reason}" for one in found if not one.equal]
    lines += [f"    no hashes from the tool: {one.removeprefix('files/')}" for one in refused]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
