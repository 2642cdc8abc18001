"""Looking things up on an engine by name, where a name may be there or not.

An engine takes the beginning of an id for a name when nothing has that name (moby's GetContainer: a whole id, an exact name, the
beginning of one id). Of a container that is gone a plan means nobody, never a stranger whose id begins with its name. Only a name
of hexadecimal digits alone can be one, so that no other costs a call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from topology.core.labels import PROJECT
from topology.engine.client import Client
from topology.engine.errors import NotFound
from topology.engine.failures import error_from_answer

_PART_OF_AN_ID = re.compile(r"[0-9a-f]{1,64}")
_JOINED = ("NetworkMode", "PidMode", "IpcMode")  # "container:NAME"


def quoted(name: str) -> str:
    return quote(name, safe="")


def or_none(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except NotFound:
        return None


def unless_gone(call: Callable[[], object]) -> None:
    or_none(call)


def found_container(client: Client, name: str) -> Any:
    """The container of exactly this name."""
    found = or_none(lambda: client.get(f"/containers/{quoted(name)}/json"))
    return found if found and found["Name"] == f"/{name}" else None


def exact_container(client: Client, name: str) -> str:
    """What means the container of exactly this name to the engine: the name, or its id. NotFound where it has to be looked up
    and is not there."""
    if not _PART_OF_AN_ID.fullmatch(name):
        return name
    if (found := found_container(client, name)) is None:
        raise error_from_answer(404, f"No such container: {name}")
    return str(found["Id"])


def container_path(client: Client, name: str) -> str:
    """Where calls about the container of exactly this name go."""
    return f"/containers/{quoted(exact_container(client, name))}"


def exact_joins(client: Client, payload: Mapping[str, Any], *, own: Iterable[str]) -> Mapping[str, Any]:
    """The body of a create call, whose own containers (`core.plan`) are those of exactly these names: the policy lets it join
    them by name, and no others. So are its networks."""
    for name in (payload.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}:
        exact_network(client, name)
    ids = {name: exact for name in own if (exact := exact_container(client, name)) != name}
    if not ids:
        return payload
    host = dict(payload.get("HostConfig") or {})
    for key in _JOINED:
        kind, _, name = str(host.get(key) or "").partition(":")
        if kind == "container" and name in ids:
            host[key] = f"container:{ids[name]}"
    for key in ("Links", "VolumesFrom"):
        if host.get(key):
            parts = [str(text).partition(":") for text in host[key]]
            host[key] = ["".join((ids.get(name, name), *rest)) for name, *rest in parts]
    return {**payload, "HostConfig": host}


def found_network(client: Client, name: str) -> Any:
    """The network of exactly this name: the engine would also take the beginning of an id."""
    found = or_none(lambda: client.get(f"/networks/{quoted(name)}"))
    return found if found and name in (found["Name"], found["Id"]) else None


def exact_network(client: Client, name: str) -> str:
    """As `exact_container`, of a network's name or whole id."""
    if not _PART_OF_AN_ID.fullmatch(name):
        return name
    if (found := found_network(client, name)) is None:
        raise error_from_answer(404, f"network {name} not found")
    return str(found["Id"])


def owner_words(labels: Mapping[str, Any]) -> str:
    return f"the project {labels[PROJECT]}" if labels.get(PROJECT) else "no Compose project"
