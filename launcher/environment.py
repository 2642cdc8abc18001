"""The virtual environment: made once, filled from uv.lock, refreshed when the lock changes."""

import hashlib
import os
import shutil
import subprocess
import sys

from launcher.places import PYTHON, ROOT, VENV, CannotGoOn, say
from launcher.system import apt_install, may_use_apt

UV_VERSION = "0.13.9"


def ensure_environment(*, groups: tuple[str, ...] = (), extras: tuple[str, ...] = ()) -> None:
    """Make `.venv` hold the locked dependencies of these groups and extras. Does nothing when it already does."""
    wanted = _fingerprint()
    missing = [name for name in ("base", *groups, *extras) if _stamp(name) != wanted]
    if not missing:
        return
    if not (VENV / "bin" / "uv").exists():
        _make_venv()
    say("Installing the locked dependencies …")
    command = [str(VENV / "bin" / "uv"), "sync", "--locked", "--inexact", "--no-progress", "--quiet"]
    for group in groups:
        command += ["--group", group]
    for extra in extras:
        command += ["--extra", extra]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV), "UV_PYTHON": str(PYTHON)})
    if done.returncode != 0:
        raise CannotGoOn("The dependencies could not be installed (see above); check the network and run the command again.")
    for name in ("base", *groups, *extras):
        (VENV / f".netyard-{name}").write_text(wanted)


def _fingerprint() -> str:
    return hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()


def _stamp(name: str) -> str:
    path = VENV / f".netyard-{name}"
    return path.read_text() if path.exists() else ""


def _make_venv() -> None:
    say(f"Making a virtual environment in {VENV.name} …")
    if _venv_command().returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        if not may_use_apt():
            raise CannotGoOn("Python's venv module is incomplete here; install it (Debian: apt install python3-venv).")
        say("Python's venv module is incomplete; installing python3-venv with apt …")
        apt_install("python3-venv")
        if _venv_command().returncode != 0:
            raise CannotGoOn(f"No virtual environment could be made with {sys.executable}; try another Python 3.11 or newer.")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"uv=={UV_VERSION}"]
    if subprocess.run(pip).returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotGoOn("uv could not be installed from the package index; check the network and run the command again.")


def _venv_command() -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "venv", str(VENV)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
