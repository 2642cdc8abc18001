"""The same container twice: made by the pasted line itself, and by the reference tool from the file that the line became.

What `docker inspect` says of both must be equal, apart from what every tool writes itself (ids, times, Compose's labels).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.engine.bench import MARK
from tests.lab.compose import compose_command
from topology.compose.run_line.lines import read_run_lines
from topology.core.problems import Severity

pytestmark = [pytest.mark.engine, pytest.mark.skipif(shutil.which("docker") is None, reason="the docker command is not here")]

# NAME is the test's own prefix; RUN makes a container without starting it, so that no host port or device is needed.
LINES = {
    "a service with ports": "RUN -p 18080:80 -p 127.0.0.1:18443:443/tcp -p 9000-9002:9000-9002/udp -p 81 standin",
    "short flags together": "RUN -it -w/tmp -u1000:1000 -hbox -eA=b -e 'C=d e' -lx=y busybox:stable sh",
    "command and entrypoint": "RUN --entrypoint /bin/sh busybox:stable -c 'echo \"$HOME\" && exit 0'",
    "no entrypoint": "RUN --entrypoint '' standin /bin/busybox true",
    "dollar signs": "RUN -e 'P=a$b$$c' -l 'rule=Host(`x`) && $1' busybox:stable echo '$PATH'",
    "limits": "RUN -m 64m --memory-reservation 32m --memory-swap 128m --memory-swappiness 10 --cpus .5 "
    "--cpu-shares 512 --cpuset-cpus 0 --pids-limit 50 --oom-score-adj 100 --shm-size 32m "
    "--ulimit nofile=512:1024 --ulimit nproc=64 --blkio-weight 300 busybox:stable",
    "cpu quota": "RUN --cpu-period 50000 --cpu-quota 25000 --oom-kill-disable -m 64m busybox:stable",
    "unlimited swap": "RUN -m 64m --memory-swap -1 --pids-limit=-1 busybox:stable",
    "rights": "RUN --cap-add NET_ADMIN --cap-add=SYS_TIME --cap-drop ALL --security-opt no-new-privileges "
    "--read-only --init --group-add 10 --group-add audio --userns host busybox:stable",
    "privileged": "RUN --privileged --pid host --ipc host --uts host --cgroupns host busybox:stable",
    "health": "RUN --health-cmd 'wget -qO- http://localhost || exit 1' --health-interval 7s --health-retries 4 "
    "--health-timeout 1500ms --health-start-period 1m standin",
    "no health check": "RUN --no-healthcheck standin",
    "folders and files": "RUN -v FOLDER/x:/x -v FOLDER/y:/y:ro -v /anonymous --tmpfs /run:size=1m,mode=1777 "
    "--mount type=bind,src=FOLDER,dst=/all,readonly --mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770 busybox:stable",
    "named volumes": "docker volume create --label io.netyard.test=1 NAME-v\n"
    "RUN -v NAME-v:/data -v NAME-v:/again:ro,nocopy --mount source=NAME-v,target=/third,volume-nocopy busybox:stable",
    "names and addresses": "RUN --hostname h --domainname example.org --dns 1.1.1.1 --dns-search example.org "
    "--dns-option ndots:2 --add-host a:10.0.0.1 --add-host=b:10.0.0.2 busybox:stable",
    "restart and stop": "RUN --restart on-failure:3 --stop-signal SIGINT --stop-timeout 5 busybox:stable",
    "logging": "RUN --log-driver json-file --log-opt max-size=1m --log-opt max-file=3 busybox:stable",
    "devices and sysctls": "RUN --device /dev/null:/dev/zero2:r --device-cgroup-rule 'c 1:3 r' "
    "--sysctl net.ipv4.ip_forward=1 --device-read-bps /dev/null:1mb --device-write-iops /dev/null:10 busybox:stable",
    "host network": "RUN --network host busybox:stable",
    "no network": "RUN --net=none busybox:stable",
    "a network of its own": "docker network create --label io.netyard.test=1 --subnet 10.213.7.0/24 NAME-n\n"
    "RUN --network NAME-n --ip 10.213.7.9 --network-alias db --network-alias store busybox:stable",
    "links on docker0": "docker run -d --label io.netyard.test=1 --name NAME-b busybox:stable sleep 60\n"
    "RUN --link NAME-b:db --link NAME-b busybox:stable",
    "volumes of another": "docker create --label io.netyard.test=1 --name NAME-b -v /shared busybox:stable\n"
    "RUN --volumes-from NAME-b busybox:stable",
    "exposed and platform": "RUN --expose 7000 --expose 7001/udp --runtime runc busybox:stable",
}


def docker(*arguments: str, check: bool = True) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=60)
    assert not check or done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr}"
    return done.stdout


@dataclass
class Pair:
    """One test's names, and their removal."""

    folder: Path
    name: str = field(default_factory=lambda: f"nyt-{uuid.uuid4().hex[:8]}")

    def lines(self, text: str) -> str:
        text = text.replace("RUN ", f"docker create -l {MARK}=1 --name NAME-a ")
        return text.replace("NAME", self.name).replace("FOLDER", str(self.folder))

    def by_hand(self, text: str) -> dict[str, Any]:
        (self.folder / "paste.sh").write_text(f"set -e\n{text}\n")
        done = subprocess.run(["sh", str(self.folder / "paste.sh")], cwd=self.folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return self.inspect()

    def by_compose(self, text: str) -> dict[str, Any]:
        file = self.folder / "compose.yaml"
        file.write_text(text)
        command = [*compose_command(), "-p", self.name, "-f", str(file), "create", "--pull", "never"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{done.stderr}\n{text}"
        return self.inspect()

    def inspect(self) -> dict[str, Any]:
        return json.loads(docker("inspect", f"{self.name}-a"))[0]

    def remove(self) -> None:
        for kind, flags in (("container", ("rm", "-fv")), ("network", ("rm",)), ("volume", ("rm",))):
            every = ("-a",) if kind == "container" else ()
            found = docker(kind, "ls", *every, "--filter", f"name={self.name}", "-q", check=False).split()
            if found:
                docker(kind, *flags, *found, check=False)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
    yield made
    made.remove()


# Written by the tool and not by what was asked for: the terminal of the one who runs it, ids, the form that mounts were given in.
IGNORED = {
    "AttachStdin", "AttachStdout", "AttachStderr", "AutoRemove", "Binds", "ConsoleSize", "ContainerIDFile", "Image", "Mounts",
    "StdinOnce", "Volumes",
}  # fmt: skip


def view(inspected: dict[str, Any]) -> dict[str, Any]:
    """What the engine keeps of a container, flat and in one form: "", 0, [], {} and null are all nothing."""
    config = {f"config.{key}": value for key, value in inspected["Config"].items()}
    config["config.Labels"] = {key: one for key, one in config["config.Labels"].items() if not key.startswith("com.docker.compose")}
    config["config.Env"] = sorted(config["config.Env"] or [])
    if inspected["Config"]["Hostname"] == inspected["Id"][:12]:
        config["config.Hostname"] = ""
    host = {f"host.{key}": value for key, value in inspected["HostConfig"].items()}
    config["config.ExposedPorts"] = {one if "/" in one else f"{one}/tcp" for one in config.get("config.ExposedPorts") or {}}
    host["host.CapAdd"] = [one.removeprefix("CAP_") for one in host["host.CapAdd"] or []]
    host["host.Ulimits"] = sorted(host["host.Ulimits"] or [], key=lambda one: one["Name"])
    host["host.ExtraHosts"] = sorted(host["host.ExtraHosts"] or [])
    host["host.NetworkMode"] = host["host.NetworkMode"].replace("default", "bridge")
    host["host.RestartPolicy"] = host["host.RestartPolicy"] if host["host.RestartPolicy"]["Name"] not in ("", "no") else None
    mounts = {f"mount {mount['Destination']}": _mount(mount) for mount in inspected["Mounts"]}
    networks = {f"network {name}": _endpoint(one) for name, one in inspected["NetworkSettings"]["Networks"].items()}
    found = {**config, **host, **mounts, **networks, "tmpfs": _tmpfs(inspected)}
    return {
        key: value
        for key, value in found.items()
        if key.partition(".")[2] not in IGNORED and value not in (None, [], {}, "", 0, set())
    }


def _mount(mount: dict[str, Any]) -> tuple[Any, ...]:
    anonymous = mount["Type"] == "volume" and len(mount.get("Name", "")) == 64
    return (
        mount["Type"],
        "" if anonymous else mount.get("Name", ""),
        "" if mount["Type"] == "volume" else mount["Source"],
        mount["RW"],
    )


def _tmpfs(inspected: dict[str, Any]) -> list[Any]:
    return [one.get("TmpfsOptions") for one in inspected["HostConfig"].get("Mounts") or [] if one["Type"] == "tmpfs"]


def _endpoint(endpoint: dict[str, Any]) -> dict[str, Any]:
    """The fixed address and the aliases; the engine adds the container's id to these."""
    ipam = {key: value for key, value in (endpoint["IPAMConfig"] or {}).items() if value}
    return {"ipam": ipam, "aliases": {one for one in endpoint["Aliases"] or [] if len(one) != 12}}


def without_service_name(found: dict[str, Any], service: str) -> dict[str, Any]:
    """Compose adds the service's name as an alias."""
    return {
        key: {**value, "aliases": value["aliases"] - {service}} if key.startswith("network ") else value
        for key, value in found.items()
    }


@pytest.mark.parametrize("name", LINES)
def test_a_pasted_line_and_its_file_make_equal_containers(pair: Pair, name: str) -> None:
    text = pair.lines(LINES[name])
    read = read_run_lines(text, bridge=True)
    assert [problem for problem in read.problems if problem.severity is Severity.ERROR] == []
    first = view(pair.by_hand(text))
    pair.remove()
    second = without_service_name(view(pair.by_compose(read.text)), f"{pair.name}-a")
    # Compose links by the service's and the container's name too, and loses the `:ro` of volumes_from (a note says so).
    for whole in ("host.Links", "host.VolumesFrom"):
        first[whole], second[whole] = set(first.get(whole, [])), set(second.get(whole, []))
    assert first.pop("host.Links") <= second.pop("host.Links")
    assert bool(first.pop("host.VolumesFrom")) == bool(second.pop("host.VolumesFrom"))
    differs = {key: (first.get(key), second.get(key)) for key in sorted({*first, *second}) if first.get(key) != second.get(key)}
    assert differs == {}
