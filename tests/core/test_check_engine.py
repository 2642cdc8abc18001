"""Where a rule says that the engine refuses something, the engine must refuse it; and take what the rule lets through."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import docker
import pytest
import requests

from topology.compose.read import read
from topology.core.check import check

pytestmark = pytest.mark.engine
PORT = {"80/tcp": [{"HostPort": ""}]}
OWNER = "nyt-check-owner-" + uuid.uuid4().hex[:8]


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    client = docker.from_env().api
    owner = client.create_container("busybox:stable", ["sleep", "60"], name=OWNER, labels={"io.netyard.test": "1"})["Id"]
    client.start(owner)
    try:
        yield client
    finally:
        client.remove_container(owner, force=True, v=True)
        client.close()


CASES = [
    ("links: [b], network_mode: 'container:owner'", {"Links": [f"{OWNER}:db"]}, {}, "link-from-shared"),
    (
        "ports: ['80'], network_mode: 'container:owner'",
        {"PortBindings": PORT},
        {"ExposedPorts": {"80/tcp": {}}},
        "ports-with-shared-mode",
    ),
    ("expose: [80], network_mode: 'container:owner'", {}, {"ExposedPorts": {"80/tcp": {}}}, "shared-mode-conflict"),
    ("hostname: h, network_mode: 'container:owner'", {}, {"Hostname": "h"}, "shared-mode-conflict"),
    ("dns: 1.1.1.1, network_mode: 'container:owner'", {"Dns": ["1.1.1.1"]}, {}, "shared-mode-conflict"),
    ("extra_hosts: ['a:1.1.1.1'], network_mode: 'container:owner'", {"ExtraHosts": ["a:1.1.1.1"]}, {}, "shared-mode-conflict"),
    ("links: [b], network_mode: host", {"Links": [f"{OWNER}:db"]}, {}, "link-from-host"),
    ("hostname: h, uts: host", {"UTSMode": "host"}, {"Hostname": "h"}, "hostname-with-host-uts"),
    ("hostname: h, network_mode: host", {}, {"Hostname": "h"}, None),
    ("mem_limit: 1m", {"Memory": 2**20}, {}, "memory-too-small"),
    ("mem_limit: 6m", {"Memory": 6 * 2**20}, {}, None),
    ("mem_limit: 16m, mem_reservation: 32m", {"Memory": 2**24, "MemoryReservation": 2**25}, {}, "memory-reservation-over-limit"),
    ("volumes: ['/tmp:/']", {"Binds": ["/tmp:/"]}, {}, "mount-target-root"),
]


@pytest.mark.parametrize(("keys", "host", "config", "code"), CASES)
def test_the_engine_refuses_what_the_rule_refuses(
    api: Any, keys: str, host: dict[str, Any], config: dict[str, Any], code: str | None
) -> None:
    found = read(f"services: {{a: {{image: 'busybox:stable', {keys}}}, b: {{image: x}}}}", project="p")
    assert found.design is not None
    service = found.design.services["a"]
    assert [one.code for one in check(found.design) if one.severity == "error"] == ([code] if code else [])
    mode = f"container:{OWNER}" if service.mode == "container" else service.network_mode or "bridge"
    body = {
        "Image": service.image,
        "Cmd": ["true"],
        "Labels": {"io.netyard.test": "1"},
        **config,
        "HostConfig": {"NetworkMode": mode, **host},
    }
    answer: requests.Response = api._post_json(
        api._url("/containers/create"), data=body, params={"name": f"nyt-check-{uuid.uuid4().hex[:8]}"}
    )
    if answer.status_code == 201:
        api.remove_container(answer.json()["Id"], force=True, v=True)
    assert (answer.status_code == 201) is (code is None), answer.text
