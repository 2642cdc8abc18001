"""A real `./netyard up`, a real engine and a real browser. Netyard runs from this checkout with a data folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.lab.containers import sweep_project
from tests.lab.tags import drop_tag
from tests.lab.visitor import Visitor

ROOT = Path(__file__).resolve().parent.parent.parent
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "correct horse battery"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@dataclass
class Site:
    """A running Netyard: its address, data folder, the supervisor's process, and the set-up link it printed."""

    address: str
    data: Path
    process: subprocess.Popen[str]
    setup_link: str

    def state(self) -> dict[str, Any]:
        return json.loads((self.data / "up.json").read_text())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(data: Path, *arguments: str, environment: dict[str, str] | None = None) -> Site:
    """Start `./netyard up` and wait for the line that says it answers."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NETYARD_", "DJANGO_"))}
    command = [sys.executable, "-u", str(ROOT / "netyard"), "up", "--data", str(data), "--port", str(port), "--no-engine-install"]
    process = subprocess.Popen(
        [*command, *arguments], cwd=ROOT, env={**kept, **(environment or {})},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line)
        if "Netyard answers at" in line:
            break
    text = "".join(lines)
    assert "Netyard answers at" in text, f"Netyard did not start:\n{text}"
    link = re.search(r"http://\S+/setup/#\S+", text)
    return Site(f"http://localhost:{port}", data, process, link[0] if link else "")


def stop_site(site: Site) -> None:
    if site.process.poll() is None:
        site.process.send_signal(signal.SIGTERM)
        try:
            site.process.wait(30)
        except subprocess.TimeoutExpired:
            site.process.kill()
            site.process.wait()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("up")
    running = start_site(data)
    yield running
    stop_site(running)
    for log in sorted((data / "logs").glob("*.log")):
        print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}")
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with a short path, as a socket stands in it."""
    folder = Path(tempfile.mkdtemp(prefix="nyt-up-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def engine() -> Iterator[docker.DockerClient]:
    """The real engine. It fails, never skips, where none answers."""
    client = docker.from_env(timeout=60)
    client.ping()
    yield client
    client.close()


@pytest.fixture
def project(engine: docker.DockerClient) -> Iterator[str]:
    """A project name of the test's own; everything the engine has of it is gone afterwards."""
    name = f"nyt-{uuid.uuid4().hex[:8]}"
    yield name
    sweep_project(engine, name)


@pytest.fixture(scope="package")
def stand_ins(engine: docker.DockerClient) -> Iterator[None]:
    """Images that stacks of the tests name, made of the stand-in; tags made here are removed again."""
    made = []
    for tag in ("nginx:alpine", "redis:7-alpine", "postgres:16-alpine"):
        try:
            engine.images.get(tag)
        except docker.errors.ImageNotFound:
            repository, _, version = tag.partition(":")
            engine.images.get("standin:latest").tag(repository, version)
            made.append(tag)
    yield
    for tag in made:
        drop_tag(engine, tag)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "No Chromium here; `./netyard test` installs it on Debian."
    expect.set_options(timeout=10_000)
    running = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield running
    running.close()


@pytest.fixture(scope="package")
def administrator(site: Site, browser: Browser) -> dict[str, Any]:
    """The first administrator, made through the one-time link in the browser; gives a storage state with the login."""
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    page.goto(site.setup_link)
    page.get_by_label("User name").fill("ann")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Draw your first stack")).to_be_visible()
    state = context.storage_state()
    context.close()
    return dict(state)


@pytest.fixture(scope="package")
def ann(site: Site, administrator: dict[str, Any]) -> Visitor:
    """The administrator over plain HTTP, with a login of her own."""
    visitor = Visitor(site.address)
    visitor.log_in(username="ann")
    return visitor


@pytest.fixture
def window(
    site: Site, browser: Browser, administrator: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """A function that opens a browser window of the administrator, or of nobody; errors on the page fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_window(path: str = "/", *, state: dict[str, Any] | None = administrator, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.address, storage_state=state, viewport={"width": 1440, "height": 900}, **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield open_window
    failed = request.node.stash.get(FAILED, False)
    for number, context in enumerate(contexts):
        for page in context.pages if failed else []:
            picture = Path(tempfile.gettempdir()) / f"{request.node.name}-{number}.png"
            page.screenshot(path=picture)
            print(f"The page when the test failed: {picture}")
        context.close()
    assert not errors, f"errors on the page: {errors}"


def until(condition: Callable[[], object], *, within_s: float = 15.0, what: str = "") -> Any:
    """Poll until the condition holds and give its value; fail with what was waited for."""
    deadline = time.monotonic() + within_s
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.02)
    return value
