"""The Docker engine of this machine: asked whether it answers; installed and started where it is ours to do so."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from launcher.places import CannotGoOn, say
from launcher.system import apt_install, may_use_apt

DEFAULT = "unix:///var/run/docker.sock"
PACKAGES = ("docker.io", "iptables")


def engine_address() -> str:
    return os.environ.get("DOCKER_HOST") or DEFAULT


def engine_answers(address: str) -> bool:
    """Whether an engine at a unix or tcp address answers a ping within 3 s. Others (ssh) are left to the worker: True."""
    scheme, _, place = address.partition("://")
    if scheme == "unix":
        connection: http.client.HTTPConnection = _UnixConnection(place)
    elif scheme in ("tcp", "http") and not os.environ.get("DOCKER_TLS_VERIFY"):
        connection = http.client.HTTPConnection(place, timeout=3)
    else:
        return True
    try:
        connection.request("GET", "/_ping")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=3)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def ensure_engine(*, install: bool) -> subprocess.Popen[bytes] | None:
    """Install and start an engine at the default address where none answers and we may. Gives the process if it started one."""
    address = engine_address()
    if engine_answers(address) or address != DEFAULT:
        return None
    if not install or not may_use_apt():
        return None
    if shutil.which("dockerd") is None:
        say(f"No Docker engine answers at {address}: installing docker.io with apt (--no-engine-install declines) …")
        apt_install(*PACKAGES)
    if Path("/run/systemd/system").is_dir():
        say("Starting the Docker engine with systemctl …")
        subprocess.run(["systemctl", "start", "docker"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        process = None
    else:
        say("Starting the Docker engine (dockerd, log in /var/log/dockerd.log) …")
        Path("/var/run/docker.pid").unlink(missing_ok=True)
        with Path("/var/log/dockerd.log").open("ab") as log:
            process = subprocess.Popen(["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    deadline = time.monotonic() + 45
    while time.monotonic() < deadline:
        if engine_answers(address):
            return process
        if process and process.poll() is not None:
            break
        time.sleep(0.2)
    raise CannotGoOn("The Docker engine was started and does not answer; see /var/log/dockerd.log, or use --no-engine-install.")
