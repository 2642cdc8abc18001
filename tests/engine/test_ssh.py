"""An engine over ssh. In ssh's place stands a program that ties its input and output to the engine's socket on this machine."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.bench import Bench, operation, until
from tests.engine.test_connect import SOCKET
from topology.core.plan import Kind
from topology.engine.client import HttpClient
from topology.engine.connect import open_engine
from topology.engine.docker_engine import DockerEngine
from topology.engine.errors import EngineTimeout, EngineUnreachable, WaitFailed

URL = "ssh://ann@nyt.test:2222"
TIE = f"""#!{sys.executable}
import os, socket, sys, threading
print(*sys.argv[1:], file=open({{said!r}}, "a"))
engine = socket.socket(socket.AF_UNIX)
engine.connect({SOCKET!r})
def there():
    while data := os.read(0, 65536):
        engine.sendall(data)
    engine.shutdown(socket.SHUT_WR)
threading.Thread(target=there, daemon=True).start()
while data := engine.recv(65536):
    os.write(1, data)
"""
Put = Callable[[str], None]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Puts a program in ssh's place."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def write(text: str) -> None:
        program = tmp_path / "ssh"
        program.write_text(text.replace("{said!r}", repr(str(tmp_path / "said"))))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return write


def running(folder: Path) -> int:
    found = subprocess.run(["pgrep", "-fc", str(folder / "ssh")], capture_output=True, text=True, check=False)
    return int(found.stdout)


@pytest.mark.engine
def test_calls_streams_and_commands_go_over_ssh(put: Put, engine: DockerEngine, tmp_path: Path) -> None:
    put(TIE)
    opened = open_engine(URL)
    bench = Bench(opened, real=True)
    try:
        listener = bench.listen()
        made = bench.run("web")
        listener.wait(made, "start")
        said: list[str] = []
        command = ["sh", "-c", "echo hello; exit 3"]
        with pytest.raises(WaitFailed, match="ended with code 3: hello"):
            run = operation(Kind.RUN_COMMAND, container=bench.name("web"), command=command, timeout_s=20)
            opened.perform(run, progress=lambda line, _: said.append(line))
        assert said == ["hello"] and listener.close() <= 1.0 and listener.error is None
    finally:
        bench.close()
        opened.close()
    assert "-l ann -p 2222 -- nyt.test docker system dial-stdio" in (tmp_path / "said").read_text()
    until(lambda: running(tmp_path) == 0)


@pytest.mark.engine
def test_an_ssh_that_hangs_ends_a_call_after_its_timeout(put: Put, engine: DockerEngine) -> None:
    put(TIE)
    client = HttpClient(URL)
    client._idle.get_nowait().close()
    put("#!/bin/sh\nexec sleep 60\n")
    begun = time.monotonic()
    with pytest.raises(EngineTimeout):
        client.get("/containers/json", timeout_s=0.5)
    with pytest.raises(EngineTimeout):
        client.stream("GET", "/events", timeout_s=0.5)
    assert time.monotonic() - begun < 3
    client.close()


def test_an_ssh_that_is_refused_says_what_to_try(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("#!/bin/sh\nexit 255\n")
    with pytest.raises(EngineUnreachable) as caught:
        open_engine(URL)
    assert "ssh HOST docker version" in caught.value.fix
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(EngineUnreachable, match="the program ssh cannot be run"):
        open_engine(URL)
