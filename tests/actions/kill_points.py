"""Applies that are killed at one point and applied again: what the engine has then, next to an undisturbed apply."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import docker
from django.utils import timezone

from tests.actions.processes import ROOT
from tests.lab.containers import containers_of
from topology import wire
from topology.actions.preview_plan import make_preview
from topology.actions.request_run import request_run
from topology.actions.resync_stack import resync_stack
from topology.actions.run_apply import run_apply
from topology.engine.connect import open_engine
from topology.models import Run, Stack

BEFORE = """services:
  web:
    image: standin:latest
    networks: {front: {aliases: [www]}}
    volumes: [/scratch]
    stop_grace_period: 0s
  api:
    image: busybox:stable
    command: [sleep, "900"]
    networks: [front, back]
    stop_grace_period: 0s
  db:
    image: busybox:stable
    command: [sleep, "900"]
    networks: {back: {ipv4_address: 10.213.7.20}}
    volumes: [data:/data]
    stop_grace_period: 0s
  old:
    image: busybox:stable
    command: [sleep, "900"]
    networks: [back]
    stop_grace_period: 0s
networks:
  front: {}
  back: {ipam: {config: [{subnet: 10.213.7.0/24}]}}
volumes:
  data: {}
"""
# web is made anew on two networks, api gets limits and another network in place, db moves to another address, the network `back`
# gets another subnet under what runs, old goes, and cache, job and worker come
AFTER = """services:
  web:
    image: standin:latest
    environment: {COLOUR: green}
    networks: {front: {aliases: [www, shop]}, side: {}}
    volumes: [/scratch]
    stop_grace_period: 0s
  api:
    image: busybox:stable
    command: [sleep, "900"]
    networks: [front, back, side]
    mem_limit: 64m
    stop_grace_period: 0s
  db:
    image: busybox:stable
    command: [sleep, "900"]
    networks: {back: {ipv4_address: 10.214.7.30, aliases: [store]}}
    volumes: [data:/data]
    stop_grace_period: 0s
  job:
    image: busybox:stable
    command: ["true"]
    networks: [back]
  cache:
    image: busybox:stable
    command: [sleep, "900"]
    networks: [side]
    volumes: [more:/more]
    stop_grace_period: 0s
    depends_on: {job: {condition: service_completed_successfully}}
networks:
  front: {}
  side: {}
  back: {ipam: {config: [{subnet: 10.214.7.0/24}]}}
volumes:
  data: {}
  more: {}
"""


@dataclass
class Lab:
    """A stack on an engine, with a person who may apply it."""

    stack: Stack
    actor: Any
    url: str
    others: frozenset[str] = frozenset()  # nameless volumes that were there before

    def note_others(self) -> None:
        client = docker.DockerClient(self.url, timeout=60)
        self.others = _nameless(client)
        client.close()

    def write(self, text: str) -> None:
        version = Stack.objects.get(pk=self.stack.pk).version + 1
        Stack.objects.filter(pk=self.stack.pk).update(text=text, good_text=text, version=version)
        self.stack = Stack.objects.select_related("engine", "team").get(pk=self.stack.pk)

    def look(self) -> None:
        engine = open_engine(self.url)
        try:
            resync_stack(self.stack.pk, observe=lambda: engine.observe(self.stack.project))
        finally:
            engine.close()

    def summaries(self) -> list[str]:
        """The steps of the apply that would be made now."""
        self.look()
        return [one.summary for one in make_preview(self.stack, kind="apply", remove_orphans=True).plan.operations]

    def request(self) -> str:
        """An apply, queued; a run whose worker was killed is taken over, without waiting for its heartbeat to grow old."""
        Run.objects.filter(stack=self.stack, state="running").update(heartbeat_at=timezone.now() - timedelta(seconds=60))
        self.look()
        digest = make_preview(self.stack, kind="apply", remove_orphans=True).plan.digest
        asked = wire.RunRequest(kind="apply", digest=digest, remove_orphans=True)
        return request_run(self.actor, stack_id=self.stack.pk, asked=asked).id

    def apply(self) -> Run:
        """Carry out an apply in this process; the run as it ended."""
        while True:
            run_id = self.request()
            run_apply(run_id, worker="undisturbed")
            run = Run.objects.get(pk=run_id)
            if "plan-changed" not in run.error:  # a call that was under way when the worker died may end only now
                return run

    def apply_and_die(self, moment: str, summary: str) -> tuple[int, str]:
        """Carry out an apply in a worker that is killed around one step; its exit code and what it said."""
        run_id = self.request()
        command = [sys.executable, "-m", "tests.actions.dying_worker", run_id, moment, summary]
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout

    def state(self) -> dict[str, Any]:
        """Everything of the project that must not depend on what happened on the way: no ids, times or chosen addresses."""
        client = docker.DockerClient(self.url, timeout=60)
        mine = {"label": f"com.docker.compose.project={self.stack.project}"}
        try:
            return {
                "containers": {one.name: _facts(one) for one in containers_of(client, self.stack.project)},
                "networks": sorted((one.name, str(one.attrs["IPAM"]["Config"][0]["Subnet"]) if "_back" in one.name else "")
                                   for one in client.networks.list(filters=mine)),
                "volumes": sorted(one.name for one in client.volumes.list(filters=mine)),
                "strangers": sorted(name for one in client.api.containers(all=True) for name in one["Names"]
                                    if name.startswith(f"/{self.stack.project}")
                                    and one["Labels"].get("com.docker.compose.project") != self.stack.project),
                "anonymous": len(_nameless(client) - self.others),
            }  # fmt: skip
        finally:
            client.close()


def _nameless(client: Any) -> frozenset[str]:
    return frozenset(one.name for one in client.volumes.list() if len(one.name) == 64)


def _facts(container: Any) -> dict[str, Any]:
    attributes = container.attrs
    own = {attributes["Id"][:12], container.name}
    return {
        "image": attributes["Config"]["Image"],
        "environment": sorted(attributes["Config"]["Env"] or ()),
        "config": attributes["Config"]["Labels"].get("io.netyard.config"),
        "state": attributes["State"]["Status"],
        "memory": attributes["HostConfig"]["Memory"],
        "mounts": sorted((one["Destination"], one["Name"] if len(one.get("Name", "")) < 64 else "anonymous")
                         for one in attributes["Mounts"]),
        "networks": {
            name: (sorted(set(end["Aliases"] or ()) - own), (end["IPAMConfig"] or {}).get("IPv4Address"))
            for name, end in attributes["NetworkSettings"]["Networks"].items()
        },
    }  # fmt: skip


def settled(look: Callable[[], dict[str, Any]], *, within_s: float = 20) -> dict[str, Any]:
    """The state once one-shot containers have ended."""
    deadline = time.monotonic() + within_s
    while True:
        found = look()
        jobs = [facts["state"] for name, facts in found["containers"].items() if "-job-" in name]
        if all(state == "exited" for state in jobs) or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


KILLED = -signal.SIGKILL
