"""A stack's picture over HTTP: an SVG to keep, at the places where people put things."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from tests.world import World, build_world
from topology.actions.create_stack import create_stack
from topology.actions.draw_picture import draw_picture
from topology.models import Stack

TEXT = "services:\n  web: {image: nginx, environment: {PASSWORD: swordfish-77}}\n  api: {image: python}\n"


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def test_it_is_an_attachment_at_the_stored_places_without_values(world: World) -> None:
    stack = create_stack(world.actor("editor"), team_id=world.team.pk, name="Shop <1>", text=TEXT)
    Stack.objects.filter(pk=stack.id).update(
        layout={"service:web": {"x": 4000, "y": 60}, "network:default": {"x": 0, "y": 0, "color": 2}}
    )
    answer = world.client("viewer").get(f"/api/stacks/{stack.id}/picture.svg?theme=dark")
    svg = answer.content.decode()
    ElementTree.fromstring(svg)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "translate(4000 60)" in svg
    assert "#fb923c" in svg  # the chosen look, dark
    assert "swordfish-77" not in svg and "Shop &lt;1&gt;" in svg


def test_an_unknown_theme_is_refused(world: World) -> None:
    assert world.client("viewer").get(f"/api/stacks/{world.stack.pk}/picture.svg?theme=pink").status_code == 422


def test_a_text_that_cannot_be_read_shows_the_last_good_picture(world: World) -> None:
    stack = create_stack(world.actor("editor"), team_id=world.team.pk, name="Good", text=TEXT)
    Stack.objects.filter(pk=stack.id).update(text="services: [")
    assert ">web</text>" in draw_picture(world.actor("viewer"), stack_id=Stack.objects.get(pk=stack.id).pk, theme="light")[1]
