"""Looking things up on an engine by name, where a name may be there or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from topology.core.labels import PROJECT
from topology.engine.client import Client
from topology.engine.errors import NotFound


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
    return or_none(lambda: client.get(f"/containers/{quoted(name)}/json"))


def found_network(client: Client, name: str) -> Any:
    """The network of exactly this name: the engine would also take the beginning of an id."""
    found = or_none(lambda: client.get(f"/networks/{quoted(name)}"))
    return found if found and name in (found["Name"], found["Id"]) else None


def owner_words(labels: Mapping[str, Any]) -> str:
    return f"the project {labels[PROJECT]}" if labels.get(PROJECT) else "no Compose project"
