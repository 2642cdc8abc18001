"""What a container runs, as keys of a Compose service: the container's Config without what its image says already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.core.labels import RESERVED_PREFIXES
from topology.core.reconstruct_units import duration

Json = Mapping[str, Any]
SHORT_ID = 12
TIMES = {"Interval": "interval", "Timeout": "timeout", "StartPeriod": "start_period", "StartInterval": "start_interval"}


def process_keys(container: Json, image: Json, *, info: Json) -> dict[str, Any]:
    config, base = container.get("Config") or {}, image.get("Config") or {}
    keys: dict[str, Any] = {"image": str(config.get("Image") or "")}
    keys |= _command(config, base)
    for name, key in (("User", "user"), ("WorkingDir", "working_dir"), ("StopSignal", "stop_signal")):
        if config.get(name) and config[name] != base.get(name):
            keys[key] = str(config[name])
    if config.get("Domainname"):
        keys["domainname"] = config["Domainname"]
    if host := _hostname(container, info=info):
        keys["hostname"] = host
    if config.get("StopTimeout") is not None:
        keys["stop_grace_period"] = f"{config['StopTimeout']}s"
    keys |= {key: True for name, key in (("Tty", "tty"), ("OpenStdin", "stdin_open")) if config.get(name)}
    if config.get("MacAddress"):
        keys["mac_address"] = config["MacAddress"]
    keys |= {key: value for key, value in (("environment", _environment(config, base)), ("labels", _labels(config, base))) if value}
    if check := _healthcheck(config.get("Healthcheck") or {}, base.get("Healthcheck") or {}):
        keys["healthcheck"] = check
    return keys


def _command(config: Json, base: Json) -> dict[str, Any]:
    """An entrypoint of one's own takes the image's command away, so that a command beside it was written. So one that is the
    image's was written where the image's command is gone."""
    command, entrypoint = list(config.get("Cmd") or ()), list(config.get("Entrypoint") or ())
    gone = bool(base.get("Cmd")) and not command
    if entrypoint != list(base.get("Entrypoint") or ()) or gone:
        return {"entrypoint": entrypoint} | ({"command": command} if command else {})
    return {"command": command} if command and command != list(base.get("Cmd") or ()) else {}


def _hostname(container: Json, *, info: Json) -> str:
    """A container has its short id for a name unless one was asked for; one in another's or the host's network has theirs."""
    config, host = container.get("Config") or {}, container.get("HostConfig") or {}
    name, mode = str(config.get("Hostname") or ""), str(host.get("NetworkMode") or "")
    if mode.startswith("container:") or (mode == "host" and name == info.get("Name")):
        return ""
    return "" if name == str(container["Id"])[:SHORT_ID] else name


def _environment(config: Json, base: Json) -> dict[str, Any]:
    """Variable → value; None for one that takes away the image's own."""
    of_image = set(base.get("Env") or ())
    found: dict[str, Any] = {}
    for text in config.get("Env") or ():
        if text not in of_image:
            name, sign, value = str(text).partition("=")
            found[name] = value if sign else None
    return dict(sorted(found.items()))


def _labels(config: Json, base: Json) -> dict[str, str]:
    of_image = base.get("Labels") or {}
    return {
        name: str(value)
        for name, value in sorted((config.get("Labels") or {}).items())
        if not name.startswith(RESERVED_PREFIXES) and of_image.get(name) != value
    }


def _healthcheck(check: Json, base: Json) -> dict[str, Any]:
    """The fields that differ from the image's: the engine fills in the others."""
    if list(check.get("Test") or ()) == ["NONE"]:
        return {} if base.get("Test") == ["NONE"] else {"disable": True}
    keys: dict[str, Any] = {}
    if check.get("Test") and check["Test"] != base.get("Test"):
        keys["test"] = list(check["Test"])
    keys |= {key: duration(check[name]) for name, key in TIMES.items() if check.get(name) and check[name] != base.get(name)}
    if check.get("Retries") and check["Retries"] != base.get("Retries"):
        keys["retries"] = check["Retries"]
    return keys
