"""The edit law over real files: an edit changes only the lines of the keys it touches, says what was meant, and can be undone.

The judge is tests/bench/corpus/law.py, which prints the whole table. Here a part of the corpus is tried; all of it with
NETYARD_LAW_SHARE=1 and NETYARD_LAW_PLACES=10.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.corpus.law import Outcome, corpus_files, run
from tests.bench.corpus.law_dresses import DRESSES
from tests.bench.corpus.law_kinds import KINDS, File
from tests.bench.corpus.law_lines import Lines
from tests.compose.corpus import FOLDER, rows, text_of
from topology.compose.document import parse
from topology.compose.read import read
from topology.compose.values import Values, bare, same
from topology.compose.write import Applied, apply
from topology.core.edit import Edit, RemoveValue, SetValue
from topology.core.problems import Problem

SHARE = float(os.environ.get("NETYARD_LAW_SHARE", "0.3"))
PLACES = int(os.environ.get("NETYARD_LAW_PLACES", "1"))
IN_A_ROW = 10

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the corpus is not on this machine")


def _check(outcome: Outcome) -> None:
    assert not outcome.faults, "\n".join(outcome.faults[:40])
    assert not outcome.reasons, outcome.reasons
    assert outcome.total("lines_lost") == outcome.total("parted")
    assert outcome.total("parted") <= outcome.lines * 0.005


def test_an_edit_touches_only_its_lines_and_says_only_what_was_meant() -> None:
    outcome = run(places=PLACES, share=SHARE)
    _check(outcome)
    assert len([kind for kind, row in outcome.rows.items() if row.edits]) >= 15
    assert outcome.total("edits") > 1000 * SHARE


@pytest.mark.parametrize("dress", list(DRESSES)[1:])
def test_the_law_holds_however_a_file_is_written(dress: str) -> None:
    _check(run(places=1, share=SHARE / 5, dress=dress))


def _value(text: str) -> Any:
    return Values().of(parse(text.removeprefix("\ufeff")).root)


def _random_edit(rng: random.Random, text: str, files: dict[str, str]) -> Edit | None:
    """Any edit that applies to a text as it is now."""
    design = read(text, project="law", files=files).design
    raw = bare(_value(text))
    if design is None or not isinstance(raw, dict) or not isinstance(raw.get("services"), dict):
        return None
    file = File(text, raw, design, Lines(text))
    for kind in rng.sample(sorted(KINDS), len(KINDS)):
        if edits := list(KINDS[kind](file)):
            return rng.choice(edits)
    return None


def test_ten_edits_in_a_row_are_undone_to_the_byte() -> None:
    done: Counter[str] = Counter()
    for name, file, files in corpus_files():
        rng = random.Random(f"row of {name}")
        if rng.random() >= SHARE:
            continue
        texts, inverses = [file.text], []
        for _ in range(IN_A_ROW):
            edit = _random_edit(rng, texts[-1], files)
            new = apply(texts[-1], edit, files=files) if edit else None
            if not isinstance(new, Applied):  # a name that an earlier edit gave already
                done["refused"] += new is not None
                continue
            assert read(new.text, project="law", files=files).design is not None, (name, edit)
            texts.append(new.text)
            inverses.append(new.inverse)
        done["done"] += len(inverses)
        while inverses:
            back = apply(texts.pop(), inverses.pop(), files=files)
            assert isinstance(back, Applied), name
            assert back.text == texts[-1], name
    print(f"\n{done['done']} edits in rows of at most {IN_A_ROW}, {done['refused']} refused")
    assert done["refused"] * 5 < done["done"]


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for step, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, step)
        yield from _paths(item, (*path, step))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step] if isinstance(step, int) else (value or {}).get(step)
    return value


_VALUES: tuple[Any, ...] = (
    "x", "a: b", "", None, True, 12, 1.5, [], {}, ["a", "b"], {"k": "v"}, {"k": ["a", {"b": "c\nd\n"}], "z": None},
    [{"a": 1, "b": [1, 2]}, "s"], "two\nlines\n", [["n"], []],
)  # fmt: skip


def _any_edit(rng: random.Random, raw: dict[str, Any]) -> Edit:
    path = rng.choice(list(_paths(raw)))
    old = _at(raw, path)
    if rng.random() < 0.4:
        return RemoveValue(path)
    if isinstance(old, list) and rng.random() < 0.7:
        return SetValue(path, rng.sample([*old, rng.choice(_VALUES)], rng.randint(1, len(old) + 1)))
    if isinstance(old, dict) and rng.random() < 0.7:
        return SetValue(path, {**{key: value for key, value in old.items() if rng.random() < 0.8}, "fresh": rng.choice(_VALUES)})
    return SetValue(path, rng.choice(_VALUES))


def test_any_value_at_any_path_says_exactly_what_was_meant() -> None:
    """Four edits on end for a file, of any shape: no crash, the value is there, the bytes come back."""
    done: Counter[str] = Counter()
    for row in rows():
        text = text_of(row)
        rng = random.Random(row["file"])
        for _ in range(4):
            raw = bare(_value(text))
            if not isinstance(raw, dict) or not raw:
                break
            edit = _any_edit(rng, raw)
            new = apply(text, edit)
            done["refused" if isinstance(new, Problem) else "done"] += 1
            if isinstance(new, Problem):
                continue
            back = apply(new.text, new.inverse)
            assert isinstance(back, Applied)
            assert back.text == text, (row["file"], edit)
            if isinstance(edit, SetValue) and "extends" not in text:
                assert same(_at(bare(_value(new.text)), edit.path), edit.value), (row["file"], edit)
            text = new.text
    print(f"\n{done['done']} done, {done['refused']} refused")
    assert done["refused"] * 50 < done["done"]
