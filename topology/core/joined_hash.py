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
    """[piece of the service's JSON, what stands there instead, the container whose id goes into it], to be done in this order."""
    found = []
    for key, mode in (("ipc", spec.ipc), ("network_mode", spec.network_mode), ("pid", spec.pid)):
        kind, _, name = (mode or "").partition(":")
        if kind == "service" and name in design.services:
            found.append([f'"{key}":"service:{name}"', f'"{key}":"container:{ID}"', design.container_name(name)])
    return found + _volumes_from(design, spec)


def _volumes_from(design: Design, spec: Service) -> list[list[str]]:
    """The list as a whole comes first, since a service's name alone stands at other places too; it gets a mark for each id."""
    marks: dict[str, str] = {}  # mark → container
    items = []
    written = [hashed_item(text) for text in spec.volumes_from]
    for text in written:
        name = text.partition(":")[0]
        if name in design.services:
            marks[f"\x01{len(marks)}"] = design.container_name(name)
        items.append(f"\x01{len(marks) - 1}" if name in design.services else text)
    if not marks:
        return []
    before, marked = (json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in (written, items))
    first = next(iter(marks.values()))
    whole = [f'"volumes_from":{before}', f'"volumes_from":{marked}', first]
    return [whole, *([json.dumps(mark), json.dumps(ID), name] for mark, name in marks.items())]


def hashed_item(text: str) -> str:
    """An item of `volumes_from` as it is hashed: of "container:NAME:ro" the name alone."""
    kind, _, rest = text.partition(":")
    return rest.partition(":")[0] if kind == "container" else text


def joined_hash(text: str, replaced: list[list[str]], ids: Mapping[str, str]) -> str:
    """SHA-256 in hex of the text with ids (container's name → id) in it; "" where one of the containers is not there."""
    for piece, instead, name in replaced:
        if not ids.get(name):
            return ""
        text = text.replace(piece, instead.replace(ID, ids[name]))
    return hashlib.sha256(text.encode()).hexdigest()
