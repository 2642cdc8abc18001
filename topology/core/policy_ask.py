"""One thing asked of an engine, and what of a container's confinement asks: logging, security options, cgroups and runtimes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PLAIN_LOGGING = frozenset({"", "none", "local", "json-file", "journald"})  # drivers that send nothing anywhere
PLAIN_LOG_OPTIONS = frozenset({
    "max-size", "max-file", "compress", "labels", "labels-regex", "env", "env-regex", "tag", "mode", "max-buffer-size",
})  # fmt: skip
TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})  # as the engine reads it
PLAIN_RUNTIMES = frozenset({"", "runc", "io.containerd.runc.v2"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked of an engine: the field of `Allowed` that permits it, the problem's code and what is asked, in words."""

    permission: str
    code: str
    words: str


def _logging_asks(config: Mapping[str, Any]) -> Iterator[Ask]:
    """Without a driver the engine's own default takes the options, which may be one that sends where they say."""
    driver, options = str(config.get("Type") or ""), config.get("Config") or {}
    if driver not in PLAIN_LOGGING:
        yield Ask("host_namespaces", "host-logging", f"the logging driver {driver[:40]}, which sends from the host itself")
    if not driver and (others := sorted(options.keys() - PLAIN_LOG_OPTIONS)):
        words = f"the logging option {others[0][:40]} for a driver that is not named, and may send from the host itself"
        yield Ask("host_namespaces", "host-logging", words)


def confinement_asks(host: Mapping[str, Any]) -> Iterator[Ask]:
    """Of HostConfig: logging and security options that loosen. Others than those known to tighten count as loosening."""
    yield from _logging_asks(host.get("LogConfig") or {})
    for option in host.get("SecurityOpt") or ():
        name, _, value = str(option).replace(":", "=", 1).partition("=")
        tightens = option == "no-new-privileges" or (name == "no-new-privileges" and value in TRUE)
        tightens = tightens or (name, value) in (("seccomp", "builtin"), ("apparmor", "docker-default"))
        if not tightens:
            yield Ask("unconfined", "unconfined", f"the security option {name}={value[:40]}" if value else f"{name}")
    if host.get("MaskedPaths") is not None or host.get("ReadonlyPaths") is not None:
        yield Ask("unconfined", "unconfined", "the host's masked paths")
    if host.get("Annotations"):  # runtimes take orders by them, such as systemd properties
        yield Ask("unconfined", "annotations", "annotations, which the runtime reads")
    if host.get("CgroupParent"):
        yield Ask("unconfined", "unconfined", f"the cgroup {host['CgroupParent']}")
    if host.get("OomKillDisable"):
        yield Ask("unconfined", "unconfined", "not to be killed when memory runs out")
    adjustment = host.get("OomScoreAdj") or 0
    if not isinstance(adjustment, int) or adjustment < 0:
        yield Ask("unconfined", "unconfined", "to be killed later than others when memory runs out")
    if (runtime := str(host.get("Runtime") or "")) not in PLAIN_RUNTIMES:
        yield Ask("unconfined", "runtime", f"the runtime {runtime[:40]}")
