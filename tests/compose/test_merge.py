"""One tree laid on another, and lists that hold each thing once. The whole of it is compared with the tool in test_project."""

from __future__ import annotations

from typing import Any

import pytest

from topology.compose.casts import cast
from topology.compose.document import parse
from topology.compose.merge import merge
from topology.compose.plain import Map, to_plain
from topology.compose.unique import unique_lists
from topology.core.problems import Problem


def tree(keys: str) -> Map:
    """A file whose service `a` has these keys."""
    found, problems = to_plain(parse(f"services: {{a: {{{keys}}}}}"))
    assert problems == []
    return found


def laid(base: str, over: str) -> Any:
    merged, problems = merge(tree(base), tree(over))
    assert problems == []
    return merged["services"]["a"]


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        ("image: x", "image: ", {"image": "x"}),
        ("command: [a]", "command: ", {"command": None}),
        ("command: [a, b]", "command: c", {"command": "c"}),
        ("healthcheck: {test: [CMD, a], retries: 1}", "healthcheck: {test: b}", {"healthcheck": {"test": "b", "retries": 1}}),
        ("environment: [A=1, B]", "environment: {A: 2}", {"environment": {"A": 2, "B": None}}),
        ("dns: a", "dns: [b, a]", {"dns": ["a", "b"]}),
        ("build: .", "build: {args: [A=1]}", {"build": {"context": ".", "args": ["A=1"]}}),
        ("networks: [n]", "networks: {m: {aliases: [x]}}", {"networks": {"n": None, "m": {"aliases": ["x"]}}}),
        ("volumes: ['aa:/x', 'bb:/y']", "volumes: ['cc:/x/']", {"volumes": ["cc:/x/", "bb:/y"]}),
        ("ports: ['1:1', '2:2']", "ports: ['127.0.0.1:1:1', '2:2/tcp']", {"ports": ["1:1", "2:2/tcp", "127.0.0.1:1:1"]}),
        ("logging: {driver: a, options: {x: y}}", "logging: {driver: b}", {"logging": {"driver": "b"}}),
        ("logging: {driver: a, options: {x: y}}", "logging: {options: {z: w}}",
         {"logging": {"driver": "a", "options": {"x": "y", "z": "w"}}}),
        ("ulimits: {n: 1}", "ulimits: {n: {soft: 1, hard: 2}}", {"ulimits": {"n": {"soft": 1, "hard": 2}}}),
        ("x-a: {b: 1}", "x-a: {c: 2}", {"x-a": {"c": 2}}),
        ("security_opt: [a]", "security_opt: [a]", {"security_opt": ["a", "a"]}),
        ("secrets: [s]", "secrets: [{source: t, target: /run/secrets/s}]",
         {"secrets": [{"source": "t", "target": "/run/secrets/s"}]}),
        ("env_file: a", "env_file: [{path: a, required: false}, b]", {"env_file": [{"path": "a", "required": False}, "b"]}),
    ],
)  # fmt: skip
def test_a_key_is_laid_on_another_by_its_own_rule(base: str, over: str, expected: dict[str, Any]) -> None:
    assert laid(base, over) == expected


def test_keys_of_different_kinds_cannot_be_laid_on_each_other() -> None:
    base, over = tree("ports: [1]"), tree("ports: {a: b}")
    merged, problems = merge(base, over)
    assert [(one.code, one.line, one.column) for one in problems] == [("cannot-merge", 1, 16)]
    assert merged["services"]["a"] == {"ports": [1]}


def test_trees_that_are_merged_stay_as_they_were() -> None:
    base, over = (
        tree("environment: [A=1], dns: a, networks: [n]"),
        tree("environment: [B=1], dns: [b], networks: {n: {aliases: [q]}}"),
    )
    merge(base, over)
    assert base == tree("environment: [A=1], dns: a, networks: [n]")
    assert over == tree("environment: [B=1], dns: [b], networks: {n: {aliases: [q]}}")


def test_an_item_that_names_what_an_earlier_one_names_takes_its_place_and_is_told() -> None:
    told: list[Problem] = []
    found = unique_lists(tree("environment: [A=1, B=2, A=3], volumes: ['aa:/x', 'bb:/y', './c:/x'], cap_add: [X]"), say=told.append)
    assert found["services"]["a"] == {"environment": ["A=3", "B=2"], "volumes": ["./c:/x", "bb:/y"], "cap_add": ["X"]}
    assert [(one.code, one.path[-2:], one.severity) for one in told] == [
        ("item-twice", ("environment", 2), "warning"),
        ("item-twice", ("volumes", 2), "warning"),
    ]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("privileged: 'Yes', scale: '2', cpus: '.5'", {"privileged": True, "scale": 2, "cpus": 0.5}),
        ("ports: [{target: '80', published: '81'}]", {"ports": [{"target": 80, "published": "81"}]}),
        ("ulimits: {a: '5', b: {soft: '1', hard: 2}}", {"ulimits": {"a": 5, "b": {"soft": 1, "hard": 2}}}),
        ("depends_on: {b: {required: 'no'}}", {"depends_on": {"b": {"required": False}}}),
        ("user: '1000', mem_limit: '5'", {"user": "1000", "mem_limit": "5"}),
    ],
)
def test_texts_become_what_their_key_wants(keys: str, expected: dict[str, Any]) -> None:
    found, problems = cast(tree(keys))
    assert (found["services"]["a"], problems) == (expected, [])


@pytest.mark.parametrize("keys", ["privileged: '1'", "scale: '1.0'", "cpus: 'half'", "init: ''", "ulimits: {a: x}"])
def test_texts_that_stand_for_nothing_of_the_kind_are_told_and_left_out(keys: str) -> None:
    found, problems = cast(tree(keys))
    assert [one.code for one in problems] in (["bad-number"], ["bad-truth-value"])
    assert found["services"]["a"] in ({}, {"ulimits": {}})
