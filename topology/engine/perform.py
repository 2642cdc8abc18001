"""One operation of a plan = one changing call to the engine. Doing again what is already so succeeds.

A worker may die after the call and before its row, so every call is written to be repeated: what exists and is ours (the same
labels) counts as made, what is gone counts as removed. What exists and is another's is a Conflict, never taken over.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from topology.core.labels import CONFIG, PROJECT
from topology.core.plan import Kind, Operation
from topology.engine import translate
from topology.engine.archives import copy_files
from topology.engine.builds import build_image
from topology.engine.client import Client
from topology.engine.commands import run_command
from topology.engine.errors import Conflict, EngineError, NotFound
from topology.engine.found import container_path, exact_joins, found_container, or_none, owner_words, quoted, unless_gone
from topology.engine.late_labels import with_late_labels
from topology.engine.perform_networks import connect, create_network, disconnect, remove_network
from topology.engine.pulls import pull_image
from topology.engine.waits import wait_completed, wait_healthy, wait_steady

CHANGE_TIMEOUT_S = 120.0  # creating and removing may copy and delete much data
EMERGES_S = 5.0  # until a container is seen that the engine is making: its name is taken before that
CLOCKS_DIFFER_S = 2.0
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
    if (wait := WAITS.get(operation.kind)) is not None:
        return wait(client, detail["container"], timeout_s=detail["timeout_s"], progress=progress, cancelled=cancelled)
    return CALLS[operation.kind](client, detail)


def create_volume(client: Client, detail: Detail) -> str:
    """The engine answers a create of an existing volume with that volume, whoever's it is, so its owner is looked at first."""
    payload = detail["payload"]
    found = or_none(lambda: client.get(f"/volumes/{quoted(payload['Name'])}"))
    if found is None:
        answer = client.post("/volumes/create", payload, timeout_s=CHANGE_TIMEOUT_S)
        return str(answer.get("Name", ""))
    wanted, labels = payload.get("Labels") or {}, found.get("Labels") or {}
    if wanted.get(PROJECT) and labels.get(PROJECT) == wanted[PROJECT]:
        return str(found["Name"])
    since = detail.get("half_made_since")
    if since is not None and not labels and translate.seconds(found.get("CreatedAt")) >= since - CLOCKS_DIFFER_S:
        remove_volume(client, {"name": payload["Name"]})  # which the engine refuses when somebody uses it
        answer = client.post("/volumes/create", payload, timeout_s=CHANGE_TIMEOUT_S)
        return str(answer.get("Name", ""))
    raise Conflict(
        f"A volume named {payload['Name']} exists already and belongs to {owner_words(labels)}.",
        fix="Mark the volume as external to use its data, or give this one another name.",
    )


def remove_volume(client: Client, detail: Detail) -> str:
    unless_gone(lambda: client.delete(f"/volumes/{quoted(detail['name'])}", timeout_s=CHANGE_TIMEOUT_S))
    return ""


def create_container(client: Client, detail: Detail) -> str:
    """The engine refuses a name that is taken, so the call comes first and the look at the owner after a refusal."""
    payload = exact_joins(client, with_late_labels(client, detail), own=detail.get("own") or ())
    params = {"name": detail["name"]}
    if detail.get("platform"):
        params["platform"] = detail["platform"]
    deadline = time.monotonic() + EMERGES_S
    while True:
        try:
            answer = client.post("/containers/create", payload, params=params, timeout_s=CHANGE_TIMEOUT_S)
            return str(answer["Id"])
        except Conflict as refusal:
            found = found_container(client, detail["name"])
            if found is not None:
                return _made_already(detail, payload, found, refusal)
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _made_already(detail: Detail, payload: Detail, found: Any, refusal: Conflict) -> str:
    wanted, labels = payload.get("Labels") or {}, (found.get("Config") or {}).get("Labels") or {}
    if wanted.get(CONFIG) and all(labels.get(key) == wanted.get(key) for key in (CONFIG, PROJECT)):
        return str(found["Id"])
    owner = "this stack, made from another configuration" if _same_project(wanted, labels) else owner_words(labels)
    raise Conflict(
        f"A container named {detail['name']} exists already and belongs to {owner}. {refusal.message}",
        fix="Plan again, or remove or rename that container." if _same_project(wanted, labels) else refusal.fix,
    ) from refusal


def start(client: Client, detail: Detail) -> str:
    client.post(f"{container_path(client, detail['container'])}/start", timeout_s=CHANGE_TIMEOUT_S)
    return ""


def stop(client: Client, detail: Detail) -> str:
    params, timeout_s = _stop_time(detail)
    name = detail["container"]
    unless_gone(lambda: client.post(f"{container_path(client, name)}/stop", params=params, timeout_s=timeout_s))
    return ""


def restart(client: Client, detail: Detail) -> str:
    """Once: a container that was started after `since` has been restarted by a worker that died before it wrote that down."""
    params, timeout_s = _stop_time(detail)
    if detail.get("since") is not None:
        state = (found_container(client, detail["container"]) or {}).get("State") or {}
        if state.get("Running") and translate.seconds(state.get("StartedAt")) > detail["since"]:
            return ""
    client.post(f"{container_path(client, detail['container'])}/restart", params=params, timeout_s=timeout_s)
    return ""


def kill(client: Client, detail: Detail) -> str:
    params = {"signal": detail.get("signal") or "SIGKILL"}
    try:
        unless_gone(lambda: client.post(f"{container_path(client, detail['container'])}/kill", params=params))
    except EngineError as error:
        if "is not running" not in error.message:
            raise
    return ""


def remove_container(client: Client, detail: Detail) -> str:
    name, params = detail["container"], {"v": int(bool(detail.get("volumes")))}
    try:
        unless_gone(lambda: client.delete(container_path(client, name), params=params, timeout_s=CHANGE_TIMEOUT_S))
    except Conflict as refusal:
        if "already in progress" not in refusal.message:
            raise
        _wait_until_gone(client, name, refusal)
    return ""


def rename_container(client: Client, detail: Detail) -> str:
    try:
        client.post(f"{container_path(client, detail['container'])}/rename", params={"name": detail["to"]})
    except NotFound:
        if found_container(client, detail["to"]) is None:
            raise
    return ""


def update_container(client: Client, detail: Detail) -> str:
    client.post(f"{container_path(client, detail['container'])}/update", detail["payload"], timeout_s=CHANGE_TIMEOUT_S)
    return ""


def remove_link(client: Client, detail: Detail) -> str:
    """The engine keeps a default-bridge link as a container named CLIENT/ALIAS; `link=1` takes away that name only. It knows the
    client by its name there, not by its id, and takes no CLIENT/ALIAS for the beginning of one."""
    path = f"/containers/{quoted(detail['container'])}/{quoted(detail['alias'])}"
    try:
        unless_gone(lambda: client.delete(path, params={"link": 1}))
    except EngineError as error:
        if not re.search(r"[Cc]annot get parent|could not get parent|[Nn]o such", error.message):
            raise
    return ""


WAITS: Mapping[Kind, Callable[..., str]] = {
    Kind.WAIT_HEALTHY: wait_healthy,
    Kind.WAIT_COMPLETED: wait_completed,
    Kind.WAIT_STEADY: wait_steady,
}
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


def _same_project(wanted: Detail, labels: Mapping[str, Any]) -> bool:
    return bool(wanted.get(PROJECT)) and wanted.get(PROJECT) == labels.get(PROJECT)


def _stop_time(detail: Detail) -> tuple[dict[str, int], float]:
    if detail.get("timeout_s") is None:
        return {}, DEFAULT_STOP_S
    return {"t": max(0, round(detail["timeout_s"]))}, float(detail["timeout_s"]) + GRACE_S


def _wait_until_gone(client: Client, name: str, refusal: Conflict) -> None:
    deadline = time.monotonic() + GRACE_S
    while found_container(client, name) is not None:
        if time.monotonic() > deadline:
            raise refusal
        time.sleep(0.2)
