"""Tags that tests put on the stand-in image. Several processes of one test run share them: the last to end takes them away."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import docker

KEPT = "NETYARD_TEST_TAGS"  # names a file with a tag a line, where a run has several processes


def keep_tags() -> None:
    """From now on, also in child processes, `drop_tag` only notes what is to be removed by `drop_kept_tags`."""
    handle, os.environ[KEPT] = tempfile.mkstemp(prefix="nyt-tags-")
    os.close(handle)


def drop_tag(client: docker.DockerClient, tag: str) -> None:
    """Remove a tag that a test has made, now or at the end of the run."""
    if KEPT in os.environ:
        with Path(os.environ[KEPT]).open("a") as file:  # one short write: whole lines, from several processes too
            file.write(f"{tag}\n")
    else:
        client.images.remove(tag, noprune=True)


def drop_kept_tags() -> None:
    file = Path(os.environ.pop(KEPT))
    tags = sorted(set(file.read_text().split()))
    file.unlink()
    if tags:
        client = docker.from_env()
        for tag in tags:
            with contextlib.suppress(docker.errors.ImageNotFound):
                client.images.remove(tag, noprune=True)
        client.close()
