"""The engine's JSON as records: shapes of old and new engines that need no engine to be told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from topology.core.observed import Endpoint, ObservedPool, PortBinding
from topology.engine import cgroups, translate
from topology.engine.errors import Conflict, EngineError, NotFound, Refused
from topology.engine.failures import error_from_answer
from topology.engine.logs import _goes_on, _just_after

ID = "0123456789abcdef" * 4


def endpoint(raw: dict[str, object], *, network: str = "front", hostname: str = "www") -> Endpoint:
    return translate.endpoint(network, raw, container_id=ID, container_name="shop-web-1", hostname=hostname)


def test_computed_names_of_engine_20_are_no_aliases() -> None:
    found = endpoint({"Aliases": ["web", ID[:12], "www"]})
    assert found.aliases == ("web",)
    assert found.dns_names == ("shop-web-1", "web", ID[:12], "www")


def test_an_alias_that_equals_the_host_name_is_kept_when_it_was_asked_for() -> None:
    assert endpoint({"Aliases": ["www", ID[:12]]}).aliases == ("www",)


def test_an_engine_that_lists_dns_names_is_believed() -> None:
    found = endpoint({"Aliases": ["web"], "DNSNames": ["shop-web-1", "web", ID[:12]]})
    assert (found.aliases, found.dns_names) == (("web",), ("shop-web-1", "web", ID[:12]))


def test_nobody_has_a_name_on_the_default_bridge() -> None:
    assert endpoint({"Aliases": None}, network="bridge").dns_names == ()


def test_links_are_written_one_way() -> None:
    raw = {"Links": ["db:store", "cache"], "IPAMConfig": {"IPv4Address": "10.0.0.5"}, "IPAddress": "10.0.0.5"}
    assert endpoint(raw).links == ("cache:cache", "db:store")
    assert endpoint(raw).static_ipv4 == "10.0.0.5"


def container(**state: object) -> dict[str, object]:
    ports = {"80/tcp": [{"HostIp": "", "HostPort": "8080"}], "53/udp": [{"HostPort": ""}]}
    return {
        "Id": ID, "Name": "/shop-web-1", "State": {"Status": "exited", "ExitCode": 137} | state, "Config": {"Labels": None},
        "HostConfig": {"NetworkMode": "default", "Links": ["/shop-db-1:/shop-web-1/db"], "PortBindings": ports},
        "NetworkSettings": {"Networks": {"none": {}}, "Ports": {"80/tcp": None}},
    }  # fmt: skip


def test_a_stopped_container_has_its_exit_code_and_the_ports_it_asks_for() -> None:
    found = translate.container(container())
    assert (found.exit_code, found.network_mode, found.links, found.endpoints) == (137, "bridge", ("shop-db-1:db",), ())
    assert found.ports == (PortBinding(53, "udp", "", 0), PortBinding(80, "tcp", "", 8080))


def test_a_running_container_has_no_exit_code_and_publishes_only_what_is_bound() -> None:
    found = translate.container(container(Status="running", Running=True, ExitCode=0))
    assert (found.exit_code, found.ports, found.health) == (None, (), "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0001-01-01T00:00:00Z", 0.0),
        ("", 0.0),
        ("1970-01-01T00:00:01.5Z", 1.5),
        ("1970-01-01T01:00:01.123456789+01:00", 1.123456789),
    ],
)
def test_times_are_seconds_since_the_epoch(text: str, expected: float) -> None:
    assert translate.seconds(text) == pytest.approx(expected)


def test_the_next_nanosecond_is_told_exactly() -> None:
    assert _just_after("2023-11-14T22:13:20.999999999Z") == "1700000001.000000000"
    assert _just_after("2023-11-14T22:13:20.1Z") == "1700000000.100000001"


def test_a_log_goes_on_behind_its_latest_line_whatever_came_last() -> None:
    latest = _goes_on("", "2023-11-14T22:13:20.9Z")
    assert latest == "1700000000.900000001"
    assert _goes_on(latest, "2023-11-14T22:13:20.1Z") == latest == _goes_on(latest, "")
    assert _goes_on("5.000000000", "2023-11-14T22:13:20.9Z") == latest


def test_exec_events_are_no_news_and_health_is_a_detail() -> None:
    assert translate.event({"Type": "container", "Action": "exec_start: sh -c true", "Actor": {"ID": ID}}) is None
    assert translate.event({"Type": "daemon", "Action": "reload"}) is None
    found = translate.event(
        {"Type": "container", "Action": "health_status: unhealthy", "Actor": {"ID": ID}, "timeNano": 1_500_000_000}
    )
    assert found is not None and (found.action, found.detail["health"], found.at) == ("health_status", "unhealthy", 1.5)


REFERENCE = 'failed to resolve reference "docker.io/library/alpine:nope": '


@pytest.mark.parametrize(
    ("status", "message", "kind", "fix"),
    [
        (500, "driver failed: Bind for 0.0.0.0:80 failed: port is already allocated", Conflict, "Port 80 of"),
        (500, "listen tcp4 0.0.0.0:80: bind: address already in use", Conflict, "A program on the engine's host listens on"),
        (500, "driver failed: failed to bind host port for 0.0.0.0:8000:172.31.0.2:80/tcp: address already in use", Conflict,
         "A program on the engine's host listens on port 8000."),
        (500, "driver failed: failed to bind host port 0.0.0.0:53/udp: address already in use", Conflict,
         "A program on the engine's host listens on port 53."),
        (500, "failed to bind host port for [fd00:5:6::1]:8000:[fd00:5::2]:80/tcp: address already in use", Conflict,
         "A program on the engine's host listens on port 8000."),
        (500, "failed to bind host port 10.9.9.9:80/tcp: cannot assign requested address", Refused,
         "The engine's host has no address 10.9.9.9."),
        (0, f"{REFERENCE}docker.io/library/alpine:nope: not found", NotFound, "The registry has no such tag."),
        (404, f"{REFERENCE}pull access denied, repository does not exist or may require authorization", NotFound,
         "Check the name docker.io/library/alpine:nope."),
        (0, f"{REFERENCE}failed to authorize: unexpected status from GET request: 401 Unauthorized", Refused, "Log in to"),
        (0, f"{REFERENCE}failed to do request: dial tcp 127.0.0.1:1: connect: connection refused", EngineError,
         "The engine cannot reach the registry"),
        (404, "pull access denied for team/app, repository does not exist", NotFound, "Check the name team/app."),
        (400, 'OCI: exec: "serve": executable file not found in $PATH: unknown', Refused, "The image has no program serve."),
        (500, "write /data: no space left on device", EngineError, "The engine's disk is full."),
        (403, "Pool overlaps with other one on this address space", Conflict, "Another network of this engine"),
        (400, "invalid mount config: bind source path does not exist: /srv/x", Refused, "Create /srv/x on the engine's host"),
        (404, 'plugin "weave" not found', Refused, "This engine has no driver weave."),
        (418, "a new engine's new words", EngineError, ""),
    ],
)  # fmt: skip
def test_an_engines_words_keep_and_gain_a_fix(status: int, message: str, kind: type[EngineError], fix: str) -> None:
    error = error_from_answer(status, message)
    assert (type(error), error.message) == (kind, message)
    assert error.fix.startswith(fix) and bool(error.fix) == bool(fix)


def test_cgroup_v2_files_are_read_as_the_engine_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scope = tmp_path / "cgroup/system.slice" / f"docker-{ID}.scope"
    scope.mkdir(parents=True)
    (scope / "cpu.stat").write_text("usage_usec 1500\nuser_usec 1000\n")
    (scope / "memory.current").write_text("9000\n")
    (scope / "memory.max").write_text("max\n")
    (scope / "memory.stat").write_text("anon 100\ninactive_file 4000\n")
    (tmp_path / "proc/7").mkdir(parents=True)
    (tmp_path / "proc/7/cgroup").write_text(f"0::/system.slice/docker-{ID}.scope\n")
    monkeypatch.setattr(cgroups, "PROC", tmp_path / "proc")
    mounts = cgroups.Mounts({"": (tmp_path / "cgroup", "/")})
    groups = cgroups.groups_of(7, container_id=ID, mounts=mounts)
    assert groups is not None
    assert (cgroups.cpu_ns(groups), cgroups.memory_bytes(groups)) == (1_500_000, (5000, 0))
    assert cgroups.groups_of(7, container_id="f" * 64, mounts=mounts) is None


def test_a_networks_pools_are_told_with_all_that_the_engine_says_of_them() -> None:
    told = {
        "Subnet": "10.8.0.0/24",
        "IPRange": "10.8.0.128/25",
        "Gateway": "10.8.0.254/24",
        "AuxiliaryAddresses": {"a": "10.8.0.5"},
    }
    raw = {"Id": "n", "Name": "p_front", "IPAM": {"Config": [told, {"Subnet": "fd00::/64"}]}}
    assert translate.network(raw).pools == (
        ObservedPool("10.8.0.0/24", gateway="10.8.0.254", ip_range="10.8.0.128/25", aux_addresses={"a": "10.8.0.5"}),
        ObservedPool("fd00::/64"),
    )


def test_a_network_is_said_with_all_that_makes_it_once_more() -> None:
    pool = {"Subnet": "fd00::/64", "Gateway": "fd00::1/64", "IPRange": "fd00::/80", "AuxiliaryAddresses": {"router": "fd00::9"}}
    raw = {"Id": "n", "Name": "front", "Driver": "bridge", "IPAM": {"Driver": "default", "Options": None, "Config": [pool]}}
    assert translate.network(raw).ipam == {"Driver": "default", "Config": [pool | {"Gateway": "fd00::1"}]}
    assert translate.network(raw | {"IPAM": {"Driver": "default", "Config": None}}).ipam == {}
