"""Bodies that no part behind could keep are refused at the door, with 400 and not with an error from deep inside."""

from __future__ import annotations

import pytest

from tests.world import World, build_world

EDIT = '{"op_id":"a","edit":{"kind":"replace_text","text":"services: {}\\n# %s"}}'


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        "[" * 200_000,
        EDIT % "\\ud800",
        EDIT % "\\u0000",
        EDIT % "\\\\\\u0000",
        '{"op_id":"b","edit":{"kind":"add_service","name":"q","keys":' + '{"a":' * 600 + "1" + "}" * 600 + "}}",
    ],
    ids=["no UTF-8", "no end", "half a pair", "NUL", "a backslash and NUL", "600 levels"],
)
def test_what_cannot_be_kept_is_400(world: World, body: str | bytes) -> None:
    answer = world.client("editor").post(f"/api/stacks/{world.stack.pk}/edits", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    world.stack.refresh_from_db()
    assert world.stack.version == 1


def test_a_text_that_speaks_of_nul_is_none(world: World) -> None:
    answer = world.client("editor").post(
        f"/api/stacks/{world.stack.pk}/edits", EDIT % "\\\\u0000 and \\u00fc", content_type="application/json"
    )
    assert answer.status_code == 200
    assert answer.json()["stack"]["text"].endswith("# \\u0000 and ü")
