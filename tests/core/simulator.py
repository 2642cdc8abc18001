"""An engine in memory that performs operations one after another, and refuses what a real one refuses.

It keeps to what was measured on engine 20.10: a name once, a port once, an address once on a network, no subnet twice, no
network removed while in use, `container:` modes turned into ids at creation, addresses given at start and given back at stop.
"""

from __future__ import annotations

import functools
import ipaddress
import itertools
from typing import Any

from tests.core.simulated import Container, host_ports, seen_container, seen_network, volume_names
from topology.core.observed import Observed, ObservedVolume, is_nameless
from topology.core.plan import Operation, Plan


class Refusal(AssertionError):
    """The engine would have said no."""


class Simulator:
    """`jobs` are services whose processes end at once with 0. `macs`: it takes a MAC at connect, as engines from API 1.44 do."""

    def __init__(self, *, images: tuple[str, ...] = (), jobs: tuple[str, ...] = (), macs: bool = False) -> None:
        self.macs = macs
        self.images = {f"{name}:latest" if ":" not in name else name: f"sha256:{name}" for name in images}
        self.jobs = jobs
        self.containers: dict[str, Container] = {}
        self.networks: dict[str, dict[str, Any]] = {
            name: {"Id": f"id-{name}", "Driver": driver, "Labels": {}}
            for name, driver in (("bridge", "bridge"), ("host", "host"), ("none", "null"))
        }
        self.volumes: dict[str, dict[str, Any]] = {}
        self.done: list[Operation] = []
        self.clock = 1000.0

    def perform(self, plan: Plan, *, steps: int | None = None, order: list[int] | None = None) -> Simulator:
        """Carry out a plan, its first `steps` only, or in another `order` that keeps to what each operation needs."""
        done: set[int] = set()
        for index in list(range(len(plan.operations)) if order is None else order)[:steps]:
            operation = plan.operations[index]
            assert done.issuperset(operation.needs), f"{operation.summary} needs something later"
            done.add(index)
            self.clock += 1
            getattr(self, f"_{operation.kind.value}")(**operation.detail)
            self.done.append(operation)
        return self

    # --- what the engine does

    def _pull_image(self, image: str, platform: str = "", max_age_s: float = 0) -> None:
        tag = image if ":" in image.rpartition("/")[2] else f"{image}:latest"
        self.images[tag] = f"sha256:{image}"

    def _create_network(self, payload: dict[str, Any]) -> None:
        name = payload["Name"]
        self._refuse(name in self.networks, f"network {name} exists")
        pools = [pool["Subnet"] for pool in payload.get("IPAM", {}).get("Config", []) if pool.get("Subnet")]
        subnets = pools or [self._free_subnet()]
        for other in self.networks.values():
            for subnet in subnets:
                clash = any(_net(subnet).overlaps(_net(one)) for one in other.get("Subnets", []))
                self._refuse(clash, f"{subnet} overlaps")
        self.networks[name] = {"Id": f"net-{self.clock:g}", "Subnets": subnets, **payload}

    def _free_subnet(self) -> str:
        used = [_net(one) for network in self.networks.values() for one in network.get("Subnets", [])]
        free = (f"172.{second}.0.0/16" for second in range(18, 250))
        return next(subnet for subnet in free if not any(_net(subnet).overlaps(one) for one in used))

    def _remove_network(self, name: str) -> None:
        self._refuse(name not in self.networks, f"no network {name}")
        users = [one.name for one in self.containers.values() if name in one.endpoints and one.state == "running"]
        self._refuse(bool(users), f"network {name} has active endpoints: {users}")
        del self.networks[name]

    def _create_volume(self, payload: dict[str, Any]) -> None:
        self.volumes[payload["Name"]] = payload

    def _remove_volume(self, name: str) -> None:
        used = [one.name for one in self.containers.values() if name in volume_names(one)]
        self._refuse(bool(used), f"volume {name} is in use by {used}")
        del self.volumes[name]

    def _create_container(self, name: str, payload: dict[str, Any], own: list[str], platform: str = "", **how: Any) -> None:
        self._refuse(name in self.containers, f"name {name} is taken")
        image = payload["Image"] if ":" in payload["Image"] else f"{payload['Image']}:latest"
        self._refuse(image not in self.images, f"no image {image}")
        host = dict(payload["HostConfig"])
        for key in ("NetworkMode", "PidMode", "IpcMode"):
            if str(host.get(key, "")).startswith("container:"):
                target = host[key].partition(":")[2]
                self._refuse(target not in self.containers, f"no container {target}")
                host[key] = f"container:{self.containers[target].id}"
        for link in host.get("Links", []):
            self._refuse(link.partition(":")[0] not in self.containers, f"could not link to {link}")
        endpoints = dict(payload.get("NetworkingConfig", {}).get("EndpointsConfig", {}))
        assert len(endpoints) <= 1
        if host["NetworkMode"] in ("bridge", "none"):
            endpoints = {host["NetworkMode"]: {}}
        for network in endpoints:
            self._refuse(network not in self.networks, f"no network {network}")
        identity = f"c{self.clock:g}".ljust(64, "0")
        body = payload | {"HostConfig": host}
        made = Container(identity, name, body, self.images[image], self.clock, endpoints)
        for mount in host.get("Mounts", []):
            if mount["Type"] == "volume" and is_nameless(mount.get("Source", "")):
                made.nameless[mount["Target"]] = mount.get("Source") or f"{self.clock:g}{len(made.nameless)}".replace(
                    ".", ""
                ).ljust(64, "f")
        self.containers[name] = made

    def _connect(self, container: str, network: str, endpoint: dict[str, Any]) -> None:
        one = self._container(container)
        self._refuse(network not in self.networks, f"no network {network}")
        self._refuse(network in one.endpoints, f"{container} is on {network} already")
        self._refuse("none" in one.endpoints, f"{container} is on none")
        one.endpoints[network] = endpoint
        if one.state == "running":
            try:
                self._allocate(one, network)
            except Refusal:
                del one.endpoints[network]
                raise

    def _disconnect(self, container: str, network: str) -> None:
        one = self._container(container)
        self._refuse(network not in one.endpoints and network != "none", f"{container} is not on {network}")
        one.endpoints.pop(network, None)
        one.addresses.pop(network, None)
        one.addresses6.pop(network, None)
        one.network_ids.pop(network, None)

    def _allocate(self, one: Container, network: str) -> None:
        known = self.networks.get(network)
        self._refuse(known is None or one.network_ids.get(network, known["Id"]) != known["Id"], f"network {network} not found")
        one.network_ids[network] = known["Id"]
        if not known.get("Subnets"):
            return
        for version, key, given in ((4, "IPv4Address", one.addresses), (6, "IPv6Address", one.addresses6)):
            taken = {(other.addresses if version == 4 else other.addresses6).get(network) for other in self.containers.values()}
            fixed = one.endpoints[network].get("IPAMConfig", {}).get(key)
            fixed = str(ipaddress.ip_address(fixed)) if fixed else ""
            self._refuse(bool(fixed) and fixed in taken, f"address {fixed} is in use on {network}")
            for subnet in [_net(text) for text in known["Subnets"] if _net(text).version == version][:1]:
                hosts = map(str, itertools.islice(subnet.hosts(), 1, 60))
                given[network] = fixed or next(address for address in hosts if address not in taken)

    def _start(self, container: str) -> None:
        one = self._container(container)
        self._refuse(one.state == "running", f"{container} runs already")
        mode = one.host["NetworkMode"]
        if mode.startswith("container:"):
            targets = [other for other in self.containers.values() if other.id == mode.partition(":")[2]]
            self._refuse(not targets, f"{container} joins a container that is gone")
            self._refuse(targets[0].state != "running", f"{container} joins {targets[0].name}, which does not run")
        for other in self.containers.values():
            clash = host_ports(one) & host_ports(other)
            self._refuse(other.state == "running" and bool(clash), f"{container}: port {clash} is held by {other.name}")
        try:
            for network in one.endpoints:
                self._allocate(one, network)
        except Refusal:
            one.addresses.clear()
            one.addresses6.clear()
            raise
        one.state, one.exit_code, one.started_at, one.ended_itself = "running", None, self.clock, False
        one.health = "healthy" if "Healthcheck" in one.payload else ""
        if one.service in self.jobs:
            self.exit(container, code=0)
            one.ended_itself = True

    def _stop(self, container: str, timeout_s: float) -> None:
        self.exit(container, code=0)

    def _restart(self, container: str, timeout_s: float, since: float) -> None:
        if self._container(container).started_at > since:
            return
        self.exit(container, code=0)
        self._start(container)

    def _remove_container(self, container: str, volumes: bool) -> None:
        one = self._container(container)
        self._refuse(one.state == "running", f"{container} runs")
        del self.containers[container]

    def _rename_container(self, container: str, to: str) -> None:
        self._refuse(to in self.containers, f"name {to} is taken")
        one = self.containers.pop(container)
        one.name = to
        self.containers[to] = one

    def _update_container(self, container: str, payload: dict[str, Any]) -> None:
        one = self._container(container)
        one.payload = one.payload | {"HostConfig": one.host | payload}

    def _remove_link(self, container: str, alias: str) -> None:
        one = self._container(container)
        left = [link for link in one.host.get("Links", []) if link.partition(":")[2] != alias]
        self._refuse(len(left) == len(one.host.get("Links", [])), f"{container} has no link {alias}")
        one.payload = one.payload | {"HostConfig": one.host | {"Links": left}}

    def _copy_files(self, container: str, files: list[dict[str, Any]]) -> None:
        one = self._container(container)
        self._refuse(one.state == "running", f"{container} runs already and has started without {files[0]['path']}")
        one.files |= {entry["path"]: entry for entry in files}

    def _run_command(self, container: str, command: list[str], **how: Any) -> None:
        one = self._container(container)
        self._refuse(one.state != "running", f"{container} does not run")
        one.ran.append(command)

    def _build_image(self, image: str, **how: Any) -> None:
        self.images[image if ":" in image.rpartition("/")[2] else f"{image}:latest"] = f"sha256:built-{image}-{self.clock:g}"

    def _wait_healthy(self, container: str, timeout_s: float) -> None:
        one = self._container(container)
        self._refuse(one.state != "running", f"{container} does not run and never gets healthy")

    def _wait_completed(self, container: str, timeout_s: float) -> None:
        one = self._container(container)
        self._refuse(one.state != "exited" or one.exit_code != 0, f"{container} has not ended well")

    def _wait_steady(self, container: str, timeout_s: float) -> None:
        one = self._container(container)
        well = one.state == "running" or (one.state == "exited" and one.exit_code == 0)
        self._refuse(not well, f"{container} did not stay up")

    # --- what the world does

    def exit(self, name: str, *, code: int) -> None:
        one = self._container(name)
        one.state, one.exit_code, one.health = "exited", code, ""
        one.addresses.clear()
        one.addresses6.clear()

    def forget_labels(self) -> None:
        """As if another tool had made all of it."""
        for one in self.containers.values():
            labels = {key: value for key, value in one.labels.items() if not key.startswith("io.netyard.")}
            one.payload = one.payload | {"Labels": labels}

    def ids(self) -> dict[str, str]:
        return {name: one.id for name, one in sorted(self.containers.items())}

    def _container(self, name: str) -> Container:
        self._refuse(name not in self.containers, f"no container {name}")
        return self.containers[name]

    @staticmethod
    def _refuse(when: bool, why: str) -> None:
        if when:
            raise Refusal(why)

    # --- what is seen

    def observe(self, project: str = "p") -> Observed:
        mine = [one for one in self.containers.values() if one.labels.get("com.docker.compose.project") == project]
        volumes = [(name, body) for name, body in self.volumes.items()]
        own = [item for item in volumes if item[1]["Labels"].get("com.docker.compose.project") == project]
        return Observed(
            at=self.clock,
            containers=tuple(seen_container(one, macs=self.macs) for one in mine),
            networks=tuple(seen_network(name, body) for name, body in self.networks.items()),
            volumes=tuple(
                ObservedVolume(name, body["Driver"], options=body.get("DriverOpts", {}), labels=body["Labels"])
                for name, body in own
            ),
            external_volumes=tuple(name for name, _ in volumes if name not in dict(own)),
            volume_owners={
                name: who for name, body in volumes if (who := body["Labels"].get("com.docker.compose.project", project)) != project
            },
            volume_makings={
                name: {"driver": body["Driver"], "options": body["DriverOpts"]}
                for name, body in volumes
                if name not in dict(own) and body.get("DriverOpts")
            },
            images=dict(self.images),
            macs_at_connect=self.macs,
            foreign_endpoints=self._foreign_endpoints(project),
        )

    def _foreign_endpoints(self, project: str) -> dict[str, int]:
        others = [one for one in self.containers.values() if one.labels.get("com.docker.compose.project") != project]
        held = [id for one in others if one.state == "running" for id in one.network_ids.values()]
        return {id: held.count(id) for id in sorted(set(held))}


@functools.cache
def _net(text: str) -> Any:
    return ipaddress.ip_network(text)
