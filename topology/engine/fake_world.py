"""The in-memory engine's containers: what the real one does with names, networks, ports, links, health and events.

Raw answers have the Engine API's shapes, errors the real engine's words, so that everything above the HTTP client is the same
code for both engines.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from typing import Any

from topology.engine.errors import EngineError
from topology.engine.failures import error_from_answer
from topology.engine.fake_container import FakeContainer, Raw, made_id, new_container, new_endpoint, now, volume_mounts
from topology.engine.fake_network import BARE, FakeNetwork, check_address, new_network

HEALTHY_AFTER_S = 0.1
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - what the engine reports, nothing listens


class World:
    """All state of one in-memory engine. Its caller holds the lock."""

    def __init__(self, *, images: tuple[str, ...], exits: Mapping[str, int]) -> None:
        self.images = {tag: made_id("image", tag) for tag in images}
        self.exits = exits  # image → the code with which its containers exit as soon as they start
        self.containers: dict[str, FakeContainer] = {}
        self.networks: dict[str, FakeNetwork] = {}
        self.volumes: dict[str, Raw] = {}
        self.events: list[Raw] = []
        self.commands: dict[str, Raw] = {}  # exec id → what GET /exec/X/json answers, with Container and Cmd
        self._made = 0
        for name, driver in (("bridge", "bridge"), ("host", "host"), ("none", "null")):
            self.create_network({"Name": name, "Driver": driver})

    # --- events and time ---

    def emit(self, kind: str, action: str, actor: str, **attributes: str) -> None:
        at = time.time_ns()
        actor_raw = {"ID": actor, "Attributes": attributes}
        self.events.append({"Type": kind, "Action": action, "Actor": actor_raw, "time": at // 10**9, "timeNano": at})

    def emit_container(self, container: FakeContainer, action: str, **attributes: str) -> None:
        labels = container.raw["Config"]["Labels"]
        self.emit(
            "container", action, container.raw["Id"], image=container.raw["Config"]["Image"], name=container.name,
            **{**labels, **attributes},
        )  # fmt: skip

    def tick(self) -> None:
        """Health checks that are due succeed."""
        for container in self.containers.values():
            health = container.state.get("Health")
            if container.runs and health and health["Status"] == "starting" and time.monotonic() >= container.checked_at:
                self.set_health(container, "healthy", output="")

    def set_health(self, container: FakeContainer, status: str, *, output: str) -> None:
        container.state["Health"] = {"Status": status, "Log": [{"ExitCode": int(status != "healthy"), "Output": output}]}
        self.emit_container(container, f"health_status: {status}")

    # --- finding ---

    def container(self, name: str) -> FakeContainer:
        """A whole id, an exact name, or the beginning of one id, in this order."""
        if name in self.containers:
            return self.containers[name]
        named = [one for one in self.containers.values() if one.name == name]
        found = named or [one for id, one in self.containers.items() if id.startswith(name)]
        if len(found) != 1:
            raise error_from_answer(404, f"No such container: {name}")
        return found[0]

    def network(self, name: str) -> FakeNetwork:
        exact = [one for id, one in self.networks.items() if name in (one.raw["Name"], id)]
        found = exact or [one for id, one in self.networks.items() if id.startswith(name)]
        if not exact and len(found) != 1:
            raise error_from_answer(404, f"network {name} not found")
        return found[0]

    # --- networks and volumes ---

    def create_network(self, payload: Mapping[str, Any]) -> Raw:
        self._made += 1
        made = new_network(payload, id=made_id("network", str(self._made)), existing=list(self.networks.values()))
        self.networks[made.raw["Id"]] = made
        self.emit("network", "create", made.raw["Id"], name=made.raw["Name"], type=made.raw["Driver"])
        return {"Id": made.raw["Id"], "Warning": ""}

    def remove_network(self, name: str) -> None:
        network = self.network(name)
        if network.taken:
            raise error_from_answer(
                403, f"error while removing network: network {name} id {network.raw['Id']} has active endpoints"
            )
        del self.networks[network.raw["Id"]]
        self.emit("network", "destroy", network.raw["Id"], name=network.raw["Name"], type=network.raw["Driver"])

    def create_volume(self, payload: Mapping[str, Any]) -> Raw:
        name = payload.get("Name") or made_id("volume", str(time.time_ns()))
        if name not in self.volumes:
            self.volumes[name] = {
                "Name": name, "Driver": payload.get("Driver") or "local", "Options": dict(payload.get("DriverOpts") or {}),
                "Labels": dict(payload.get("Labels") or {}), "CreatedAt": now(),
            }  # fmt: skip
            self.emit("volume", "create", name, driver=self.volumes[name]["Driver"])
        return self.volumes[name]

    def remove_volume(self, name: str) -> None:
        if name not in self.volumes:
            raise error_from_answer(404, f"get {name}: no such volume")
        users = [one.raw["Id"] for one in self.containers.values() if any(m["Name"] == name for m in one.raw["Mounts"])]
        if users:
            raise error_from_answer(409, f"remove {name}: volume is in use - [{', '.join(users)}]")
        del self.volumes[name]
        self.emit("volume", "destroy", name, driver="local")

    # --- containers ---

    def create_container(self, name: str, payload: Mapping[str, Any]) -> Raw:
        for one in self.containers.values():
            if one.name == name:
                raise error_from_answer(
                    409, f'Conflict. The container name "/{name}" is already in use by container "{one.raw["Id"]}". '
                    "You have to remove (or rename) that container to be able to reuse that name.",
                )  # fmt: skip
        image = payload.get("Image", "")
        tag = image if ":" in image.rpartition("/")[2] else f"{image}:latest"
        if tag not in self.images:
            raise error_from_answer(404, f"No such image: {tag}")
        endpoints = (payload.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}
        if len(endpoints) > 1:
            raise error_from_answer(400, f"Container cannot be connected to network endpoints: {', '.join(sorted(endpoints))}")
        self._made += 1
        container = new_container(name, payload, id=made_id("container", f"{name}{self._made}"), image_id=self.images[tag])
        for mount in volume_mounts(container.raw["HostConfig"], id=container.raw["Id"]):
            container.raw["Mounts"].append(mount)
            self.create_volume({"Name": mount["Name"]})
        mode = container.raw["HostConfig"]["NetworkMode"]
        if not mode.startswith("container:"):
            first = next(iter(endpoints), "bridge" if mode == "default" else mode)
            container.networks[first] = new_endpoint(endpoints.get(first) or {})
        self.containers[container.raw["Id"]] = container
        self.emit_container(container, "create")
        return {"Id": container.raw["Id"], "Warnings": []}

    def remove_container(self, name: str, *, force: bool) -> None:
        container = self.container(name)
        if container.runs and not force:
            id = container.raw["Id"]
            raise error_from_answer(
                409, f"You cannot remove a running container {id}. Stop the container before attempting removal or force remove"
            )
        if container.runs:
            self.end(container, 137)
        del self.containers[container.raw["Id"]]
        self.emit_container(container, "destroy")

    def prepare_command(self, container: FakeContainer, body: Mapping[str, Any]) -> Raw:
        if not container.runs:
            raise error_from_answer(409, f"Container {container.raw['Id']} is not running")
        self._made += 1
        id = made_id("exec", str(self._made))
        self.commands[id] = {"ID": id, "Running": False, "ExitCode": None, "Container": container, "Cmd": list(body["Cmd"])}
        return {"Id": id}

    def run_command(self, id: str) -> bytes:
        """It runs nothing: `false` ends with 1, anything else with 0, and what is printed is the command itself."""
        command = self.commands[id]
        command["ExitCode"] = int("false" in command["Cmd"])
        text = " ".join(command["Cmd"]).encode() + b"\n"
        return struct.pack(">BxxxL", 1, len(text)) + text

    def start(self, container: FakeContainer) -> None:
        if container.runs:
            return
        try:
            self._check_links(container)
            for name, endpoint in container.networks.items():
                self._attach(container, name, endpoint)
            self._publish(container)
        except EngineError as error:
            self._detach_all(container)
            container.state.update(ExitCode=128, Error=error.message)
            raise
        container.state.update(
            Status="running",
            Running=True,
            Pid=1,
            ExitCode=0,
            OOMKilled=False,
            StartedAt=now(),
            FinishedAt=container.state["FinishedAt"],
        )
        check = container.raw["Config"].get("Healthcheck") or {}
        if check.get("Test") and check["Test"][0] != "NONE":
            container.state["Health"] = {"Status": "starting", "Log": []}
            container.checked_at = time.monotonic() + HEALTHY_AFTER_S
        self.emit_container(container, "start")
        code = self.exits.get(container.raw["Config"]["Image"])
        if code is not None:
            self.end(container, code)

    def end(self, container: FakeContainer, code: int, *, oom: bool = False) -> None:
        """The first process ends: addresses and ports are free again."""
        container.state.update(Status="exited", Running=False, Pid=0, ExitCode=code, OOMKilled=oom, FinishedAt=now())
        container.state.pop("Health", None)
        container.raw["NetworkSettings"]["Ports"] = {}
        self.emit_container(container, "die", exitCode=str(code))
        self._detach_all(container)

    def connect(self, network: FakeNetwork, container: FakeContainer, config: Mapping[str, Any]) -> None:
        name = network.raw["Name"]
        if container.networks.get(name, {}).get("IPAddress"):
            raise error_from_answer(403, f"endpoint with name {container.name} already exists in network {name}")
        if "none" in container.networks:
            raise error_from_answer(
                403, "container cannot be connected to multiple networks with one of the networks in private (none) mode"
            )
        if "host" in container.networks or name == "host":
            raise error_from_answer(403, "container cannot be disconnected from host network or connected to host network")
        endpoint = new_endpoint(config)
        if wanted := (endpoint["IPAMConfig"] or {}).get("IPv4Address"):
            check_address(network, wanted)
        if name == "bridge" and endpoint["Aliases"]:
            raise error_from_answer(400, "network-scoped alias is supported only for containers in user defined networks")
        if container.runs:
            self._attach(container, name, endpoint)
        container.networks[name] = endpoint

    def disconnect(self, network: FakeNetwork, container: FakeContainer) -> None:
        name = network.raw["Name"]
        if name not in container.networks:
            raise error_from_answer(403, f"container {container.raw['Id']} is not connected to network {name}")
        del container.networks[name]
        if network.taken.pop(container.raw["Id"], None):
            self.emit("network", "disconnect", network.raw["Id"], container=container.raw["Id"], name=name, type="bridge")

    def _attach(self, container: FakeContainer, name: str, endpoint: Raw) -> None:
        network, id = self.network(name), container.raw["Id"]
        if network.raw["Driver"] in BARE:
            return
        address = network.give(id, wanted=(endpoint["IPAMConfig"] or {}).get("IPv4Address") or "")
        numbers = "".join(f":{int(part):02x}" for part in address.split("."))
        endpoint.update(NetworkID=network.raw["Id"], EndpointID=made_id("endpoint", network.raw["Id"], id))
        endpoint.update(IPAddress=address, Gateway=network.gateway, MacAddress=f"02:42{numbers}")
        hostname = container.raw["Config"]["Hostname"]
        if name != "bridge":
            endpoint["Aliases"] = list(dict.fromkeys([*(endpoint["Aliases"] or []), id[:12], hostname]))
        self.emit("network", "connect", network.raw["Id"], container=id, name=name, type="bridge")

    def _detach_all(self, container: FakeContainer) -> None:
        for name, endpoint in container.networks.items():
            endpoint.update(EndpointID="", IPAddress="", Gateway="", MacAddress="")
            for network in self.networks.values():
                if network.raw["Name"] == name and network.taken.pop(container.raw["Id"], None):
                    self.emit("network", "disconnect", network.raw["Id"], container=container.raw["Id"], name=name, type="bridge")

    def _check_links(self, container: FakeContainer) -> None:
        for link in container.raw["HostConfig"].get("Links") or ():
            target = self.container(link.partition(":")[0].lstrip("/"))
            if not target.runs and "bridge" in container.networks:
                raise error_from_answer(409, f"Cannot link to a non running container: /{target.name} AS {link.rpartition(':')[2]}")

    def _publish(self, container: FakeContainer) -> None:
        others = {
            binding["HostPort"]
            for one in self.containers.values() if one.runs
            for bindings in one.raw["NetworkSettings"]["Ports"].values() for binding in bindings or ()
        }  # fmt: skip
        ports: Raw = {}
        for target, bindings in (container.raw["HostConfig"].get("PortBindings") or {}).items():
            for binding in bindings:
                number = binding.get("HostPort") or str(49153 + len(others))
                if number in others:
                    raise error_from_answer(
                        500, f"driver failed programming external connectivity on endpoint {container.name}: "
                        f"Bind for 0.0.0.0:{number} failed: port is already allocated",
                    )  # fmt: skip
                others.add(number)
                ports.setdefault(target, []).append({"HostIp": binding.get("HostIp") or ANY_ADDRESS, "HostPort": number})
        container.raw["NetworkSettings"]["Ports"] = ports
