"""Opening an engine, over a socket, TCP and TLS; what is said when it does not answer, hangs, or goes away."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import APIClient

from tests.engine.bench import Bench, until
from topology.engine.client import HttpClient, _negotiate
from topology.engine.connect import open_engine
from topology.engine.docker_engine import DockerEngine
from topology.engine.errors import EngineTimeout, EngineUnreachable, NotFound, Refused

SOCKET = os.environ.get("DOCKER_HOST", "").removeprefix("unix://") or "/var/run/docker.sock"


class Proxy:
    """TCP on loopback in front of the engine's socket; can be cut, and can swallow what is said."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, port: int = 0) -> None:
        self._listening = socket.create_server(("127.0.0.1", port))
        self._tls = tls
        self._open: list[socket.socket] = []
        self.deaf = False
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
                if self._tls:
                    client = self._tls.wrap_socket(client, server_side=True)
            except ssl.SSLError:
                continue
            except OSError:
                return
            engine = socket.socket(socket.AF_UNIX)
            engine.connect(SOCKET)
            self._open += [client, engine]
            for one, other in ((client, engine), (engine, client)):
                threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    def _copy(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while data := one.recv(65536):
                if not self.deaf:
                    other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            end.close()

    def cut(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(engine: DockerEngine) -> Iterator[Proxy]:
    made = Proxy()
    yield made
    with contextlib.suppress(OSError):  # a test may have cut it
        made.cut()


@pytest.mark.engine
def test_it_opens_over_tcp_and_says_what_answers(proxy: Proxy) -> None:
    opened = open_engine(f"tcp://127.0.0.1:{proxy.port}")
    info = opened.info()
    assert info.id and info.version and info.cpus > 0 and info.memory_bytes > 1 << 28
    assert tuple(map(int, info.api_version.split("."))) >= (1, 41)
    opened.close()


@pytest.mark.engine
def test_a_lost_event_stream_is_raised_and_calls_fail_until_it_answers_again(proxy: Proxy) -> None:
    opened = open_engine(f"tcp://127.0.0.1:{proxy.port}")
    listener = Bench(opened, real=False).listen()
    proxy.cut()
    until(lambda: listener.error, timeout_s=2)
    assert isinstance(listener.error, EngineUnreachable)
    with pytest.raises(EngineUnreachable, match=r"No Docker engine answers at tcp://127.0.0.1"):
        opened.observe_all()
    again = Proxy(port=proxy.port)
    assert opened.observe_all() is not None
    opened.close()
    again.cut()


@pytest.mark.engine
def test_an_engine_that_hangs_ends_a_call_after_its_timeout(proxy: Proxy) -> None:
    client = HttpClient(f"tcp://127.0.0.1:{proxy.port}")
    proxy.deaf = True
    begun = time.monotonic()
    with pytest.raises(EngineTimeout):
        client.get("/containers/json", timeout_s=0.5)
    assert time.monotonic() - begun < 2
    client.close()


@pytest.mark.engine
def test_over_tls_both_sides_show_certificates(engine: DockerEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_certificates(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    context.load_verify_locations(tmp_path / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    proxy = Proxy(context)
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    opened = open_engine(f"tcp://127.0.0.1:{proxy.port}")
    assert opened.images()
    listener = Bench(opened, real=False).listen()
    assert listener.close() <= 1.0
    assert listener.error is None
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path / "nowhere"))
    with pytest.raises(EngineUnreachable, match=r"lacks ca.pem, cert.pem or key.pem"):
        open_engine(f"tcp://127.0.0.1:{proxy.port}")
    proxy.cut()


def make_certificates(folder: Path) -> None:
    """An authority, and one certificate for 127.0.0.1 that serves as both sides'."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "1", "-subj", "/CN=ca")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "one.csr", "-subj", "/CN=127.0.0.1")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl(
        "x509", "-req", "-in", "one.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-out", "cert.pem", "-days", "1", "-extfile", "names"
    )


@pytest.mark.parametrize(
    ("url", "kind", "fix"),
    [
        ("unix:///nowhere/docker.sock", EngineUnreachable, "There is no such socket. Start Docker"),
        ("tcp://127.0.0.1:1", EngineUnreachable, "Nothing listens there."),
        ("gopher://x", Refused, "Write unix:///path/to/socket"),
    ],
)
def test_what_does_not_answer_comes_with_a_fix(url: str, kind: type[EngineUnreachable], fix: str) -> None:
    with pytest.raises(kind) as caught:
        open_engine(url)
    assert caught.value.fix.startswith(fix)


def test_a_socket_without_the_right_to_it_says_who_must_join_what() -> None:
    from topology.engine.failures import unreachable

    error = unreachable("unix:///var/run/docker.sock", OSError("aborted", PermissionError(13, "Permission denied")))
    assert "docker group" in error.fix and "Permission denied" in error.message


def test_something_else_that_answers_is_no_engine() -> None:
    with pytest.raises(Refused, match="no Docker engine"):
        _negotiate({"hello": "world"})


@pytest.mark.parametrize(
    ("newest", "oldest", "chosen"),
    [("1.41", "1.12", "1.41"), ("1.45", "1.24", "1.45"), ("1.52", "1.44", "1.51"), ("1.60", "1.55", "1.55")],
)
def test_the_newest_version_that_both_know_is_spoken(newest: str, oldest: str, chosen: str) -> None:
    assert _negotiate({"ApiVersion": newest, "MinAPIVersion": oldest}) == chosen


def test_an_engine_that_is_too_old_is_refused() -> None:
    with pytest.raises(Refused, match=r"speaks API 1\.24"):
        _negotiate({"ApiVersion": "1.24", "MinAPIVersion": "1.12"})


@pytest.mark.parametrize("url", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])
def test_what_could_not_be_opened_leaves_no_connection_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[APIClient] = []
    monkeypatch.setattr(APIClient, "close", lambda self: closed.append(self))
    with pytest.raises(EngineUnreachable):
        open_engine(url)
    assert len(closed) == 1


@pytest.mark.engine
def test_a_stream_that_is_refused_leaves_no_connection_behind(engine: DockerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    client = HttpClient(f"unix://{SOCKET}")
    made: list[str] = []
    closed: list[str] = []
    make = client._make

    def counted() -> object:
        api = make()
        made.append("")
        close = api.close
        monkeypatch.setattr(api, "close", lambda: (closed.append(""), close()))
        return api

    monkeypatch.setattr(client, "_make", counted)
    with pytest.raises(NotFound):
        client.stream("GET", "/containers/nyt-nothing/logs", params={"stdout": 1})
    assert len(made) == len(closed) == 1
    monkeypatch.setattr(client, "_make", lambda: (_ for _ in ()).throw(OSError("no files left")))
    with pytest.raises(EngineUnreachable, match="no files left"):
        client.stream("GET", "/events")
