"""Compose's hash of a service that joins another's namespaces or volumes: Compose puts the other container's id into the service
before it hashes it, so that the hash is known only when that container is there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from topology.core.design import Design, Service

ID = "{id}"  # in a piece of the text that stands for one that names a service


def replacements(design: Design, spec: Service) -> list[list[str]]:
    """[piece of the service's JSON, what stands there instead, the container whose id goes into it], sorted."""
    found = []
    for key, mode in (("network_mode", spec.network_mode), ("ipc", spec.ipc), ("pid", spec.pid)):
        kind, _, name = (mode or "").partition(":")
        if kind == "service" and name in design.services:
            found.append([f'"{key}":"service:{name}"', f'"{key}":"container:{ID}"', design.container_name(name)])
    for text in spec.volumes_from:
        name = text.partition(":")[0]
        if name in design.services:
            found.append([json.dumps(text), json.dumps(ID), design.container_name(name)])
    return sorted(found)


def joined_hash(text: str, replaced: list[list[str]], ids: Mapping[str, str]) -> str:
    """SHA-256 in hex of the text with ids (container's name → id) in it; "" where one of the containers is not there."""
    for piece, instead, name in replaced:
        if not ids.get(name):
            return ""
        text = text.replace(piece, instead.replace(ID, ids[name]))
    return hashlib.sha256(text.encode()).hexdigest()
