"""Texts made out of other texts, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def post(world: World, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = world.client("viewer").post(f"/api/compose/{path}", body, content_type="application/json")
    assert answer.status_code == 200
    return answer.json()


def test_a_file_of_the_first_form_comes_back_in_the_current_one(world: World) -> None:
    found = post(world, "convert", {"text": "# mine\nweb:\n  image: busybox\n  net: host\n"})
    assert found["text"] == "services:\n  # mine\n  web:\n    image: busybox\n    network_mode: host\n"
    assert found["problems"] == []
    assert found["notes"]


def test_services_stay_on_docker0_when_asked(world: World) -> None:
    found = post(world, "convert", {"text": "web:\n  image: busybox\n", "bridge": True})
    assert found["text"] == "services:\n  web:\n    image: busybox\n    network_mode: bridge\n"


def test_what_is_no_compose_file_is_told(world: World) -> None:
    found = post(world, "convert", {"text": "just: words\n"})
    assert (found["text"], [problem["code"] for problem in found["problems"]]) == ("", ["not-a-compose-file"])


def test_pasted_lines_come_back_as_a_compose_file(world: World) -> None:
    found = post(world, "from-run", {"text": "docker run -d --name web -p 80:80 nginx"})
    assert found["text"] == 'services:\n  web:\n    image: nginx\n    container_name: web\n    ports:\n      - "80:80"\n'
    assert found["problems"] == []


def test_an_unknown_flag_is_named_with_its_place(world: World) -> None:
    found = post(world, "from-run", {"text": "docker run --nme web nginx"})
    assert [(one["code"], one["line"], one["column"]) for one in found["problems"]] == [("unknown-flag", 1, 12)]
