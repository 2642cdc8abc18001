"""The real engine and the one in memory. With no engine the tests fail; NETYARD_NO_ENGINE=1 says that none is meant to be."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.engine.bench import Bench
from topology.engine.connect import open_engine
from topology.engine.docker_engine import DockerEngine
from topology.engine.errors import EngineError
from topology.engine.fake import FakeEngine


@pytest.fixture(scope="session")
def engine() -> Iterator[DockerEngine]:
    """The real engine at DOCKER_HOST or the default socket."""
    if os.environ.get("NETYARD_NO_ENGINE"):
        pytest.skip("NETYARD_NO_ENGINE is set")
    try:
        opened = open_engine("")
    except EngineError as error:
        pytest.fail(f"{error.message} {error.fix}", pytrace=False)
    yield opened
    opened.close()


@pytest.fixture(params=["memory", pytest.param("docker", marks=pytest.mark.engine)])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Each contract test runs on the engine in memory and on the real one."""
    real = request.param == "docker"
    made = Bench(request.getfixturevalue("engine") if real else FakeEngine(), real=real)
    yield made
    made.close()


@pytest.fixture
def real(engine: DockerEngine) -> Iterator[Bench]:
    made = Bench(engine, real=True)
    yield made
    made.close()
