"""`compose config` next to what the reference tool printed for the same files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.bench.corpus.projects import differences, expected_rows, expected_text, project_of, tool
from topology.compose.canonical import config, json_text


@dataclass(frozen=True, slots=True)
class Outcome:
    """One file: what differs as JSON (nothing: equal), and whether the text is the same to the byte.

    `reason` says for one that differs from expected/ how it compares with the tool run now, on what the corpus holds.
    """

    file: str
    differs: tuple[str, ...]
    same_bytes: bool
    reason: str = ""


def outcomes() -> list[Outcome]:
    found = []
    for row in expected_rows():
        text = expected_text(row)
        wanted = json.loads(text)
        ours = config(project_of(row, name=wanted["name"]))
        differs = tuple(differences(ours, wanted))
        reason = _compared_now(row, ours, wanted["name"]) if differs else ""
        found.append(Outcome(row["file"], differs, json_text(ours) == text.rstrip("\n"), reason))
    return found


def _compared_now(row: dict[str, Any], ours: dict[str, Any], name: str) -> str:
    """expected/ was made of some files' own commits; of these the corpus has the `.env` of another commit, or misses a file."""
    done = tool(row, "-p", name, "config", "--format", "json")
    if done.returncode:
        return f"expected/ was made with files that the corpus misses; the tool says now: {done.stderr.strip().splitlines()[-1]}"
    if differences(ours, json.loads(done.stdout)):
        return "not explained"
    return "expected/ was made with another .env; equal to what the tool prints now"


def table() -> str:
    found = outcomes()
    equal = sum(not one.differs for one in found)
    lines = [
        "compose config, next to expected/",
        f"    equal as JSON {equal} of {len(found)} ({equal / max(len(found), 1):.1%}), "
        f"of these the same bytes {sum(one.same_bytes for one in found)}",
    ]
    for one in found:
        if one.differs:
            lines.append(f"    {one.file.removeprefix('files/')}: {one.reason}")
            lines += [f"        {line}" for line in one.differs[:4]]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
