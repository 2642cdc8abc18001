"""The Engine API's JSON bodies for a design: containers, networks, volumes and endpoints (API 1.41 and later).

One network at most is named when a container is made; the others are joined by CONNECT before START. Containers are meant by
name everywhere. Labels are written as Compose writes them, plus those of `topology.core.fingerprint`.
Source: https://docs.docker.com/reference/api/engine/version/v1.41/ and the Compose Specification.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from topology.core.design import Design, Healthcheck, Service
from topology.core.fingerprint import config_hash, key_hashes, network_hash
from topology.core.labels import (
    COMPOSE_HASH,
    COMPOSE_VERSION,
    CONFIG,
    DEPENDS_ON,
    IMAGE,
    KEYS,
    NETWORK,
    NUMBER,
    ONEOFF,
    PROJECT,
    RESERVED_PREFIXES,
    SERVICE,
    STACK,
    VERSION,
    VOLUME,
    WORKING_DIR,
)
from topology.core.order import compose_needs
from topology.core.payload_host import host_config
from topology.core.payload_network import (
    bridge_links,
    endpoint_payload,
    network_body,
    primary_attachment,
    wanted_mode,
)

__all__ = [
    "bridge_links",
    "config_hash",
    "container_payload",
    "endpoint_payload",
    "image_of",
    "network_payload",
    "primary_attachment",
    "volume_payload",
]

NANOSECONDS = 1_000_000_000


def image_of(design: Design, service: str) -> str:
    """The image's name: the written one, else PROJECT-SERVICE as Compose names what it builds."""
    return design.services[service].image or f"{design.project}-{service}"


def container_payload(
    design: Design, service: str, number: int = 1, *, networks: Sequence[str] | None = None, image_id: str = ""
) -> dict[str, Any]:
    """The body of POST /containers/create. `networks` are the keys to name in it: by default the primary one, one at most on
    engines before API 1.44. `image_id` "" means that the image is yet to come: the label is filled in when the call is made."""
    spec = design.services[service]
    body = _process(design, spec)
    body["Labels"] = _labels(design, spec, number) | {IMAGE: image_id}
    if spec.ports or spec.expose:
        body["ExposedPorts"] = {port: {} for port in _exposed(spec)}
    body["HostConfig"] = host_config(design, service)
    mode = wanted_mode(spec)
    if mode == "networks":
        primary = primary_attachment(spec)
        assert primary is not None
        keys = [primary.network] if networks is None else list(networks)
        chosen = [one for one in spec.attachments if one.network in keys]
        body["HostConfig"]["NetworkMode"] = design.network_name(primary.network)
        body["NetworkingConfig"] = {
            "EndpointsConfig": {design.network_name(one.network): endpoint_payload(design, service, one) for one in chosen}
        }
    if mac := _mac(spec):
        body["MacAddress"] = mac
    return body


def _mac(spec: Service) -> str | None:
    """The container's MAC. Engines before API 1.44 take it here only, for the network that the container is made on."""
    primary = primary_attachment(spec)
    return spec.mac_address or (primary.mac if primary else None)


def _process(design: Design, spec: Service) -> dict[str, Any]:
    body: dict[str, Any] = {"Image": image_of(design, spec.name)}
    if spec.command is not None:
        body["Cmd"] = list(spec.command)
    if spec.entrypoint is not None:
        body["Entrypoint"] = list(spec.entrypoint)  # [] drops the image's own and keeps its command (20.10.24)
    if spec.environment:  # a name alone takes the image's variable away
        body["Env"] = [name if value is None else f"{name}={value}" for name, value in spec.environment.items()]
    texts = {
        "Hostname": spec.hostname, "Domainname": spec.domainname, "User": spec.user, "WorkingDir": spec.working_dir,
        "StopSignal": spec.stop_signal,
    }  # fmt: skip
    body |= {name: value for name, value in texts.items() if value}
    if spec.tty:
        body["Tty"] = True
    if spec.stdin_open:
        body["OpenStdin"] = True
    if spec.stop_grace_period_s is not None:
        body["StopTimeout"] = int(spec.stop_grace_period_s)
    if spec.healthcheck is not None and (check := _healthcheck(spec.healthcheck)):
        body["Healthcheck"] = check
    return body


def _healthcheck(check: Healthcheck) -> dict[str, Any]:
    """HealthConfig with times in nanoseconds; what is not written is left to the image."""
    if check.disable or check.test == ("NONE",):
        return {"Test": ["NONE"]}
    body: dict[str, Any] = {"Test": list(check.test)} if check.test else {}
    times = {
        "Interval": check.interval_s, "Timeout": check.timeout_s, "StartPeriod": check.start_period_s,
        "StartInterval": check.start_interval_s,
    }  # fmt: skip
    body |= {name: round(value * NANOSECONDS) for name, value in times.items() if value is not None}
    if check.retries is not None:
        body["Retries"] = check.retries
    return body


def _exposed(spec: Service) -> list[str]:
    """Ports as the engine writes them, "80/tcp", from `ports` and `expose` (where ranges are written out)."""
    found = {f"{port.target}/{port.protocol}" for port in spec.ports}
    for text in spec.expose:
        numbers, _, protocol = str(text).partition("/")
        first, _, last = numbers.partition("-")
        if first.isdigit() and (not last or last.isdigit()):
            found |= {f"{number}/{protocol or 'tcp'}" for number in range(int(first), min(int(last or first), 65535) + 1)}
    return sorted(found, key=lambda text: (int(text.partition("/")[0]), text))


def _labels(design: Design, spec: Service, number: int) -> dict[str, str]:
    """The written labels and ours; the reserved names cannot be written by hand, because stacks are told apart by them."""
    written = {name: value for name, value in spec.labels.items() if not name.startswith(RESERVED_PREFIXES)}
    asked = compose_needs(design, spec.name).values()
    needs = [f"{one.service}:{one.condition}:{str(one.restart).lower()}" for one in asked]
    ours = config_hash(design, spec.name)
    if design.folder:  # told on, so that it is still known when no container of Compose's own is left
        written[WORKING_DIR] = design.folder
    return written | {
        PROJECT: design.project,
        SERVICE: spec.name,
        NUMBER: str(number),
        ONEOFF: "False",
        VERSION: COMPOSE_VERSION,
        DEPENDS_ON: ",".join(needs),
        STACK: design.project,
        COMPOSE_HASH: spec.hash or ours,  # Compose lists only containers that have one
        CONFIG: ours,
        KEYS: ",".join(f"{key}={value}" for key, value in key_hashes(design, spec.name).items()),
    }


def network_payload(design: Design, key: str) -> dict[str, Any]:
    """The body of POST /networks/create."""
    network = design.networks[key]
    body = network_body(network)
    written = {name: value for name, value in network.labels.items() if not name.startswith(RESERVED_PREFIXES)}
    labels = {
        PROJECT: design.project,
        NETWORK: key,
        VERSION: COMPOSE_VERSION,
        STACK: design.project,
        CONFIG: network_hash(network),
    }
    return {"Name": design.network_name(key), "CheckDuplicate": True} | body | {"Labels": written | labels}


def volume_payload(design: Design, key: str) -> dict[str, Any]:
    """The body of POST /volumes/create."""
    volume = design.volumes[key]
    written = {name: value for name, value in volume.labels.items() if not name.startswith(RESERVED_PREFIXES)}
    labels = {
        PROJECT: design.project,
        VOLUME: key,
        VERSION: COMPOSE_VERSION,
        STACK: design.project,
    }
    body: dict[str, Any] = {"Name": design.volume_name(key), "Driver": volume.driver or "local", "Labels": written | labels}
    if volume.driver_opts:
        body["DriverOpts"] = {name: str(value) for name, value in volume.driver_opts.items()}
    return body
