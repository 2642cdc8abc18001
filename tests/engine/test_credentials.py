"""Logins of this machine's Docker configuration that a helper program keeps: asked with a time limit, and blamed by name."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from docker import APIClient

from tests.engine.bench import operation
from topology.core.plan import Kind
from topology.engine import credentials
from topology.engine.connect import open_engine
from topology.engine.credentials import configured_header
from topology.engine.errors import Cancelled, EngineTimeout, Refused

Helper = Callable[[str], None]


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Helper:
    """Puts a shell script in charge of the logins at registry.test."""
    (tmp_path / "config.json").write_text(json.dumps({"credHelpers": {"registry.test": "nyt"}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def put(script: str) -> None:
        program = tmp_path / "docker-credential-nyt"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    return put


def header(registry: str = "registry.test") -> str:
    api = APIClient("tcp://127.0.0.1:1", version="1.41")  # it asks no engine for anything
    try:
        return configured_header(api, registry)
    finally:
        api.close()


def test_a_helpers_login_is_sent_along(helper: Helper) -> None:
    helper("""echo '{"ServerURL": "registry.test", "Username": "ann", "Secret": "s"}'""")
    login = json.loads(base64.urlsafe_b64decode(header()))
    assert (login["Username"], login["Password"]) == ("ann", "s")
    assert header("other.test") == ""


def test_a_helper_without_a_login_gives_none(helper: Helper) -> None:
    helper("echo credentials not found in native keychain; exit 1")
    assert header() == ""


@pytest.mark.parametrize("script", ["echo broken; exit 1", "echo no json", "echo '{}'"])
def test_a_helper_that_fails_is_blamed_and_not_the_engine(helper: Helper, script: str) -> None:
    helper(script)
    with pytest.raises(Refused, match=r"Docker configuration gave no login for registry\.test") as caught:
        header()
    assert "credHelpers" in caught.value.fix


def test_a_helper_that_hangs_is_given_up_in_time(helper: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "HELPER_TIMEOUT_S", 0.3)
    helper("exec sleep 60")
    begun = time.monotonic()
    with pytest.raises(EngineTimeout, match="docker-credential-nyt gave no login"):
        header()
    assert time.monotonic() - begun < 3


@pytest.mark.engine
def test_a_pull_that_waits_for_a_helper_can_be_cancelled(helper: Helper) -> None:
    helper("exec sleep 3")
    engine = open_engine()
    begun = time.monotonic()
    try:
        with pytest.raises(Cancelled):
            asked = operation(Kind.PULL_IMAGE, image="registry.test/nyt/nothing:v1")
            engine.perform(asked, cancelled=lambda: time.monotonic() - begun > 0.3)
        assert time.monotonic() - begun < 1.5
    finally:
        engine.close()
