"""The edit law over the corpus: an edit changes only the lines of the keys it touches, says what was meant, and can be undone.

Judged without the writer's code: the lines by the marks of PyYAML's tree (`law_lines`, `law_kinds`), the meaning by the records of
the design before and after (`law_intent`), the inverse by the bytes. For every file that reads and every kind of edit all places
where it applies, or a seeded sample.

.venv/bin/python -m tests.bench.corpus.law [PLACES]
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.bench.corpus.law_dresses import DRESSES
from tests.bench.corpus.law_intent import difference, intended
from tests.bench.corpus.law_kinds import KINDS, File, touched
from tests.bench.corpus.law_lines import Lines, blank_beside, lost
from tests.compose.corpus import files_of, rows, text_of
from topology.compose.document import parse
from topology.compose.read import read
from topology.compose.render import flow
from topology.compose.values import Values, bare
from topology.compose.write import Applied, apply
from topology.core.design import Design
from topology.core.edit import Edit, RemoveService
from topology.core.problems import Problem

PLACES = 10

# What is right though the judge cannot know it, by (end of the file's name, what is said).
EXPLAINED = {
    # Two volumes are mounted at /data, where the later one wins; without it the other one is there.
    ("coolify/docker-compose-maxio.dev.yml", "services.minio.mounts"),
}


@dataclass
class Row:
    """One kind's figures."""

    edits: int = 0
    refused: int = 0
    lines_lost: int = 0  # lines outside the touched keys that are not there any more
    parted: int = 0  # of these, where an anchor or a merge key had to be parted from who shares it
    wrong_graph: int = 0
    followers: int = 0  # edits of a service that others extend: those follow, and are not compared
    not_undone: int = 0
    slowest_s: float = 0.0


@dataclass
class Outcome:
    rows: dict[str, Row] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    explained: int = 0
    files: int = 0
    lines: int = 0

    def total(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.rows.values())


def corpus_files(*, dress: str = "as it is") -> Iterator[tuple[str, File, dict[str, str]]]:
    """Every file of the corpus that reads."""
    for row in rows():
        text, files = DRESSES[dress](text_of(row)), files_of(row)
        design = read(text, project="law", files=files).design
        if dress != "as it is" and parse(text.removeprefix("\ufeff")).root is None:
            continue
        raw = bare(Values().of(parse(text.removeprefix("\ufeff")).root))
        if design is not None and isinstance(raw, dict) and isinstance(raw.get("services"), dict):
            yield row["file"].removeprefix("files/"), File(text, raw, design, Lines(text)), files


def run(*, places: int = PLACES, share: float = 1.0, dress: str = "as it is") -> Outcome:
    """All kinds over all files; `share` of the files (seeded) and `places` a file and kind."""
    outcome = Outcome({kind: Row() for kind in KINDS})
    for name, file, files in corpus_files(dress=dress):
        rng = random.Random(name + dress)
        if rng.random() >= share:
            continue
        outcome.files += 1
        for kind, make in KINDS.items():
            edits = list(make(file))
            for edit in rng.sample(edits, places) if len(edits) > places else edits:
                _judge(outcome, kind, name, file, files, edit)
    return outcome


def _judge(outcome: Outcome, kind: str, name: str, file: File, files: dict[str, str], edit: Edit) -> None:
    row = outcome.rows[kind]
    row.edits += 1
    begun = time.process_time()
    done = apply(file.text, edit, files=files)
    row.slowest_s = max(row.slowest_s, time.process_time() - begun)
    if isinstance(done, Problem):
        row.refused += 1
        outcome.reasons[f"{kind}: {done.code}: {done.message} ({name})"] += 1
        return
    outcome.lines += file.text.count("\n")
    back = apply(done.text, done.inverse, files={**files, **done.files})
    if not isinstance(back, Applied) or back.text != file.text:
        row.not_undone += 1
        outcome.faults.append(f"{name}: {edit}: not undone")
    if missing := _lines_lost(file, edit, done.text):
        parted = set(missing) & _sharing(file)
        row.lines_lost += len(missing)
        row.parted += len(parted)
        if len(parted) < len(missing):
            shown = [file.lines.lines[number] for number in missing if number not in parted][:3]
            outcome.faults.append(f"{name}: {edit}: lines lost: {shown}")
    fault = _graph_fault(row, file, files, edit, done)
    if fault and any(name.endswith(end) and fault.startswith(what) for end, what in EXPLAINED):
        outcome.explained += 1
    elif fault:
        row.wrong_graph += 1
        outcome.faults.append(f"{name}: {edit}: {fault}")


def _lines_lost(file: File, edit: Edit, text: str) -> list[int]:
    free = touched(file, edit)
    old = file.lines.lines
    return lost(old, text.removeprefix("\ufeff").split("\n"), free=free | blank_beside(old, free))


def _sharing(file: File) -> set[int]:
    """The lines of keys that share a value with others, by an anchor."""
    return file.lines.shared()


def _followers(file: File, edit: Any) -> frozenset[str]:
    """The services that extend the edited one in the same file, directly or not."""
    edited = getattr(edit, "service", None) or (edit.path[1] if hasattr(edit, "path") else None)
    found: set[str] = set()
    while edited:
        more = {
            name
            for name, keys in file.services.items()
            if (target := _extended(keys)) and (target == edited or target in found) and name not in found
        }
        if not more:
            break
        found |= more
    return frozenset(found)


def _extended(keys: dict[str, Any]) -> str | None:
    extends = keys.get("extends")
    if isinstance(extends, dict):
        return str(extends.get("service")) if "file" not in extends else None
    return str(extends) if extends else None


def _graph_fault(row: Row, file: File, files: dict[str, str], edit: Edit, done: Applied) -> str:
    def read_one(section: str, name: str, keys: Any) -> Any:
        text = f"{section}: {{{name}: {flow(keys)}}}\n"
        one = read(text, project="law", files=files).design
        assert one is not None, text
        return getattr(one, section)[name]

    followers = _followers(file, edit) if not isinstance(edit, RemoveService) else frozenset()
    row.followers += bool(followers)
    meant = intended(file.design, edit, read_one)
    reading = read(done.text, project="law", files={**files, **done.files})
    if reading.design is None:
        return f"the new text cannot be read: {reading.problems[0].message}"
    if followers:  # who follows may have been the only one on the implicit `default`
        meant, reading = _without_default(meant), replace(reading, design=_without_default(reading.design))
    return difference(meant, reading.design, skip=followers)


def _without_default(design: Design) -> Design:
    return replace(design, networks={key: one for key, one in design.networks.items() if not one.implicit})


def table(*, places: int = PLACES) -> str:
    """The printed table: a line a kind, then the reasons of every refusal and what is wrong."""
    outcome = run(places=places)
    head = f"{'edit':26}{'edits':>7}{'refused':>9}{'lines lost':>12}{'parted':>8}{'graph':>7}{'undo':>6}{'slowest ms':>12}"
    lines = [f"The edit law over {outcome.files} files that read, at most {places} places a file and kind", head]
    for kind, row in outcome.rows.items():
        lines.append(
            f"{kind:26}{row.edits:7}{row.refused:9}{row.lines_lost:12}{row.parted:8}{row.wrong_graph:7}{row.not_undone:6}"
            f"{row.slowest_s * 1000:12.1f}"
        )
    lines.append(
        f"{'all':26}{outcome.total('edits'):7}{outcome.total('refused'):9}{outcome.total('lines_lost'):12}"
        f"{outcome.total('parted'):8}{outcome.total('wrong_graph'):7}{outcome.total('not_undone'):6}"
    )
    lines.append(
        f"of {outcome.lines} lines; {outcome.total('followers')} edits of services that others extend: those follow, not compared;"
        f" {outcome.explained} differences explained"
    )
    for dress in list(DRESSES)[1:]:
        other = run(places=1, share=0.3, dress=dress)
        outcome.reasons.update(other.reasons)
        outcome.faults += other.faults
        lines.append(
            f"{dress:26}{other.total('edits'):7}{other.total('refused'):9}{other.total('lines_lost'):12}"
            f"{other.total('parted'):8}{other.total('wrong_graph'):7}{other.total('not_undone'):6}"
        )
    lines += [f"  refused {count}: {reason}" for reason, count in sorted(outcome.reasons.items())]
    lines += [f"  WRONG {fault}" for fault in outcome.faults[:60]]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(places=int(sys.argv[1]) if len(sys.argv) > 1 else PLACES))
