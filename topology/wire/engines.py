"""Engines: their facts, policy, images and registry logins."""

from __future__ import annotations

from typing import Literal

from topology.wire.base import Wire


class EnginePolicy(Wire):
    """What is allowed on an engine beyond plain containers. All False unless an engine administrator says so."""

    privileged: bool = False
    bind_mounts: bool = False
    engine_socket: bool = False
    host_namespaces: bool = False
    devices: bool = False
    capabilities: bool = False
    unconfined: bool = False
    other_stacks: bool = False


class EngineView(Wire):
    id: str
    name: str
    reachable: bool
    error: str
    fix: str
    version: str
    os: str
    cpus: int
    memory_bytes: int
    policy: EnginePolicy


class RegistryLoginView(Wire):
    """A login at an image registry; its secret never leaves the server. `state`: "checking" until the engine tried it there,
    then "works", "refused" (not used then) or "unknown" (it could not be tried; `words` says why)."""

    id: str
    registry: str
    username: str
    state: Literal["checking", "works", "refused", "unknown"]
    words: str
    fix: str
    checked_at: float
    changed_by: str
    changed_at: float


class NewRegistryLogin(Wire):
    """`secret` is a password or an access token; "" keeps the one that is known, while the name and registry are the same."""

    registry: str
    username: str
    secret: str


class ImageView(Wire):
    tag: str
    size_bytes: int
