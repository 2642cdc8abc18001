"""Labels of a container that are known only when it is made: ids of an image and of containers that the plan itself brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from topology.core.joined_hash import joined_hash
from topology.core.labels import COMPOSE_HASH, IMAGE
from topology.engine.client import Client
from topology.engine.errors import NotFound


def with_late_labels(client: Client, detail: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body of a create call: the image's id, where it was pulled or built after the plan was made, and Compose's hash, where
    the id of a container that this one joins is part of it."""
    payload: Mapping[str, Any] = detail["payload"]
    labels = dict(payload.get("Labels") or {})
    if labels.get(IMAGE) == "":
        labels[IMAGE] = _id(lambda: client.get(f"/images/{quote(payload['Image'], safe='/:@')}/json"))
    if detail.get("hash_text"):
        ids = {name: _id(lambda name=name: client.get(f"/containers/{quote(name, safe='')}/json")) for *_, name in detail["joins"]}  # type: ignore[misc]
        if told := joined_hash(detail["hash_text"], detail["joins"], ids):
            labels[COMPOSE_HASH] = told
    return {**payload, "Labels": labels}


def _id(look: Callable[[], Any]) -> str:
    try:
        return str(look().get("Id", ""))
    except NotFound:
        return ""
