"""A Docker engine of the tests' own, in a network namespace of its own, so that it can be killed. Needs root and dockerd."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker

START_S = 60


class SecondEngine:
    """`url` answers between `start()` and `kill()`; both may be called again, on the same data."""

    def __init__(self) -> None:
        self.name = f"nyt-engine-{uuid.uuid4().hex[:6]}"
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.name}-"))
        self.url = f"unix://{self.folder}/docker.sock"
        self._child: subprocess.Popen[bytes] | None = None

    def _make_namespace(self) -> None:
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        subprocess.run(["ip", "-n", self.name, "link", "set", "lo", "up"], check=True)
        # a way out is needed for the engine to find an address; it leads nowhere
        for command in ("link add out0 type bridge", "addr add 10.98.0.2/24 dev out0", "link set out0 up",
                        "route add default via 10.98.0.1"):  # fmt: skip
            subprocess.run(["ip", "-n", self.name, *command.split()], check=True)

    def start(self) -> None:
        folder = self.folder
        if not Path(f"/run/netns/{self.name}").exists():
            self._make_namespace()
        (folder / "pid").unlink(missing_ok=True)
        own_run = "mount --make-rprivate /; mkdir -p /run/docker; mount -t tmpfs tmpfs /run/docker; mkdir -p /run/docker/netns; "
        daemon = (
            f"exec dockerd --data-root {folder}/data --exec-root {folder}/exec -H {self.url} --pidfile {folder}/pid "
            f"--cgroup-parent /{self.name}"
        )
        with (folder / "log").open("ab") as log:
            self._child = subprocess.Popen(
                ["nsenter", f"--net=/run/netns/{self.name}", "unshare", "-m", "sh", "-c", own_run + daemon],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert self._child.poll() is None, f"dockerd ended:\n{(folder / 'log').read_text(errors='replace')[-2000:]}"
            assert time.monotonic() < deadline, "dockerd does not answer"
            time.sleep(0.2)

    def load(self, *images: str) -> None:
        """Copy images from the machine's own engine."""
        machine, mine = docker.from_env(timeout=120), docker.DockerClient(self.url, timeout=120)
        for image in images:
            mine.images.load(b"".join(machine.images.get(image).save(named=image)))
        machine.close()
        mine.close()

    def kill(self) -> None:
        """SIGKILL, as the kernel does when memory runs out. Containers' own processes stay until it starts again."""
        assert self._child is not None
        os.kill(int((self.folder / "pid").read_text()), signal.SIGKILL)
        self._child.wait(30)

    def remove(self) -> None:
        """End it with all its containers, and remove every trace."""
        if self._child is not None and self._child.poll() is None:
            with contextlib.suppress(Exception):
                client = docker.DockerClient(self.url, timeout=30)
                for container in client.containers.list(ignore_removed=True, all=True):
                    container.remove(force=True, v=True)
            self._child.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(30)
        if self._child is not None and self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
        subprocess.run(["ip", "netns", "del", self.name], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            client = docker.DockerClient(self.url, timeout=5)
            client.ping()
            client.close()
        except (docker.errors.DockerException, OSError):
            return False
        return True


@contextmanager
def second_engine(*images: str) -> Iterator[SecondEngine]:
    engine = SecondEngine()
    try:
        engine.start()
        engine.load(*images)
        yield engine
    finally:
        engine.remove()
