"""Compose's own hash of a service. tests/vectors/canonical/hashes.txt holds what `docker compose config --hash '*'` printed."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import docker
import pytest

from tests.bench.corpus.hashes import ENV_FILE, hashed_rows, outcomes
from tests.bench.corpus.projects import load, run_tool
from tests.lab.containers import containers_of
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


LABELLED = """services:
  a:
    image: busybox:stable
    command: sleep 60
    env_file: [a.env]
    environment: [Z=1, HOME]
    labels: {io.netyard.test: "1"}
    volumes: [./data:/data]
    depends_on: [b]
  b: {image: busybox:stable, label_file: [a.env], labels: {io.netyard.test: "1"}, deploy: {replicas: 1}}
networks: {default: {labels: {io.netyard.test: "1"}}}
"""


@pytest.mark.engine
def test_the_hash_is_what_compose_labels_its_containers_with(tmp_path: Path) -> None:
    """Also where its own `config --hash` says something else, which is with `env_file`."""
    if os.environ.get("NETYARD_NO_ENGINE"):
        pytest.skip("NETYARD_NO_ENGINE is set")
    name, environment = f"nyt-hash-{uuid4().hex[:8]}", {"HOME": "/root"}
    (tmp_path / "compose.yaml").write_text(LABELLED)
    (tmp_path / "a.env").write_text("A=1\nB=$A-${HOME}\n")
    compose = ["-p", name, "-f", str(tmp_path / "compose.yaml")]
    client = docker.from_env()
    try:
        created = run_tool([*compose, "create"], environment=environment)
        assert created.returncode == 0, created.stderr
        made = containers_of(client, name)
        labels = {one.labels["com.docker.compose.service"]: one.labels["com.docker.compose.config-hash"] for one in made}
        hashed = run_tool([*compose, "config", "--hash", "*"], environment=environment).stdout
    finally:
        run_tool([*compose, "down", "-v", "-t", "0"], environment=environment)
        client.close()
    services = resolved(load(tmp_path / "compose.yaml", environment=environment, name=name))["services"]
    listed = dict(line.split(" ") for line in hashed.splitlines())
    assert {service: service_hash(keys) for service, keys in services.items()} == labels
    assert (labels["a"] == listed["a"], labels["b"] == listed["b"]) == (False, True)
