"""One operation of a plan = one changing call to the engine. Doing again what is already so succeeds.

A worker may die after the call and before its row, so every call is written to be repeated: what exists and is ours (the same
labels) counts as made, what is gone counts as removed. What exists and is another's is a Conflict, never taken over.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from topology.core.labels import CONFIG, NETWORK, PROJECT
from topology.core.plan import Kind, Operation
from topology.engine import translate
from topology.engine.archives import copy_files
from topology.engine.builds import build_image
from topology.engine.client import Client
from topology.engine.commands import run_command
from topology.engine.errors import Conflict, EngineError, NotFound
from topology.engine.late_labels import with_late_labels
from topology.engine.pulls import pull_image
from topology.engine.waits import wait_completed, wait_healthy

CHANGE_TIMEOUT_S = 120.0  # creating and removing may copy and delete much data
EMPTIED_S = 2.0  # until an engine that is busy has taken the last container off a network
MISCOUNTED = "Nothing is connected to {name} any more, but the engine counts a connection that it has lost track of."
RESTART_FIX = "Leave the network, which does no harm and is used again by the next apply; a restarted engine can remove it."
GRACE_S = 30.0  # on top of a stop's own time
DEFAULT_STOP_S = 600.0  # a stop without a time takes the container's own, which is not known here

Detail = Mapping[str, Any]
Progress = Callable[[str, float | None], None]
Cancelled = Callable[[], bool]


def perform_operation(client: Client, operation: Operation, *, progress: Progress, cancelled: Cancelled) -> str:
    """Carry it out; the id of what was made, or ""."""
    detail = operation.detail
    if operation.kind is Kind.PULL_IMAGE:
        return pull_image(
            client, detail["image"], platform=detail.get("platform") or "", max_age_s=detail.get("max_age_s"), progress=progress,
            cancelled=cancelled,
        )  # fmt: skip
    if operation.kind is Kind.BUILD_IMAGE:
        return build_image(client, detail["image"], detail["options"], operation.contents, progress=progress, cancelled=cancelled)
    if operation.kind is Kind.COPY_FILES:
        return copy_files(client, detail["container"], detail["files"], operation.contents)
    if operation.kind is Kind.RUN_COMMAND:
        return run_command(client, detail, progress=progress, cancelled=cancelled)
    if operation.kind is Kind.WAIT_HEALTHY:
        return wait_healthy(client, detail["container"], timeout_s=detail["timeout_s"], progress=progress, cancelled=cancelled)
    if operation.kind is Kind.WAIT_COMPLETED:
        return wait_completed(client, detail["container"], timeout_s=detail["timeout_s"], progress=progress, cancelled=cancelled)
    return CALLS[operation.kind](client, detail)


def create_network(client: Client, detail: Detail) -> str:
    """Engines before 23 make a second network of the same name without a word, so it is looked for first."""
    payload = detail["payload"]
    found = _network(client, payload["Name"])
    if found is None:
        answer = client.post("/networks/create", payload, timeout_s=CHANGE_TIMEOUT_S)
        return str(answer.get("Id", ""))
    wanted, labels = payload.get("Labels") or {}, found.get("Labels") or {}
    if wanted.get(PROJECT) and all(labels.get(key) == wanted.get(key) for key in (PROJECT, NETWORK)):
        return str(found["Id"])
    raise Conflict(
        f"A network named {payload['Name']} exists already and belongs to {_owner(labels)}.",
        fix="Mark the network as external to use that one, or give this one another name.",
    )


def remove_network(client: Client, detail: Detail) -> str:
    """Engine 20.10 can miscount a network's endpoints where many come and go at once (its `endpoint_count` stays at 1 with no
    endpoint there), and then refuses to remove it until it is restarted. It is told apart from a network that is in use."""
    found = _network(client, detail["name"])
    if found is None:
        return ""
    deadline = time.monotonic() + EMPTIED_S
    while True:
        try:
            _unless_gone(lambda: client.delete(f"/networks/{_quoted(found['Id'])}", timeout_s=CHANGE_TIMEOUT_S))
            return ""
        except Conflict as refusal:
            there = _network(client, found["Id"]) or {}
            if "has active endpoints" not in refusal.message or there.get("Containers"):
                raise
            if time.monotonic() > deadline:
                raise Conflict(MISCOUNTED.format(name=detail["name"]), fix=RESTART_FIX) from refusal
        time.sleep(0.2)


def create_volume(client: Client, detail: Detail) -> str:
    """The engine answers a create of an existing volume with that volume, whoever's it is, so its owner is looked at first."""
    payload = detail["payload"]
    found = _or_none(lambda: client.get(f"/volumes/{_quoted(payload['Name'])}"))
    if found is None:
        answer = client.post("/volumes/create", payload, timeout_s=CHANGE_TIMEOUT_S)
        return str(answer.get("Name", ""))
    wanted, labels = payload.get("Labels") or {}, found.get("Labels") or {}
    if wanted.get(PROJECT) and labels.get(PROJECT) == wanted[PROJECT]:
        return str(found["Name"])
    raise Conflict(
        f"A volume named {payload['Name']} exists already and belongs to {_owner(labels)}.",
        fix="Mark the volume as external to use its data, or give this one another name.",
    )


def remove_volume(client: Client, detail: Detail) -> str:
    _unless_gone(lambda: client.delete(f"/volumes/{_quoted(detail['name'])}", timeout_s=CHANGE_TIMEOUT_S))
    return ""


def create_container(client: Client, detail: Detail) -> str:
    """The engine refuses a name that is taken, so the call comes first and the look at the owner after a refusal."""
    payload, params = with_late_labels(client, detail), {"name": detail["name"]}
    if detail.get("platform"):
        params["platform"] = detail["platform"]
    try:
        answer = client.post("/containers/create", payload, params=params, timeout_s=CHANGE_TIMEOUT_S)
        return str(answer["Id"])
    except Conflict as refusal:
        found = _container(client, detail["name"])
        if found is None:
            raise
        wanted, labels = payload.get("Labels") or {}, (found.get("Config") or {}).get("Labels") or {}
        if wanted.get(CONFIG) and all(labels.get(key) == wanted.get(key) for key in (CONFIG, PROJECT)):
            return str(found["Id"])
        owner = "this stack, made from another configuration" if _same_project(wanted, labels) else _owner(labels)
        raise Conflict(
            f"A container named {detail['name']} exists already and belongs to {owner}. {refusal.message}",
            fix="Plan again, or remove or rename that container." if _same_project(wanted, labels) else refusal.fix,
        ) from refusal


def connect(client: Client, detail: Detail) -> str:
    """Connected as asked: done. Connected in another way: a Conflict, since to change it takes two calls and a plan's word."""
    name, network, wanted = detail["container"], detail["network"], detail.get("endpoint") or {}
    found = _container(client, name)
    present = _endpoint_on(found, network) if found else None
    if present is None:
        body = {"Container": name, "EndpointConfig": wanted}
        client.post(f"/networks/{_quoted(network)}/connect", body, timeout_s=CHANGE_TIMEOUT_S)
        return ""
    asked = translate.endpoint(present.network, wanted, container_id=found["Id"], container_name=name, hostname="")
    if _settings(present) == _settings(asked):
        return ""
    raise Conflict(
        f"{name} is connected to {network} already, with other settings.", fix="Plan again: it has to be disconnected first."
    )


def disconnect(client: Client, detail: Detail) -> str:
    found = _container(client, detail["container"])
    networks = (found.get("NetworkSettings") or {}).get("Networks") or {} if found else {}
    if not any(detail["network"] in (name, (one or {}).get("NetworkID")) for name, one in networks.items()):
        return ""
    body = {"Container": detail["container"], "Force": False}
    try:
        _unless_gone(lambda: client.post(f"/networks/{_quoted(detail['network'])}/disconnect", body, timeout_s=CHANGE_TIMEOUT_S))
    except EngineError as error:
        if "is not connected to" not in error.message:
            raise
    return ""


def start(client: Client, detail: Detail) -> str:
    client.post(f"/containers/{_quoted(detail['container'])}/start", timeout_s=CHANGE_TIMEOUT_S)
    return ""


def stop(client: Client, detail: Detail) -> str:
    params, timeout_s = _stop_time(detail)
    _unless_gone(lambda: client.post(f"/containers/{_quoted(detail['container'])}/stop", params=params, timeout_s=timeout_s))
    return ""


def restart(client: Client, detail: Detail) -> str:
    """Once: a container that was started after `since` has been restarted by a worker that died before it wrote that down."""
    params, timeout_s = _stop_time(detail)
    if detail.get("since") is not None:
        state = (_container(client, detail["container"]) or {}).get("State") or {}
        if state.get("Running") and translate.seconds(state.get("StartedAt")) > detail["since"]:
            return ""
    client.post(f"/containers/{_quoted(detail['container'])}/restart", params=params, timeout_s=timeout_s)
    return ""


def kill(client: Client, detail: Detail) -> str:
    params = {"signal": detail.get("signal") or "SIGKILL"}
    try:
        _unless_gone(lambda: client.post(f"/containers/{_quoted(detail['container'])}/kill", params=params))
    except EngineError as error:
        if "is not running" not in error.message:
            raise
    return ""


def remove_container(client: Client, detail: Detail) -> str:
    path, params = f"/containers/{_quoted(detail['container'])}", {"v": int(bool(detail.get("volumes")))}
    try:
        _unless_gone(lambda: client.delete(path, params=params, timeout_s=CHANGE_TIMEOUT_S))
    except Conflict as refusal:
        if "already in progress" not in refusal.message:
            raise
        _wait_until_gone(client, detail["container"], refusal)
    return ""


def rename_container(client: Client, detail: Detail) -> str:
    try:
        client.post(f"/containers/{_quoted(detail['container'])}/rename", params={"name": detail["to"]})
    except NotFound:
        if _container(client, detail["to"]) is None:
            raise
    return ""


def update_container(client: Client, detail: Detail) -> str:
    client.post(f"/containers/{_quoted(detail['container'])}/update", detail["payload"], timeout_s=CHANGE_TIMEOUT_S)
    return ""


def remove_link(client: Client, detail: Detail) -> str:
    """The engine keeps a default-bridge link as a container named CLIENT/ALIAS; `link=1` takes away that name only."""
    path = f"/containers/{_quoted(detail['container'])}/{_quoted(detail['alias'])}"
    try:
        _unless_gone(lambda: client.delete(path, params={"link": 1}))
    except EngineError as error:
        if not re.search(r"[Cc]annot get parent|could not get parent|[Nn]o such", error.message):
            raise
    return ""


CALLS: Mapping[Kind, Callable[[Client, Detail], str]] = {
    Kind.CREATE_NETWORK: create_network,
    Kind.REMOVE_NETWORK: remove_network,
    Kind.CREATE_VOLUME: create_volume,
    Kind.REMOVE_VOLUME: remove_volume,
    Kind.CREATE_CONTAINER: create_container,
    Kind.CONNECT: connect,
    Kind.DISCONNECT: disconnect,
    Kind.START: start,
    Kind.STOP: stop,
    Kind.RESTART: restart,
    Kind.KILL: kill,
    Kind.REMOVE_CONTAINER: remove_container,
    Kind.RENAME_CONTAINER: rename_container,
    Kind.UPDATE_CONTAINER: update_container,
    Kind.REMOVE_LINK: remove_link,
}


def _quoted(name: str) -> str:
    return quote(name, safe="")


def _or_none(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except NotFound:
        return None


def _unless_gone(call: Callable[[], object]) -> None:
    _or_none(call)


def _container(client: Client, name: str) -> Any:
    return _or_none(lambda: client.get(f"/containers/{_quoted(name)}/json"))


def _network(client: Client, name: str) -> Any:
    """The network of exactly this name: the engine would also take the beginning of an id."""
    found = _or_none(lambda: client.get(f"/networks/{_quoted(name)}"))
    return found if found and name in (found["Name"], found["Id"]) else None


def _endpoint_on(raw: Any, network: str) -> Any:
    return next((one for one in translate.container(raw).endpoints if network in (one.network, one.network_id)), None)


def _settings(endpoint: Any) -> tuple[Any, ...]:
    return set(endpoint.aliases), set(endpoint.links), endpoint.static_ipv4, endpoint.static_ipv6


def _same_project(wanted: Detail, labels: Detail) -> bool:
    return bool(wanted.get(PROJECT)) and wanted.get(PROJECT) == labels.get(PROJECT)


def _owner(labels: Detail) -> str:
    return f"the project {labels[PROJECT]}" if labels.get(PROJECT) else "no Compose project"


def _stop_time(detail: Detail) -> tuple[dict[str, int], float]:
    if detail.get("timeout_s") is None:
        return {}, DEFAULT_STOP_S
    return {"t": max(0, round(detail["timeout_s"]))}, float(detail["timeout_s"]) + GRACE_S


def _wait_until_gone(client: Client, name: str, refusal: Conflict) -> None:
    deadline = time.monotonic() + GRACE_S
    while _container(client, name) is not None:
        if time.monotonic() > deadline:
            raise refusal
        time.sleep(0.2)
