"""The schema for the editor's completion: the specification's own, kept by the browser until it changes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def ask(world: World, **headers: str) -> Any:
    return world.client("viewer").get("/api/compose/schema", headers=headers)


def test_the_schema_is_the_specifications_own(world: World) -> None:
    answer = ask(world)
    assert answer.status_code == 200
    schema = answer.json()
    assert "compose" in schema["$id"]
    assert "healthcheck" in schema["$defs"] and "services" in schema["properties"]
    assert {"allOf", "properties"} & schema["$defs"]["service"].keys(), "as it stands in the specification, not as we check"


def test_a_browser_that_has_it_is_told_so_in_a_few_bytes(world: World) -> None:
    first = ask(world)
    assert first["Cache-Control"].startswith("private, max-age=")
    for tag in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}'):
        again = ask(world, if_none_match=tag)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert ask(world, if_none_match='"other"').status_code == 200
