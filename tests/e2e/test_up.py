"""`./netyard up` as a process: what it says, what it survives, and that nothing of it stays behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Site, free_port, start_site, stop_site, until
from tests.e2e.editor import apply, bar, card, drag_from_palette, import_stack, more, saved
from tests.e2e.visitors import login_of, make_stack, text_of
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]
CHILDREN = ["valkey", "watcher", "web", "worker"]
ONE = "services:\n  web:\n    image: standin:latest\n"


def netyard(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NETYARD_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, str(ROOT / "netyard"), *arguments], cwd=ROOT, env={**kept, "NETYARD_DATA": str(data), **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90,
    )  # fmt: skip


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def pids_of(site: Site) -> dict[str, int]:
    return {name: int(child["pid"]) for name, child in site.state()["children"].items()}


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with a short path, as a socket stands in it."""
    folder = Path(tempfile.mkdtemp(prefix="nyt-up-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_up_says_in_one_sentence_what_stands_in_its_way(site: Site, data: Path) -> None:
    def refused(*arguments: str) -> str:
        done = netyard("up", "--no-engine-install", *arguments, data=data)
        assert (done.returncode, done.stdout) == (1, ""), done
        assert done.stderr.count("\n") == 1 and done.stderr.startswith("netyard: "), done.stderr
        return done.stderr.strip()

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refused("--port", port)
        assert said == (
            f"netyard: Cannot listen on 127.0.0.1 port {port} (Address already in use); choose another with --port or --host."
        )
    file = data / "file"
    file.write_text("")
    said = refused("--data", str(file / "below"), "--port", str(free_port()))
    assert said == f"netyard: The data folder {file / 'below'} cannot be written (Not a directory); choose another with --data DIR."
    said = refused("--data", str(site.data), "--port", str(free_port()))
    assert said == f"netyard: Netyard already runs with this data folder, at {site.address}; `./netyard stop` ends it."
    assert netyard("status", data=site.data).returncode == 0, "the first goes on"
    done = netyard("stack", "list", data=file / "below")
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr, done.stderr


def test_status_and_the_ways_to_end_leave_no_process_behind(data: Path) -> None:
    absent = netyard("status", data=data)
    assert (absent.returncode, absent.stdout) == (3, "Netyard does not run here; start it with `./netyard up`.\n")
    assert netyard("stop", data=data).stdout == "Netyard does not run here.\n"

    # Ctrl-C.
    started = time.monotonic()
    site = start_site(data)
    try:
        print(f"the first up with a data folder of its own: {time.monotonic() - started:.1f} s")
        pids = pids_of(site)
        assert sorted(pids) == CHILDREN
        here = netyard("status", data=data)
        assert here.returncode == 0
        lines = here.stdout.splitlines()
        assert lines[0] == f"Netyard runs (process {site.process.pid}) and answers at {site.address}"
        assert [line.split()[0] for line in lines[1:]] == [*CHILDREN, "engine"]
        assert all(f"runs, process {pids[name]}, restarted 0 times" in here.stdout for name in CHILDREN)
        stopped = time.monotonic()
        os.killpg(site.process.pid, signal.SIGINT)
        assert site.process.wait(20) == 0
        print(f"Ctrl-C to the end: {time.monotonic() - stopped:.1f} s")
    finally:
        stop_site(site)
    assert not [name for name, pid in pids.items() if alive(pid)]
    assert netyard("status", data=data).returncode == 3

    # A supervisor that is killed takes its children with it.
    started = time.monotonic()
    site = start_site(data)
    try:
        print(f"the second up: {time.monotonic() - started:.1f} s")
        assert site.setup_link, "the link is there until it is used"
        pids = pids_of(site)
        os.kill(site.process.pid, signal.SIGKILL)
        site.process.wait(5)
        killed = time.monotonic()
        until(lambda: not [name for name, pid in pids.items() if alive(pid)], within_s=15, what="the children end")
        print(f"kill -9 of the supervisor to the last child's end: {time.monotonic() - killed:.1f} s")
    finally:
        stop_site(site)
    assert netyard("status", data=data).returncode == 3

    # In the background, ended by `stop`.
    port = str(free_port())
    detached = netyard("up", "--detach", "--no-engine-install", "--port", port, data=data)
    assert detached.returncode == 0 and "It goes on in the background" in detached.stdout, detached
    state = json.loads((data / "up.json").read_text())
    pids = {name: child["pid"] for name, child in state["children"].items()} | {"up": state["pid"]}
    again = netyard("up", "--detach", "--port", port, data=data)
    assert again.returncode == 1 and "already runs with this data folder" in again.stderr
    stop = netyard("stop", data=data)
    assert (stop.returncode, stop.stdout) == (0, "Netyard has stopped.\n")
    assert not [name for name, pid in pids.items() if alive(pid)]
    assert netyard("stop", data=data).returncode == 0


@pytest.mark.parametrize("child", CHILDREN)
def test_each_process_comes_back_and_the_site_works(
    child: str, window: Window, project: str, site: Site, ann: Visitor, engine: docker.DockerClient
) -> None:
    stack = make_stack(ann, project, ONE)
    page = window(f"/stacks/{stack}")
    card(page, "web").click()
    before = pids_of(site)
    os.kill(before[child], signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: (now := pids_of(site)).get(child, before[child]) != before[child] and alive(now[child]), what="it is back")
    print(f"{child} back after {time.monotonic() - killed:.1f} s")
    assert {name: pid for name, pid in pids_of(site).items() if name != child} == {
        name: pid for name, pid in before.items() if name != child
    }
    page.keyboard.press("Control+d")
    expect(page.get_by_label("Name of the service")).to_have_value("web-2", timeout=20_000)
    saved(page)
    until(lambda: "web-2:" in text_of(ann, stack), what="the edit")
    expect(page.get_by_text("Reconnecting…")).to_have_count(0, timeout=15_000)
    apply(page)
    expect(card(page, "web")).to_have_attribute("data-tone", "good")
    container = engine.containers.get(f"{project}-web-1")
    container.update(restart_policy={"Name": "no"})
    container.kill()
    expect(card(page, "web")).to_have_attribute("data-tone", "bad")
    print(f"{child} killed; an edit, a run and a live event after {time.monotonic() - killed:.1f} s")


class Relay:
    """A socket at a path that hands every connection on to the real engine."""

    def __init__(self, path: Path) -> None:
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(str(path))
        self.server.listen(64)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            far.connect("/var/run/docker.sock")
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()


def test_without_an_engine_one_draws_and_it_is_found_when_it_appears(
    browser: Browser, data: Path, project: str, engine: docker.DockerClient
) -> None:
    missing = data / "engine.sock"
    site = start_site(data, environment={"DOCKER_HOST": f"unix://{missing}"})
    relay: Relay | None = None
    context = browser.new_context(base_url=site.address, viewport={"width": 1440, "height": 900})
    try:
        owner = Visitor(site.address)
        owner.set_up(site.setup_link, username="ann")
        context.add_cookies(login_of(owner)["cookies"])
        page = context.new_page()
        page.goto("/")
        banner = page.get_by_role("alert").filter(has_text="Drawing, checking, importing and exporting work without it")
        expect(banner).to_be_visible()
        print(f"the banner: {banner.inner_text()!r}")
        expect(banner).to_contain_text(str(missing))
        status = netyard("status", data=data, DOCKER_HOST=f"unix://{missing}")
        assert f"engine   does not answer at unix://{missing}" in status.stdout and status.returncode == 0

        import_stack(page, project, ONE)
        drag_from_palette(page, "Network", x=380, y=120)
        expect(bar(page, "network")).to_be_visible()
        drag_from_palette(page, "nginx", x=560, y=420)
        expect(page.get_by_role("article", name=re.compile("^service web-?2,"))).to_be_visible()
        page.get_by_role("button", name=re.compile("^Undo")).click()
        expect(page.get_by_role("article", name=re.compile("^service web-?2,"))).to_have_count(0)
        saved(page)
        with page.expect_download() as coming:
            more(page, "Export")
        exported: Any = coming.value
        assert Path(exported.path()).read_text() == ONE + "\nnetworks:\n  network:\n", Path(exported.path()).read_text()
        checked = owner.post("/api/compose/check", {"text": "services:\n  a:\n    image: x\n    ports: ['80:80', '80:81']\n"})
        assert [one["code"] for one in checked["problems"]], checked
        expect(page.get_by_text("does not answer.").first).to_be_visible()
        page.get_by_role("button", name="Plan", exact=True).click()
        expect(page.get_by_role("button", name="Apply", exact=True).last).to_be_disabled()

        relay = Relay(missing)
        appeared = time.monotonic()
        expect(page.get_by_text("does not answer.")).to_have_count(0, timeout=15_000)
        print(f"an engine appeared and was found after {time.monotonic() - appeared:.1f} s")
        apply(page)
        expect(card(page, "web")).to_have_attribute("data-tone", "good")
        assert engine.containers.get(f"{project}-web-1").status == "running"
        page.goto("/")
        expect(page.get_by_role("link", name=f"Stack {project}, Running")).to_be_visible()
        expect(banner).to_have_count(0)
    finally:
        context.close()
        stop_site(site)
        if relay:
            relay.close()


CHAIN = "services:\n" + "".join(
    f"  s{number}:\n    image: standin:latest\n" + (f"    depends_on: [s{number - 1}]\n" if number else "") for number in range(8)
)


def test_a_worker_killed_in_an_apply_leaves_a_run_that_a_second_apply_finishes(
    window: Window, project: str, site: Site, ann: Visitor, engine: docker.DockerClient
) -> None:
    def made() -> dict[str, str]:
        found = engine.containers.list(all=True, filters={"label": f"com.docker.compose.project={project}"})
        names = [one.labels["com.docker.compose.service"] for one in found]
        assert len(set(names)) == len(names), f"doubled: {sorted(names)}"
        return {one.labels["com.docker.compose.service"]: one.id for one in found}

    def running() -> int:
        return len(engine.containers.list(filters={"label": f"com.docker.compose.project={project}"}))

    stack = make_stack(ann, project, CHAIN)
    until(lambda: ann.get(f"/api/stacks/{stack}/plan?kind=apply")["observed_at"], what="the engine was seen")
    page = window(f"/stacks/{stack}")
    expect(card(page, "s0")).to_be_visible()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_text(re.compile(r"Plan of version \d+"))).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).last.click()
    until(lambda: running() >= 2, within_s=30, what="two containers run")
    os.kill(pids_of(site)["worker"], signal.SIGKILL)
    killed = time.monotonic()
    expect(page.get_by_text("Applying was interrupted")).to_be_visible(timeout=30_000)
    print(f"kill -9 of the worker to a run that says so: {time.monotonic() - killed:.1f} s")
    expect(page.get_by_text(re.compile("^The worker died (while|before)"))).to_be_visible()
    expect(page.get_by_text("Press Apply: what is done stays done, the rest is finished.")).to_be_visible()
    before = made()
    assert 2 <= running() < 8
    run = ann.get(f"/api/stacks/{stack}/runs")[0]
    assert run["state"] == "interrupted"

    page.get_by_role("button", name="Plan the rest").click()
    expect(page.get_by_text(re.compile(r"Plan of version \d+"))).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).last.click()
    expect(page.get_by_text(re.compile("^Applied in"))).to_be_visible(timeout=60_000)
    after = made()
    assert sorted(after) == [f"s{number}" for number in range(8)]
    assert {name: after[name] for name in before} == before
    assert running() == 8
    assert [one["kind"] for one in ann.get(f"/api/stacks/{stack}/plan?kind=apply")["operations"]] == []


def test_commands_for_scripts_change_what_the_browser_shows(
    window: Window, project: str, site: Site, engine: docker.DockerClient, tmp_path: Path
) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(ONE + "# the end")
    page = window("/")
    expect(page.get_by_role("heading", name=re.compile("^(Stacks|Draw your first stack)$"))).to_be_visible()
    imported = netyard("stack", "import", str(file), "--name", project, data=site.data)
    assert (imported.returncode, imported.stdout) == (0, f"Imported {project}: 1 service, 1 network.\n"), imported
    tile = page.get_by_role("link", name=re.compile(f"^Stack {project},"))
    expect(tile).to_be_visible()
    tile.click()
    expect(card(page, "web")).to_be_visible()
    tell_all(project, site.data, file)
    expect(card(page, "web")).to_have_attribute("data-tone", "good")
    assert engine.containers.get(f"{project}-web-1").status == "running"
    down = netyard("stack", "down", project, data=site.data)
    assert down.returncode == 0 and "Done." in down.stdout, down
    expect(card(page, "web")).not_to_have_attribute("data-tone", "good")
    assert netyard("stack", "delete", project, data=site.data).stdout == f"Deleted {project}.\n"
    expect(page.get_by_role("alert").filter(has_text=re.compile("does not exist for you|was taken away"))).to_be_visible()


def test_commands_for_scripts_work_where_nothing_runs(
    data: Path, project: str, engine: docker.DockerClient, tmp_path: Path
) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(ONE + "# the end")
    folder = data / "new"
    imported = netyard("stack", "import", str(file), "--name", project, data=folder)
    assert (imported.returncode, imported.stdout) == (0, f"Imported {project}: 1 service, 1 network.\n"), imported
    tell_all(project, folder, file)
    assert engine.containers.get(f"{project}-web-1").status == "running"
    again = netyard("stack", "apply", project, "--wait", data=folder)
    assert again.returncode == 0 and "Nothing to do." in again.stdout, again
    refused = netyard("stack", "delete", project, data=folder)
    assert refused.returncode == 1 and "Traceback" not in refused.stderr and refused.stderr.strip(), refused
    assert netyard("stack", "down", project, "--volumes", data=folder).returncode == 0
    assert netyard("stack", "delete", project, data=folder).returncode == 0
    assert netyard("stack", "show", project, data=folder).returncode == 2


def tell_all(project: str, data: Path, file: Path) -> None:
    """list, plan, apply, show and export, as a script would read them."""
    listed = json.loads(netyard("stack", "list", "--json", data=data).stdout)
    assert [one["state"] for one in listed if one["name"] == project] == ["never applied"]
    plan = netyard("stack", "plan", project, data=data)
    assert plan.returncode == 0 and "web" in plan.stdout, plan
    applied = netyard("stack", "apply", project, "--wait", data=data)
    assert applied.returncode == 0 and applied.stdout.endswith("Done.\n"), applied
    shown = json.loads(netyard("stack", "show", project, "--json", data=data).stdout)
    assert (shown["running"], shown["wanted"], shown["state"]) == (1, 1, "running")
    exported = netyard("stack", "export", project, data=data)
    assert exported.stdout.encode() == file.read_bytes()
