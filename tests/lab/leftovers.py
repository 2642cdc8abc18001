"""What a run of the tests that was killed has left on the machine's engine: the next one takes it away.

Every run holds a shared lock as long as it lives. One that finds nobody else at work removes what bears the tests' prefix or
label before its first test: addresses and names that are still taken would be errors that have nothing to do with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import docker
from docker.errors import APIError, DockerException

PREFIX = "nyt-"
LABEL = "io.netyard.test"
PROJECT = "com.docker.compose.project"

_held: list[IO[bytes]] = []


def join_runs(*, at: Path | None = None) -> bool:
    """Take part until this process ends; True where nobody else was at work and the engine, if one answers, was swept."""
    lock = (at or Path(tempfile.gettempdir()) / "nyt-tests.lock").open("ab")
    _held.append(lock)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(lock, fcntl.LOCK_SH)
        return False
    with contextlib.suppress(DockerException):  # no engine, nothing left on it; tests that need one say so themselves
        client = docker.from_env()
        sweep_all(client)
        client.close()
    fcntl.flock(lock, fcntl.LOCK_SH)
    return True


def sweep_all(client: docker.DockerClient) -> None:
    """Remove the containers, networks and volumes of all tests; what the engine refuses to remove is named."""
    for container in client.containers.list(all=True, ignore_removed=True):
        if _is_ours(container.name, container.labels):
            _remove(lambda it=container: it.remove(force=True, v=True), f"container {container.name}")
    for network in client.networks.list():
        if _is_ours(network.name, network.attrs.get("Labels")):
            _remove(network.remove, f"network {network.name}")
    for volume in client.volumes.list():
        if _is_ours(volume.name, volume.attrs.get("Labels")):
            _remove(lambda it=volume: it.remove(force=True), f"volume {volume.name}")


def _remove(call: Callable[[], object], what: str) -> None:
    try:
        call()
    except APIError as error:  # such as a network whose endpoints engine 20.10 miscounts
        print(f"The {what} of an earlier run stays: {error.explanation}", file=sys.stderr)


def _is_ours(name: str, labels: Mapping[str, str] | None) -> bool:
    labels = labels or {}
    return name.startswith(PREFIX) or LABEL in labels or labels.get(PROJECT, "").startswith(PREFIX)
