"""What an engine's administrator allows beyond plain containers, judged by the final body of a call. Deny by default.

Whoever may make containers with these asks is root on the engine's host. Symbolic links on the host cannot be seen from here:
a bind mount of any path is one permission, the well-known paths of the engine's socket another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from topology.core.observed import Observed
from topology.core.plan import Kind, Operation, Plan
from topology.core.policy_ask import Ask, confinement_asks
from topology.core.policy_hosts import is_public
from topology.core.policy_mounts import mount_asks, volume_asks
from topology.core.policy_networks import network_asks
from topology.core.policy_standing import foreign_asks, lenders, lent_asks, standing_asks, unknown_asks
from topology.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed on an engine. All False unless an engine administrator says so."""

    privileged: bool = False
    bind_mounts: bool = False
    engine_socket: bool = False
    host_namespaces: bool = False
    devices: bool = False
    capabilities: bool = False
    unconfined: bool = False
    other_stacks: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Allowed:
        """From the fields' names; only a true True allows."""
        return cls(**{field.name: value.get(field.name) is True for field in fields(cls)})


WORDS: dict[str, str] = {
    "privileged": "privileged containers", "bind_mounts": "bind mounts", "engine_socket": "the engine's socket",
    "host_namespaces": "host namespaces", "devices": "devices", "capabilities": "capabilities and sysctls",
    "unconfined": "unconfined containers", "other_stacks": "networks and volumes of others",
}  # fmt: skip


def check_plan(plan: Plan, observed: Observed, allowed: Allowed, *, friends: Collection[str]) -> list[Problem]:
    """What the plan asks for and the engine does not allow, in the plan's order, each once.

    `friends` are the projects whose networks and volumes are the team's own, the stack's among them.
    """
    found: dict[Problem, None] = {}
    made = {str(one.detail["payload"].get("Name")) for one in plan.operations if one.kind is Kind.CREATE_NETWORK}
    ids = {one.id for one in observed.networks}
    known = ({one.name for one in observed.networks} | made) - ids
    lent_by = lenders(plan, observed)
    for operation in plan.operations:
        found.update(dict.fromkeys(check_operation(operation, allowed)))
        standing = [*standing_asks(operation, observed), *lent_asks(operation, observed, lent_by)]
        asks = [ask for ask in dict.fromkeys(standing) if not getattr(allowed, ask.permission)]
        found.update({_problem(operation, ask): None for ask in asks})
        if not allowed.other_stacks:
            asks = [*unknown_asks(operation, known, ids=ids), *foreign_asks(operation, observed, friends=friends)]
            found.update({_problem(operation, ask): None for ask in asks})
    return list(found)


def check_operation(operation: Operation, allowed: Allowed) -> list[Problem]:
    """What the operation asks for and the engine does not allow, each once, in a stable order."""
    refused = [ask for ask in dict.fromkeys(_asks(operation)) if not getattr(allowed, ask.permission)]
    return [_problem(operation, ask) for ask in refused]


def _problem(operation: Operation, ask: Ask) -> Problem:
    message = f"{operation.subject.partition(':')[2]} asks for {ask.words}, which this engine does not allow."
    fix = f"An engine administrator can allow {WORDS[ask.permission]} for this engine under Engines."
    if ask.permission == "other_stacks":
        fix = f"Give this stack's own another `name`. {fix}"
    return Problem(f"policy-{ask.code}", message, fix=fix, subject=operation.subject)


def _asks(operation: Operation) -> Iterator[Ask]:
    payload = operation.detail.get("payload") or {}
    if operation.kind is Kind.CREATE_CONTAINER:
        own = frozenset(operation.detail.get("own") or ())
        yield from _host_asks(payload.get("HostConfig") or {}, own=own)
        for name in sorted((payload.get("NetworkingConfig") or {}).get("EndpointsConfig") or {}):
            yield from _namespace(name, what="network", own=own)
    elif operation.kind is Kind.UPDATE_CONTAINER:
        yield from _host_asks(payload, own=frozenset())
    elif operation.kind is Kind.CREATE_VOLUME:
        yield from volume_asks(str(payload.get("Driver") or "local"), payload.get("DriverOpts") or {})
    elif operation.kind is Kind.CREATE_NETWORK:
        yield from network_asks(payload)
    elif operation.kind is Kind.BUILD_IMAGE:
        yield from _build_asks(operation.detail.get("options") or {})
    elif operation.kind is Kind.RUN_COMMAND and operation.detail.get("privileged"):
        yield Ask("privileged", "privileged", "a command with all privileges")
    elif operation.kind is Kind.CONNECT:
        yield from _namespace(str(operation.detail.get("network", "")), what="network", own=frozenset())


def _build_asks(options: Mapping[str, Any]) -> Iterator[Ask]:
    """Steps of a build run in containers; a context that the engine fetches is fetched from the host itself."""
    network, remote = str(options.get("network") or ""), str(options.get("remote") or "")
    if network not in ("", "default", "bridge", "none"):
        yield Ask("host_namespaces", "host-network", f"a build in the network {network[:40]}")
    if remote and not is_public(remote):
        yield Ask("host_namespaces", "host-network", "a build from the host's own network, or from a name that is not public")


def _host_asks(host: Mapping[str, Any], *, own: Collection[str]) -> Iterator[Ask]:
    if host.get("Privileged"):
        yield Ask("privileged", "privileged", "a privileged container")
    yield from mount_asks(host, own=own)
    modes = {"NetworkMode": "network", "PidMode": "pid", "IpcMode": "ipc", "UTSMode": "uts", "UsernsMode": "userns"}
    for key, what in (modes | {"CgroupnsMode": "cgroup"}).items():
        yield from _namespace(str(host.get(key) or ""), what=what, own=own)
    for device in host.get("Devices") or ():
        yield Ask("devices", "devices", f"the device {device.get('PathOnHost', '')}")
    if host.get("DeviceCgroupRules"):
        yield Ask("devices", "devices", "device cgroup rules")
    if host.get("DeviceRequests"):
        yield Ask("devices", "devices", "devices such as GPUs")
    for capability in host.get("CapAdd") or ():
        yield Ask("capabilities", "capabilities", f"the capability {capability}")
    for name in sorted(host.get("Sysctls") or {}):
        yield Ask("capabilities", "sysctls", f"the sysctl {name}")
    for link in host.get("Links") or ():
        if (name := str(link).partition(":")[0]) not in own:  # it gives this one that container's whole environment
            yield Ask("host_namespaces", "foreign-container", f"a link to {name}, a container of another stack")
    yield from confinement_asks(host)


def _namespace(mode: str, *, what: str, own: Collection[str]) -> Iterator[Ask]:
    if mode == "host":
        yield Ask("host_namespaces", f"host-{what}", f"the host's {what} namespace")
    if mode.startswith("container:") and mode.partition(":")[2] not in own:
        yield Ask(
            "host_namespaces",
            "foreign-container",
            f"the {what} namespace of {mode.partition(':')[2]}, a container of another stack",
        )
    if mode.startswith("ns:"):
        yield Ask("host_namespaces", f"host-{what}", f"a {what} namespace of the host, {mode}")
