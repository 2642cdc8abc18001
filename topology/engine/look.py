"""Raw looks at an engine: what is on it at all, and everything about some containers. Nothing is changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from topology.core.labels import PROJECT
from topology.core.reconstruct import Found
from topology.engine.client import Client
from topology.engine.errors import NotFound

Json = Mapping[str, Any]


def look_at(client: Client, *, project: str = "", containers: Collection[str] = ()) -> Found:
    """All that is told about a project's containers and about those given (by id or name); those that are gone are left out."""
    listed = client.get("/containers/json", params={"all": 1})
    names = {raw["Id"]: own_name(raw) for raw in listed}
    wanted = [
        raw["Id"] for raw in listed
        if (project and (raw.get("Labels") or {}).get(PROJECT) == project) or {raw["Id"], names[raw["Id"]]} & set(containers)
    ]  # fmt: skip
    found = [one for key in wanted if (one := _or_none(client, f"/containers/{key}/json")) is not None]
    images: dict[str, Json] = {}
    for key in sorted({str(one["Image"]) for one in found if one.get("Image")}):
        if (image := _or_none(client, f"/images/{quote(key, safe=':')}/json")) is not None:
            images[key] = image
    return Found(
        containers=tuple(sorted(found, key=lambda one: str(one["Name"]))),
        images=images,
        networks=tuple(client.get("/networks")),
        volumes=tuple(client.get("/volumes").get("Volumes") or ()),
        names=names,
        tags={tag: raw["Id"] for raw in client.get("/images/json") for tag in raw.get("RepoTags") or ()},
        info=client.get("/info"),
    )


def list_all(client: Client) -> tuple[list[Json], list[Json], list[Json]]:
    """All containers, networks and volumes, as the engine lists them."""
    return (
        list(client.get("/containers/json", params={"all": 1})),
        list(client.get("/networks")),
        list(client.get("/volumes").get("Volumes") or ()),
    )


def _or_none(client: Client, path: str) -> Json | None:
    try:
        found: Json = client.get(path)
    except NotFound:
        return None
    return found


def own_name(raw: Json) -> str:
    """The container's own name; a link on docker0 gives its target further ones, with the client's before a slash."""
    return next((name[1:] for name in raw.get("Names") or () if "/" not in name[1:]), "")
