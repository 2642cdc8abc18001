"""Every flag of `docker run` and `docker create` (26.x), and those of `podman run` that people paste.

A row: names, how many values ("switch", "value", "list"), the Compose key, and, where no key says the same, why. Source: the
command line reference, and `docker run --help` of 20.10 and 26.1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. `key` is the Compose key that it becomes ("" for none, then `why` says why).

    `told` is False for what only concerns the terminal of the one who types: nothing is lost, nothing is said.
    """

    name: str
    kind: str
    key: str = ""
    why: str = ""
    told: bool = True


_SWITCHES = """
init init; interactive stdin_open; tty tty; oom-kill-disable oom_kill_disable; privileged privileged; read-only read_only;
no-healthcheck healthcheck.disable; publish-all ports
"""
_VALUES = """
blkio-weight blkio_config.weight; cgroup-parent cgroup_parent; cgroupns cgroup; cpu-count cpu_count; cpu-percent cpu_percent;
cpu-period cpu_period; cpu-quota cpu_quota; cpu-rt-period cpu_rt_period; cpu-rt-runtime cpu_rt_runtime; cpu-shares cpu_shares;
cpus cpus; cpuset-cpus cpuset; domainname domainname; entrypoint entrypoint; gpus deploy.resources.reservations.devices;
health-cmd healthcheck.test; health-interval healthcheck.interval; health-retries healthcheck.retries;
health-start-interval healthcheck.start_interval; health-start-period healthcheck.start_period;
health-timeout healthcheck.timeout; hostname hostname; ip networks.*.ipv4_address; ip6 networks.*.ipv6_address; ipc ipc;
isolation isolation; log-driver logging.driver; mac-address mac_address; memory mem_limit; memory-reservation mem_reservation;
memory-swap memswap_limit; memory-swappiness mem_swappiness; name container_name; oom-score-adj oom_score_adj; pid pid;
pids-limit pids_limit; platform platform; pull pull_policy; restart restart; runtime runtime; shm-size shm_size;
stop-signal stop_signal; stop-timeout stop_grace_period; user user; userns userns_mode; uts uts; volume-driver volumes.*.driver;
workdir working_dir
"""
_LISTS = """
add-host extra_hosts; annotation annotations; blkio-weight-device blkio_config.weight_device; cap-add cap_add; cap-drop cap_drop;
device devices; device-cgroup-rule device_cgroup_rules; device-read-bps blkio_config.device_read_bps;
device-read-iops blkio_config.device_read_iops; device-write-bps blkio_config.device_write_bps;
device-write-iops blkio_config.device_write_iops; dns dns; dns-option dns_opt; dns-search dns_search; env environment;
env-file env_file; expose expose; group-add group_add; label labels; link links; link-local-ip networks.*.link_local_ips;
log-opt logging.options; mount volumes; network networks; network-alias networks.*.aliases; publish ports;
security-opt security_opt; storage-opt storage_opt; sysctl sysctls; tmpfs tmpfs; ulimit ulimits; volume volumes;
volumes-from volumes_from
"""
_TERMINAL = "it only concerns the terminal of the one who types the line"
# flag → (kind, why it has no key, whether that is worth a note)
_WITHOUT: dict[str, tuple[str, str, bool]] = {
    "attach": ("list", _TERMINAL, False),
    "cidfile": ("value", "Compose writes no file with the container's id; `docker compose ps -q` gives it", True),
    "cpuset-mems": ("value", "Compose has no key for memory nodes", True),
    "detach": ("switch", "a stack always runs in the background", False),
    "detach-keys": ("value", _TERMINAL, False),
    "disable-content-trust": ("switch", "Compose does not verify signatures at all", False),
    "help": ("switch", "it prints help and runs nothing", True),
    "io-maxbandwidth": ("value", "it is for Windows containers, and Compose has no key for it", True),
    "io-maxiops": ("value", "it is for Windows containers, and Compose has no key for it", True),
    "kernel-memory": ("value", "engines ignore it since 20.10 marked it as deprecated; Compose has no key for it", True),
    "label-file": ("list", "Compose 2.26 reads no files of labels; write the file's lines under `labels:`", True),
    "quiet": ("switch", _TERMINAL, False),
    "rm": ("switch", "Compose keeps a container that has ended; `docker compose down` removes it", True),
    "sig-proxy": ("switch", _TERMINAL, False),
    "use-api-socket": ("switch", "Compose 2.26 has no key for it; mount /var/run/docker.sock instead", True),
}
_PODMAN: dict[str, tuple[str, str, bool]] = {
    "arch": ("value", "write `platform:` instead", True),
    "authfile": ("value", "log in to the registry instead", True),
    "cgroups": ("value", "it is of podman only", True),
    "conmon-pidfile": ("value", "it is of podman only", False),
    "env-host": ("switch", "Compose does not hand the whole environment over; name the variables under `environment:`", True),
    "hosts-file": ("value", "it is of podman only", True),
    "http-proxy": ("switch", "it is of podman only; name the variables under `environment:`", True),
    "no-hosts": ("switch", "Docker always writes /etc/hosts", True),
    "pidfile": ("value", "it is of podman only", False),
    "pod": (
        "value",
        "Docker has no pods; services of one network reach each other by name, `network_mode: service:…` shares one",
        True,
    ),
    "replace": ("switch", "a stack replaces its containers when they change", False),
    "requires": ("value", "write `depends_on:` instead", True),
    "rmi": ("switch", "Compose does not remove images when a container ends", True),
    "sdnotify": ("value", "it is of podman and systemd only", True),
    "secret": ("list", "declare it under `secrets:`, with the file that it comes from", True),
    "subgidname": ("value", "it is of podman only", True),
    "subuidname": ("value", "it is of podman only", True),
    "systemd": ("value", "it is of podman only", True),
    "timeout": ("value", "Compose does not stop a container after a time", True),
    "tls-verify": ("value", "the engine is told which registries it may trust", True),
    "tz": ("value", "set `TZ` under `environment:`", True),
    "umask": ("value", "it is of podman only", True),
}
ALIASES = {"net": "network", "net-alias": "network-alias", "dns-opt": "dns-option"}
SHORT = {
    "a": "attach", "c": "cpu-shares", "d": "detach", "e": "env", "h": "hostname", "i": "interactive", "l": "label", "m": "memory",
    "P": "publish-all", "p": "publish", "q": "quiet", "t": "tty", "u": "user", "v": "volume", "w": "workdir",
}  # fmt: skip


def _rows(text: str, kind: str) -> dict[str, Flag]:
    pairs = [row.split() for row in text.split(";")]
    return {name: Flag(name, kind, key) for name, key in pairs}


def _keyless(rows: dict[str, tuple[str, str, bool]]) -> dict[str, Flag]:
    return {name: Flag(name, kind, "", why, told) for name, (kind, why, told) in rows.items()}


FLAGS: dict[str, Flag] = {
    **_rows(_SWITCHES, "switch"), **_rows(_VALUES, "value"), **_rows(_LISTS, "list"), **_keyless(_WITHOUT), **_keyless(_PODMAN),
}  # fmt: skip

NETWORK_FLAGS = {name: Flag(name, kind, key) for name, kind, key in (
    ("attachable", "switch", "attachable"), ("aux-address", "list", "ipam.config.aux_addresses"), ("driver", "value", "driver"),
    ("gateway", "list", "ipam.config.gateway"), ("internal", "switch", "internal"), ("ip-range", "list", "ipam.config.ip_range"),
    ("ipam-driver", "value", "ipam.driver"), ("ipam-opt", "list", "ipam.options"), ("ipv6", "switch", "enable_ipv6"),
    ("ipv4", "switch", "enable_ipv4"), ("label", "list", "labels"), ("opt", "list", "driver_opts"),
    ("subnet", "list", "ipam.config.subnet"),
)} | {
    "config-from": Flag("config-from", "value", "", "Compose has no key for it"),
    "config-only": Flag("config-only", "switch", "", "Compose has no key for it"),
    "ingress": Flag("ingress", "switch", "", "it is for the Swarm's own network"),
    "scope": Flag("scope", "value", "", "Compose leaves the scope to the driver"),
}  # fmt: skip
NETWORK_SHORT = {"d": "driver", "o": "opt"}
VOLUME_FLAGS = {
    "driver": Flag("driver", "value", "driver"), "label": Flag("label", "list", "labels"), "name": Flag("name", "value", "name"),
    "opt": Flag("opt", "list", "driver_opts"),
}  # fmt: skip
VOLUME_SHORT = {"d": "driver", "o": "opt"}
CONNECT_FLAGS = {
    "alias": Flag("alias", "list", "aliases"), "driver-opt": Flag("driver-opt", "list", "driver_opts"),
    "gw-priority": Flag("gw-priority", "value", "gw_priority"), "ip": Flag("ip", "value", "ipv4_address"),
    "ip6": Flag("ip6", "value", "ipv6_address"), "link": Flag("link", "list", "links"),
    "link-local-ip": Flag("link-local-ip", "list", "link_local_ips"),
}  # fmt: skip
