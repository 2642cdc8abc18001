"""Real workers and watchers as processes of their own, on the tests' database and Valkey, and what to clean up after them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker

from tests.lab.containers import containers_of

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def process(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A child on the same data folder; killed with its children at the end."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    log = Path(os.environ["NETYARD_DATA"]) / f"{Path(command[-1]).name}-{uuid.uuid4().hex[:6]}.log"
    with log.open("wb") as file:
        child = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True
        )
        try:
            yield child
        finally:
            kill(child)
            print(f"--- {' '.join(command)}\n{log.read_text()[-4000:]}")


def kill(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the child and whatever it started."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def worker():
    return process(
        "-m", "celery", "-A", "dashboard", "worker", "-P", "threads", "-c", "4", "-Q", "netyard",
        "--without-gossip", "--without-mingle",
        "--loglevel", "INFO",
    )  # fmt: skip


def watcher():
    return process("manage.py", "watch")


def new_project() -> str:
    return f"nyt-{uuid.uuid4().hex[:8]}"


def remove_all(project: str, *, url: str = "") -> None:
    """Everything on the engine (the machine's own by default) that carries the project's label."""
    client = docker.DockerClient(url) if url else docker.from_env()
    label = {"label": f"com.docker.compose.project={project}"}
    nameless: set[str] = set()  # the engine keeps those that a container took over from the one before it
    for container in containers_of(client, project):
        nameless |= {mount["Name"] for mount in container.attrs["Mounts"] if len(mount.get("Name", "")) == 64}
        container.remove(force=True, v=True)
    for network in client.networks.list(filters=label):
        network.remove()
    for volume in client.volumes.list():
        if volume.name in nameless or (volume.attrs["Labels"] or {}).get("com.docker.compose.project") == project:
            volume.remove(force=True)
    client.close()
