"""Compose's own hash of a service. tests/vectors/canonical/hashes.txt holds what `docker compose config --hash '*'` printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.corpus.hashes import ENV_FILE, hashed_rows, outcomes
from tests.bench.corpus.projects import load
from topology.compose.canonical import resolved
from topology.compose.compose_hash import service_hash

VECTORS = Path(__file__).parents[1] / "vectors" / "canonical"


def hashes(*, profiles: tuple[str, ...] = ("p",)) -> dict[str, str]:
    project = load(VECTORS / "hashes.yaml", environment={"HOME": "/root"}, directory="/srv/app", profiles=profiles)
    return {name: service_hash(service) for name, service in resolved(project)["services"].items()}


def test_it_hashes_services_as_the_tool_does() -> None:
    wanted = dict(line.split(" ") for line in (VECTORS / "hashes.txt").read_text("utf-8").splitlines())
    assert hashes() == wanted


def test_build_pull_policy_and_scale_do_not_change_the_hash() -> None:
    found = hashes()
    assert found["a"] == found["d"] == found["e"]
    assert found["f"] == found["g"]


def test_dependencies_and_profiles_change_the_hash_as_in_compose() -> None:
    found = hashes()
    assert len({found["a"], found["b"], found["b2"], found["c"]}) == 4


@pytest.mark.skipif(not hashed_rows(), reason="the corpus is not here")
def test_it_hashes_a_sample_of_the_corpus_as_the_tool_does() -> None:
    """Every ninth file: the whole corpus is the bench's (`python -m tests.bench.corpus hashes`)."""
    found, _ = outcomes(hashed_rows()[::9])
    assert len(found) > 60
    assert [one for one in found if not one.equal and one.reason != ENV_FILE] == []
