"""Opens an engine by its address."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import docker.errors
from docker.tls import TLSConfig

from topology.engine.client import HttpClient
from topology.engine.docker_engine import DockerEngine
from topology.engine.errors import EngineUnreachable, Refused
from topology.engine.logins import Login

DEFAULT_URL = "unix:///var/run/docker.sock"


def open_engine(url: str = "", *, logins: Mapping[str, Login] = MappingProxyType({})) -> DockerEngine:
    """The engine at `url`: unix:///path, tcp://host:port, https://host:port or ssh://user@host; "" is DOCKER_HOST or the
    default socket. With DOCKER_TLS_VERIFY or DOCKER_CERT_PATH set, tcp goes over TLS. Asks the engine for its version, and
    raises EngineUnreachable when nothing answers. `logins` has a registry's host → name and password for pulls and builds.
    """
    address = url or os.environ.get("DOCKER_HOST") or DEFAULT_URL
    scheme = address.partition("://")[0]
    if scheme not in ("unix", "tcp", "http", "https", "ssh"):
        raise Refused(
            f"{address} is no address of a Docker engine.", fix="Write unix:///path/to/socket, tcp://host:port or ssh://user@host."
        )
    tls = _tls(address) if scheme in ("tcp", "https") else None
    return DockerEngine(HttpClient(address, tls=tls, logins=logins), local=scheme == "unix")


def _tls(address: str) -> TLSConfig | None:
    folder = os.environ.get("DOCKER_CERT_PATH", "")
    verify = os.environ.get("DOCKER_TLS_VERIFY", "") not in ("", "0")
    if not folder and not verify:
        return None
    certificates = Path(folder) if folder else Path.home() / ".docker"
    try:
        return TLSConfig(
            client_cert=(str(certificates / "cert.pem"), str(certificates / "key.pem")),
            ca_cert=str(certificates / "ca.pem"),
            verify=verify,
        )
    except docker.errors.TLSParameterError as error:
        raise EngineUnreachable(
            f"No TLS connection to {address}: {certificates} lacks ca.pem, cert.pem or key.pem.",
            fix="Put the engine's client certificates there, or set DOCKER_CERT_PATH.",
        ) from error
