"""Pulling: how lines become a share, and real pulls from a registry of this test's own on loopback."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import http.server
import io
import json
import os
import tarfile
import threading
import time
import uuid
from collections.abc import Iterator

import docker
import pytest

from tests.engine.bench import Bench, operation
from topology.core.plan import Kind
from topology.engine.connect import open_engine
from topology.engine.errors import Cancelled, EngineError, NotFound
from topology.engine.fake import FakeEngine
from topology.engine.logins import Login, all_logins, login_for
from topology.engine.pulls import PullProgress, split_reference

DOCKER = "application/vnd.docker"


class Registry(http.server.ThreadingHTTPServer):
    """Serves one image of one layer of random bytes; `pause_s` makes each 64 kB of it wait."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.pause_s = 0.0
        self.login = ""  # "name:password" that it asks for
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as archive:
            content = os.urandom(2 << 20)
            entry = tarfile.TarInfo("random")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        layer = gzip.compress(tar.getvalue(), 1)
        diff = f"sha256:{hashlib.sha256(tar.getvalue()).hexdigest()}"
        settings = json.dumps({
            "architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": [diff]},
        }).encode()  # fmt: skip
        kind = f"{DOCKER}.distribution.manifest.v2+json"
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": kind,
            "config": {"mediaType": f"{DOCKER}.container.image.v1+json", "size": len(settings), "digest": digest(settings)},
            "layers": [{
                "mediaType": f"{DOCKER}.image.rootfs.diff.tar.gzip", "size": len(layer), "digest": digest(layer),
            }],
        }).encode()  # fmt: skip
        self.blobs = {digest(one): one for one in (layer, settings, manifest)}
        self.manifest, self.kind = manifest, kind
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def image(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}/nyt/one:v1"


class _Answer(http.server.BaseHTTPRequestHandler):
    server: Registry

    def do_GET(self) -> None:
        given = self.headers.get("Authorization", "").removeprefix("Basic ")
        if self.server.login and base64.b64decode(given).decode() != self.server.login:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="nyt"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        kind, _, name = self.path.rstrip("/").rpartition("/")
        body = b"{}" if self.path == "/v2/" else self.server.blobs.get(name)
        if kind.endswith("/manifests") and name == "v1":
            body = self.server.manifest
        self.send_response(404 if body is None else 200)
        body = b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}' if body is None else body
        self.send_header("Content-Type", self.server.kind if "/manifests/" in self.path else "application/octet-stream")
        self.send_header("Docker-Content-Digest", digest(body))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            for start in range(0, len(body), 1 << 16):
                time.sleep(self.server.pause_s)
                self.wfile.write(body[start : start + (1 << 16)])

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the engine gave the pull up
            super().handle()


def digest(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


@pytest.fixture
def registry(real: Bench) -> Iterator[Registry]:
    served = Registry()
    yield served
    served.shutdown()
    served.server_close()
    client = docker.from_env()
    if client.images.list(name=served.image):
        client.images.remove(served.image)
    client.close()


@pytest.mark.engine
def test_a_pull_reports_its_share_and_gives_the_images_id(real: Bench, registry: Registry) -> None:
    registry.pause_s = 0.02
    lines: list[tuple[str, float | None]] = []
    made = real.engine.perform(operation(Kind.PULL_IMAGE, image=registry.image), progress=lambda *line: lines.append(line))
    assert made == real.engine.observe(real.project).images[registry.image]
    shares = [share for _, share in lines if share is not None]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert any(0 < share < 0.7 for share in shares)
    assert ("1 of 1 layers", 1.0) in lines


@pytest.mark.engine
def test_a_cancelled_pull_ends_at_once_and_leaves_no_image(real: Bench, registry: Registry) -> None:
    registry.pause_s = 0.5
    asked_at = time.monotonic()
    with pytest.raises(Cancelled):
        real.engine.perform(operation(Kind.PULL_IMAGE, image=registry.image), cancelled=lambda: time.monotonic() - asked_at > 0.7)
    assert time.monotonic() - asked_at < 2.0
    assert registry.image not in real.engine.observe(real.project).images


@pytest.mark.engine
def test_a_pull_from_a_registry_that_does_not_answer_can_be_cancelled(real: Bench, registry: Registry) -> None:
    registry.pause_s = 3.0  # the engine says nothing before the registry has
    asked_at = time.monotonic()
    with pytest.raises(Cancelled):
        real.engine.perform(operation(Kind.PULL_IMAGE, image=registry.image), cancelled=lambda: time.monotonic() - asked_at > 0.3)
    assert time.monotonic() - asked_at < 1.0


@pytest.mark.engine
def test_a_tag_that_the_registry_lacks_and_a_registry_that_is_away_are_told_apart(real: Bench, registry: Registry) -> None:
    with pytest.raises(NotFound) as missing:
        real.do(Kind.PULL_IMAGE, image=registry.image.replace(":v1", ":v2"))
    assert missing.value.fix == "The registry has no such tag. Check the image's name and tag."
    with pytest.raises(EngineError) as away:
        real.do(Kind.PULL_IMAGE, image=f"127.0.0.1:1/nyt/{uuid.uuid4().hex}:v1")
    assert away.value.fix.startswith("The engine cannot reach the registry") and not away.value.permanent


@pytest.mark.engine
def test_a_private_image_is_pulled_with_the_login_of_its_registry(real: Bench, registry: Registry) -> None:
    registry.login = "ann:p:ss wörd"
    with pytest.raises(EngineError) as refused:
        real.do(Kind.PULL_IMAGE, image=registry.image)
    assert "log in to its registry" in refused.value.fix.lower()
    host = registry.image.partition("/")[0]
    engine = open_engine(logins={f"https://{host}/": Login("ann", "p:ss wörd"), "docker.io": Login("bob", "x")})
    try:
        assert engine.perform(operation(Kind.PULL_IMAGE, image=registry.image)).startswith("sha256:")
    finally:
        engine.close()
    assert "p:ss" not in repr(Login("ann", "p:ss wörd"))


def test_a_build_is_given_every_login_and_a_pull_only_its_own() -> None:
    logins = {"ghcr.io": Login("ann", "a"), "docker.io": Login("bob", "b")}
    every = json.loads(base64.urlsafe_b64decode(all_logins(logins)["X-Registry-Config"]))
    assert {name: one["username"] for name, one in every.items()} == {"ghcr.io": "ann", "https://index.docker.io/v1/": "bob"}
    own = json.loads(base64.urlsafe_b64decode(login_for("nginx:1", logins)["X-Registry-Auth"]))
    assert (own["username"], own["serveraddress"]) == ("bob", "https://index.docker.io/v1/")
    assert login_for("quay.io/a/b", logins) == {}


def test_the_engine_in_memory_pulls_what_its_registry_has() -> None:
    engine = FakeEngine(registry=("nginx:latest",))
    shares: list[float | None] = []
    assert engine.perform(operation(Kind.PULL_IMAGE, image="nginx"), progress=lambda _, share: shares.append(share))
    assert "nginx:latest" in engine.observe("any").images and shares[-1] == 1.0
    with pytest.raises(NotFound) as denied:
        engine.perform(operation(Kind.PULL_IMAGE, image="nothing"))
    assert denied.value.fix.startswith("Check the name nothing.")


def test_layers_count_alike_and_a_share_never_goes_back() -> None:
    progress = PullProgress()
    assert progress.fold({"status": "Pulling from library/redis", "id": "7"}) == ("Pulling from library/redis", None)
    progress.fold({"status": "Pulling fs layer", "id": "a"})
    assert progress.fold({"status": "Already exists", "id": "b"}) == ("1 of 2 layers", 0.5)
    assert progress.fold({"status": "Downloading", "id": "a", "progressDetail": {"current": 5, "total": 10}})[1] == pytest.approx(
        0.675
    )
    progress.fold({"status": "Download complete", "id": "a"})
    assert progress.fold({"status": "Extracting", "id": "a", "progressDetail": {"current": 0, "total": 10}})[1] == pytest.approx(
        0.85
    )
    line, _ = progress.fold({"status": "Downloading", "id": "c", "progressDetail": {"current": 1_500_000, "total": 4_000_000}})
    assert line == "1 of 3 layers; a unpacking 0.0 of 0.0 MB; c downloading 1.5 of 4.0 MB"
    progress.fold({"status": "Pull complete", "id": "c"})
    assert progress.fold({"status": "Pull complete", "id": "a"}) == ("3 of 3 layers", 1.0)


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("redis", ("redis", "latest")),
        ("redis:7", ("redis", "7")),
        ("host:5000/team/app", ("host:5000/team/app", "latest")),
        ("host:5000/team/app:v1", ("host:5000/team/app", "v1")),
        ("redis@sha256:abc", ("redis", "sha256:abc")),
    ],
)
def test_a_reference_is_split_where_the_tag_begins(image: str, parts: tuple[str, str]) -> None:
    assert split_reference(image) == parts
