"""Labels of a container that are known only when it is made: ids of an image and of containers that the plan itself brings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from topology.core.joined_hash import joined_hash
from topology.core.labels import COMPOSE_HASH, IMAGE
from topology.engine.client import Client
from topology.engine.found import found_container, or_none


def with_late_labels(client: Client, detail: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body of a create call: the image's id, where it was pulled or built after the plan was made, and Compose's hash, where
    the id of a container that this one joins is part of it."""
    payload: Mapping[str, Any] = detail["payload"]
    labels = dict(payload.get("Labels") or {})
    if labels.get(IMAGE) == "":
        found = or_none(lambda: client.get(f"/images/{quote(payload['Image'], safe='/:@')}/json"))
        labels[IMAGE] = str((found or {}).get("Id", ""))
    if detail.get("hash_text"):
        ids = {name: str((found_container(client, name) or {}).get("Id", "")) for *_, name in detail["joins"]}
        if told := joined_hash(detail["hash_text"], detail["joins"], ids):
            labels[COMPOSE_HASH] = told
    return {**payload, "Labels": labels}
