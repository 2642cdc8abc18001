"""Every flag of `docker run` is known, and what it becomes is taken by the reference tool."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.lab.compose import compose_command
from topology.compose.run_line.flags import FLAGS, SHORT
from topology.compose.run_line.lines import read_run_lines
from topology.core.problems import Severity

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
