"""Networks and endpoints: the calls of `engine.perform` that make, remove, connect and disconnect."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from topology.core.labels import NETWORK, PROJECT
from topology.engine import translate
from topology.engine.client import Client
from topology.engine.errors import Conflict, EngineError
from topology.engine.found import exact_container, exact_network, found_container, found_network, owner_words, quoted, unless_gone

CHANGE_TIMEOUT_S = 120.0
EMPTIED_S = 2.0  # until an engine that is busy has taken the last container off a network
ALREADY = "already exists in network"
MISCOUNTED = "Nothing is connected to {name} any more, but the engine counts a connection that it has lost track of."
RESTART_FIX = "Leave the network, which does no harm and is used again by the next apply; a restarted engine can remove it."

# seen on 20.10 after a SIGKILL of the engine; a restart alone does not help
UNSEEN_FIX = (
    "The engine keeps a network that it does not list, since it was killed while it made or removed one. Choose another subnet, or "
    "stop the engine, remove its network/files/local-kv.db, start it and apply every stack again: that makes their networks anew."
)

Detail = Mapping[str, Any]


def create_network(client: Client, detail: Detail) -> str:
    """Engines before 23 make a second network of the same name without a word, so it is looked for first."""
    payload = detail["payload"]
    found = found_network(client, payload["Name"])
    if found is None:
        try:
            answer = client.post("/networks/create", payload, timeout_s=CHANGE_TIMEOUT_S)
        except EngineError as refusal:
            other = re.search(r"conflicts with network ([0-9a-f]{64})", refusal.message)
            if other and found_network(client, other[1]) is None:
                raise Conflict(refusal.message, fix=UNSEEN_FIX) from refusal
            raise
        return str(answer.get("Id", ""))
    wanted, labels = payload.get("Labels") or {}, found.get("Labels") or {}
    if wanted.get(PROJECT) and all(labels.get(key) == wanted.get(key) for key in (PROJECT, NETWORK)):
        return str(found["Id"])
    raise Conflict(
        f"A network named {payload['Name']} exists already and belongs to {owner_words(labels)}.",
        fix="Mark the network as external to use that one, or give this one another name.",
    )


def remove_network(client: Client, detail: Detail) -> str:
    """Engine 20.10 can miscount a network's endpoints where many come and go at once (its `endpoint_count` stays at 1 with no
    endpoint there), and then refuses to remove it until it is restarted. It is told apart from a network that is in use."""
    found = found_network(client, detail["name"])
    if found is None:
        return ""
    deadline = time.monotonic() + EMPTIED_S
    while True:
        try:
            unless_gone(lambda: client.delete(f"/networks/{quoted(found['Id'])}", timeout_s=CHANGE_TIMEOUT_S))
            return ""
        except Conflict as refusal:
            there = found_network(client, found["Id"]) or {}
            if "has active endpoints" not in refusal.message or there.get("Containers"):
                raise
            if time.monotonic() > deadline:
                raise Conflict(MISCOUNTED.format(name=detail["name"]), fix=RESTART_FIX) from refusal
        time.sleep(0.2)


def connect(client: Client, detail: Detail) -> str:
    """Connected as asked already: done. Connected in another way: a Conflict, since to change it takes two calls and a plan's word.
    The engine refuses a second endpoint, so the call comes first and the look after a refusal."""
    name, network, wanted = detail["container"], detail["network"], detail.get("endpoint") or {}
    path = f"/networks/{quoted(exact_network(client, network))}/connect"
    try:
        client.post(path, {"Container": exact_container(client, name), "EndpointConfig": wanted}, timeout_s=CHANGE_TIMEOUT_S)
        return ""
    except EngineError as refusal:
        found = found_container(client, name) if ALREADY in refusal.message else None
        present = _endpoint_on(found, network) if found else None
        if found is None or present is None:
            raise
        asked = translate.endpoint(present.network, wanted, container_id=found["Id"], container_name=name, hostname="")
        if _settings(present) == _settings(asked):
            return ""
        raise Conflict(
            f"{name} is connected to {network} already, with other settings.", fix="Plan again: it has to be disconnected first."
        ) from refusal


def disconnect(client: Client, detail: Detail) -> str:
    found = found_container(client, detail["container"])
    networks = (found.get("NetworkSettings") or {}).get("Networks") or {} if found else {}
    if not any(detail["network"] in (name, (one or {}).get("NetworkID")) for name, one in networks.items()):
        return ""
    body = {"Container": found["Id"], "Force": False}

    def leave() -> None:
        network = quoted(exact_network(client, detail["network"]))
        client.post(f"/networks/{network}/disconnect", body, timeout_s=CHANGE_TIMEOUT_S)

    try:
        unless_gone(leave)
    except EngineError as error:
        if "is not connected to" not in error.message:
            raise
    return ""


def _endpoint_on(raw: Any, network: str) -> Any:
    return next((one for one in translate.container(raw).endpoints if network in (one.network, one.network_id)), None)


def _settings(endpoint: Any) -> tuple[Any, ...]:
    return set(endpoint.aliases), set(endpoint.links), endpoint.static_ipv4, endpoint.static_ipv6
