"""The options of one `docker run` → the keys of a service. What concerns other lines (networks, links) is in `container`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from topology.compose.run_line import mounts
from topology.compose.run_line.options import Option, Options
from topology.compose.units import number
from topology.core.problems import Problem, Severity

Raw = dict[str, Any]

# Options that need the other lines of the paste, or more than one key; `container` and `_finish` read them.
CROSS = frozenset({
    "ip", "ip6", "link", "link-local-ip", "name", "network", "network-alias", "publish-all", "volume-driver", "volumes-from",
})  # fmt: skip
_NUMBERS = frozenset({
    "cpu-count", "cpu-percent", "cpu-period", "cpu-quota", "cpu-shares", "cpus", "health-retries", "memory-swappiness",
    "memory-swap", "oom-score-adj", "pids-limit", "blkio-weight", "cpu-rt-period", "cpu-rt-runtime",
})  # fmt: skip
_TEXT_LISTS = frozenset({
    "add-host", "cap-add", "cap-drop", "device", "device-cgroup-rule", "dns", "dns-option", "dns-search", "env-file", "expose",
    "group-add", "publish", "security-opt", "tmpfs",
})  # fmt: skip
_PAIRS = frozenset({"annotation", "label", "log-opt", "storage-opt", "sysctl"})
_RATES = {"device-read-bps": "rate", "device-read-iops": "rate", "device-write-bps": "rate", "device-write-iops": "rate",
          "blkio-weight-device": "weight"}  # fmt: skip
_ORDER = (
    "image", "build", "container_name", "hostname", "restart", "entrypoint", "command", "ports", "environment", "env_file",
    "volumes", "volumes_from", "networks", "network_mode", "links", "external_links", "healthcheck",
)  # fmt: skip
_PULLS = frozenset({"always", "missing", "never"})


@dataclass
class Keys:
    """A service's keys as they grow, with what could not be said. `volumes` are the named volumes it uses, with their own keys."""

    keys: Raw = field(default_factory=dict)
    volumes: dict[str, Raw] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, path: str, value: Any) -> None:
        """Set the value at a dotted path."""
        *above, last = path.split(".")
        inner = self.keys
        for step in above:
            inner = inner.setdefault(step, {})
        inner[last] = value

    def add(self, path: str, value: Any) -> None:
        *above, last = path.split(".")
        inner = self.keys
        for step in above:
            inner = inner.setdefault(step, {})
        inner.setdefault(last, []).append(value)

    def refuse(self, option: Option, why: str, *, fix: str) -> None:
        self.problems.append(
            Problem("bad-flag-value", f"`--{option.flag.name} {option.value}`: {why}.", fix=fix,
                    line=option.word.line, column=option.word.column)
        )  # fmt: skip

    def warn(self, option: Option, code: str, message: str, *, fix: str) -> None:
        self.problems.append(
            Problem(code, message, fix=fix, line=option.word.line, column=option.word.column, severity=Severity.WARNING)
        )


def read_keys(options: Options) -> Keys:
    """All keys that a line says by itself."""
    found = Keys()
    for option in options.options:
        _read(option, found)
    _ports_of_image(options, found)
    if driver := options.value("volume-driver"):
        for own in found.volumes.values():
            own.setdefault("driver", driver)
    return found


def ordered(keys: Raw) -> Raw:
    """What people look for first comes first; the rest by its name."""
    ranks = {key: rank for rank, key in enumerate(_ORDER)}
    return {key: keys[key] for key in sorted(keys, key=lambda one: (ranks.get(one, len(ranks)), one))}


def _read(option: Option, found: Keys) -> None:
    flag, name = option.flag, option.flag.name
    if name in CROSS:
        return
    if name in _READERS:
        _READERS[name](option, found)
    elif not flag.key:
        if flag.told and option.on:
            found.notes.append(f"`--{name}` has no counterpart in Compose: {flag.why}.")
    elif flag.kind == "switch":
        if option.on:
            found.put(flag.key, True)
    elif name in _TEXT_LISTS:
        found.add(flag.key, option.value)
    elif name in _PAIRS:
        key, _, value = option.value.partition("=")
        found.put(flag.key, {**_at(found, flag.key), key: value})
    elif name in _RATES:
        _rate(option, found)
    else:
        found.put(flag.key, _number(option.value) if name in _NUMBERS else option.value)


def _at(found: Keys, path: str) -> Raw:
    inner: Any = found.keys
    for step in path.split("."):
        inner = inner.get(step, {})
    return inner if isinstance(inner, dict) else {}


def _number(text: str) -> Any:
    """A number where the text is one; sizes with a unit and variables stay text."""
    if re.fullmatch(r"[-+]?[0-9]{1,18}", text):
        return int(text)
    value = number(text) if re.fullmatch(r"[0-9]*\.[0-9]+", text) else None
    return text if value is None else value


def _rate(option: Option, found: Keys) -> None:
    path, colon, rate = option.value.rpartition(":")
    if not colon or not path:
        found.refuse(option, "it is not of the form device:value", fix="Write, say, /dev/sda:1mb.")
        return
    found.add(option.flag.key, {"path": path, _RATES[option.flag.name]: _number(rate)})


def _environment(option: Option, found: Keys) -> None:
    name, equals, value = option.value.partition("=")
    found.put("environment", {**_at(found, "environment"), name: value if equals else None})


def _volume(option: Option, found: Keys) -> None:
    written, named = mounts.volume(option.value)
    found.add("volumes", written)
    if named:
        found.volumes.setdefault(named, {})
    source = mounts.parts_of(option.value)[0]
    if (
        not named
        and ":" in option.value
        and not source.startswith(("/", ".", "~", "$"))
        and not re.match(r"[A-Za-z]:[\\/]", source)
    ):
        found.refuse(option, f"`{source}` is neither a path nor the name of a volume",
                     fix=f"Write ./{source} for a folder beside the file.")  # fmt: skip


def _mount(option: Option, found: Keys) -> None:
    read = mounts.mount(option.value)
    if isinstance(read, str):
        found.refuse(option, read, fix="Mend the mount, or write it in the Compose text.")
        return
    written, own = read
    found.add("volumes", written)
    if own is not None:
        found.volumes[written["source"]] = {**found.volumes.get(written["source"], {}), **own}


def _health(option: Option, found: Keys) -> None:
    found.put("healthcheck.test", ["CMD-SHELL", option.value])


def _entrypoint(option: Option, found: Keys) -> None:
    found.put("entrypoint", [option.value] if option.value else [])


def _ulimit(option: Option, found: Keys) -> None:
    name, _, value = option.value.partition("=")
    soft, colon, hard = value.partition(":")
    if not name or not soft:
        found.refuse(option, "it is not of the form name=soft:hard", fix="Write, say, nofile=1024:2048.")
        return
    limit = {"soft": _number(soft), "hard": _number(hard)} if colon else _number(soft)
    found.put("ulimits", {**_at(found, "ulimits"), name: limit})


def _stop_timeout(option: Option, found: Keys) -> None:
    if option.value.startswith("-"):
        found.notes.append("`--stop-timeout -1` (wait for ever) has no counterpart in Compose; its own 10 seconds hold.")
        return
    found.put("stop_grace_period", f"{option.value}s")


def _pull(option: Option, found: Keys) -> None:
    if option.value not in _PULLS and "$" not in option.value:
        found.refuse(option, "Compose knows always, missing and never", fix="Use one of these, or remove the flag.")
        return
    found.put("pull_policy", option.value)


def _gpus(option: Option, found: Keys) -> None:
    """`all`, a number, or `device=…,driver=…,capabilities=…,count=…`: a reserved device of the kind gpu."""
    device: Raw = {}
    capabilities = ["gpu"]
    for key, value in mounts.fields(option.value.strip('"')) if "=" in option.value else [("count", option.value)]:
        if key == "count":
            device["count"] = _number(value)
        elif key == "device":
            device.setdefault("device_ids", []).append(value)
        elif key == "driver":
            device["driver"] = value
        elif key == "capabilities":
            capabilities = sorted({"gpu", *value.split(",")})
        elif key == "options":
            device["options"] = dict(one.partition("=")[::2] for one in value.split(","))
        elif "device_ids" in device and not value:
            device["device_ids"].append(key)  # `"device=0,1"`
        else:
            found.refuse(option, f"`{key}` is no field of it", fix="Write all, a number, or device=….")
            return
    if "count" not in device and "device_ids" not in device:
        device["count"] = 1
    found.add(option.flag.key, {**device, "capabilities": capabilities})


def _ports_of_image(options: Options, found: Keys) -> None:
    """`-P`: Compose cannot publish what an image exposes; the ports that the line itself exposes get free host ports."""
    option = options.last("publish-all")
    if option is None or not option.on:
        return
    for exposed in options.values("expose"):
        found.add("ports", exposed.value)
    found.warn(
        option, "publish-all", "`-P` publishes the ports that the image exposes; Compose needs each of them named.",
        fix="Write them under `ports:`; a port alone (`- 80`) gets a free port of the host.",
    )  # fmt: skip


def _labels_file(option: Option, found: Keys) -> None:
    found.warn(option, "label-file", f"`--label-file {option.value}`: {option.flag.why}.", fix="Copy its lines under `labels:`.")


_READERS: dict[str, Callable[[Option, Keys], None]] = {
    "entrypoint": _entrypoint, "env": _environment, "gpus": _gpus, "health-cmd": _health, "label-file": _labels_file,
    "mount": _mount, "pull": _pull, "stop-timeout": _stop_timeout, "ulimit": _ulimit, "volume": _volume,
}  # fmt: skip
