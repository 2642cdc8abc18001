"""How long a plan takes at size: `python -m tests.bench.planner_speed`. Ends with 1 when one takes longer than a second.

Three shapes, each planned four times: on an empty engine, with nothing to do, with a network more for all, and down. Times are CPU
time; what a plan needs before it and after it is shown beside it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from tests.core.simulator import Container, Simulator
from topology.compose.hashed import hashed
from topology.compose.read import read
from topology.core.design import Attachment, Design, Network
from topology.core.observed import Observed
from topology.core.planner import plan_apply, plan_down
from topology.core.policy import Allowed, check_plan

LIMIT_S = 1.0
Value = TypeVar("Value")


def linked(services: int, *, links: int) -> str:
    """Services on the default network, each with links to those before it."""
    lines = ["services:"]
    for number in range(services):
        targets = ", ".join(f"s{at}" for at in range(max(0, number - links), number))
        lines += [f"  s{number}:", "    image: nginx", "    environment: {A: '1', B: '2'}"]
        lines += [f"    links: [{targets}]"] if targets else []
    return "\n".join([*lines, ""])


def wide(services: int, *, networks: int, each: int) -> str:
    """Services on `each` of the networks, one after the other."""
    lines = ["services:"]
    for number in range(services):
        names = ", ".join(f"n{(number + at) % networks}" for at in range(each))
        lines += [f"  s{number}:", "    image: nginx", f"    networks: [{names}]"]
    return "\n".join([*lines, "networks:", *(f"  n{number}: {{}}" for number in range(networks)), ""])


SHAPES: dict[str, str] = {
    "40 services on 2 of 4 networks each": wide(40, networks=4, each=2),
    "500 services on all of 20 networks": wide(500, networks=20, each=20),
    "1,000 services with 8 links each": linked(1000, links=8),
}


class Roomy(Simulator):
    """An engine whose networks never run out of addresses: it gives none."""

    def _allocate(self, one: Container, network: str) -> None:
        one.network_ids[network] = self.networks[network]["Id"]


def timed(work: Callable[[], Value]) -> tuple[Value, float]:
    begun = time.process_time()
    found = work()
    return found, time.process_time() - begun


def changed(design: Design) -> Design:
    """One network more for every service; the engine is not asked to perform it."""
    services = {
        name: replace(spec, attachments=(*spec.attachments, Attachment("more")), hash="", hash_text="")
        for name, spec in design.services.items()
    }
    return replace(design, services=services, networks={**design.networks, "more": Network("more")})


def rows(text: str) -> list[tuple[str, float, int]]:
    reading, read_s = timed(lambda: read(text, project="p"))
    design, hash_s = timed(lambda: hashed(reading))
    assert design is not None, reading.problems[:3]
    engine = Roomy(images=("nginx",))
    fresh, fresh_s = timed(lambda: plan_apply(design, engine.observe()))
    observed: Observed = engine.perform(fresh).observe()
    _, policy_s = timed(lambda: check_plan(fresh, observed, Allowed(), friends=frozenset()))
    _, digest_s = timed(lambda: fresh.digest)
    again, again_s = timed(lambda: plan_apply(design, observed))
    assert not again.operations, again.as_text()[:500]
    more, more_s = timed(lambda: plan_apply(changed(design), observed))
    down, down_s = timed(lambda: plan_down(design, observed, remove_volumes=True))
    return [
        ("read", read_s, 0), ("hash as Compose does", hash_s, 0), ("plan: fresh", fresh_s, len(fresh.operations)),
        ("digest of that", digest_s, 0), ("policy of that", policy_s, 0), ("plan: nothing to do", again_s, 0),
        ("plan: a network for all", more_s, len(more.operations)), ("plan: down", down_s, len(down.operations)),
    ]  # fmt: skip


def main() -> int:
    slow = False
    for shape, text in SHAPES.items():
        print(f"{shape} ({len(text) / 1000:.0f} kB)", flush=True)
        for what, took_s, operations in rows(text):
            late = what.startswith("plan") and took_s > LIMIT_S
            slow |= late
            counted = f"  {operations:>6} operations" if operations else ""
            print(f"  {what:<26} {took_s * 1000:8.0f} ms{counted}{'  TOO SLOW' if late else ''}", flush=True)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
