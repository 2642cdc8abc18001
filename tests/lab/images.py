"""Images for the tests, made from Debian's packages, for a machine that can pull nothing. Images that exist are left alone.

busybox:stable       every busybox applet
standin:latest       answers HTTP on 80 and TCP echo on 7, whatever its arguments; tests tag it as the image they want
debian:bookworm-slim debootstrap's minimal system
python:3.11-slim     the above with Python 3, venv, pip and a few network tools
"""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import docker
from docker.errors import ImageNotFound

STANDIN = """#!/bin/sh
trap 'exit 0' TERM INT
mkdir -p /tmp/www && hostname >/tmp/www/index.html
httpd -p 80 -h /tmp/www 2>/dev/null
nc -ll -p 7 -e cat 2>/dev/null &
echo "standin started: $*"
while :; do sleep 3600 & wait $!; done
"""
PYTHON_IMAGE = """FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv python3-pip ca-certificates \\
 iproute2 iputils-ping netcat-openbsd curl && ln -sf /usr/bin/python3 /usr/local/bin/python && rm -rf /var/lib/apt/lists/*
CMD ["python3"]
"""


def main() -> int:
    engine = docker.from_env(timeout=300)
    if not _has(engine, "busybox:stable"):
        _import_tree(engine, _busybox_tree, "busybox:stable", 'CMD ["sh"]')
    if not _has(engine, "standin:latest"):
        dockerfile = 'FROM busybox:stable\nCOPY standin /standin\nEXPOSE 80 7\nENTRYPOINT ["/standin"]\n'
        _build(engine, "standin:latest", {"Dockerfile": dockerfile, "standin": STANDIN})
    if not _has(engine, "debian:bookworm-slim"):
        print("Making debian:bookworm-slim (about 30 s) …", flush=True)
        _import_tree(engine, _debian_tree, "debian:bookworm-slim", 'CMD ["bash"]')
    if not _has(engine, "python:3.11-slim"):
        print("Making python:3.11-slim (about 60 s) …", flush=True)
        _build(engine, "python:3.11-slim", {"Dockerfile": PYTHON_IMAGE})
    return 0


def _has(engine: docker.DockerClient, tag: str) -> bool:
    try:
        engine.images.get(tag)
    except ImageNotFound:
        return False
    return True


def _busybox_tree(root: Path) -> None:
    for folder in ("bin", "etc", "tmp"):
        (root / folder).mkdir()
    binary = Path("/bin/busybox") if Path("/bin/busybox").exists() else Path("/usr/bin/busybox")
    (root / "bin" / "busybox").write_bytes(binary.read_bytes())
    (root / "bin" / "busybox").chmod(0o755)
    subprocess.run(["chroot", str(root), "/bin/busybox", "--install", "-s", "/bin"], check=True)


def _debian_tree(root: Path) -> None:
    done = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(root)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"debootstrap failed:\n{done.stdout[-2000:]}")
    for archive in (root / "var/cache/apt/archives").glob("*.deb"):
        archive.unlink()


def _import_tree(engine: docker.DockerClient, make: object, tag: str, change: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root, archive = Path(folder) / "root", Path(folder) / "root.tar"
        root.mkdir()
        make(root)  # type: ignore[operator]
        subprocess.run(["tar", "-C", str(root), "-cf", str(archive), "."], check=True)
        repository, _, version = tag.partition(":")
        with archive.open("rb") as stream:
            engine.api.import_image_from_data(stream, repository=repository, tag=version, changes=[change])


def _build(engine: docker.DockerClient, tag: str, files: dict[str, str]) -> None:
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text.encode()), 0o755
            archive.addfile(entry, io.BytesIO(text.encode()))
    context.seek(0)
    network = "host" if os.environ.get("NETYARD_TEST_BUILD_HOST_NETWORK") else None
    engine.images.build(fileobj=context, custom_context=True, tag=tag, rm=True, network_mode=network)


if __name__ == "__main__":
    sys.exit(main())
