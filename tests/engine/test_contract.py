"""What every engine does, on the one in memory and on a real one."""

from __future__ import annotations

import time

import pytest

from tests.engine.bench import BUSYBOX, Bench, until
from topology.core.plan import Kind
from topology.engine.errors import Conflict, NotFound, Refused, WaitFailed


def subnet(bench: Bench) -> str:
    """A /28 that hardly any other test uses."""
    number = int(bench.project[-8:], 16)
    return f"10.{200 + number % 50}.{(number >> 8) % 256}.0/28"


def test_a_container_is_created_started_stopped_and_removed(bench: Bench) -> None:
    made = bench.create("web")
    assert bench.look("web").state == "created"
    bench.start("web")
    running = bench.look("web")
    assert (running.id, running.state, running.exit_code, running.service) == (made, "running", None, "web")
    assert running.started_at > running.created_at - 1 > 0
    bench.do(Kind.STOP, container=bench.name("web"), timeout_s=0)
    assert bench.look("web").state == "exited"
    assert bench.look("web").finished_at >= running.started_at
    bench.do(Kind.REMOVE_CONTAINER, container=bench.name("web"), volumes=True)
    assert bench.engine.inspect(bench.name("web")) is None


def test_doing_again_what_is_so_changes_nothing(bench: Bench) -> None:
    network = bench.network("front")
    assert bench.network("front") == network
    volume = {"Name": bench.name("data"), "Labels": bench.labels()}
    assert bench.do(Kind.CREATE_VOLUME, payload=volume) == bench.do(Kind.CREATE_VOLUME, payload=volume) == bench.name("data")
    made = bench.create("web")
    assert bench.create("web") == made
    bench.start("web")
    started = bench.look("web").started_at
    bench.start("web")
    assert bench.look("web").started_at == started
    for _ in range(2):
        bench.do(Kind.DISCONNECT, container=bench.name("web"), network="none")
        bench.do(Kind.CONNECT, container=bench.name("web"), network=bench.name("front"), endpoint={"Aliases": ["www"]})
    for _ in range(2):
        bench.do(Kind.DISCONNECT, container=bench.name("web"), network=bench.name("front"))
    for _ in range(2):
        bench.do(Kind.KILL, container=bench.name("web"), signal="SIGKILL")
        until(lambda: bench.look("web").state == "exited")
    for kind in (Kind.STOP, Kind.STOP):
        bench.do(kind, container=bench.name("web"), timeout_s=0)
    for _ in range(2):
        bench.do(Kind.REMOVE_CONTAINER, container=bench.name("web"), volumes=False)
        bench.do(Kind.REMOVE_NETWORK, name=bench.name("front"))
        bench.do(Kind.REMOVE_VOLUME, name=bench.name("data"))
    bench.do(Kind.DISCONNECT, container=bench.name("web"), network=bench.name("front"))
    bench.do(Kind.STOP, container=bench.name("web"), timeout_s=0)


def test_what_belongs_to_another_is_never_taken_over(bench: Bench) -> None:
    bench.create("web", config="c1")
    with pytest.raises(Conflict, match="made from another configuration"):
        bench.create("web", config="c2")
    stranger = bench.payload("web") | {"Labels": {"io.netyard.test": "1", "com.docker.compose.project": "other"}}
    with pytest.raises(Conflict, match=f"belongs to the project {bench.project}"):
        bench.do(Kind.CREATE_CONTAINER, name=bench.name("web"), payload=stranger)
    bench.network("front")
    with pytest.raises(Conflict, match="A network named nyt-"):
        bench.network("front", Labels={"com.docker.compose.project": "other"})
    bench.do(Kind.CREATE_VOLUME, payload={"Name": bench.name("data"), "Labels": {"io.netyard.test": "1"}})
    with pytest.raises(Conflict, match="belongs to no Compose project"):
        bench.do(Kind.CREATE_VOLUME, payload={"Name": bench.name("data"), "Labels": bench.labels()})


def test_a_network_added_to_a_running_container_keeps_its_id_and_carries_every_setting(bench: Bench) -> None:
    bench.network("front")
    bench.network("back", IPAM={"Config": [{"Subnet": subnet(bench)}]})
    made = bench.run("web", Hostname="www", **bench.on("front", Aliases=["web", "www"]))
    address = subnet(bench).replace(".0/28", ".9")
    endpoint = {"Aliases": ["shop"], "IPAMConfig": {"IPv4Address": address}, "Links": [f"{bench.name('db')}:store"]}
    bench.do(Kind.CONNECT, container=bench.name("web"), network=bench.name("back"), endpoint=endpoint)
    bench.do(Kind.CONNECT, container=bench.name("web"), network=bench.name("back"), endpoint=endpoint)
    web = bench.look("web")
    assert (web.id, web.state) == (made, "running")
    back, front = web.endpoints
    assert (back.network, back.aliases, back.ipv4, back.static_ipv4) == (bench.name("back"), ("shop",), address, address)
    assert back.links == (f"{bench.name('db')}:store",)
    assert front.aliases == ("web", "www")  # the host name was asked for, the short id was not
    assert {bench.name("web"), "web", made[:12], "www"} <= set(front.dns_names)
    assert front.static_ipv4 == "" and front.ipv4 and front.mac and front.network_id
    with pytest.raises(Conflict, match="with other settings"):
        bench.do(Kind.CONNECT, container=bench.name("web"), network=bench.name("back"), endpoint={"Aliases": ["other"]})


def test_endpoints_of_a_container_that_does_not_run_are_kept(bench: Bench) -> None:
    bench.network("front")
    bench.network("back")
    bench.create("web", **bench.on("front", Aliases=["web"]))
    bench.do(Kind.CONNECT, container=bench.name("web"), network=bench.name("back"), endpoint={"Aliases": ["b"]})
    assert [(one.network, one.aliases) for one in bench.look("web").endpoints] == [
        (bench.name("back"), ("b",)),
        (bench.name("front"), ("web",)),
    ]
    bench.start("web")
    bench.do(Kind.STOP, container=bench.name("web"), timeout_s=0)
    bench.start("web")
    assert [one.aliases for one in bench.look("web").endpoints] == [("b",), ("web",)]
    bench.do(Kind.DISCONNECT, container=bench.name("web"), network=bench.name("front"))
    assert [one.network for one in bench.look("web").endpoints] == [bench.name("back")]


def test_a_link_on_the_default_bridge_is_observed_and_can_be_removed(bench: Bench) -> None:
    bench.run("redis", HostConfig={"NetworkMode": "bridge"})
    bench.run("app", HostConfig={"NetworkMode": "bridge", "Links": [f"{bench.name('redis')}:db"]})
    assert bench.look("app").links == (f"{bench.name('redis')}:db",)
    assert bench.look("app").network_mode == "bridge"
    assert bench.look("app").endpoints[0].dns_names == ()
    for _ in range(2):
        bench.do(Kind.REMOVE_LINK, container=bench.name("app"), alias="db")
    assert bench.look("app").links == ()


def test_a_link_to_a_stopped_container_says_to_start_it(bench: Bench) -> None:
    bench.create("redis", HostConfig={"NetworkMode": "bridge"})
    bench.create("app", HostConfig={"NetworkMode": "bridge", "Links": [f"{bench.name('redis')}:db"]})
    with pytest.raises(Conflict) as caught:
        bench.start("app")
    assert caught.value.fix.startswith(f"Start {bench.name('redis')} first")


def test_observing_a_project_gives_its_own_and_what_others_hold(bench: Bench) -> None:
    bench.network("front")
    bench.do(Kind.CREATE_VOLUME, payload={"Name": bench.name("data"), "Labels": bench.labels()})
    bench.do(Kind.CREATE_VOLUME, payload={"Name": bench.name("foreign"), "Labels": {"io.netyard.test": "1"}})
    mount = {"Type": "volume", "Source": bench.name("data"), "Target": "/data"}
    port = {"PortBindings": {"80/tcp": [{"HostPort": "28080", "HostIp": "127.0.0.1"}]}}
    host = {"Mounts": [mount], "Memory": 64 << 20, "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}
    networked = bench.on("front", Aliases=["web"])
    networked["HostConfig"] |= host | port
    bench.run("web", **networked, ExposedPorts={"80/tcp": {}})
    mine = bench.engine.observe(bench.project)
    (web,) = mine.containers
    assert (web.mounts, web.restart_policy, web.config_hash) == ((bench.name("data"),), "on-failure:3", "c1")
    assert web.limits is not None and web.limits["Memory"] == 64 << 20
    assert [(one.target, one.published) for one in web.ports] == [(80, 28080)]
    assert [one.name for one in mine.volumes] == [bench.name("data")]
    assert bench.name("foreign") in mine.external_volumes and bench.name("data") not in mine.external_volumes
    assert {"bridge", bench.name("front")} <= {one.name for one in mine.networks}
    assert BUSYBOX in mine.images and mine.images[BUSYBOX] == web.image_id
    assert 28080 not in {one.published for one in mine.taken_ports}
    assert 28080 in {one.published for one in bench.engine.observe("nyt-nobody").taken_ports}
    everything = bench.engine.observe_all()
    assert everything[bench.project].containers == mine.containers


def test_a_port_taken_by_another_container_is_named(bench: Bench) -> None:
    ports = {"NetworkMode": "bridge", "PortBindings": {"80/tcp": [{"HostPort": "28081"}]}}
    bench.run("one", HostConfig=ports, ExposedPorts={"80/tcp": {}})
    bench.create("two", HostConfig=ports, ExposedPorts={"80/tcp": {}})
    with pytest.raises(Conflict, match="port is already allocated") as caught:
        bench.start("two")
    assert caught.value.fix.startswith("Port 28081 of the engine's host is published by another container.")
    assert bench.look("two").exit_code == 128


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [(".9", Conflict, "Another endpoint"), (".200", Refused, "inside the network's subnet")],
)
def test_an_address_that_cannot_be_given_says_why(bench: Bench, address: str, kind: type[Exception], words: str) -> None:
    bench.network("back", IPAM={"Config": [{"Subnet": subnet(bench)}]})
    config = {"IPAMConfig": {"IPv4Address": subnet(bench).replace(".0/28", ".9")}}
    bench.run("one", **bench.on("back", **config))
    bench.run("two")
    bench.do(Kind.DISCONNECT, container=bench.name("two"), network="none")
    config = {"IPAMConfig": {"IPv4Address": subnet(bench).replace(".0/28", address)}}
    with pytest.raises(kind) as caught:
        bench.do(Kind.CONNECT, container=bench.name("two"), network=bench.name("back"), endpoint=config)
    assert words in caught.value.fix  # type: ignore[attr-defined]


def test_other_refusals_come_with_a_way_forward(bench: Bench) -> None:
    bench.network("back", IPAM={"Config": [{"Subnet": subnet(bench)}]})
    with pytest.raises(Conflict) as overlap:
        bench.network("back2", IPAM={"Config": [{"Subnet": subnet(bench)}]})
    assert "overlapping subnet" in overlap.value.fix
    with pytest.raises(NotFound, match="No such image") as missing:
        bench.create("web", Image="nyt-nothing:none")
    assert "nyt-nothing:none" in missing.value.fix
    bench.run("web", **bench.on("back"))
    with pytest.raises(Conflict) as used:
        bench.do(Kind.REMOVE_NETWORK, name=bench.name("back"))
    assert "Disconnect or remove" in used.value.fix
    with pytest.raises(Conflict) as running:
        bench.do(Kind.REMOVE_CONTAINER, container=bench.name("web"), volumes=False)
    assert running.value.fix == "Stop the container first."
    with pytest.raises(NotFound):
        bench.start("nobody")
    mount = {"Type": "volume", "Source": bench.name("data"), "Target": "/data"}
    bench.do(Kind.CREATE_VOLUME, payload={"Name": bench.name("data"), "Labels": bench.labels()})
    bench.create("user", HostConfig={"Mounts": [mount]})
    with pytest.raises(Conflict) as volume:
        bench.do(Kind.REMOVE_VOLUME, name=bench.name("data"))
    assert "still use the volume" in volume.value.fix


def test_a_volume_that_a_killed_engine_half_made_is_made_once_more(bench: Bench) -> None:
    payload = {"Name": bench.name("data"), "Labels": bench.labels()}
    asked_at = time.time()
    bench.do(Kind.CREATE_VOLUME, payload={"Name": bench.name("data")})  # as it is found: nobody's
    with pytest.raises(Conflict, match="belongs to no Compose project"):
        bench.do(Kind.CREATE_VOLUME, payload=payload)
    with pytest.raises(Conflict):
        bench.do(Kind.CREATE_VOLUME, payload=payload, half_made_since=asked_at + 60)  # it was there before
    bench.do(Kind.CREATE_VOLUME, payload=payload, half_made_since=asked_at)
    assert [one.name for one in bench.engine.observe(bench.project).volumes] == [bench.name("data")]


def test_events_come_in_order_and_name_project_and_service(bench: Bench) -> None:
    listener = bench.listen()
    network = bench.network("front")
    made = bench.run("web", **bench.on("front", Aliases=["web"]))
    bench.do(Kind.KILL, container=bench.name("web"), signal="SIGKILL")
    died = listener.wait(made, "die")
    until(lambda: bench.look("web").state == "exited")
    bench.do(Kind.REMOVE_CONTAINER, container=bench.name("web"), volumes=False)
    listener.wait(made, "destroy")
    # engines differ in whether a dying container leaves its networks before or after it is told dead
    events = [(one.kind, one.action) for one in listener.of(made)]
    assert [action for kind, action in events if kind == "container"] == ["create", "start", "kill", "die", "destroy"]
    assert [action for kind, action in events if kind == "network"] == ["connect", "disconnect"]
    assert events.index(("network", "connect")) < events.index(("container", "start"))
    assert (died.project, died.service, died.name, died.detail["exitCode"]) == (bench.project, "web", bench.name("web"), "137")
    joined = listener.wait(made, "connect")
    assert (joined.kind, joined.subject_id, joined.name, joined.detail["container"]) == (
        "network",
        network,
        bench.name("front"),
        made,
    )
    assert listener.close() <= 1.0
    assert listener.error is None


def test_events_since_a_moment_are_told_again(bench: Bench) -> None:
    made = bench.create("web")
    seen = []
    for event in bench.engine.events(since=bench.look("web").created_at - 2, stop=lambda: bool(seen)):
        if event.subject_id == made:
            seen.append(event.action)
    assert seen == ["create"]


def test_rename_update_and_restart_are_seen(bench: Bench) -> None:
    made = bench.run("web")
    first = bench.look("web").started_at
    bench.do(Kind.RESTART, container=bench.name("web"), timeout_s=0)
    assert bench.look("web").started_at > first
    bench.do(Kind.UPDATE_CONTAINER, container=bench.name("web"), payload={"RestartPolicy": {"Name": "always"}})
    assert bench.look("web").restart_policy == "always"
    for _ in range(2):
        bench.do(Kind.RENAME_CONTAINER, container=bench.name("web"), to=bench.name("old"))
    assert bench.look("old").id == made
    with pytest.raises(NotFound):
        bench.do(Kind.RENAME_CONTAINER, container=bench.name("nobody"), to=bench.name("nothing"))


def test_waiting_for_health_ends_when_it_is_healthy(bench: Bench) -> None:
    check = {"Test": ["CMD-SHELL", "true"], "Interval": 100_000_000, "Timeout": 10**9, "Retries": 1}
    bench.run("web", Healthcheck=check)
    bench.do(Kind.WAIT_HEALTHY, container=bench.name("web"), timeout_s=20)
    assert bench.look("web").health == "healthy"


@pytest.mark.engine
def test_a_crash_loop_without_a_check_is_not_healthy(real: Bench) -> None:
    real.run("web", command=["sh", "-c", "exit 3"], HostConfig={"RestartPolicy": {"Name": "always"}})
    until(lambda: real.look("web").restart_count >= 4)  # from then on it is down for longer and longer
    until(lambda: real.look("web").state == "restarting")
    with pytest.raises(WaitFailed, match="was not healthy after 0 s; it is restarting"):
        real.do(Kind.WAIT_HEALTHY, container=real.name("web"), timeout_s=0)


def test_what_runs_for_a_while_has_stayed_up(bench: Bench) -> None:
    bench.run("web")
    begun = time.monotonic()
    bench.do(Kind.WAIT_STEADY, container=bench.name("web"), timeout_s=0.5)
    assert time.monotonic() - begun >= 0.5
    bench.do(Kind.KILL, container=bench.name("web"), signal="SIGKILL")
    until(lambda: bench.look("web").state == "exited")
    with pytest.raises(WaitFailed, match="exited with code 137"):
        bench.do(Kind.WAIT_STEADY, container=bench.name("web"), timeout_s=0.5)
    with pytest.raises(WaitFailed, match="was removed"):
        bench.do(Kind.WAIT_STEADY, container=bench.name("nobody"), timeout_s=0.5)


def test_waiting_for_what_never_comes_fails_with_words(bench: Bench) -> None:
    bench.run("web")
    with pytest.raises(WaitFailed, match="was not completed after 0 s; it is running"):
        bench.do(Kind.WAIT_COMPLETED, container=bench.name("web"), timeout_s=0)
    bench.do(Kind.KILL, container=bench.name("web"), signal="SIGKILL")
    until(lambda: bench.look("web").state == "exited")
    with pytest.raises(WaitFailed, match="exited with code 137"):
        bench.do(Kind.WAIT_COMPLETED, container=bench.name("web"), timeout_s=5)
    with pytest.raises(WaitFailed, match="exited with code 137 before it was healthy"):
        bench.do(Kind.WAIT_HEALTHY, container=bench.name("web"), timeout_s=5)
    with pytest.raises(WaitFailed, match="was removed"):
        bench.do(Kind.WAIT_HEALTHY, container=bench.name("nobody"), timeout_s=5)


def test_a_second_sample_has_rates(bench: Bench) -> None:
    bench.network("front")
    bench.run("web", **bench.on("front", Aliases=["web"]))
    web = bench.look("web")
    (first,) = bench.engine.samples([web])
    assert first.cpu_percent is None and first.memory_bytes > 0 and first.memory_limit_bytes > 0 and first.network_rates == {}

    def second() -> object:
        (sample,) = bench.engine.samples([web])
        return sample if sample.cpu_percent is not None and sample.network_rates else None

    sample = until(second, timeout_s=15, every_s=0.1)
    assert set(sample.network_rates) == {bench.name("front")}
    bench.do(Kind.KILL, container=bench.name("web"), signal="SIGKILL")
    until(lambda: bench.look("web").state == "exited")
    assert bench.engine.samples([web]) == []
