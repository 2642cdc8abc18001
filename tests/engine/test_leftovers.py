"""What a killed run of the tests left behind goes before the next one, and never while another is at work."""

from __future__ import annotations

import fcntl
import uuid
from pathlib import Path

import docker
import pytest

from tests.lab import leftovers

pytestmark = pytest.mark.engine


def test_only_a_run_that_is_alone_sweeps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    swept: list[object] = []
    monkeypatch.setattr(leftovers, "sweep_all", swept.append)
    lock = tmp_path / "lock"
    with lock.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        assert not leftovers.join_runs(at=lock) and not swept
    leftovers._held.pop().close()
    assert leftovers.join_runs(at=lock) and len(swept) == 1
    with lock.open("ab") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    leftovers._held.pop().close()


def test_what_is_swept_bears_the_tests_prefix_label_or_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tried on names of this test's own, since others are at work on the engine."""
    client, own = docker.from_env(), f"nyt-{uuid.uuid4().hex[:8]}"
    monkeypatch.setattr(leftovers, "PREFIX", f"{own}-gone")
    monkeypatch.setattr(leftovers, "LABEL", f"io.netyard.{own}")
    kept = client.networks.create(f"{own}-kept", labels={"io.netyard.test": "1"})
    try:
        client.networks.create(f"{own}-labelled", labels={f"io.netyard.{own}": "1"})
        client.volumes.create(f"{own}-gone")
        client.containers.create("busybox:stable", name=f"{own}-project", labels={leftovers.PROJECT: f"{own}-gone"})
        leftovers.sweep_all(client)
        assert [one.name for one in client.networks.list() if own in one.name] == [f"{own}-kept"]
        assert not [one for one in client.volumes.list() if own in one.name]
        assert not client.containers.list(all=True, filters={"name": own})
    finally:
        kept.remove()
        client.close()
