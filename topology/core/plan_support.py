"""What of a service no engine call carries, by name, and what this engine is too old for. Said before anything is done."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from topology.core.design import Design, Service
from topology.core.payload_host import CARRIED
from topology.core.payload_limits import IN_PLACE
from topology.core.problems import Problem, Severity
from topology.core.resources import copies_of, files_of

# Keys of no matter to an engine, or read into the records by `compose.read`.
SILENT = frozenset({"attach", "deploy", "develop", "extends", "label_file", "env_file", "pull_refresh_after"})
# Keys of `Service.other` that are performed in another way than as a field of the container's body.
PERFORMED = frozenset({"annotations", "blkio_config", "configs", "credential_spec", "gpus", "post_start", "pre_stop", "secrets"})
SWARM = (  # below `deploy`
    "endpoint_mode", "labels", "placement", "resources.reservations.cpus", "resources.reservations.generic_resources",
    "restart_policy.delay", "restart_policy.window", "rollback_config", "update_config",
)  # fmt: skip
TOP = frozenset({"name", "version", "include"})  # keys at the top of a file that are no matter to an engine
RUNTIME = ("/dev", "/proc", "/sys")  # what the runtime lays over a container's own files


def left_at_the_top(design: Design) -> Iterator[Problem]:
    """Warnings for sections of the file that nothing is made of."""
    for key in sorted(design.other.keys() - TOP):
        if not key.startswith("x-"):
            message = f"`{key}` stays in the file, but no engine call carries it."
            fix = f"Use Compose if what stands under `{key}` is needed."
            yield Problem("key-not-carried", message, fix=fix, path=(key,), severity=Severity.WARNING)


def not_carried(design: Design, spec: Service) -> Iterator[Problem]:
    """Warnings for keys that stay in the file only; errors for configs and secrets whose content nobody knows."""
    for key in sorted(spec.other.keys() - SILENT - PERFORMED - CARRIED.keys() - IN_PLACE):
        if not key.startswith("x-"):
            message = f"`{key}` of {spec.name} stays in the file, but no engine call carries it."
            fix = f"Start {spec.name} with Compose if it needs `{key}`."
            yield _warning("key-not-carried", message, spec=spec, fix=fix, key=(key,))
    yield from _of_deploy(spec)
    for one in files_of(design, spec):
        if one.missing:
            message = f"{spec.name} is to have {one.target}, but {one.missing}."
            yield Problem(f"{one.section}-missing", message, fix=one.fix, subject=f"service:{spec.name}", line=spec.line)
    if spec.read_only and (copied := copies_of(design, spec)):
        message = f"{copied[0].target} cannot be copied into {spec.name}: its files are read-only."
        fix = "Give the file's whole path on the engine's host, so that it is mounted, or take `read_only` away."
        yield Problem("copy-read-only", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)
    for one in copies_of(design, spec):
        if over := _laid_over(spec, one.target):
            message = f"{one.target} cannot be copied into {spec.name}: its {over} would hide it."
            fix = "Give the file's whole path on the engine's host, so that it is mounted, or another `target`."
            yield Problem("copy-hidden", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)


def _of_deploy(spec: Service) -> Iterator[Problem]:
    """Keys that a Swarm reads; Compose leaves them out without a word."""
    deploy = spec.other.get("deploy")
    keys = [f"deploy.{key}" for key in SWARM if _below(deploy, key)]
    if str(_below(deploy, "mode")).endswith("-job"):
        keys = sorted([*keys, "deploy.mode"])
    if keys:
        message = f"{', '.join(keys)} of {spec.name} {'are' if len(keys) > 1 else 'is'} for a Swarm, and no matter to one engine."
        fix = "Nothing is to be done: Compose leaves them out as well."
        yield _warning("key-not-carried", message, spec=spec, fix=fix, key=tuple(keys[0].split(".")))
    if _below(deploy, "restart_policy.max_attempts") and _below(deploy, "restart_policy.condition") != "on-failure":
        message = f"deploy.restart_policy.max_attempts of {spec.name} counts with the condition on-failure only, and is left out."
        fix = "Write `condition: on-failure`, or take it away: the engine refuses both together when Compose asks."
        yield _warning("key-not-carried", message, spec=spec, fix=fix, key=("deploy", "restart_policy", "max_attempts"))


def _below(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _laid_over(spec: Service, target: str) -> str:
    """What hides a file that was copied in before the start: the innermost mount over it, unless that is a volume or a folder of
    the host, into which it is copied then. Measured on 20.10.24."""
    over = dict.fromkeys(RUNTIME, "") | {text.partition(":")[0]: "tmpfs" for text in spec.tmpfs}
    over |= {mount.target: mount.kind for mount in spec.mounts}
    paths = [(posixpath.normpath(path), kind) for path, kind in over.items()]
    path, kind = max(
        ((path, kind) for path, kind in paths if f"{target}/".startswith(f"{path.rstrip('/')}/")), default=("", "none")
    )
    return {"tmpfs": f"tmpfs {path}", "": path}.get(kind, "")


def too_old(spec: Service, *, api_version: str) -> Iterator[Problem]:
    """Keys that engines know from a later API version on than this one speaks."""
    if not api_version:
        return
    for key, version, engine in sorted(_asked(spec)):
        if _number(api_version) < _number(version):
            message = f"`{key}` of {spec.name} needs engine {engine}; this one leaves it out or refuses it."
            path = tuple(key.partition(" ")[0].split("."))
            yield _warning("engine-too-old", message, spec=spec, fix="Update the engine, or take the key away.", key=path)


def too_old_networks(design: Design, *, services: Collection[str], api_version: str) -> Iterator[Problem]:
    """The same of the networks that these services are on. An engine before API 1.48 gives a network IPv4 in any case."""
    used = {wire.network for name in services for wire in design.services[name].attachments}
    for key in sorted(used & design.networks.keys()):
        network = design.networks[key]
        if network.enable_ipv4 is False and not network.external and api_version and _number(api_version) < _number("1.48"):
            message = f"`enable_ipv4: false` of {key} needs engine 28; this one leaves it out."
            yield Problem(
                "engine-too-old", message, fix="Update the engine, or take the key away.", subject=f"network:{key}",
                path=("networks", key, "enable_ipv4"), line=network.line, severity=Severity.WARNING,
            )  # fmt: skip


def _asked(spec: Service) -> Iterator[tuple[str, str, str]]:
    """(key, API version, engine version) of every such key that is written."""
    if spec.other.get("annotations"):
        yield "annotations", "1.43", "24"
    if spec.healthcheck is not None and spec.healthcheck.start_interval_s is not None:
        yield "healthcheck.start_interval", "1.44", "25"
    if any(wire.gw_priority for wire in spec.attachments):
        yield "networks.gw_priority", "1.48", "28"
    if any(wire.interface_name for wire in spec.attachments):
        yield "networks.interface_name", "1.49", "28.1"
    for mount in spec.mounts:
        if mount.kind == "volume" and mount.options.get("subpath"):
            yield "volumes.subpath", "1.45", "26"
        if mount.kind == "image":
            yield "volumes of type image", "1.48", "28"
        if mount.kind == "bind" and mount.options.get("recursive") in ("writable", "readonly"):
            yield "volumes.bind.recursive", "1.44", "25"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _warning(code: str, message: str, *, spec: Service, fix: str, key: tuple[str, ...]) -> Problem:
    """`key` is where it is written below the service."""
    path = ("services", spec.name, *key)
    return Problem(code, message, fix=fix, subject=f"service:{spec.name}", path=path, line=spec.line, severity=Severity.WARNING)
