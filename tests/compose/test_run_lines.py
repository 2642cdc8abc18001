"""Pasted `docker run` lines become Compose files: every form, every quoting, every tie between lines."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topology.compose.document import parse
from topology.compose.run_line.lines import RunLines, read_run_lines
from topology.compose.values import Values
from topology.core.problems import Severity
from topology.offline.__main__ import main


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
