"""The policy over final payloads: each ask is refused by default, by its own code, and allowed by its own switch alone."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.observed import Observed, ObservedContainer
from topology.core.plan import Impact, Kind, Operation, Plan
from topology.core.planner import plan_apply
from topology.core.policy import Allowed, check_operation, check_plan

BIND = {"Type": "bind", "Source": "/srv", "Target": "/x"}
DISGUISED = {"type": "none", "o": "bind", "device": "/srv"}
CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"Privileged": True}, "privileged", "policy-privileged"),
    ({"Binds": ["/srv:/x:rw"]}, "bind_mounts", "policy-bind-mount"),
    ({"Binds": ["./srv:/x"]}, "bind_mounts", "policy-bind-mount"),
    ({"Mounts": [BIND]}, "bind_mounts", "policy-bind-mount"),
    ({"Mounts": [{"Type": "volume", "Source": "/srv", "Target": "/x"}]}, "bind_mounts", "policy-bind-mount"),
    (
        {"Mounts": [{"Type": "volume", "VolumeOptions": {"DriverConfig": {"Options": DISGUISED}}}]},
        "bind_mounts",
        "policy-bind-mount",
    ),
    ({"Binds": ["/var/run/docker.sock:/s"]}, "engine_socket", "policy-engine-socket"),
    ({"Binds": ["/run/docker.sock:/s:ro"]}, "engine_socket", "policy-engine-socket"),
    ({"Binds": ["/var/run/../run/docker.sock:/s"]}, "engine_socket", "policy-engine-socket"),
    ({"Binds": ["//var//run/docker.sock:/s"]}, "engine_socket", "policy-engine-socket"),
    ({"Binds": ["/run/containerd/containerd.sock:/s"]}, "engine_socket", "policy-engine-socket"),
    ({"Binds": ["/home/me/.colima/docker.sock:/s"]}, "engine_socket", "policy-engine-socket"),
    ({"NetworkMode": "host"}, "host_namespaces", "policy-host-network"),
    ({"PidMode": "host"}, "host_namespaces", "policy-host-pid"),
    ({"IpcMode": "host"}, "host_namespaces", "policy-host-ipc"),
    ({"UTSMode": "host"}, "host_namespaces", "policy-host-uts"),
    ({"UsernsMode": "host"}, "host_namespaces", "policy-host-userns"),
    ({"CgroupnsMode": "host"}, "host_namespaces", "policy-host-cgroup"),
    ({"NetworkMode": "container:other-web-1"}, "host_namespaces", "policy-foreign-container"),
    ({"PidMode": "container:other-web-1"}, "host_namespaces", "policy-foreign-container"),
    ({"IpcMode": "container:other-web-1"}, "host_namespaces", "policy-foreign-container"),
    ({"VolumesFrom": ["other-web-1:ro"]}, "bind_mounts", "policy-foreign-container"),
    ({"Devices": [{"PathOnHost": "/dev/kmsg"}]}, "devices", "policy-devices"),
    ({"DeviceCgroupRules": ["c 1:3 rwm"]}, "devices", "policy-devices"),
    ({"DeviceRequests": [{"Count": -1}]}, "devices", "policy-devices"),
    ({"CapAdd": ["SYS_ADMIN"]}, "capabilities", "policy-capabilities"),
    ({"Sysctls": {"net.core.somaxconn": "1"}}, "capabilities", "policy-sysctls"),
    ({"SecurityOpt": ["seccomp=unconfined"]}, "unconfined", "policy-unconfined"),
    ({"SecurityOpt": ["seccomp:unconfined"]}, "unconfined", "policy-unconfined"),
    ({"SecurityOpt": ["apparmor=unconfined"]}, "unconfined", "policy-unconfined"),
    ({"SecurityOpt": ["label=disable"]}, "unconfined", "policy-unconfined"),
    ({"SecurityOpt": ["systempaths=unconfined"]}, "unconfined", "policy-unconfined"),
    ({"SecurityOpt": ["no-new-privileges:false"]}, "unconfined", "policy-unconfined"),
    ({"SecurityOpt": ["no-new-privileges=0"]}, "unconfined", "policy-unconfined"),
    ({"MaskedPaths": []}, "unconfined", "policy-unconfined"),
    ({"CgroupParent": "/system.slice"}, "unconfined", "policy-unconfined"),
    ({"OomScoreAdj": -1000}, "unconfined", "policy-unconfined"),
    ({"Runtime": "nvidia"}, "unconfined", "policy-runtime"),
    ({"Links": ["other-db-1:db"]}, "host_namespaces", "policy-foreign-container"),
    (
        {"LogConfig": {"Type": "syslog", "Config": {"syslog-address": "tcp://127.0.0.1:6379"}}},
        "host_namespaces",
        "policy-host-logging",
    ),
    (
        {"LogConfig": {"Type": "", "Config": {"syslog-address": "tcp://10.0.0.9:514"}}},
        "host_namespaces",
        "policy-host-logging",
    ),
    ({"VolumeDriver": "sshfs"}, "bind_mounts", "policy-volume-driver"),
    ({"Mounts": [{"Type": "cluster", "Source": "v", "Target": "/x"}]}, "bind_mounts", "policy-mount-type"),
]


def create(host: dict[str, Any], *, own: tuple[str, ...] = ()) -> Operation:
    detail = {"name": "p-web-1", "payload": {"Image": "nginx", "HostConfig": host}, "own": list(own)}
    return Operation(Kind.CREATE_CONTAINER, "service:web", "create web", "", Impact.NEW, detail)


def all_but(permission: str) -> Allowed:
    return Allowed(**{field.name: field.name != permission for field in fields(Allowed)})


@pytest.mark.parametrize(("host", "permission", "code"), CASES)
def test_each_ask_is_refused_until_its_own_switch_is_on(host: dict[str, Any], permission: str, code: str) -> None:
    assert [problem.code for problem in check_operation(create(host), Allowed())] == [code]
    assert [problem.code for problem in check_operation(create(host), all_but(permission))] == [code]
    assert check_operation(create(host), Allowed(**{permission: True})) == []


@pytest.mark.parametrize(
    "path", ["/", "/var", "/var/run", "/run", "/run/", "/var/lib/docker", "/var/lib/docker/volumes", "/proc/1/root"]
)
def test_a_folder_that_holds_the_engines_files_asks_for_both(path: str) -> None:
    found = [problem.code for problem in check_operation(create({"Binds": [f"{path}:/x"]}), Allowed())]
    assert found == ["policy-engine-socket", "policy-bind-mount"]
    assert check_operation(create({"Binds": [f"{path}:/x"]}), Allowed(bind_mounts=True)) != []


@pytest.mark.parametrize("host", [
    {}, {"NetworkMode": "bridge"}, {"NetworkMode": "p_front"}, {"Mounts": [{"Type": "volume", "Source": "p_data", "Target": "/d"}]},
    {"Binds": ["p_data:/data"]}, {"Mounts": [{"Type": "tmpfs", "Target": "/t"}]}, {"SecurityOpt": ["no-new-privileges:true"]},
    {"LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}}}, {"Runtime": "runc"}, {"OomScoreAdj": 500},
    {"LogConfig": {"Type": "", "Config": {"max-size": "10m", "tag": "x"}}}, {"SecurityOpt": ["no-new-privileges"]},
    {"SecurityOpt": ["no-new-privileges=1"]},
    {"CapDrop": ["ALL"]}, {"ReadonlyRootfs": True}, {"IpcMode": "private"}, {"PidsLimit": 5}, {"Init": True},
])  # fmt: skip
def test_a_plain_container_asks_for_nothing(host: dict[str, Any]) -> None:
    assert check_operation(create(host), Allowed()) == []


def test_a_container_of_the_same_stack_may_be_joined() -> None:
    host = {"NetworkMode": "container:p-vpn-1", "VolumesFrom": ["p-vpn-1"]}
    assert check_operation(create(host, own=("p-vpn-1",)), Allowed()) == []
    assert check_operation(create(host), Allowed()) != []


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        (DISGUISED, True),
        ({"o": "rbind,ro", "device": "/srv"}, True),
        ({"type": "ext4", "device": "/dev/sda1"}, True),
        ({"TYPE": "none", "O": "Bind", "device": "/srv"}, True),
        ({"type": "overlay", "device": "overlay", "o": "lowerdir=/etc"}, True),
        ({"type": "nfs", "o": "addr=10.0.0.1,rw", "device": ":/share"}, True),
        ({"type": "proc", "device": ""}, True),
        ({"type": "tmpfs", "o": "bind", "device": "/srv"}, True),
        ({"o": "size=1g", "device": "/srv"}, True),
        ({"size": "1g"}, False),
        ({"type": "tmpfs", "device": "tmpfs"}, False),
        ({}, False),
    ],
)
def test_a_volume_that_is_a_bind_mount_in_disguise_is_one(options: dict[str, str], refused: bool) -> None:
    detail = {"payload": {"Name": "p_data", "Driver": "local", "DriverOpts": options}}
    operation = Operation(Kind.CREATE_VOLUME, "volume:data", "create volume p_data", "", Impact.NEW, detail)
    assert bool(check_operation(operation, Allowed())) is refused
    assert check_operation(operation, Allowed(bind_mounts=True, engine_socket=True)) == []


def test_a_volume_over_the_engines_socket_asks_for_the_socket() -> None:
    detail = {"payload": {"Name": "v", "DriverOpts": {"o": "bind", "type": "none", "device": "/var/run"}}}
    operation = Operation(Kind.CREATE_VOLUME, "volume:v", "", "", Impact.NEW, detail)
    assert "policy-engine-socket" in [problem.code for problem in check_operation(operation, Allowed(bind_mounts=True))]


def test_an_update_is_looked_at_too() -> None:
    detail = {"container": "p-web-1", "payload": {"DeviceCgroupRules": ["a *:* rwm"]}}
    operation = Operation(Kind.UPDATE_CONTAINER, "service:web", "", "", Impact.IN_PLACE, detail)
    assert [problem.code for problem in check_operation(operation, Allowed())] == ["policy-devices"]


def test_a_network_that_is_the_hosts_by_another_name_is_refused() -> None:
    plan = plan_apply(draw("web nginx on out\nnet out external name=host"), Simulator(images=("nginx",)).observe())
    found = [problem.code for operation in plan.operations for problem in check_operation(operation, Allowed())]
    assert found == ["policy-host-network"]


def test_a_problem_names_the_service_and_who_can_allow_it() -> None:
    (problem,) = check_operation(create({"Privileged": True}), Allowed())
    assert problem.subject == "service:web"
    assert problem.message == "web asks for a privileged container, which this engine does not allow."
    assert problem.fix == "An engine administrator can allow privileged containers for this engine under Engines."


def test_labels_cannot_make_a_foreign_container_ones_own() -> None:
    design = draw("web nginx; mode container:p-x-1; label com.docker.compose.project=q io.netyard.stack=q")
    plan = plan_apply(design, Simulator(images=("nginx",)).observe())
    found = [problem.code for operation in plan.operations for problem in check_operation(operation, Allowed())]
    assert found == ["policy-foreign-container"]
    assert plan.operations[0].detail["payload"]["Labels"]["com.docker.compose.project"] == "p"


def test_a_service_of_the_stack_is_joined_without_being_asked() -> None:
    plan = plan_apply(draw("web nginx; mode service:vpn\nvpn nginx"), Simulator(images=("nginx",)).observe())
    assert [problem for operation in plan.operations for problem in check_operation(operation, Allowed())] == []


def test_only_true_allows() -> None:
    assert Allowed.from_json({"privileged": "no", "bind_mounts": 1, "devices": True, "other": True}) == Allowed(devices=True)


NOTHING = Allowed()


def codes(text: str, world: Simulator, *, allowed: Allowed = NOTHING, friends: tuple[str, ...] = ("p",)) -> list[str]:
    observed = world.observe()
    return [problem.code for problem in check_plan(plan_apply(draw(text), observed), observed, allowed, friends=friends)]


def test_a_strangers_container_does_not_become_ones_own_by_claiming_its_name() -> None:
    text = "decoy nginx; name theirs-db-1\nweb nginx; mode container:theirs-db-1"
    assert codes(text, Simulator(images=("nginx",))) == ["policy-foreign-container"]


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"Driver": "bridge"}, False),
        ({"Driver": "overlay"}, False),
        ({"Driver": "macvlan", "Options": {"parent": "eth0"}}, True),
        ({"Driver": "ipvlan"}, True),
        ({"Driver": "host"}, True),
        ({"Driver": "bridge", "Options": {"com.docker.network.bridge.name": "br0"}}, True),
        ({"Driver": "bridge", "Options": {"com.docker.network.bridge.gateway_mode_ipv4": "nat-unprotected"}}, True),
        ({"Driver": "bridge", "Options": {"com.docker.network.driver.mtu": "1400"}}, False),
        ({"Driver": "bridge", "IPAM": {"Driver": "dhcp"}}, True),
    ],
)
def test_a_network_that_reaches_into_the_hosts_own_is_refused(body: dict[str, Any], refused: bool) -> None:
    operation = Operation(Kind.CREATE_NETWORK, "network:n", "", "", Impact.NEW, {"payload": {"Name": "p_n", **body}})
    assert bool(check_operation(operation, Allowed())) is refused
    assert check_operation(operation, Allowed(host_namespaces=True)) == []


def test_networks_and_volumes_of_others_are_refused_and_those_of_the_team_are_not() -> None:
    world = Simulator(images=("nginx",))
    label = {"com.docker.compose.project": "theirs"}
    world.networks["theirs_back"] = {"Id": "1", "Subnets": [], "Driver": "bridge", "Labels": label}
    world.networks["proxy"] = {"Id": "2", "Subnets": [], "Driver": "bridge", "Labels": {}}
    world.volumes["theirs_data"] = {"Name": "theirs_data", "Driver": "local", "Labels": label}
    world.volumes["somebodys"] = {"Name": "somebodys", "Driver": "local", "Labels": {}}
    network = "web nginx on back\nnet back external name=theirs_back"
    assert codes(network, world) == ["policy-foreign-network"]
    assert codes(network, world, friends=("p", "theirs")) == codes(network, world, allowed=Allowed(other_stacks=True)) == []
    assert codes("web nginx on proxy\nnet proxy external name=proxy", world) == []
    for name, friendly in (("theirs_data", True), ("somebodys", False)):
        volume = f"web nginx; mount {name}:/d\nvol {name} external"
        assert codes(volume, world) == ["policy-foreign-volume"]
        assert bool(codes(volume, world, friends=("p", "theirs"))) is not friendly
        assert codes(volume, world, allowed=Allowed(other_stacks=True)) == []


@pytest.mark.parametrize("word", ["3f", "3f" + "0" * 62])
def test_a_network_is_joined_by_its_name_and_not_by_its_id_or_the_beginning_of_it(word: str) -> None:
    world = Simulator(images=("nginx",))
    world.networks["theirs_back"] = {"Id": "3f" + "0" * 62, "Driver": "bridge", "Labels": {"com.docker.compose.project": "theirs"}}
    assert codes(f"web nginx; mode {word}", world) == ["policy-unknown-network"]
    assert codes(f"web nginx; mode {word}", world, friends=("p", "theirs")) == ["policy-unknown-network"]
    made = Operation(
        Kind.CREATE_CONTAINER, "service:web", "", "", Impact.NEW, {"payload": {"NetworkingConfig": {"EndpointsConfig": {word: {}}}}}
    )
    joined = Operation(
        Kind.CONNECT, "service:web", "", "", Impact.IN_PLACE, {"container": "p-web-1", "network": word, "endpoint": {}}
    )
    for operation in (made, joined):
        found = check_plan(Plan((operation,)), world.observe(), NOTHING, friends=("p",))
        assert [problem.code for problem in found] == ["policy-unknown-network"]
    assert codes("web nginx on back; mount d:/d", world) == codes("web nginx; mode elsewhere", world) == []
    world.networks["theirs_all"] = {"Id": "x9zk" + "q" * 21, "Driver": "overlay", "Labels": {}}
    assert codes("web nginx; mode x9", world) == ["policy-unknown-network"]


@pytest.mark.parametrize(
    ("kind", "detail", "permission"),
    [
        (Kind.BUILD_IMAGE, {"options": {"network": "host"}}, "host_namespaces"),
        (Kind.BUILD_IMAGE, {"options": {"network": "container:x"}}, "host_namespaces"),
        (Kind.BUILD_IMAGE, {"options": {"remote": "http://127.0.0.1:8080/app.git"}}, "host_namespaces"),
        (Kind.BUILD_IMAGE, {"options": {"remote": "https://u:p@169.254.169.254/x.git"}}, "host_namespaces"),
        (Kind.BUILD_IMAGE, {"options": {"remote": "https://example.org/app.git", "network": "none"}}, ""),
        (Kind.RUN_COMMAND, {"command": ["x"], "privileged": True}, "privileged"),
        (Kind.RUN_COMMAND, {"command": ["x"], "user": "root", "privileged": False}, ""),
        (Kind.COPY_FILES, {"files": []}, ""),
        (Kind.CREATE_CONTAINER, {"payload": {"HostConfig": {"Annotations": {"a": "b"}}}}, "unconfined"),
        (Kind.CREATE_CONTAINER, {"payload": {"HostConfig": {"SecurityOpt": ["seccomp={}"]}}}, "unconfined"),
        (Kind.CREATE_CONTAINER, {"payload": {"HostConfig": {"SecurityOpt": ["credentialspec=file://x"]}}}, "unconfined"),
        (Kind.CREATE_CONTAINER, {"payload": {"HostConfig": {"DeviceRequests": [{"Driver": "cdi"}]}}}, "devices"),
        (Kind.CREATE_CONTAINER, {"payload": {"HostConfig": {"Mounts": [{"Type": "image", "Source": "busybox"}]}}}, ""),
    ],
)
def test_what_builds_commands_and_newer_keys_ask_for(kind: Kind, detail: dict[str, object], permission: str) -> None:
    asked = Operation(kind, "service:web", "", "", Impact.NEW, detail)
    assert bool(check_operation(asked, Allowed())) is bool(permission)
    if permission:
        assert check_operation(asked, Allowed(**{permission: True})) == []


def test_a_stack_keeps_its_own_volume_without_a_name_and_takes_no_other_s() -> None:
    name = "a" * 64
    mount = {"Type": "volume", "Source": name, "Target": "/d"}
    plan = Plan(
        (Operation(Kind.CREATE_CONTAINER, "service:web", "", "", Impact.NEW, {"payload": {"HostConfig": {"Mounts": [mount]}}}),)
    )
    mine = ObservedContainer("i", "p-web-1", "x", "", "running", nameless={"/d": name})
    assert check_plan(plan, Observed(containers=(mine,), external_volumes=(name,)), Allowed(), friends=["p"]) == []
    (refused,) = check_plan(plan, Observed(external_volumes=(name,)), Allowed(), friends=["p"])
    assert refused.code == "policy-foreign-volume"
