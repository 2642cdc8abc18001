"""What containers use: from the kernel's files where the engine is local, else from the engine's statistics.

Rates need two samples, so the last counters of each container are kept here, with the monotonic time of their reading.
"""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from topology.core.observed import ObservedContainer
from topology.engine import cgroups
from topology.engine.client import Client
from topology.engine.errors import Conflict, NotFound
from topology.engine.port import Sample
from topology.engine.side_by_side import side_by_side

STATISTICS_AT_ONCE = 8  # Engine 20.10 takes a second for each, even for a one-shot
KEPT_S = 60.0  # counters older than this give no honest rate


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters of one container as read at `read_s` (monotonic). `started` tells one life of a container from the next."""

    read_s: float
    started: float
    cpu_ns: int
    memory_bytes: int
    memory_limit_bytes: int
    network_bytes: dict[str, tuple[int, int]] = field(default_factory=dict)


class Sampler:
    """Samples for one engine; safe for several threads."""

    def __init__(self, client: Client, *, local: bool) -> None:
        self._client = client
        self._mounts = cgroups.Mounts.read() if local else None
        self._last: dict[str, Counters] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(STATISTICS_AT_ONCE, thread_name_prefix="engine-stats")

    def take(self, containers: list[ObservedContainer]) -> list[Sample]:
        running = [one for one in containers if one.state in ("running", "paused")]
        read = {one.id: counters for one in running if (counters := self._from_files(one))}
        others = [one for one in running if one.id not in read]
        if others:
            asked = side_by_side(self._pool, self._from_statistics, others)
            read |= {one.id: counters for one, counters in zip(others, asked, strict=True) if counters}
        at = time.time()
        with self._lock:
            samples = [_sample(one.id, at, read[one.id], self._last.get(one.id)) for one in running if one.id in read]
            self._last.update(read)
            oldest = time.monotonic() - KEPT_S
            self._last = {key: value for key, value in self._last.items() if value.read_s > oldest}
        return samples

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _from_files(self, container: ObservedContainer) -> Counters | None:
        if self._mounts is None or not container.pid:
            return None
        groups = cgroups.groups_of(container.pid, container_id=container.id, mounts=self._mounts)
        if groups is None:
            return None
        cpu_ns, memory = cgroups.cpu_ns(groups), cgroups.memory_bytes(groups)
        if cpu_ns is None or memory is None:
            return None
        return Counters(
            read_s=time.monotonic(),
            started=container.started_at,
            cpu_ns=cpu_ns,
            memory_bytes=memory[0],
            memory_limit_bytes=memory[1] or _host_memory_bytes(),
            network_bytes=cgroups.network_bytes(container.pid, endpoints=container.endpoints),
        )

    def _from_statistics(self, container: ObservedContainer) -> Counters | None:
        path = f"/containers/{quote(container.id, safe='')}/stats"
        try:
            raw = self._client.get(path, params={"stream": 0, "one-shot": 1}, timeout_s=15.0)
        except (NotFound, Conflict):
            return None
        return counters_from_statistics(raw, container, read_s=time.monotonic())


def counters_from_statistics(raw: dict[str, Any], container: ObservedContainer, *, read_s: float) -> Counters | None:
    """GET /containers/X/stats as counters; None for a container that has stopped.

    Statistics name interfaces, not networks: with one endpoint all traffic is its network's, with several it can't be told.
    """
    cpu, memory = raw.get("cpu_stats") or {}, raw.get("memory_stats") or {}
    if "usage" not in memory:
        return None
    details = memory.get("stats") or {}
    cached = details.get("total_inactive_file", details.get("inactive_file", 0))
    interfaces = list((raw.get("networks") or {}).values())
    traffic = (sum(one["rx_bytes"] for one in interfaces), sum(one["tx_bytes"] for one in interfaces))
    return Counters(
        read_s=read_s,
        started=container.started_at,
        cpu_ns=(cpu.get("cpu_usage") or {}).get("total_usage", 0),
        memory_bytes=max(0, memory["usage"] - cached),
        memory_limit_bytes=memory.get("limit", 0),
        network_bytes={container.endpoints[0].network: traffic} if len(container.endpoints) == 1 and interfaces else {},
    )


def _sample(container_id: str, at: float, now: Counters, last: Counters | None) -> Sample:
    passed_s = now.read_s - last.read_s if last and last.started == now.started else 0.0
    cpu_percent, rates = None, {}
    if last and passed_s > 0.05:
        cpu_percent = max(0.0, (now.cpu_ns - last.cpu_ns) / (passed_s * 1e9) * 100)
        for network, (received, sent) in now.network_bytes.items():
            before = last.network_bytes.get(network)
            if before and received >= before[0] and sent >= before[1]:  # else it was connected anew
                rates[network] = ((received - before[0]) / passed_s, (sent - before[1]) / passed_s)
    return Sample(
        container_id=container_id, at=at, cpu_percent=cpu_percent, memory_bytes=now.memory_bytes,
        memory_limit_bytes=now.memory_limit_bytes, network_rates=rates,
    )  # fmt: skip


def _host_memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
