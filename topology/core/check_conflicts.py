"""Settings of one service that the engine refuses together. Each was tried on an engine (20.10); its words stand by."""

from __future__ import annotations

from collections.abc import Iterator

from topology.core.design import Design, Service
from topology.core.problems import Problem

MIN_MEMORY_BYTES = 6 * 1024**2  # "Minimum memory limit allowed is 6MB"

# With another container's network: "conflicting options: hostname and the network mode", and so on.
_OWNED_ELSEWHERE = {
    "hostname": "host name",
    "mac_address": "MAC address",
    "dns": "DNS servers",
    "extra_hosts": "extra hosts",
    "expose": "exposed ports",
}


def check_conflicts(design: Design) -> Iterator[Problem]:
    for service in design.services.values():
        yield from _shared_network(service)
        yield from _host_network(service)
        yield from _memory(service)
        if service.uts == "host" and service.hostname:  # "conflicting options: hostname and the UTS mode"
            yield _problem(
                service,
                "hostname-with-host-uts",
                f"`{service.name}` uses the host's own name (`uts: host`), so it cannot have the name `{service.hostname}`.",
                "Remove `hostname` or `uts`.",
                "hostname",
            )


def _problem(service: Service, code: str, message: str, fix: str, key: str) -> Problem:
    return Problem(code, message, fix=fix, subject=f"service:{service.name}", path=("services", service.name, key))


def _shared_network(service: Service) -> Iterator[Problem]:
    if service.mode not in ("service", "container"):
        return
    owner = str(service.network_mode).partition(":")[2]
    for key, words in _OWNED_ELSEWHERE.items():
        if getattr(service, key):
            yield _problem(
                service,
                "shared-mode-conflict",
                f"`{service.name}` uses the network of `{owner}`, and the engine refuses {words} of its own beside that.",
                f"Move `{key}` to `{owner}`, or remove it.",
                key,
            )


def _host_network(service: Service) -> Iterator[Problem]:
    if service.mode != "host":
        return
    if service.mac_address:  # "conflicting options: mac-address and the network mode"
        fix = "Remove `mac_address`, or put the service on a network."
        yield _problem(
            service, "host-mode-conflict", f"`{service.name}` is in host mode and has no MAC address to set.", fix, "mac_address"
        )
    if any(name.startswith("net.") for name in service.sysctls):  # "not allowed in host network namespace"
        fix = "Remove the `net.` settings, or put the service on a network."
        message = f"`{service.name}` is in host mode, where a container may not change the network's kernel settings."
        yield _problem(service, "host-mode-conflict", message, fix, "sysctls")


def _memory(service: Service) -> Iterator[Problem]:
    limit, reservation = service.mem_limit_bytes, service.mem_reservation_bytes
    if limit and limit < MIN_MEMORY_BYTES:
        yield _problem(
            service, "memory-too-small", "The engine gives no container less than 6 MB of memory.", "Write 6m or more.", "mem_limit"
        )
    if limit and reservation and reservation > limit:  # "Minimum memory limit can not be less than memory reservation limit"
        message = f"`{service.name}` reserves more memory than its limit allows."
        yield _problem(
            service, "memory-reservation-over-limit", message, "Lower the reservation, or raise the limit.", "mem_reservation"
        )
