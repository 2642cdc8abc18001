"""What the in-memory engine answers to each path of the Engine API that this package asks."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Callable
from typing import Any

from topology.engine.failures import error_from_answer
from topology.engine.fake_world import World

SIGNALS = {"SIGKILL": 137, "KILL": 137, "9": 137, "SIGTERM": 143, "TERM": 143, "15": 143}


def _list_containers(world: World, *, params: dict[str, Any], body: Any) -> Any:
    return [
        {
            "Id": id,
            "Names": [f"/{one.name}"],
            "Labels": one.raw["Config"]["Labels"],
            "NetworkSettings": {"Networks": one.networks},
            "Ports": [
                {"IP": bound["HostIp"], "PrivatePort": int(target.partition("/")[0]), "PublicPort": int(bound["HostPort"]),
                 "Type": target.partition("/")[2]}
                for target, bindings in one.raw["NetworkSettings"]["Ports"].items() for bound in bindings
            ],
        }
        for id, one in world.containers.items()
    ]  # fmt: skip


def _stop(world: World, name: str, *, params: dict[str, Any], body: Any) -> None:
    container = world.container(name)
    if container.runs:
        world.emit_container(container, "kill", signal="15")
        world.end(container, 0)
        world.emit_container(container, "stop")


def _kill(world: World, name: str, *, params: dict[str, Any], body: Any) -> None:
    container, signal = world.container(name), str(params.get("signal") or "SIGKILL")
    if not container.runs:
        raise error_from_answer(409, f"Cannot kill container: {name}: Container {container.raw['Id']} is not running")
    world.emit_container(container, "kill", signal="9" if SIGNALS.get(signal) == 137 else "15")
    if signal in SIGNALS:
        world.end(container, SIGNALS[signal])


def _restart(world: World, name: str, *, params: dict[str, Any], body: Any) -> None:
    _stop(world, name, params=params, body=None)
    world.start(world.container(name))
    world.emit_container(world.container(name), "restart")


def _rename(world: World, name: str, *, params: dict[str, Any], body: Any) -> None:
    container = world.container(name)
    if any(one.name == params["name"] for one in world.containers.values()):
        raise error_from_answer(409, f'Conflict. The container name "/{params["name"]}" is already in use by container')
    container.raw["Name"] = f"/{params['name']}"
    world.emit_container(container, "rename", oldName=f"/{name}")


def _update(world: World, name: str, *, params: dict[str, Any], body: Any) -> Any:
    container = world.container(name)
    container.raw["HostConfig"].update(body)
    world.emit_container(container, "update")
    return {"Warnings": None}


def _remove_link(world: World, name: str, alias: str, *, params: dict[str, Any], body: Any) -> None:
    host = world.container(name).raw["HostConfig"]
    host["Links"] = [link for link in host["Links"] if link.rpartition("/")[2] != alias]


def _volume(world: World, name: str, *, params: dict[str, Any], body: Any) -> Any:
    if name not in world.volumes:
        raise error_from_answer(404, f"get {name}: no such volume")
    return world.volumes[name]


def _statistics(world: World, name: str, *, params: dict[str, Any], body: Any) -> Any:
    container, now = world.container(name), time.monotonic()
    if not container.runs:
        return {}
    interfaces = {
        f"eth{index}": {"rx_bytes": int(now * 1000), "tx_bytes": int(now * 500)} for index in range(len(container.networks))
    }
    return {
        "cpu_stats": {"cpu_usage": {"total_usage": int(now * 1e8)}},
        "memory_stats": {"usage": 8 << 20, "limit": 1 << 30, "stats": {}},
        "networks": interfaces,
    }


def _image(world: World, name: str, *, params: dict[str, Any], body: Any) -> Any:
    found = world.images.get(name) or world.images.get(f"{name}:latest")
    if not found:
        raise error_from_answer(404, f"No such image: {name}")
    return {"Id": found}


def _command(world: World, id: str, *, params: dict[str, Any], body: Any) -> Any:
    return {key: value for key, value in world.commands[id].items() if key in ("ID", "Running", "ExitCode")}


def _put_archive(world: World, name: str, *, params: dict[str, Any], body: bytes) -> None:
    container = world.container(name)
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        for one in tar.getmembers():
            opened = tar.extractfile(one)
            container.files[f"/{one.name}"] = (opened.read() if opened else b"", one.uid, one.gid, one.mode)


def _version(world: World, *, params: dict[str, Any], body: Any) -> Any:
    return {"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Version": "20.10.0-memory"}


def _info(world: World, *, params: dict[str, Any], body: Any) -> Any:
    return {"ID": "memory", "Name": "memory", "OperatingSystem": "memory", "NCPU": 2, "MemTotal": 4 << 30}


NAME = r"([^/]+)"
C = rf"/containers/{NAME}"
ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("GET", "/version", _version),
    ("GET", "/info", _info),
    ("GET", "/images/json", lambda w, **_: [{"Id": id, "RepoTags": [tag], "Size": 1000} for tag, id in w.images.items()]),
    ("GET", "/images/(.+)/json", _image),
    ("GET", "/containers/json", _list_containers),
    ("GET", "/networks", lambda w, **_: [one.raw for one in w.networks.values()]),
    ("GET", "/volumes", lambda w, **_: {"Volumes": list(w.volumes.values())}),
    ("GET", f"/networks/{NAME}", lambda w, name, **_: w.network(name).answer),
    ("GET", f"/volumes/{NAME}", _volume),
    ("GET", f"{C}/json", lambda w, name, **_: w.container(name).raw),
    ("GET", f"{C}/stats", _statistics),
    ("POST", "/networks/create", lambda w, body, **_: w.create_network(body)),
    (
        "POST",
        f"/networks/{NAME}/connect",
        lambda w, n, body, **_: w.connect(w.network(n), w.container(body["Container"]), body["EndpointConfig"]),
    ),
    ("POST", f"/networks/{NAME}/disconnect", lambda w, n, body, **_: w.disconnect(w.network(n), w.container(body["Container"]))),
    ("POST", "/volumes/create", lambda w, body, **_: w.create_volume(body)),
    ("POST", "/containers/create", lambda w, params, body, **_: w.create_container(params["name"], body)),
    ("POST", f"{C}/exec", lambda w, name, body, **_: w.prepare_command(w.container(name), body)),
    ("GET", f"/exec/{NAME}/json", _command),
    ("PUT", f"{C}/archive", _put_archive),
    ("POST", f"{C}/start", lambda w, name, **_: w.start(w.container(name))),
    ("POST", f"{C}/stop", _stop),
    ("POST", f"{C}/kill", _kill),
    ("POST", f"{C}/restart", _restart),
    ("POST", f"{C}/rename", _rename),
    ("POST", f"{C}/update", _update),
    ("DELETE", f"/networks/{NAME}", lambda w, name, **_: w.remove_network(name)),
    ("DELETE", f"/volumes/{NAME}", lambda w, name, **_: w.remove_volume(name)),
    ("DELETE", C, lambda w, name, params, **_: w.remove_container(name, force=bool(params.get("force")))),
    ("DELETE", f"{C}/{NAME}", _remove_link),
)
