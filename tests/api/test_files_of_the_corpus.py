"""Real files with their companions come back byte for byte, also those that Compose refuses."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.bench.corpus.export import round_trip
from tests.compose.corpus import rows
from tests.world import build_world
from topology import announce


def test_every_file_comes_back_byte_for_byte(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce, "_post", lambda *_, **__: None)
    if not rows():
        pytest.skip("the corpus is not here")
    world = build_world()
    client: Client = world.client("editor")
    results = [round_trip(client, team_id=str(world.team.pk), row=row) for row in rows()]
    assert [difference for difference, _ in results if difference] == []
    assert sum(count["with companions"] for _, count in results) >= 30
