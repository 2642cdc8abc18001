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


def again(raw: dict[str, Any], *, networks: tuple[Any, ...] = (), version: str = "26.1.5") -> dict[str, Any]:
    """The body of the call that would make the container of the reconstructed file."""
    nets = (network("p_default", "default"), *networks)
    info = ENGINE | {"ServerVersion": version}
    found = Found(containers=(raw,), images={"sha256:1": IMAGE}, networks=nets, info=info)
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


@pytest.mark.parametrize(
    "mount",
    [
        {"Type": "bind", "Source": "/q", "Target": "/d"},
        {"Type": "bind", "Source": "/q", "Target": "/d", "BindOptions": {"CreateMountpoint": True, "NonRecursive": True}},
        {"Type": "bind", "Source": "/q", "Target": "/d", "BindOptions": {"NonRecursive": True, "Propagation": "rslave"}},
        {"Type": "bind", "Source": "/q", "Target": "/d", "ReadOnly": True,
         "BindOptions": {"ReadOnlyForceRecursive": True, "Propagation": "rprivate"}},
        {"Type": "bind", "Source": "/q", "Target": "/d", "ReadOnly": True, "BindOptions": {"ReadOnlyNonRecursive": True}},
        {"Type": "image", "Source": "busybox", "Target": "/d", "ImageOptions": {"Subpath": "x"}},
        {"Type": "volume", "Target": "/d", "VolumeOptions": {"Labels": {"a": "b"}, "NoCopy": True}},
        {"Type": "tmpfs", "Target": "/d", "TmpfsOptions": {"SizeBytes": 1024, "Mode": 0o1777}},
    ],
)  # fmt: skip
def test_a_mount_comes_back_with_all_its_options(mount: dict[str, Any]) -> None:
    assert again(container(host={"Mounts": [mount]}))["HostConfig"]["Mounts"] == [mount]


MADE, ASKED = "02:42:0a:09:00:05", "02:42:ac:11:65:43"


@pytest.mark.parametrize(
    ("version", "endpoint", "mac"),
    [
        ("26.1.5", {"IPAddress": "10.9.0.5", "MacAddress": MADE}, None),
        ("26.1.5", {"IPAddress": "10.9.0.5", "MacAddress": ASKED}, ASKED),
        ("26.1.5", {"GlobalIPv6Address": "fd00::5", "MacAddress": MADE}, None),
        ("28.0.1", {"IPAddress": "10.9.0.5", "MacAddress": "be:95:0d:11:00:01"}, None),
        ("28.0.1", {"IPAddress": "", "MacAddress": ASKED}, ASKED),
        ("28.0.1", {"IPAddress": "", "MacAddress": ""}, None),
    ],
)
def test_a_mac_that_was_asked_for_comes_back(version: str, endpoint: dict[str, str], mac: str | None) -> None:
    front = network("p_front", "front")
    raw = container(networks={"p_front": endpoint})
    ends = again(raw, networks=(front,), version=version)["NetworkingConfig"]["EndpointsConfig"]
    assert ends["p_front"].get("MacAddress") == mac
    on_bridge = container(networks={"bridge": endpoint}, mode="bridge")
    assert again(on_bridge, networks=(network("bridge", ""),), version=version).get("MacAddress") == mac


def test_a_network_without_ipv4_comes_back() -> None:
    six = network("p_six", "six", EnableIPv4=False, EnableIPv6=True)
    found = Found(containers=(container(networks={"p_six": {}}),), networks=(six,), info=ENGINE)
    assert reconstruct(found, project="p").file["networks"]["six"] == {"enable_ipv4": False, "enable_ipv6": True}


def test_mount_options_that_a_file_cannot_say_are_noted() -> None:
    mounts = [
        {"Type": "volume", "Target": "/a", "VolumeOptions": {"DriverConfig": {"Name": "local", "Options": {"type": "nfs"}}}},
        {"Type": "tmpfs", "Target": "/b", "TmpfsOptions": {"Options": [["exec"]]}},
    ]
    notes = reconstruct(Found(containers=(container(host={"Mounts": mounts}),), info=ENGINE), project="p").notes
    assert ["/a" in notes[0], "/b" in notes[1]] == [True, True]


@pytest.mark.parametrize("options", [[], ["no-new-privileges:true"]])
def test_a_container_that_sees_all_of_the_system_s_paths_comes_back(options: list[str]) -> None:
    bare = {"MaskedPaths": [], "ReadonlyPaths": []} | ({"SecurityOpt": options} if options else {})
    host = again(container(host=bare))["HostConfig"]
    assert {key: host[key] for key in ("MaskedPaths", "ReadonlyPaths", "SecurityOpt") if key in host} == bare
