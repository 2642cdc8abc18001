"""Edits and their JSON form."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.core.edit import (
    KINDS,
    AddLink,
    AddNetwork,
    AddService,
    AddVolume,
    Attach,
    Detach,
    Edit,
    Hunk,
    PatchText,
    RemoveLink,
    RemoveNetwork,
    RemoveService,
    RemoveValue,
    RemoveVolume,
    RenameNetwork,
    RenameService,
    RenameVolume,
    ReplaceText,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
    Several,
)
from topology.core.edit_json import from_json, to_json
from topology.core.problems import Problem

NAME = st.text(min_size=1, max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.dictionaries(NAME, JSON, max_size=3)
PATH = st.lists(NAME | st.integers(0, 9), max_size=4).map(tuple)
LINES = st.lists(NAME, max_size=3).map(tuple)
SINGLE = st.one_of(
    st.builds(AddService, NAME, KEYS),
    st.builds(RemoveService, NAME),
    st.builds(RenameService, NAME, NAME),
    st.builds(AddNetwork, NAME, KEYS),
    st.builds(RemoveNetwork, NAME),
    st.builds(RenameNetwork, NAME, NAME),
    st.builds(AddVolume, NAME, KEYS),
    st.builds(RemoveVolume, NAME),
    st.builds(RenameVolume, NAME, NAME),
    st.builds(
        Attach, NAME, NAME, st.none() | LINES, st.none() | NAME, st.none() | NAME, mac=st.none() | NAME, keep_default=st.booleans()
    ),
    st.builds(Detach, NAME, NAME),
    st.builds(SetNetworkMode, NAME, st.none() | NAME),
    st.builds(AddLink, NAME, NAME, NAME),
    st.builds(RemoveLink, NAME, NAME, NAME),
    st.builds(SetEnvironment, NAME, NAME, st.none() | NAME),
    st.builds(SetValue, PATH, JSON),
    st.builds(RemoveValue, PATH),
    st.builds(PatchText, st.lists(st.builds(Hunk, st.integers(0, 99), LINES, LINES, NAME, NAME), max_size=3).map(tuple)),
    st.builds(ReplaceText, NAME),
)
EDITS = SINGLE | st.builds(Several, st.lists(SINGLE, max_size=3).map(tuple))


@given(EDITS)
def test_an_edit_survives_its_json_form(edit: Edit) -> None:
    assert from_json(json.loads(json.dumps(to_json(edit)))) == edit


def test_every_kind_has_its_own_name() -> None:
    assert set(KINDS.values()) == set(get_args(Edit))
    assert len(KINDS) == len(get_args(Edit))
    assert all(name == kind.kind for name, kind in KINDS.items())


@given(JSON)
def test_any_json_is_an_edit_or_a_problem(value: Any) -> None:
    read = from_json(value)
    assert isinstance(read, Problem) or type(read) in KINDS.values()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "edit-unknown"),
        ([], "edit-unknown"),
        ({"kind": "explode"}, "edit-unknown"),
        ({"kind": ["add_service"]}, "edit-unknown"),
        ({"kind": "rename_service", "name": "a"}, "edit-field"),
        ({"kind": "rename_service", "name": "a", "to": 1}, "edit-field"),
        ({"kind": "rename_service", "name": "a", "to": "b", "more": 1}, "edit-field"),
        ({"kind": "add_service", "name": "a", "keys": []}, "edit-field"),
        ({"kind": "attach", "service": "a", "network": "b", "aliases": [1]}, "edit-field"),
        ({"kind": "attach", "service": "a", "network": "b", "keep_default": 1}, "edit-field"),
        ({"kind": "set_value", "path": [True], "value": 1}, "edit-field"),
        ({"kind": "set_value", "path": ["a"]}, "edit-field"),
        ({"kind": "patch_text", "hunks": [1]}, "edit-field"),
        ({"kind": "patch_text", "hunks": [{"line": True, "old": [], "new": []}]}, "edit-field"),
        ({"kind": "several", "edits": [{"kind": "nope"}]}, "edit-unknown"),
        ({"kind": "several", "edits": [{"kind": "remove_service", "name": "a"}] * 2001}, "edit-too-large"),
    ],
)
def test_what_is_wrong_is_named(value: Any, code: str) -> None:
    read = from_json(value)
    assert isinstance(read, Problem)
    assert read.code == code
    assert read.fix


def test_deep_nesting_is_refused() -> None:
    value: Any = {"kind": "remove_service", "name": "a"}
    for _ in range(50):
        value = {"kind": "several", "edits": [value]}
    read = from_json(value)
    assert isinstance(read, Problem)
    assert read.code == "edit-too-large"
