"""What this machine lets us do: Debian's package tool, as root."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from launcher.places import CannotGoOn


@cache
def is_debian() -> bool:
    """Whether this is Debian, Ubuntu or one of their kin."""
    release = Path("/etc/os-release")
    if not release.exists():
        return False
    fields = dict(line.split("=", 1) for line in release.read_text().splitlines() if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    return "debian" in names or "ubuntu" in names


def may_use_apt() -> bool:
    return is_debian() and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Install Debian packages, without recommended ones. Raises CannotGoOn with apt's last words."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotGoOn(f"apt could not install {' '.join(packages)}: {last}")
