"""One service: the table of its keys in the reference tool's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.compose.canonical import build as building
from topology.compose.canonical.deploy import deploy
from topology.compose.canonical.environment import environment, labels
from topology.compose.canonical.fields import (
    OMIT,
    Around,
    Record,
    as_written,
    flag,
    integer,
    kept_flag,
    kept_integer,
    listed,
    mapped,
    single,
    size,
    text,
    texts,
)
from topology.compose.canonical.mounts import device_requests, devices, references, volumes
from topology.compose.canonical.ports import ports
from topology.compose.canonical.values import command, health_test, hosts, kept_duration, limit, options
from topology.compose.forms import texts as as_texts
from topology.compose.units import as_text

_RATES = listed(Record((("Path", text), ("Rate", size))))
_WEIGHTS = listed(Record((("Path", text), ("Weight", kept_integer)), always={"Path": "", "Weight": 0}))
_HEALTH = Record((
    ("test", health_test), ("timeout", kept_duration), ("interval", kept_duration), ("retries", kept_integer),
    ("start_period", kept_duration), ("start_interval", kept_duration), ("disable", flag),
))  # fmt: skip
_ATTACHMENT = Record((
    ("priority", integer), ("aliases", texts), ("ipv4_address", text), ("ipv6_address", text), ("link_local_ips", texts),
    ("mac_address", text), ("interface_name", text), ("use_service_name_alias", kept_flag), ("driver_opts", options),
))  # fmt: skip
_MODEL = Record((("endpoint_var", text), ("model_var", text)))
_DEPENDENCY = Record((("condition", text), ("restart", flag), ("required", kept_flag)), always={"required": True})


def _capital(convert: Any) -> Any:
    """`path`, `rate` and `weight` are printed with a capital letter."""

    def run(value: Any, around: Around) -> Any:
        items = value if isinstance(value, list) else ()
        return convert(
            [{key.capitalize(): one for key, one in item.items()} for item in items if isinstance(item, Mapping)], around
        )

    return run


_BLKIO = Record((
    ("weight", integer), ("weight_device", _capital(_WEIGHTS)), ("device_read_bps", _capital(_RATES)),
    ("device_read_iops", _capital(_RATES)), ("device_write_bps", _capital(_RATES)), ("device_write_iops", _capital(_RATES)),
))  # fmt: skip


def networks(value: Any, around: Around) -> Any:
    """A service's networks by name, null where nothing is said about one."""
    named = value if isinstance(value, Mapping) else {name: None for name in as_texts(value) if name}
    return mapped(_ATTACHMENT)(named, around)


def depends_on(value: Any, around: Around) -> Any:
    """Dependencies by service."""
    if isinstance(value, list):
        value = {as_text(item): {} for item in value}
    if not isinstance(value, Mapping):
        return OMIT
    named = {name: {"condition": "service_started"} | dict(spec or {}) for name, spec in value.items()}
    return mapped(_DEPENDENCY)(named, around)


def models(value: Any, around: Around) -> Any:
    """The models that a service uses, null where nothing is said about one."""
    named = value if isinstance(value, Mapping) else dict.fromkeys(as_texts(value))
    return mapped(_MODEL)(named, around)


def _pull_policy(value: Any, around: Around) -> Any:
    return "missing" if value == "if_not_present" else text(value, around)


_SERVICE = Record(
    (
        ("profiles", texts), ("annotations", options), ("attach", kept_flag), ("build", building.build),
        ("develop", building.develop), ("blkio_config", _BLKIO), ("cap_add", texts), ("cap_drop", texts), ("cgroup_parent", text),
        ("cgroup", text), ("cpu_count", integer), ("cpu_percent", single), ("cpu_period", integer), ("cpu_quota", integer),
        ("cpu_rt_period", integer), ("cpu_rt_runtime", integer), ("cpus", single), ("cpuset", text), ("cpu_shares", integer),
        ("command", command), ("configs", references("")), ("container_name", text),
        ("credential_spec", Record((("config", text), ("file", text), ("registry", text)))), ("depends_on", depends_on),
        ("deploy", deploy), ("device_cgroup_rules", texts), ("devices", devices), ("dns", texts), ("dns_opt", texts),
        ("dns_search", texts), ("dockerfile", text), ("domainname", text), ("entrypoint", command), ("provider", as_written),
        ("environment", lambda value, around: value or OMIT), ("expose", texts), ("external_links", texts), ("extra_hosts", hosts),
        ("group_add", texts), ("gpus", device_requests), ("hostname", text), ("healthcheck", _HEALTH), ("image", text),
        ("init", kept_flag), ("ipc", text), ("isolation", text), ("labels", lambda value, around: value or OMIT), ("links", texts),
        ("logging", Record((("driver", text), ("options", options)))), ("log_driver", text), ("log_opt", options),
        ("mem_limit", size), ("mem_reservation", size), ("memswap_limit", size), ("mem_swappiness", size), ("mac_address", text),
        ("models", models), ("net", text), ("network_mode", text), ("networks", networks), ("oom_kill_disable", flag),
        ("oom_score_adj", integer),
        ("pid", text), ("pids_limit", integer), ("platform", text), ("ports", ports), ("privileged", flag),
        ("pull_policy", _pull_policy), ("pull_refresh_after", text), ("read_only", flag), ("restart", text), ("runtime", text),
        ("scale", kept_integer),
        ("secrets", references("/run/secrets")), ("security_opt", texts), ("shm_size", size), ("stdin_open", flag),
        ("stop_grace_period", kept_duration), ("stop_signal", text), ("storage_opt", options), ("sysctls", options),
        ("tmpfs", texts), ("tty", flag), ("ulimits", mapped(limit)), ("umask", text), ("use_api_socket", flag), ("user", text),
        ("userns_mode", text), ("uts", text),
        ("volume_driver", text), ("volumes", volumes), ("volumes_from", texts), ("working_dir", text),
        ("pre_start", listed(building.HOOK)), ("post_start", listed(building.HOOK)), ("pre_stop", listed(building.HOOK)),
    ),
    always={"command": None, "entrypoint": None},
)  # fmt: skip


def service(value: Mapping[str, Any], around: Around) -> dict[str, Any]:
    """One service, its env files read into `environment`. `value` has its implied networks and dependencies already."""
    one = dict(value) | {"environment": environment(value, around), "labels": labels(value, around)}
    if one.get("scale") is not None and isinstance(one.get("deploy"), Mapping):
        one["deploy"] = dict(one["deploy"]) | {"replicas": one["scale"]}
    one["dns"] = [item for item in as_texts(one.get("dns")) if item]
    return _SERVICE.of(one, around)
