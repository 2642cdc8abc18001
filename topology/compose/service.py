"""One service: its mapping in the file → `core.design.Service`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.compose.connections import read_attachments, read_depends_on, read_links, read_mode
from topology.compose.forms import hosts, labels, mapping, pairs, texts
from topology.compose.health import read_healthcheck
from topology.compose.mounts import read_mounts
from topology.compose.plain import Path
from topology.compose.ports import read_ports
from topology.compose.report import Report
from topology.compose.surroundings import Surroundings, read_environment, read_labels
from topology.compose.units import as_text, whole
from topology.compose.words import split_words
from topology.core.design import Service

_TEXTS = (
    "image", "restart", "container_name", "hostname", "domainname", "user", "working_dir", "pid", "ipc", "uts", "userns_mode",
    "cgroup", "cpuset", "stop_signal", "platform", "pull_policy", "runtime", "mac_address",
)  # fmt: skip
_LISTS = (
    "expose", "cap_add", "cap_drop", "security_opt", "dns", "dns_search", "dns_opt", "tmpfs", "group_add", "profiles",
    "volumes_from",
)  # fmt: skip
_RESTARTS = {"none": "no", "any": "always"}  # Swarm's words for the engine's own
_FLAGS = ("tty", "stdin_open", "privileged", "read_only")
# All keys that are read into a field; every other key is kept in `other`.
_READ = {
    *_TEXTS, *_LISTS, *_FLAGS, "build", "command", "entrypoint", "environment", "ports", "volumes", "networks", "network_mode",
    "links", "external_links", "depends_on", "healthcheck", "labels", "init", "devices", "extra_hosts", "sysctls", "ulimits",
    "shm_size", "mem_limit", "mem_reservation", "cpus", "cpu_shares", "pids_limit", "stop_grace_period", "logging", "scale",
}  # fmt: skip


def read_service(name: str, keys: Mapping[str, Any], *, around: Surroundings, report: Report, line: int) -> Service:
    """The service as written. A value that is not of its form is reported and left out, so that the rest still shows."""
    path: Path = ("services", name)
    fields: dict[str, Any] = {key: _text(keys.get(key)) for key in _TEXTS}
    fields |= {key: texts(keys.get(key)) for key in _LISTS}
    fields["expose"] = _expose(fields["expose"], path=(*path, "expose"), report=report)
    fields |= {key: report.truth(keys.get(key), (*path, key)) or False for key in _FLAGS}
    fields |= _limits(keys, path=path, report=report)
    fields["restart"] = _restart(fields["restart"], _deploy(keys, "restart_policy"))
    mode = read_mode(keys.get("network_mode"))
    return Service(
        name=name,
        build=_build(keys.get("build"), environment=around.environment),
        command=_command(keys.get("command"), (*path, "command"), report),
        entrypoint=_command(keys.get("entrypoint"), (*path, "entrypoint"), report),
        environment=read_environment(keys, path=path, around=around, report=report),
        ports=read_ports(keys.get("ports"), path=(*path, "ports"), report=report),
        mounts=read_mounts(keys.get("volumes"), path=(*path, "volumes"), report=report),
        attachments=read_attachments(keys, mode=mode, path=path, report=report),
        network_mode=mode,
        links=read_links(keys),
        depends_on=read_depends_on(keys),
        healthcheck=read_healthcheck(keys.get("healthcheck"), path=(*path, "healthcheck"), report=report),
        labels=read_labels(keys, path=path, around=around, report=report),
        init=report.truth(keys.get("init"), (*path, "init")),
        devices=_devices(keys.get("devices")),
        extra_hosts=hosts(keys.get("extra_hosts")),
        sysctls=labels(keys.get("sysctls")),
        ulimits=_ulimits(keys.get("ulimits"), (*path, "ulimits"), report),
        logging=_logging(keys.get("logging")),
        scale=_scale(keys, path=path, report=report),
        other={key: value for key, value in keys.items() if key not in _READ},
        line=line,
        **fields,
    )


def _text(value: Any) -> str | None:
    return as_text(value) or None


def _build(value: Any, *, environment: Mapping[str, str]) -> Mapping[str, Any] | None:
    """As written; an argument without a value takes the project's variable, and is dropped where there is none."""
    if isinstance(value, str):
        return {"context": value}
    if not isinstance(value, dict):
        return None
    found = dict(value)
    if "args" in value:
        given = {name: environment.get(name) if text is None else text for name, text in pairs(value["args"]).items()}
        found["args"] = {name: text for name, text in given.items() if text is not None}
    if "extra_hosts" in value:
        found["extra_hosts"] = list(hosts(value["extra_hosts"]))
    return found


def _command(value: Any, path: Path, report: Report) -> tuple[str, ...] | None:
    """None is "as the image says", () is "nothing": the two are not the same to the engine."""
    if value is None:
        return None
    if isinstance(value, list):
        return texts(value)
    split = split_words(as_text(value))
    if split is None:
        fix = "Close it, or write the command as a list."
        report.error("bad-command", f"`{path[-1]}` has a quote or bracket that is never closed.", fix, path)
        return None
    if split.dropped:
        shown = split.dropped if len(split.dropped) <= 60 else split.dropped[:57] + "…"
        fix = 'Write it for a shell: ["sh", "-c", "…"].'
        report.warn("command-cut", f"No shell reads `{path[-1]}`, so all from `{shown}` on is dropped.", fix, path)
    return split.items


def _deploy(keys: Mapping[str, Any], *steps: str) -> Any:
    """A value below `deploy`, or None."""
    value: Any = keys.get("deploy")
    for step in steps:
        value = mapping(value).get(step)
    return value


def _limits(keys: Mapping[str, Any], *, path: Path, report: Report) -> dict[str, Any]:
    """Memory, CPU and process limits; those under `deploy` count where the service's own key is not written."""

    def either(key: str, *below: str) -> tuple[Any, Path]:
        if keys.get(key) is not None or not below:
            return keys.get(key), (*path, key)
        return _deploy(keys, *below), (*path, "deploy", *below)

    return {
        "shm_size_bytes": report.size(*either("shm_size")),
        "mem_limit_bytes": report.size(*either("mem_limit", "resources", "limits", "memory")),
        "mem_reservation_bytes": report.size(*either("mem_reservation", "resources", "reservations", "memory")),
        "cpus": report.number(*either("cpus", "resources", "limits", "cpus")),
        "cpu_shares": report.whole(*either("cpu_shares")),
        "pids_limit": report.whole(*either("pids_limit", "resources", "limits", "pids")),
        "stop_grace_period_s": report.seconds(*either("stop_grace_period")),
    }


def _scale(keys: Mapping[str, Any], *, path: Path, report: Report) -> int:
    """`scale`, else `deploy.replicas`; both with different numbers are a contradiction. Global services run once an engine."""
    scale = report.whole(keys.get("scale"), (*path, "scale"))
    replicas = report.whole(_deploy(keys, "replicas"), (*path, "deploy", "replicas"))
    if scale is not None and replicas is not None and scale != replicas:
        report.error(
            "scale-contradicts",
            f"`scale` says {scale} and `deploy.replicas` says {replicas}.",
            "Keep one of the two.",
            (*path, "scale"),
        )
    number = scale if scale is not None else replicas
    if number is not None and number < 0:
        report.error("scale-below-zero", "`scale` cannot be below 0.", "Write 0 or more.", (*path, "scale"))
        return 1
    report.containers_left -= 1 if number is None else number
    if number is not None and number > 1 and report.containers_left < 0:
        report.error(
            "too-many-containers", "The file asks for more containers than can be planned.", "Lower `scale`.", (*path, "scale")
        )
        return 1
    return 1 if number is None else number


def _expose(items: tuple[str, ...], *, path: Path, report: Report) -> tuple[str, ...]:
    """Ports and ranges as written; those that are too many are left out."""
    found = []
    for index, text in enumerate(items):
        first, _, last = text.partition("/")[0].partition("-")
        numbers = [int(part) for part in (first, last or first) if part.isdecimal() and len(part) <= 5]
        report.ports_left -= max(1, numbers[-1] - numbers[0] + 1) if len(numbers) == 2 else 1
        if len(numbers) < 2 and first.isdecimal():
            report.warn("bad-port", "This is no port, and is left out: a port is from 1 to 65535.", "Write a port.", (*path, index))
        elif report.ports_left < 0:
            report.error("too-many-ports", "The file exposes more ports than can be shown.", "Expose fewer.", (*path, index))
        else:
            found.append(text)
    return tuple(found)


def _restart(written: str | None, policy: Any) -> str | None:
    """`deploy.restart_policy` counts before `restart`, also where it has no condition: the engine is then told of none. Attempts
    count with on-failure only. Measured on Compose 2.26.1."""
    if not isinstance(policy, dict):
        return None if written is None else _RESTARTS.get(written, written)
    condition = as_text(policy.get("condition")) or "no"
    attempts = whole(policy.get("max_attempts"))
    return f"on-failure:{attempts}" if condition == "on-failure" and attempts else _RESTARTS.get(condition, condition)


def _devices(value: Any) -> tuple[str, ...]:
    found = []
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            parts = [as_text(item.get(key)) for key in ("source", "target", "permissions")]
            item = ":".join([parts[0], parts[1] or parts[0], parts[2] or "rwm"])
        found.append(as_text(item))
    return tuple(found)


def _ulimits(value: Any, path: Path, report: Report) -> dict[str, tuple[int, int]]:
    limits: dict[str, tuple[int, int]] = {}
    for name, item in mapping(value).items():
        both = (item.get("soft"), item.get("hard")) if isinstance(item, dict) else (item, item)
        soft, hard = (report.whole(one, (*path, name)) for one in both)
        if soft is not None and hard is not None:
            limits[name] = (soft, hard)
    return limits


def _logging(value: Any) -> Mapping[str, Any] | None:
    if not isinstance(value, dict):
        return None
    return {"driver": _text(value.get("driver")), "options": labels(value.get("options"))}
