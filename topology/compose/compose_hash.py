"""Compose's own hash of a service: the label `com.docker.compose.config-hash`, which decides whether a container is recreated."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from topology.compose.canonical.written import json_text

# What may change without a container being made anew.
_LEFT_OUT = frozenset({"build", "pull_policy", "scale"})


def service_hash(service: Mapping[str, Any]) -> str:
    """SHA-256 in hex of a service of `canonical.resolved`: what `docker compose config --hash '*'` prints (2.26.1).

    The JSON is the one that is printed, compact, dollar signs once, without build, pull_policy, scale, depends_on, profiles and
    deploy.replicas. Keys must stand in the canonical order.
    """
    return sha256(hashed_text(service).encode()).hexdigest()


def hashed_text(service: Mapping[str, Any]) -> str:
    """The JSON whose SHA-256 the hash is."""
    hashed = {key: value for key, value in service.items() if key not in _LEFT_OUT}
    if isinstance(hashed.get("deploy"), Mapping):
        hashed["deploy"] = {key: value for key, value in hashed["deploy"].items() if key != "replicas"}
    return json_text(hashed, indent=None)
