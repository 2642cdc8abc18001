"""Docker Compose v2 for the tests: the machine's own, else the binary of Debian's next release, unpacked beside the caches."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path("/var/tmp/netyard-tests/compose")
BINARY = "usr/libexec/docker/cli-plugins/docker-compose"
RELEASE = "trixie"


def compose_command() -> list[str]:
    """The command before Compose's own arguments. Fetched once for the machine; a failure says what apt said."""
    if (CACHE / BINARY).exists():
        return [str(CACHE / BINARY)]
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) and _is_v2(command):
            return command
    _fetch()
    return [str(CACHE / BINARY)]


def _is_v2(command: list[str]) -> bool:
    done = subprocess.run([*command, "version", "--short"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.returncode == 0 and done.stdout.lstrip("v").startswith(("2.", "5."))


def _fetch() -> None:
    """Download the package with apt, with lists of its own, and unpack it: nothing is installed on the machine."""
    with tempfile.TemporaryDirectory(prefix="netyard-apt-") as name:
        folder = Path(name)
        (folder / "lists" / "partial").mkdir(parents=True)
        (folder / "sources").mkdir()
        (folder / "sources" / "next.list").write_text(f"deb {_mirror()} {RELEASE} main\n")
        apt = [
            "apt-get", "-qq", "-o", "Dir::Etc::sourcelist=/dev/null", "-o", f"Dir::Etc::sourceparts={folder}/sources",
            "-o", f"Dir::State::lists={folder}/lists", "-o", "APT::Sandbox::User=root",
        ]  # fmt: skip
        _run([*apt, "update"], folder)
        _run([*apt, "download", "docker-compose"], folder)
        unpacked = folder / "unpacked"
        _run(["dpkg", "-x", str(next(folder.glob("docker-compose_*.deb"))), str(unpacked)], folder)
        target = CACHE / BINARY
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(unpacked / BINARY, target.with_suffix(".part"))
        target.with_suffix(".part").replace(target)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env={**os.environ, "LC_ALL": "C"}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout[-3000:]}"


def _mirror() -> str:
    """The mirror this machine uses, in either form of apt's sources."""
    for path in sorted([Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list")]):
        for line in path.read_text().splitlines() if path.exists() else ():
            words = line.split()
            if words[:1] == ["URIs:"]:
                return words[1]
            if words[:1] == ["deb"]:
                return next(word for word in words if word.startswith("http"))
    return "http://deb.debian.org/debian"
