"""What runs, as a file, and that file as a call: the same container comes of it, and the file has no error."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.test_reconstruct import IMAGE, container, network
from topology.compose.read import read
from topology.compose.reconstructed import reconstructed_text
from topology.core.payload import container_payload
from topology.core.problems import Severity
from topology.core.reconstruct import Found, reconstruct

ENGINE = {"CgroupVersion": "2", "DefaultRuntime": "runc", "LoggingDriver": "json-file"}
GPU = {"Driver": "", "Count": -1, "Capabilities": [["gpu"]]}
CDI = {"Driver": "cdi", "DeviceIDs": ["v.com/c=x"]}


def again(raw: dict[str, Any], *, networks: tuple[Any, ...] = ()) -> dict[str, Any]:
    """The body of the call that would make the container of the reconstructed file."""
    nets = (network("p_default", "default"), *networks)
    found = Found(containers=(raw,), images={"sha256:1": IMAGE}, networks=nets, info=ENGINE)
    reading = read(reconstructed_text(reconstruct(found, project="p"), of="p"), project="p")
    assert [one for one in reading.checked() if one.severity is Severity.ERROR] == []
    assert reading.design is not None
    wires = [one.network for one in reading.design.services["web"].attachments]
    return container_payload(reading.design, "web", networks=wires)


@pytest.mark.parametrize("asked", [[GPU], [CDI], [GPU, CDI], [{"Driver": "nvidia", "DeviceIDs": ["1"], "Capabilities": [[]]}]])
def test_devices_beside_reserved_memory_come_back(asked: list[dict[str, Any]]) -> None:
    host = again(container(host={"DeviceRequests": asked, "MemoryReservation": 10 * 1024**2}))["HostConfig"]
    assert (host["DeviceRequests"], host["MemoryReservation"]) == (asked, 10 * 1024**2)


@pytest.mark.parametrize(
    ("entrypoint", "command", "body"),
    [
        (["/run"], None, (["/run"], None)),  # `entrypoint: [/run]`: the engine adds no command of the image to it
        (["/run"], ["serve"], (None, None)),
        (["/run"], ["x"], (None, ["x"])),
        (["/own"], None, (["/own"], None)),
        ([], ["serve"], ([], ["serve"])),
        (None, ["x"], ([], ["x"])),
    ],
)
def test_entrypoint_and_command_come_back(entrypoint: Any, command: Any, body: Any) -> None:
    made = again(container(config={"Entrypoint": entrypoint, "Cmd": command}))
    assert (made.get("Entrypoint"), made.get("Cmd")) == body
