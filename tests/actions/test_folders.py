"""A stack whose project Compose ran before: its worker knows the folder, and goes on knowing it when all containers are gone."""

from __future__ import annotations

import docker
import pytest

from topology.actions.run_apply import run_apply
from topology.models import Run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engine]

BESIDE = """services:
  web:
    image: busybox:stable
    command: [sleep, "600"]
    network_mode: none
    volumes: ["./here:/here"]
    stop_grace_period: 0s
"""


def run(made, kind: str) -> Run:
    made.stack.refresh_from_db()
    asked = Run.objects.create(stack=made.stack, kind=kind, by=made.user, version=made.stack.version, text=made.stack.text)
    run_apply(str(asked.pk), worker=kind)
    asked.refresh_from_db()
    return asked


def test_the_folder_outlives_the_containers_that_told_it(build, tmp_path):
    made = build(BESIDE)
    made.engine.policy = {"bind_mounts": True}
    made.engine.save()
    refused = run(made, "apply")
    assert refused.state == "failed" and "a path beside the file" in refused.error

    labels = {"com.docker.compose.project": made.stack.project, "com.docker.compose.service": "web",
              "com.docker.compose.container-number": "1", "com.docker.compose.project.working_dir": str(tmp_path)}  # fmt: skip
    client = docker.from_env()
    client.api.create_container("busybox:stable", ["true"], name=f"{made.stack.project}-web-1", labels=labels)
    assert run(made, "down").state == "done"
    done = run(made, "apply")
    assert done.state == "done", done.error
    told = client.api.inspect_container(f"{made.stack.project}-web-1")
    assert told["HostConfig"]["Binds"] == [f"{tmp_path}/here:/here:rw"]
    made.stack.refresh_from_db()
    assert made.stack.folder == str(tmp_path)
