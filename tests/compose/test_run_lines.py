"""Pasted `docker run` lines become Compose files: every flag, every quoting, every tie between lines."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.compose import compose_command
from topology.compose.document import parse
from topology.compose.run_line.flags import FLAGS, SHORT
from topology.compose.run_line.lines import RunLines, read_run_lines
from topology.compose.values import Values
from topology.core.problems import Severity
from topology.offline.__main__ import main

# `docker run --help` of 26.1, and the flags that it hides or leaves to other platforms.
HELP = """
add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-count
cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach detach-keys
device device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops disable-content-trust dns
dns-option dns-search domainname entrypoint env env-file expose gpus group-add health-cmd health-interval health-retries
health-start-interval health-start-period health-timeout help hostname init interactive io-maxbandwidth io-maxiops ip ip6 ipc
isolation kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation
memory-swap memory-swappiness mount name network network-alias no-healthcheck oom-kill-disable oom-score-adj pid pids-limit
platform privileged publish publish-all pull quiet read-only restart rm runtime security-opt shm-size sig-proxy stop-signal
stop-timeout storage-opt sysctl tmpfs tty ulimit user userns uts volume volume-driver volumes-from workdir
"""

# A line for each flag that has a Compose key, beyond switches; `OF` in front means that it needs these flags too.
SAMPLES = {
    "add-host": "a:10.0.0.1", "annotation": "a=b", "blkio-weight": "300", "blkio-weight-device": "/dev/sda:200",
    "cap-add": "NET_ADMIN", "cap-drop": "ALL", "cgroup-parent": "m", "cgroupns": "host", "cpu-count": "2", "cpu-percent": "50",
    "cpu-period": "50000", "cpu-quota": "25000", "cpu-rt-period": "1000", "cpu-rt-runtime": "950", "cpu-shares": "512",
    "cpus": "1.5", "cpuset-cpus": "0-1", "device": "/dev/null:/dev/x:r", "device-cgroup-rule": "c 1:3 r",
    "device-read-bps": "/dev/sda:1mb", "device-read-iops": "/dev/sda:10", "device-write-bps": "/dev/sda:1mb",
    "device-write-iops": "/dev/sda:10", "dns": "1.1.1.1", "dns-option": "ndots:2", "dns-search": "example.org",
    "domainname": "example.org", "entrypoint": "/bin/sh", "env": "A=b", "env-file": "my.env", "expose": "7000", "gpus": "all",
    "group-add": "audio", "health-cmd": "true", "health-interval": "5s", "health-retries": "3", "health-start-interval": "1s",
    "health-start-period": "9s", "health-timeout": "2s", "hostname": "box", "ip": "10.9.0.5", "ip6": "fd00::5", "ipc": "host",
    "isolation": "default", "label": "a=b", "link": "other:o", "link-local-ip": "169.254.3.3", "log-driver": "json-file",
    "log-opt": "max-size=1m", "mac-address": "02:42:ac:11:00:99", "memory": "64m", "memory-reservation": "32m",
    "memory-swap": "-1", "memory-swappiness": "10", "mount": "type=tmpfs,dst=/t,tmpfs-size=1m", "name": "box",
    "network": "front", "network-alias": "db", "oom-score-adj": "100", "pid": "host", "pids-limit": "50",
    "platform": "linux/amd64", "publish": "18080:80", "pull": "never", "restart": "always", "runtime": "runc",
    "security-opt": "no-new-privileges", "shm-size": "32m", "stop-signal": "SIGINT", "stop-timeout": "5",
    "storage-opt": "size=1G", "sysctl": "net.ipv4.ip_forward=1", "tmpfs": "/run:size=1m", "ulimit": "nofile=512:1024",
    "user": "1000:1000", "userns": "host", "uts": "host", "volume": "data:/data:ro", "volume-driver": "other",
    "volumes-from": "other:ro", "workdir": "/srv",
}  # fmt: skip
NEEDS = {"ip": "--network front", "ip6": "--network front", "link-local-ip": "--network front", "network-alias": "--network front",
         "volume-driver": "-v data:/data", "publish-all": "--expose 7000"}  # fmt: skip
NAMED = {"link": "external_links", "volume-driver": "volumes"}


def services(read: RunLines) -> dict[str, Any]:
    """What the text says, which must be what the record says."""
    value = Values().of(parse(read.text).root)
    assert value["services"] == read.services
    return value["services"]


def one(line: str, **options: Any) -> dict[str, Any]:
    (keys,) = services(read_run_lines(line, **options)).values()
    return keys


def codes(read: RunLines) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.line, problem.column) for problem in read.problems]


def test_every_flag_of_docker_run_is_known() -> None:
    assert set(HELP.split()) - set(FLAGS) == set()
    assert set(SHORT.values()) <= set(FLAGS)


def test_every_flag_has_a_key_or_a_reason() -> None:
    assert [name for name, flag in FLAGS.items() if not flag.key and not flag.why] == []
    assert {name for name, flag in FLAGS.items() if flag.key and flag.kind != "switch"} == set(SAMPLES)


def test_the_reference_tool_takes_what_every_flag_becomes(tmp_path: Path) -> None:
    (tmp_path / "my.env").write_text("")
    lines = []
    for name, flag in sorted(FLAGS.items()):
        if flag.key:
            value = "" if flag.kind == "switch" else f" '{SAMPLES[name]}'"
            named = "" if name == "name" else f" --name x-{name}"
            lines.append(f"docker run{named} {NEEDS.get(name, '')} --{name}{value} busybox true")
    read = read_run_lines("\n".join(lines))
    assert [problem for problem in read.problems if problem.severity is Severity.ERROR] == []
    (tmp_path / "compose.yaml").write_text(read.text)
    done = subprocess.run([*compose_command(), "-p", "p", "-f", str(tmp_path / "compose.yaml"), "config", "--format", "json"],
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["services"]
    missing = []
    for name, flag in FLAGS.items():
        if flag.key and name not in ("name", "env-file"):  # the tool writes env files out as variables
            key = NAMED.get(name, flag.key.partition(".")[0])
            if not found[f"x-{name}"].get(key):
                missing.append(name)
    assert missing == []


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("docker run -itd busybox", {"image": "busybox", "stdin_open": True, "tty": True}),
        ("docker run -p80:80 -eA=b -uroot busybox",
         {"image": "busybox", "ports": ["80:80"], "environment": {"A": "b"}, "user": "root"}),
        ("docker run -p=80:80 --env=A busybox", {"image": "busybox", "ports": ["80:80"], "environment": {"A": None}}),
        ("docker run -it=false --init=false --read-only=true busybox", {"image": "busybox", "stdin_open": True, "read_only": True}),
        ("docker run --rm=false -d busybox -v /x:/y", {"image": "busybox", "command": ["-v", "/x:/y"]}),
        ("docker run -- busybox --help", {"image": "busybox", "command": ["--help"]}),
        ("sudo -u root docker --context far container run busybox", {"image": "busybox"}),
        ("/usr/bin/podman run --replace busybox", {"image": "busybox"}),
        ("A=1 docker create busybox", {"image": "busybox"}),
        ("$ docker run busybox", {"image": "busybox"}),
        ("PS C:\\Users\\me> docker run -v C:\\data:/data busybox", {"image": "busybox", "volumes": ["C:\\data:/data"]}),
        ("docker run `\n  -e A=b `\n  busybox", {"image": "busybox", "environment": {"A": "b"}}),
        ("docker run ^\r\n  -e A=b ^\r\n  busybox\r\n", {"image": "busybox", "environment": {"A": "b"}}),
        ("docker run \\\n  -e A=b \\   \n  busybox", {"image": "busybox", "environment": {"A": "b"}}),
        ("docker run -e 'A=it'\"'\"'s' -e B=\"x \\\"y\\\"\" -e C=a\\ b busybox",
         {"image": "busybox", "environment": {"A": "it's", "B": 'x "y"', "C": "a b"}}),
        ("docker run -e A=$HOME -e B='$HOME' -e C=\"${D:-e}\" busybox",
         {"image": "busybox", "environment": {"A": "${HOME}", "B": "$$HOME", "C": "${D:-e}"}}),
        ("docker run -v $(pwd)/a:/a -v $PWD:/b -v \"${PWD}\"/c:/c -v ~/d:/d -v /e busybox",
         {"image": "busybox", "volumes": ["./a:/a", ".:/b", "./c:/c", "~/d:/d", "/e"]}),
        ("docker run -v %cd%/a:/a -v ${HOME:-/root}/b:/b busybox",
         {"image": "busybox", "volumes": ["./a:/a", "${HOME:-/root}/b:/b"]}),
        ("docker run --net container:gone busybox", {"image": "busybox", "network_mode": "container:gone"}),
        ("docker run --network bridge busybox", {"image": "busybox", "network_mode": "bridge"}),
        ("docker run --gpus 2 busybox",
         {"image": "busybox", "deploy": {"resources": {"reservations": {"devices": [{"count": 2, "capabilities": ["gpu"]}]}}}}),
        ("docker run --gpus '\"device=0,1\"' busybox", {"image": "busybox", "deploy": {"resources": {"reservations": {
            "devices": [{"device_ids": ["0", "1"], "capabilities": ["gpu"]}]}}}}),
        ("export TAG=3\ndocker run busybox:$TAG", {"image": "busybox:3"}),
        ("docker run busybox sh -c 'a && b | c' > /dev/null 2>&1 &", {"image": "busybox", "command": ["sh", "-c", "a && b | c"]}),
    ],
)  # fmt: skip
def test_lines_are_read_as_a_shell_and_docker_read_them(line: str, keys: dict[str, Any]) -> None:
    read = read_run_lines(line)
    assert [problem for problem in read.problems if problem.severity is Severity.ERROR] == []
    assert one(line) == keys


def test_services_are_named_by_container_or_image_and_once_each() -> None:
    read = read_run_lines(
        "docker run --name my/box a\ndocker run reg:5000/x/nginx:1.2\ndocker run nginx && docker run nginx@sha256:12"
    )
    assert list(services(read)) == ["my-box", "nginx", "nginx-2", "nginx-3"]


def test_lines_are_tied_to_each_other_by_names() -> None:
    read = read_run_lines(
        "docker run --name db postgres\n"
        "docker run --name web --link db:pg --link gone --volumes-from db:ro --volumes-from out --pid container:db "
        "--ipc container:db nginx\n"
        "docker run --network container:web sidecar"
    )
    web = services(read)["web"]
    assert (web["links"], web["external_links"], web["volumes_from"]) == (["db:pg"], ["gone"], ["db:ro", "container:out"])
    assert (web["pid"], web["ipc"], services(read)["sidecar"]["network_mode"]) == ("service:db", "service:db", "service:web")


def test_networks_that_a_line_creates_are_the_stacks_and_others_are_external() -> None:
    read = read_run_lines(
        "docker network create -d macvlan --subnet=10.1.0.0/24 --subnet fd01::/64 --gateway 10.1.0.1 --gateway fd01::1 \\\n"
        "  --ip-range 10.1.0.128/25 --aux-address x=10.1.0.9 --ipv6 --internal --attachable -o parent=eth0 --label a=b back\n"
        "docker run --network back --ip 10.1.0.5 --network-alias db --network name=front,alias=w,ip=10.2.0.5 "
        "--net other:alias=p,mac=02:42:ac:11:00:99 nginx"
    )
    assert read.networks == {
        "back": {
            "name": "back", "driver": "macvlan", "driver_opts": {"parent": "eth0"}, "internal": True, "attachable": True,
            "enable_ipv6": True, "labels": {"a": "b"},
            "ipam": {"config": [
                {"subnet": "10.1.0.0/24", "ip_range": "10.1.0.128/25", "gateway": "10.1.0.1", "aux_addresses": {"x": "10.1.0.9"}},
                {"subnet": "fd01::/64", "gateway": "fd01::1"},
            ]},
        },
        "front": {"external": True},
        "other": {"external": True},
    }  # fmt: skip
    assert read.services["nginx"]["networks"] == {
        "back": {"aliases": ["db"], "ipv4_address": "10.1.0.5"},
        "front": {"aliases": ["w"], "ipv4_address": "10.2.0.5"},
        "other": {"aliases": ["p"], "mac_address": "02:42:ac:11:00:99"},
    }
    assert read.problems == ()


def test_a_connect_line_joins_its_container_to_one_more_network() -> None:
    read = read_run_lines("docker run --name web nginx\ndocker network connect --alias w --ip 10.1.0.7 back web")
    assert read.services["web"]["networks"] == {"default": None, "back": {"aliases": ["w"], "ipv4_address": "10.1.0.7"}}
    assert read.networks == {"back": {"external": True}}


def test_volumes_keep_their_names_on_the_engine() -> None:
    read = read_run_lines(
        "docker volume create -d local -o type=nfs --opt o=addr=1,rw --label a=b --name shared\n"
        "docker run -v shared:/a -v data:/b --volume-driver flocker "
        "--mount 'type=volume,src=more,dst=/c,volume-driver=x,volume-opt=k=v' nginx"
    )
    assert read.volumes == {
        "shared": {"name": "shared", "driver": "flocker", "driver_opts": {"type": "nfs", "o": "addr=1,rw"}, "labels": {"a": "b"}},
        "data": {"name": "data", "driver": "flocker"},
        "more": {"name": "more", "driver": "x", "driver_opts": {"k": "v"}},
    }


def test_mounts_are_written_in_the_long_form() -> None:
    assert one("docker run --mount type=bind,source=$(pwd)/a,target=/a,readonly,bind-propagation=rshared nginx")["volumes"] == [
        {
            "type": "bind",
            "source": "./a",
            "target": "/a",
            "read_only": True,
            "bind": {"propagation": "rshared", "create_host_path": False},
        }
    ]
    assert one("docker run --mount type=tmpfs,dst=/t,tmpfs-mode=1770,tmpfs-size=64m nginx")["volumes"] == [
        {"type": "tmpfs", "target": "/t", "tmpfs": {"mode": 0o1770, "size": 64 << 20}}
    ]


def test_unknown_flags_are_named_with_their_place() -> None:
    read = read_run_lines("docker run \\\n  --colour red -d \\\n  --nam=x -Z nginx")
    assert codes(read) == [("unknown-flag", 2, 3), ("unknown-flag", 3, 3), ("unknown-flag", 3, 11)]
    assert "with its value `red`" in read.problems[0].message
    assert list(read.services) == ["nginx"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("docker run -d", ("image-missing", 1, 8)),
        ("docker run -p", ("flag-without-value", 1, 12)),
        ("docker run --init=perhaps nginx", ("bad-flag-value", 1, 12)),
        ("docker run -e 'A=b nginx", ("open-quote", 1, 1)),
        ("docker run --ulimit nofile nginx", ("bad-flag-value", 1, 12)),
        ("docker run --mount type=bind,src=/a nginx", ("bad-flag-value", 1, 12)),
        ("docker run -v a/b:/c nginx", ("bad-flag-value", 1, 12)),
        ("docker run --label-file l nginx", ("label-file", 1, 12)),
        ("docker run -P nginx", ("publish-all", 1, 12)),
        ("docker run -e A=$(date) nginx", ("command-not-run", 1, 15)),
        ("docker run --name a1 nginx; docker run --name a1 nginx", ("name-twice", 1, 36)),
        ("echo hello", ("no-run-line", 1, 1)),
        ("", ("no-run-line", 0, 0)),
    ],
)
def test_what_is_wrong_is_told_at_its_place(line: str, found: tuple[str, int, int]) -> None:
    assert found in codes(read_run_lines(line))


def test_what_has_no_counterpart_is_told_and_never_silent() -> None:
    read = read_run_lines("docker run --rm --cidfile x --kernel-memory 4m --cpuset-mems 0 --tz local nginx\ndocker exec -it web sh")
    for flag in ("--rm", "--cidfile", "--kernel-memory", "--cpuset-mems", "--tz"):
        assert any(f"`{flag}`" in note for note in read.notes), flag
    assert any("docker exec" in note for note in read.notes)


def test_lines_keep_to_docker0_when_asked_or_when_linked_with_one_there() -> None:
    text = "docker run --name db redis\ndocker run --name web --network bridge --link db nginx\ndocker run --name lone busybox"
    modes = {name: keys.get("network_mode") for name, keys in services(read_run_lines(text)).items()}
    assert modes == {"db": "bridge", "web": "bridge", "lone": None}
    assert {keys.get("network_mode") for keys in services(read_run_lines(text, bridge=True)).values()} == {"bridge"}


def test_brackets_and_loops_of_the_shell_hide_no_line() -> None:
    read = read_run_lines(
        "(docker run --name a1 x true)\nif true; then docker run --name b1 y; fi\nfor i in 1; do docker run z; done"
    )
    assert [keys["image"] for keys in services(read).values()] == ["x", "y", "z"]
    assert services(read)["a1"]["command"] == ["true"]


@pytest.mark.parametrize(
    "text",
    ["docker run " + "$(" * 90_000, "docker run " + "` x" * 60_000, "docker run " + "${A:-" * 39_000, "docker run x\n" * 15_000,
     "".join(f"A{i}=x ${{A{i}}}\n" for i in range(11_000)), "docker run " + "-p 80:80 " * 20_000 + "x"],
    ids=["commands", "backquotes", "variables", "containers", "assignments", "ports"],
)  # fmt: skip
def test_hostile_texts_are_read_in_seconds(text: str) -> None:
    begun_s = time.process_time()
    read = read_run_lines(text)
    assert time.process_time() - begun_s < 10
    assert len(read.problems) <= 1000
    assert len(read.notes) <= 200


def test_comments_come_along() -> None:
    read = read_run_lines("# the database\ndocker run --name db redis\n\n# the site\n# in front\ndocker run --name web nginx")
    assert "  # the database\n  db:\n" in read.text
    assert "\n\n  # the site\n  # in front\n  web:\n" in read.text


WORDS = [
    "docker", "run", "create", "network", "volume", "connect", "-d", "-p", "80:80", "--name", "a", "-v", "$(pwd):/x", "--mount",
    "=", "type=bind,src=", "--gpus", "\\\n", "'", '"', "`", "$(", "${", "#", "\n", ";", "&&", "|", ">", "--network", "x:y=z,ip",
    "--link", "nginx", "--ulimit", "-", "--", "^\n", "%cd%", "C:\\x", "\0", "é", "$'", "A=", "--health-cmd",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=25), st.booleans())
def test_no_text_ends_in_an_exception_and_what_comes_out_is_what_was_meant(words: list[str], bridge: bool) -> None:
    read = read_run_lines(" ".join(words), bridge=bridge)
    assert bool(read.text) == bool(read.services)
    if read.text:
        services(read)
    else:
        assert read.problems


def test_the_command_takes_a_line_that_nobody_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compose", "run-to-compose", "docker", "run", "-d", "--name", "web", "nginx", "sh", "-c", "echo  hi"]) == 0
    said = capsys.readouterr().out
    assert "container_name: web" in said and '["sh", "-c", "echo  hi"]' in said


@pytest.mark.parametrize("arguments", [("--json", "docker run nginx"), ("docker run nginx", "--json")])
def test_the_commands_own_options_stand_on_either_side(arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compose", "run-to-compose", *arguments]) == 0
    assert json.loads(capsys.readouterr().out)["text"].startswith("services:")
