"""`./netyard up` as a process: what it says, what it survives, and that nothing of it stays behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import docker
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, free_port, start_site, stop_site, until
from tests.e2e.editor import apply, card, saved
from tests.e2e.processes import alive, netyard, pids_of
from tests.e2e.visitors import make_stack, text_of
from tests.lab.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.engine]
Window = Callable[..., Page]
CHILDREN = ["valkey", "watcher", "web", "worker"]
ONE = "services:\n  web:\n    image: standin:latest\n"


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
