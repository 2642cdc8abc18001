"""The Engine API's bodies, field by field."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from tests.core.drawing import draw
from topology.core.design import Attachment, Design, Healthcheck, Link, Mount, Network, Pool, Port, Service, Volume
from topology.core.fingerprint import LEFT_OUT
from topology.core.hooks import hooks_of
from topology.core.likeness import likeness
from topology.core.payload import config_hash, container_payload, endpoint_payload, network_payload, volume_payload

GIB = 1024**3


def design_of(*, db_on: tuple[str, ...] = (), **keys: Any) -> Design:
    """One service `web` with the keys given, on the network `front` unless a mode is given, and `db` on those given."""
    wired = {} if "network_mode" in keys else {"attachments": (Attachment("front"),)}
    service = Service("web", **({"image": "nginx"} | wired | keys))
    db = Service("db", image="redis", attachments=tuple(Attachment(one) for one in db_on))
    return Design("p", {"web": service, "db": db}, {"front": Network("front")}, {"data": Volume("data")})


def body_of(**keys: Any) -> dict[str, Any]:
    return container_payload(design_of(**keys), "web", 1)


@pytest.mark.parametrize(("keys", "expected"), [
    ({"command": ("a", "b")}, {"Cmd": ["a", "b"]}),
    ({"command": ()}, {"Cmd": []}),
    ({"entrypoint": ("/x",)}, {"Entrypoint": ["/x"]}),
    ({"entrypoint": ()}, {"Entrypoint": []}),
    ({"environment": {"A": "1", "B": None, "C": ""}}, {"Env": ["A=1", "B", "C="]}),
    ({"hostname": "h", "domainname": "d"}, {"Hostname": "h", "Domainname": "d"}),
    ({"user": "1:1", "working_dir": "/w"}, {"User": "1:1", "WorkingDir": "/w"}),
    ({"tty": True, "stdin_open": True}, {"Tty": True, "OpenStdin": True}),
    ({"stop_signal": "SIGINT", "stop_grace_period_s": 90.0}, {"StopSignal": "SIGINT", "StopTimeout": 90}),
    ({"ports": (Port(80, "8080"),), "expose": ("9000-9001", "53/udp")},
     {"ExposedPorts": {"53/udp": {}, "80/tcp": {}, "9000/tcp": {}, "9001/tcp": {}}}),
    ({"healthcheck": Healthcheck(("CMD", "x"), interval_s=1.5, timeout_s=2, start_period_s=3, retries=4)},
     {"Healthcheck": {"Test": ["CMD", "x"], "Interval": 1_500_000_000, "Timeout": 2_000_000_000, "StartPeriod": 3_000_000_000,
                      "Retries": 4}}),
    ({"healthcheck": Healthcheck(disable=True)}, {"Healthcheck": {"Test": ["NONE"]}}),
    ({"mac_address": "02:42:00:00:00:01"}, {"MacAddress": "02:42:00:00:00:01"}),
])  # fmt: skip
def test_the_process_is_as_written(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    body = body_of(**keys)
    assert {key: body[key] for key in expected} == expected


@pytest.mark.parametrize(("keys", "expected"), [
    ({"ports": (Port(80, "8080", "127.0.0.1"), Port(53, None, protocol="udp"), Port(80, "8000-8010"))},
     {"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}, {"HostIp": "", "HostPort": "8000-8010"}],
                       "53/udp": [{"HostIp": "", "HostPort": ""}]}}),
    ({"restart": "on-failure:3"}, {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}),
    ({"restart": "always"}, {"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}}),
    ({}, {"RestartPolicy": {"Name": "no", "MaximumRetryCount": 0}, "NetworkMode": "p_front"}),
    ({"mounts": (Mount("volume", "/d", "data"),)}, {"Mounts": [{"Type": "volume", "Target": "/d", "Source": "p_data"}]}),
    ({"mounts": (Mount("volume", "/d"),)}, {"Mounts": [{"Type": "volume", "Target": "/d"}]}),
    ({"mounts": (Mount("volume", "/d", "data", True, {"nocopy": True}),)},
     {"Mounts": [{"Type": "volume", "Target": "/d", "Source": "p_data", "ReadOnly": True, "VolumeOptions": {"NoCopy": True}}]}),
    ({"mounts": (Mount("bind", "/d", "/srv", True),)}, {"Binds": ["/srv:/d:ro"]}),
    ({"mounts": (Mount("bind", "/d", "/srv", False, {"selinux": "z", "propagation": "rshared"}),)},
     {"Binds": ["/srv:/d:rw,z,rshared"]}),
    ({"mounts": (Mount("bind", "/d", "/srv", False, {"create_host_path": False, "propagation": "rslave"}),)},
     {"Mounts": [{"Type": "bind", "Target": "/d", "Source": "/srv", "BindOptions": {"Propagation": "rslave"}}]}),
    ({"mounts": (Mount("tmpfs", "/t", None, False, {"size": 64, "mode": "1777"}),)},
     {"Mounts": [{"Type": "tmpfs", "Target": "/t", "TmpfsOptions": {"SizeBytes": 64, "Mode": 0o1777}}]}),
    ({"tmpfs": ("/run:size=1m", "/x")}, {"Tmpfs": {"/run": "size=1m", "/x": ""}}),
    ({"volumes_from": ("db:ro", "container:other")}, {"VolumesFrom": ["p-db-1:ro", "other"]}),
    ({"extra_hosts": ("a:1.2.3.4",), "dns": ("1.1.1.1",), "dns_search": ("x",), "dns_opt": ("ndots:1",)},
     {"ExtraHosts": ["a:1.2.3.4"], "Dns": ["1.1.1.1"], "DnsSearch": ["x"], "DnsOptions": ["ndots:1"]}),
    ({"cap_add": ("NET_ADMIN",), "cap_drop": ("ALL",), "group_add": ("9",), "security_opt": ("no-new-privileges:true",)},
     {"CapAdd": ["NET_ADMIN"], "CapDrop": ["ALL"], "GroupAdd": ["9"], "SecurityOpt": ["no-new-privileges:true"]}),
    ({"devices": ("/dev/a", "/dev/a:/dev/b:r")},
     {"Devices": [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/a", "CgroupPermissions": "rwm"},
                  {"PathOnHost": "/dev/a", "PathInContainer": "/dev/b", "CgroupPermissions": "r"}]}),
    ({"privileged": True, "read_only": True, "init": True}, {"Privileged": True, "ReadonlyRootfs": True, "Init": True}),
    ({"sysctls": {"a": "1"}, "ulimits": {"nofile": (1, 2)}},
     {"Sysctls": {"a": "1"}, "Ulimits": [{"Name": "nofile", "Soft": 1, "Hard": 2}]}),
    ({"pid": "host", "ipc": "service:db", "uts": "host", "userns_mode": "host", "cgroup": "private"},
     {"PidMode": "host", "IpcMode": "container:p-db-1", "UTSMode": "host", "UsernsMode": "host", "CgroupnsMode": "private"}),
    ({"mem_limit_bytes": GIB, "mem_reservation_bytes": 1, "cpus": 0.5, "cpu_shares": 2, "cpuset": "0-1", "pids_limit": 9},
     {"Memory": GIB, "MemoryReservation": 1, "NanoCpus": 500_000_000, "CpuShares": 2, "CpusetCpus": "0-1", "PidsLimit": 9}),
    ({"shm_size_bytes": 64, "runtime": "runc"}, {"ShmSize": 64, "Runtime": "runc"}),
    ({"logging": {"driver": "json-file", "options": {"max-file": 3}}},
     {"LogConfig": {"Type": "json-file", "Config": {"max-file": "3"}}}),
    ({"other": {"oom_score_adj": "-5", "memswap_limit": "1g", "cgroup_parent": "/x", "secrets": ["s"]}},
     {"OomScoreAdj": -5, "MemorySwap": GIB, "CgroupParent": "/x"}),
    ({"other": {"annotations": ["a=b"], "mem_swappiness": 0, "cpu_rt_runtime": "400ms", "cpu_quota": "50ms"}},
     {"Annotations": {"a": "b"}, "MemorySwappiness": 0, "CpuRealtimeRuntime": 400_000, "CpuQuota": 50_000}),
    ({"other": {"blkio_config": {"weight": 300, "weight_device": [{"path": "/dev/a", "weight": 4}],
                                 "device_read_bps": [{"path": "/dev/a", "rate": "1mb"}]}}},
     {"BlkioWeight": 300, "BlkioWeightDevice": [{"Path": "/dev/a", "Weight": 4}],
      "BlkioDeviceReadBps": [{"Path": "/dev/a", "Rate": 1024**2}]}),
    ({"other": {"gpus": "all"}}, {"DeviceRequests": [{"Driver": "", "Capabilities": [["gpu"]], "Count": -1}]}),
    ({"other": {"gpus": [{"driver": "nvidia", "count": 2, "options": {"a": 1}}]}},
     {"DeviceRequests": [{"Driver": "nvidia", "Capabilities": [["gpu"]], "Count": 2, "Options": {"a": "1"}}]}),
    ({"other": {"deploy": {"resources": {"reservations": {"devices": [
        {"driver": "nvidia", "device_ids": ["0"], "capabilities": ["gpu", "utility"]}]}}}}},
     {"DeviceRequests": [{"Driver": "nvidia", "Capabilities": [["gpu", "utility"]], "DeviceIDs": ["0"]}]}),
    ({"devices": ("vendor.com/gpu=all",)}, {"DeviceRequests": [
        {"Driver": "cdi", "DeviceIDs": ["vendor.com/gpu=all"]}]}),
    ({"other": {"credential_spec": {"file": "c.json"}}}, {"SecurityOpt": ["credentialspec=file://c.json"]}),
    ({"security_opt": ("seccomp:unconfined", "label:disable")}, {"SecurityOpt": ["seccomp=unconfined", "label:disable"]}),
    ({"mounts": (Mount("bind", "/d", "/srv", True, {"recursive": "disabled"}),)},
     {"Mounts": [{"Type": "bind", "Target": "/d", "Source": "/srv", "ReadOnly": True,
                  "BindOptions": {"NonRecursive": True, "CreateMountpoint": True}}]}),
    ({"mounts": (Mount("volume", "/d", "data", False, {"subpath": "a", "labels": ["x=y"]}),)},
     {"Mounts": [{"Type": "volume", "Target": "/d", "Source": "p_data", "VolumeOptions": {"Subpath": "a", "Labels": {"x": "y"}}}]}),
    ({"mounts": (Mount("image", "/d", "busybox", False, {"subpath": "a"}),)},
     {"Mounts": [{"Type": "image", "Target": "/d", "Source": "busybox", "ImageOptions": {"Subpath": "a"}}]}),
    ({"network_mode": "host"}, {"NetworkMode": "host"}),
    ({"network_mode": "service:db"}, {"NetworkMode": "container:p-db-1"}),
    ({"network_mode": "container:x"}, {"NetworkMode": "container:x"}),
    ({"network_mode": "none"}, {"NetworkMode": "none"}),
    ({"network_mode": "bridge", "links": (Link("db", "cache"),)}, {"NetworkMode": "bridge", "Links": ["p-db-1:cache"]}),
])  # fmt: skip
def test_what_it_takes_of_the_host_is_as_written(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    host = body_of(**keys)["HostConfig"]
    assert {key: host[key] for key in expected} == expected


def test_an_endpoint_has_the_service_name_first_then_aliases_address_links_and_mac() -> None:
    design = design_of(
        db_on=("front",),
        links=(Link("db", "cache"), Link("other-1", "old", external=True)),
        attachments=(
            Attachment("front", ("www", "web"), ipv4="10.0.0.5", mac="02:42:00:00:00:01", link_local_ips=("169.254.1.1",)),
        ),
    )
    assert endpoint_payload(design, "web", design.services["web"].attachments[0]) == {
        "Aliases": ["web", "www"],
        "IPAMConfig": {"IPv4Address": "10.0.0.5", "LinkLocalIPs": ["169.254.1.1"]},
        "Links": ["other-1:old", "p-db-1:cache"],
        "MacAddress": "02:42:00:00:00:01",
    }
    assert "Links" not in container_payload(design, "web")["HostConfig"]


def test_a_link_is_written_only_where_its_target_is_too() -> None:
    design = design_of(links=(Link("db", "cache"), Link("other-1", "old", external=True)))
    assert endpoint_payload(design, "web", design.services["web"].attachments[0])["Links"] == ["other-1:old"]


def test_one_network_is_named_at_creation_that_of_the_highest_priority_else_the_first() -> None:
    first = container_payload(draw("web nginx on back front"), "web")
    assert list(first["NetworkingConfig"]["EndpointsConfig"]) == ["p_back"]
    asked = container_payload(draw("web nginx on back front(!5)"), "web")
    assert list(asked["NetworkingConfig"]["EndpointsConfig"]) == ["p_front"]
    assert asked["HostConfig"]["NetworkMode"] == "p_front"
    both = container_payload(draw("web nginx on back front"), "web", networks=["back", "front"])
    assert list(both["NetworkingConfig"]["EndpointsConfig"]) == ["p_back", "p_front"]


def test_the_labels_are_composes_and_ours_and_cannot_be_taken() -> None:
    design = draw("web nginx; needs db healthy; label a=b com.docker.compose.project=evil\ndb redis")
    labels = container_payload(design, "web", 2)["Labels"]
    assert labels.pop("io.netyard.keys").startswith("depends") is False
    assert labels == {
        "com.docker.compose.version": "2.26.1", "com.docker.compose.image": "",
        "com.docker.compose.config-hash": config_hash(design, "web"),
        "a": "b", "com.docker.compose.project": "p", "com.docker.compose.service": "web",
        "com.docker.compose.container-number": "2", "com.docker.compose.oneoff": "False",
        "com.docker.compose.depends_on": "db:service_healthy:false", "io.netyard.stack": "p",
        "io.netyard.config": config_hash(design, "web"),
    }  # fmt: skip


def test_a_network_carries_its_pools_and_options() -> None:
    pool = Pool("10.0.0.0/24", "10.0.0.1", "10.0.0.128/25", {"router": "10.0.0.2"})
    network = Network("front", internal=True, attachable=True, enable_ipv6=True, driver_opts={"mtu": 9000}, pools=(pool,))
    body = network_payload(Design("p", {}, {"front": network}), "front")
    labels = body.pop("Labels")
    assert body == {
        "Name": "p_front", "CheckDuplicate": True, "Driver": "bridge", "Internal": True, "Attachable": True, "EnableIPv6": True,
        "Options": {"mtu": "9000"},
        "IPAM": {"Driver": "default", "Options": {}, "Config": [
            {"Subnet": "10.0.0.0/24", "Gateway": "10.0.0.1", "IPRange": "10.0.0.128/25",
             "AuxiliaryAddresses": {"router": "10.0.0.2"}},
        ]},
    }  # fmt: skip
    assert labels["com.docker.compose.network"] == "front"
    assert labels["com.docker.compose.project"] == labels["io.netyard.stack"] == "p"


def test_a_volume_carries_driver_and_options() -> None:
    body = volume_payload(Design("p", {}, {}, {"v": Volume("v", name="named", driver_opts={"type": "nfs"})}), "v")
    assert (body["Name"], body["Driver"], body["DriverOpts"]) == ("named", "local", {"type": "nfs"})
    assert body["Labels"]["com.docker.compose.volume"] == "v"


@pytest.mark.parametrize("keys", [
    {"attachments": (Attachment("front", ("www",), ipv4="10.0.0.5"),)}, {"network_mode": "bridge"}, {"network_mode": "none"},
    {"links": (Link("db", "x"),)}, {"scale": 3}, {"profiles": ("dev",)}, {"restart": "always"}, {"mem_limit_bytes": 1},
    {"cpus": 2.0}, {"pids_limit": 3}, {"pull_policy": "always"}, {"build": {"context": "."}}, {"line": 9},
    {"container_name": "x"}, {"environment": {}}, {"other": {"x-note": "a", "secrets": []}}, {"hash": "abc"},
    {"other": {"memswap_limit": "1g", "cpu_quota": 50000, "post_start": [{"command": "x"}], "deploy": {"placement": {}}}},
])  # fmt: skip
def test_what_changes_in_place_does_not_change_the_hash(keys: dict[str, Any]) -> None:
    assert config_hash(design_of(**keys), "web") == config_hash(design_of(), "web")


@pytest.mark.parametrize("keys", [
    {"image": "nginx:2"}, {"command": ("a",)}, {"command": ()}, {"entrypoint": ("a",)}, {"environment": {"A": ""}},
    {"ports": (Port(80),)}, {"expose": ("1",)}, {"mounts": (Mount("volume", "/d"),)}, {"network_mode": "host"},
    {"network_mode": "service:db"}, {"network_mode": "container:x"}, {"healthcheck": Healthcheck(disable=True)},
    {"hostname": "h"}, {"domainname": "d"}, {"labels": {"a": "b"}}, {"user": "u"}, {"working_dir": "/w"}, {"tty": True},
    {"stdin_open": True}, {"init": False}, {"privileged": True}, {"read_only": True}, {"cap_add": ("A",)}, {"cap_drop": ("A",)},
    {"devices": ("/dev/x",)}, {"security_opt": ("x",)}, {"pid": "host"}, {"ipc": "host"}, {"uts": "host"}, {"userns_mode": "host"},
    {"cgroup": "host"}, {"dns": ("1.1.1.1",)}, {"dns_search": ("x",)}, {"dns_opt": ("x",)}, {"extra_hosts": ("a:1",)},
    {"sysctls": {"a": "1"}}, {"ulimits": {"a": (1, 1)}}, {"tmpfs": ("/t",)}, {"group_add": ("g",)}, {"shm_size_bytes": 1},
    {"stop_signal": "X"}, {"stop_grace_period_s": 1.0}, {"logging": {"driver": "none"}}, {"platform": "linux/arm64"},
    {"runtime": "runc"}, {"mac_address": "02:42:00:00:00:01"}, {"volumes_from": ("db",)}, {"other": {"cgroup_parent": "x"}},
    {"other": {"mem_swappiness": 0}}, {"other": {"gpus": "all"}}, {"other": {"annotations": {"a": "b"}}},
    {"other": {"secrets": ["s"]}}, {"other": {"blkio_config": {"weight": 300}}},
    {"other": {"deploy": {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"]}]}}}}},
])  # fmt: skip
def test_what_is_fixed_at_creation_changes_the_hash(keys: dict[str, Any]) -> None:
    assert config_hash(design_of(**keys), "web") != config_hash(design_of(), "web")


def test_every_field_of_a_service_is_either_hashed_or_left_out_by_name() -> None:
    known = {field.name for field in fields(Service)}
    assert known >= LEFT_OUT


def test_a_renamed_volume_or_joined_container_changes_the_hash() -> None:
    design = design_of(mounts=(Mount("volume", "/d", "data"),), network_mode="service:db")
    renamed = replace(design, volumes={"data": Volume("data", name="other")})
    assert config_hash(design, "web") != config_hash(renamed, "web")
    moved = replace(design, services={**design.services, "db": Service("db", image="redis", container_name="database")})
    assert config_hash(design, "web") != config_hash(moved, "web")


def test_an_image_to_be_built_is_named_as_compose_names_it() -> None:
    assert body_of(image=None, build={"context": "."})["Image"] == "p-web"


def test_a_hooks_variable_without_a_value_takes_the_containers_away() -> None:
    hook = {"command": "x", "environment": {"A": 1, "HOME": None}}
    (found,) = hooks_of(Service("web", other={"post_start": [hook]}), "post_start")
    assert found["environment"] == ["A=1", "HOME"]


def test_a_variable_without_a_value_is_not_like_an_empty_one() -> None:
    assert likeness({"Env": ["A"]}, {}) != likeness({"Env": ["A="]}, {})


def test_numbers_and_words_have_the_types_that_the_engine_reads() -> None:
    """Source: moby's HostConfig; measured on 20.10: "cannot unmarshal number 50.0 into Go struct field … of type int64"."""
    other = {"cpu_percent": 50.0, "mem_swappiness": 10.0, "storage_opt": {"size": 10, "fast": True}}
    host = body_of(other=other)["HostConfig"]
    sent = json.dumps({key: host[key] for key in ("CpuPercent", "MemorySwappiness", "StorageOpt")})
    assert sent == '{"CpuPercent": 50, "MemorySwappiness": 10, "StorageOpt": {"size": "10", "fast": "true"}}'
