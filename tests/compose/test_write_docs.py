"""The examples of docs/edits.md are run, so that the document stays true."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from topology.compose.read import read
from topology.compose.write import Applied, apply
from topology.core.edit import KINDS
from topology.core.edit_json import from_json, to_json
from topology.core.problems import Problem

TEXT = (Path(__file__).parents[2] / "docs" / "edits.md").read_text("utf-8")
STACK = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)[0]
EXAMPLES = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", TEXT, re.S)]
OF_FILES = {"remove_file", "rename_file", "set_overrides"}


@pytest.mark.parametrize("example", EXAMPLES, ids=[one["kind"] + str(number) for number, one in enumerate(EXAMPLES)])
def test_every_example_does_something_and_is_undone(example: dict[str, Any]) -> None:
    edit = from_json(example)
    assert not isinstance(edit, Problem), edit
    assert from_json(json.loads(json.dumps(to_json(edit)))) == edit
    done = apply(STACK, edit)
    assert isinstance(done, Applied), done
    assert done.text != STACK
    assert read(done.text, project="p").design is not None
    back = apply(done.text, done.inverse)
    assert isinstance(back, Applied)
    assert back.text == STACK


def test_every_kind_has_an_example() -> None:
    assert {one["kind"] for one in EXAMPLES} == set(KINDS) - OF_FILES
    assert all(f"`{kind}`" in TEXT for kind in KINDS if kind not in ("add_volume", "remove_volume", "rename_volume"))
