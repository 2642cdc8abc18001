"""Reconstruction from the engine's JSON: what was asked for comes back, what image, engine and Compose add does not."""

from __future__ import annotations

from typing import Any

import pytest

from topology.core.reconstruct import Found, escaped, reconstruct
from topology.core.reconstruct_units import cores, duration, size
from topology.core.survey import survey_of

IMAGE = {
    "Config": {
        "Cmd": ["serve"], "Entrypoint": ["/run"], "Env": ["PATH=/bin", "MODE=image"], "User": "app", "WorkingDir": "/srv",
        "ExposedPorts": {"80/tcp": {}}, "Volumes": {"/var/lib": {}}, "Labels": {"maker": "image"},
        "Healthcheck": {"Test": ["CMD", "true"], "Interval": 30_000_000_000},
    }
}  # fmt: skip
SHORT = "abcdefabcdef"


def container(service: str = "web", *, number: int = 1, name: str = "", labels: dict[str, str] | None = None, **more: Any) -> Any:
    compose = {
        "com.docker.compose.project": "p", "com.docker.compose.service": service,
        "com.docker.compose.container-number": str(number), "com.docker.compose.depends_on": more.pop("needs", ""),
    }  # fmt: skip
    base = IMAGE["Config"]
    config = {
        key: base[key] for key in ("Cmd", "Entrypoint", "Env", "User", "WorkingDir", "ExposedPorts", "Volumes", "Healthcheck")
    }
    config |= {"Image": "nginx", "Hostname": SHORT, "Labels": {"maker": "image"} | (compose if labels is None else labels)}
    networks = more.pop("networks", {"p_default": {}})
    host = {"NetworkMode": more.pop("mode", next(iter(networks), "none")), "ShmSize": 67108864, "IpcMode": "private"}
    return {
        "Id": f"{SHORT}-{service}-{number}"[:12] + service + str(number), "Name": f"/{name or f'p-{service}-{number}'}",
        "Image": "sha256:1", "Config": config | more.pop("config", {}), "HostConfig": host | more.pop("host", {}),
        "NetworkSettings": {"Networks": networks},
    }  # fmt: skip


def network(name: str, key: str, **more: Any) -> Any:
    labels = {"com.docker.compose.project": "p", "com.docker.compose.network": key} if key else {}
    return {"Name": name, "Driver": "bridge", "Labels": labels, **more}


def told(*containers: Any, networks: tuple[Any, ...] = (), volumes: tuple[Any, ...] = ()) -> dict[str, Any]:
    nets = (network("p_default", "default"), *networks)
    found = Found(containers=containers, images={"sha256:1": IMAGE}, networks=nets, volumes=volumes)
    return reconstruct(found, project="p").file


def web(**more: Any) -> dict[str, Any]:
    return told(container(**more))["services"]["web"]


def test_a_port_bound_to_nothing_is_published_where_the_engine_says_so() -> None:
    def asked(*, now: Any, running: bool = True) -> dict[str, Any]:
        one = container(host={"PortBindings": {"81/tcp": []}}, config={"ExposedPorts": {"81/tcp": {}}})
        one["NetworkSettings"]["Ports"], one["State"] = {"81/tcp": now}, {"Running": running}
        found = reconstruct(Found(containers=(one,), images={"sha256:1": IMAGE}), project="p")
        return {key: found.file["services"]["web"].get(key) for key in ("ports", "expose")} | {"notes": len(found.notes)}

    assert asked(now=None) == {"ports": None, "expose": ["81"], "notes": 0}  # as 20.10 does
    assert asked(now=[{"HostIp": "0.0.0.0", "HostPort": "32768"}]) == {"ports": ["81"], "expose": None, "notes": 0}
    assert asked(now=None, running=False) == {"ports": None, "expose": ["81"], "notes": 1}


def test_a_container_that_is_as_its_image_says_is_an_image_and_nothing_else() -> None:
    assert told(container()) == {"name": "p", "services": {"web": {"image": "nginx"}}}


@pytest.mark.parametrize(
    ("config", "keys"),
    [
        ({"Cmd": ["other"]}, {"command": ["other"]}),
        ({"Entrypoint": ["/own"], "Cmd": None}, {"entrypoint": ["/own"]}),
        ({"Cmd": None}, {"entrypoint": ["/run"]}),
        ({"Entrypoint": ["/own"], "Cmd": ["serve"]}, {"entrypoint": ["/own"], "command": ["serve"]}),
        ({"Env": ["PATH=/bin", "MODE=own", "COST=5$"]}, {"environment": {"COST": "5$$", "MODE": "own"}}),
        ({"Hostname": "shop"}, {"hostname": "shop"}),
        ({"User": "root"}, {"user": "root"}),
        ({"StopTimeout": 3}, {"stop_grace_period": "3s"}),
        ({"ExposedPorts": {"80/tcp": {}, "90/tcp": {}, "53/udp": {}}}, {"expose": ["53/udp", "90"]}),
        ({"Healthcheck": {"Test": ["CMD", "true"], "Interval": 5_000_000_000}}, {"healthcheck": {"interval": "5s"}}),
        ({"Healthcheck": {"Test": ["NONE"]}}, {"healthcheck": {"disable": True}}),
        ({"Volumes": {"/var/lib": {}, "/own": {}}}, {"volumes": ["/own"]}),
    ],
)
def test_what_differs_from_the_image_is_written(config: dict[str, Any], keys: dict[str, Any]) -> None:
    assert web(config=config) == {"image": "nginx"} | keys


@pytest.mark.parametrize(
    ("host", "keys"),
    [
        ({"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}}, {"ports": ["8080:80"]}),
        ({"PortBindings": {"53/udp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}}, {"ports": ["127.0.0.1::53/udp"]}),
        (
            {"PortBindings": {"80/tcp": [{"HostIp": "::1", "HostPort": "80"}]}},
            {"ports": [{"target": 80, "published": "80", "host_ip": "::1"}]},
        ),
        ({"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}, {"restart": "on-failure:3"}),
        ({"Memory": 64 * 1024**2, "MemorySwap": 128 * 1024**2}, {"mem_limit": "64m"}),
        ({"Memory": 64 * 1024**2, "MemorySwap": -1}, {"mem_limit": "64m", "memswap_limit": -1}),
        ({"NanoCpus": 500_000_000}, {"cpus": 0.5}),
        ({"Tmpfs": {"/run": "size=1m", "/tmp": ""}}, {"tmpfs": ["/run:size=1m", "/tmp"]}),
        ({"Ulimits": [{"Name": "nofile", "Soft": 1, "Hard": 2}]}, {"ulimits": {"nofile": {"soft": 1, "hard": 2}}}),
        ({"LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}}},
         {"logging": {"driver": "json-file", "options": {"max-size": "1m"}}}),
        ({"Devices": [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/b", "CgroupPermissions": "rwm"}]},
         {"devices": ["/dev/a:/dev/b"]}),
        ({"Binds": ["/srv:/data:ro", "/anonymous"]}, {"volumes": ["/anonymous", "/srv:/data:ro"]}),
        ({"Mounts": [{"Type": "bind", "Source": "/srv", "Target": "/data", "ReadOnly": True}]},
         {"volumes": [{"type": "bind", "target": "/data", "source": "/srv", "read_only": True,
                       "bind": {"create_host_path": False}}]}),
        ({"DeviceRequests": [{"Driver": "", "Count": -1, "Capabilities": [["gpu"]]}], "MemoryReservation": 10 * 1024**2},
         {"deploy": {"resources": {"reservations": {"memory": "10m", "devices": [{"capabilities": ["gpu"], "count": "all"}]}}}}),
        ({"DeviceRequests": [{"Driver": "cdi", "DeviceIDs": ["v.com/c=x"], "Count": 0, "Capabilities": None}],
          "MemoryReservation": 10 * 1024**2}, {"mem_reservation": "10m", "devices": ["v.com/c=x"]}),
        ({"PidMode": "host", "CapAdd": ["NET_ADMIN"], "Init": True}, {"cap_add": ["NET_ADMIN"], "init": True, "pid": "host"}),
    ],
)  # fmt: skip
def test_what_is_taken_of_the_host_is_written(host: dict[str, Any], keys: dict[str, Any]) -> None:
    assert web(host=host) == {"image": "nginx"} | keys


def test_named_volumes_go_by_their_key_and_others_are_external() -> None:
    labels = {"com.docker.compose.project": "p", "com.docker.compose.volume": "data"}
    file = told(
        container(host={"Binds": ["p_data:/data:rw", "else:/else", f"{'a' * 64}:/x"]}),
        volumes=({"Name": "p_data", "Driver": "local", "Labels": labels, "Options": None},),
    )
    assert file["services"]["web"]["volumes"] == ["p_data:/data".replace("p_data", "data"), "else:/else", "/x"]
    assert file["volumes"] == {"data": None, "else": {"external": True}}


def test_names_that_engine_and_compose_add_are_left_out_and_addresses_stand_where_asked_for() -> None:
    one = container(networks={
        "p_front": {"Aliases": ["p-web-1", "web", "www", "abcdefabcdef"[:12], SHORT], "IPAMConfig": {"IPv4Address": "10.0.0.5"}},
    })  # fmt: skip
    one["Id"] = SHORT + "0" * 52
    file = told(one, networks=(network("p_front", "front", IPAM={"Config": [{"Subnet": "10.0.0.0/24", "Gateway": "10.0.0.1"}]}),))
    assert file["services"]["web"]["networks"] == {"front": {"aliases": ["www"], "ipv4_address": "10.0.0.5"}}
    assert file["networks"]["front"] == {"ipam": {"config": [{"subnet": "10.0.0.0/24", "gateway": "10.0.0.1"}]}}


@pytest.mark.parametrize(
    ("pool", "written"),
    [
        ({"Subnet": "172.20.0.0/16", "Gateway": "172.20.0.1"}, False),
        ({"Subnet": "192.168.16.0/20", "Gateway": "192.168.16.1"}, False),
        ({"Subnet": "172.20.0.0/16"}, True),
        ({"Subnet": "172.20.0.0/16", "Gateway": "172.20.0.9"}, True),
        ({"Subnet": "10.1.0.0/16", "Gateway": "10.1.0.1"}, True),
        ({"Subnet": "172.20.0.0/16", "Gateway": "172.20.0.1", "IPRange": "172.20.5.0/24"}, True),
    ],
)
def test_a_subnet_is_written_where_the_engine_cannot_have_chosen_it(pool: dict[str, str], written: bool) -> None:
    file = told(container(networks={"p_front": {}}), networks=(network("p_front", "front", IPAM={"Config": [pool]}),))
    assert (file["networks"]["front"] is not None) == written


def test_networks_of_others_are_external_and_shared_namespaces_go_by_service() -> None:
    vpn = container("vpn", networks={"tools": {}})
    other = container("web", networks={}, mode=f"container:{vpn['Id']}")
    file = told(vpn, other, networks=(network("tools", ""),))
    assert file["services"]["web"]["network_mode"] == "service:vpn"
    assert file["networks"] == {"tools": {"external": True}}


def test_links_come_back_once_and_what_they_imply_is_not_repeated() -> None:
    names = ["p-db-1:db", "p-db-1:db-1", "p-db-1:p-db-1", "stranger:s"]
    client = container(
        networks={"p_default": {"Links": names}}, needs="db:service_started:true,job:service_completed_successfully:false"
    )
    file = told(client, container("db"), container("job"))
    assert file["services"]["web"]["links"] == ["db"] and file["services"]["web"]["external_links"] == ["stranger:s"]
    assert file["services"]["web"]["depends_on"] == {"job": {"condition": "service_completed_successfully"}}


def test_links_on_docker0_come_back_with_their_network_mode() -> None:
    file = told(
        container(networks={"bridge": {}}, mode="bridge", host={"Links": ["/p-db-1:/p-web-1/database"]}),
        container("db", networks={"bridge": {}}, mode="bridge"),
    )
    assert file["services"]["web"] == {"image": "nginx", "network_mode": "bridge", "links": ["db:database"]}


def test_several_containers_are_a_scale_and_an_own_name_is_told() -> None:
    file = told(container(number=1), container(number=2), container("db", name="database"))
    assert file["services"]["web"] == {"image": "nginx", "scale": 2}
    assert file["services"]["db"] == {"image": "nginx", "container_name": "database"}


def test_a_plain_container_is_a_service_of_its_own_name() -> None:
    one = container(name="my.web", labels={}, networks={"bridge": {}}, mode="default")
    assert told(one)["services"] == {"my.web": {"image": "nginx", "container_name": "my.web", "network_mode": "bridge"}}


def test_what_a_file_cannot_say_is_noted() -> None:
    found = Found(
        containers=(
            container(number=1, host={"AutoRemove": True, "PublishAllPorts": True}), container(number=3, config={"User": "x"}),
        ),
        images={"sha256:1": IMAGE}, tags={"nginx": "sha256:2"},
    )  # fmt: skip
    notes = " ".join(reconstruct(found, project="p").notes)
    for words in ("--rm", "-P", "differ in user", "not numbered from 1 on", "means another image now"):
        assert words in notes


def test_numbers_come_back_as_people_write_them() -> None:
    assert [duration(value) for value in (90_000_000_000, 1_500_000, 0, 3_600_000_000_000)] == ["1m30s", "1ms500us", "0s", "1h"]
    assert [size(value) for value in (64 * 1024**2, 1024, 1000, -1)] == ["64m", "1k", 1000, -1]
    assert [cores(value) for value in (500_000_000, 2_000_000_000)] == [0.5, 2]


def test_dollars_are_doubled_in_values_only() -> None:
    assert escaped({"a$": ["$x", {"b": "${y}"}, 3]}) == {"a$": ["$$x", {"b": "$${y}"}, 3]}


def test_a_survey_tells_projects_from_containers_of_none() -> None:
    labels = {"com.docker.compose.project": "p", "com.docker.compose.service": "web"}
    listed = [
        {"Id": "1", "Names": ["/p-web-1"], "Image": "nginx", "State": "running", "Labels": labels},
        {"Id": "2", "Names": ["/x/alias", "/lonely"], "Image": "redis", "State": "exited", "Labels": {},
         "Ports": [{"IP": "0.0.0.0", "PublicPort": 80, "PrivatePort": 8, "Type": "tcp"}]},
        {"Id": "3", "Names": ["/p-run"], "Labels": labels | {"com.docker.compose.oneoff": "True"}},
    ]  # fmt: skip
    found = survey_of(listed, [network("p_front", "front")], [])
    assert [(one.name, one.running, one.containers, one.networks) for one in found.projects] == [("p", 1, 1, ("p_front",))]
    assert [(one.name, one.ports) for one in found.containers] == [("lonely", ("80->8/tcp",))]
