"""Corpus projects, really started by Compose with stand-in images, and what the engine knows of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, ImageNotFound

from tests.compose.corpus import FOLDER, files_of, rows
from tests.lab.compose import compose_command
from tests.lab.containers import containers_of, sweep_project
from tests.lab.tags import drop_tag

STANDIN = "standin:latest"


@dataclass(frozen=True)
class Running:
    """`file` is a copy in a folder of its own; `config` what `docker compose config` says of it."""

    project: str
    file: Path
    config: dict[str, Any]


@contextmanager
def started(file: str, *, prefix: str = "nyt-adopt") -> Iterator[Running]:
    """Start `files/<file>` of the corpus under a name of its own; all that it made goes at the end."""
    project = f"{prefix}-{uuid.uuid4().hex[:6]}"
    client, tagged = docker.from_env(timeout=120), []
    with tempfile.TemporaryDirectory(prefix="nyt-") as name:
        source = FOLDER / "files" / file
        folder = Path(name) / "project"
        shutil.copytree(source.parent, folder)
        at = folder / source.name
        for row in (one for one in rows() if one["file"] == f"files/{file}"):
            for path, text in files_of(row).items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text)
        try:
            config = compose_config(at, project=project)
            for image in sorted({_image(one, key, project) for key, one in config["services"].items()}):
                tagged += _stand_in(client, image)
            run(["-f", str(at), "-p", project, "up", "-d", "--no-build", "--pull", "never", "--quiet-pull"])
            yield Running(project, at, config)
        finally:
            sweep_project(client, project)
            for image in tagged:
                drop_tag(client, image)
            client.close()


def compose_config(file: Path, *, project: str) -> dict[str, Any]:
    """What the tool says of a file, with single dollars."""
    text = run(["-f", str(file), "-p", project, "config", "--format", "json"])
    found: dict[str, Any] = json.loads(text.replace("$$", "$"))
    return found


def run(arguments: list[str]) -> str:
    done = subprocess.run([*compose_command(), *arguments], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, f"compose {' '.join(arguments[4:6])}: {done.stderr.strip()[-600:]}"
    return done.stdout


def identities(client: docker.DockerClient, project: str) -> dict[str, tuple[str, str]]:
    """Container's name → id and start, which change when somebody touches it."""
    return {one.name: (one.id, one.attrs["State"]["StartedAt"]) for one in containers_of(client, project)}


def _image(service: dict[str, Any], key: str, project: str) -> str:
    return str(service.get("image") or f"{project}-{key}")


def _stand_in(client: docker.DockerClient, image: str) -> list[str]:
    try:
        client.images.get(image)
    except ImageNotFound:
        name, _, tag = image.rpartition(":") if ":" in image.rpartition("/")[2] else (image, "", "latest")
        client.images.get(STANDIN).tag(name, tag)
        return [image]
    except APIError:
        return []
    return []
