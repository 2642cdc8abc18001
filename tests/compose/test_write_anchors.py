"""Anchors, aliases and merge keys: an edit reaches only what it names; what was shared gets its own, and a note says so."""

from __future__ import annotations

import pytest

from topology.compose.document import parse
from topology.compose.values import Values, same
from topology.compose.write import Applied, apply
from topology.core.edit import Detach, Edit, RemoveService, RenameNetwork, SetEnvironment, SetValue
from topology.core.problems import Problem

SHARED = """\
x-env: &env
  A: "1"
x-base: &base
  image: nginx
  networks: [a, b]
services:
  web:
    <<: *base
    environment: *env
  twin: *base
  first: &first
    image: x
    environment: &own
      Z: 1
  second:
    <<: *first
    environment: *own
networks: {a: , b: }
"""


def _value(text: str) -> dict[str, object]:
    value = Values().of(parse(text).root)
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("edit", "old", "new", "note"),
    [
        (
            SetEnvironment("web", "A", "2"),
            "    environment: *env\n",
            '    environment:\n      <<: *env\n      A: "2"\n',
            "overrides A",
        ),
        (SetValue(("services", "web", "image"), "c"), "environment: *env\n", "environment: *env\n    image: c\n", "its own copy"),
        (
            SetValue(("services", "twin", "image"), "c"),
            "  twin: *base\n",
            "  twin:\n    <<: *base\n    image: c\n",
            "overrides image",
        ),
        (Detach("web", "a"), "environment: *env\n", "environment: *env\n    networks:\n      - b\n", "its own copy"),
        (
            SetEnvironment("first", "Z", "2"),
            "      Z: 1\n  second:\n    <<: *first\n    environment: *own\n",
            "      Z: 2\n  second:\n    <<: *first\n    environment:\n      <<: *own\n      Z: 1\n",
            "overrides Z",
        ),
    ],
)
def test_a_shared_value_is_overridden_where_it_is_edited(edit: Edit, old: str, new: str, note: str) -> None:
    applied = apply(SHARED, edit)
    assert isinstance(applied, Applied), applied
    assert SHARED.count(old) == 1
    assert applied.text == SHARED.replace(old, new)
    assert any(note in one for one in applied.notes)


def test_a_renamed_network_reaches_services_that_share_a_list() -> None:
    applied = apply(SHARED, RenameNetwork("a", "z"))
    assert isinstance(applied, Applied), applied
    services = _value(applied.text)["services"]
    assert isinstance(services, dict)
    assert services["web"]["networks"] == ["z", "b"]
    assert services["twin"]["networks"] == ["z", "b"]


def test_a_service_whose_anchors_others_use_hands_them_on() -> None:
    applied = apply(SHARED, RemoveService("first"))
    assert isinstance(applied, Applied), applied
    assert applied.text.endswith(
        """\
  second:
    <<: &first
      image: x
      environment:
        Z: 1
    environment: &own
      Z: 1
networks: {a: , b: }
"""
    )
    services = _value(applied.text)["services"]
    assert isinstance(services, dict)
    assert services["second"] == {"image": "x", "environment": {"Z": 1}}
    assert any("&first" in note for note in applied.notes)


def test_a_key_set_on_a_merged_service_does_not_reach_those_that_merge_it() -> None:
    applied = apply(SHARED, SetValue(("services", "first", "restart"), "no"))
    assert isinstance(applied, Applied), applied
    before, after = _value(SHARED)["services"], _value(applied.text)["services"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert after["first"]["restart"] == "no"
    assert after["second"] == before["second"]


@pytest.mark.parametrize("service", ["web", "twin", "first", "second"])
def test_other_services_keep_their_value(service: str) -> None:
    before = _value(SHARED)["services"]
    applied = apply(SHARED, SetEnvironment(service, "NEW", "v"))
    if isinstance(applied, Problem):
        assert applied.code == "edit-not-possible"
        return
    after = _value(applied.text)["services"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert after[service]["environment"]["NEW"] == "v"
    assert all(same(before[name], after[name]) for name in before if name != service)
