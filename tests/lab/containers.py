"""What a project has on an engine, asked for while others make and remove containers beside it."""

from __future__ import annotations

from typing import Any

import docker


def containers_of(client: docker.DockerClient, project: str, *, stopped: bool = True, **labels: str) -> list[Any]:
    """The project's containers, those of `com.docker.compose.KEY=VALUE` only where `labels` are given. One that goes while the
    engine is asked is not there, and no error."""
    marks = [f"com.docker.compose.{key}={value}" for key, value in {"project": project, **labels}.items()]
    return list(client.containers.list(all=stopped, filters={"label": marks}, ignore_removed=True))


def sweep_project(client: docker.DockerClient, project: str) -> None:
    """Remove what bears the project's label, and only that."""
    for container in containers_of(client, project):
        container.remove(force=True, v=True)
    mark = {"label": f"com.docker.compose.project={project}"}
    for network in client.networks.list(filters=mark):
        network.remove()
    for volume in client.volumes.list(filters=mark):
        volume.remove(force=True)
