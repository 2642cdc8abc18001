"""Every edit of a network on running containers of a real engine: ids and start times stay, and so does a TCP connection over
another network of the same container."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.engine.bench import MARK, Bench, until
from tests.engine.test_plans import perform, service, still_to_do
from topology.core.design import Attachment, Design, Link, Network, Pool
from topology.core.plan import Plan
from topology.core.planner import plan_apply

pytestmark = pytest.mark.engine

PYTHON = "python:3.11-slim"
ECHO = """
import socket, threading
def answer(peer):
    while data := peer.recv(100):
        peer.sendall(data)
server = socket.create_server(("", 7000))
while True:
    threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()
"""
TALK = """
import socket, time
while True:
    try:
        peer = socket.create_connection(("server.NETWORK", 7000))
        break
    except OSError:
        time.sleep(0.05)  # it is about to listen
count = 0
peer.settimeout(5)
while True:
    count += 1
    peer.sendall(b"%08d" % count)
    assert peer.recv(100) == b"%08d" % count
    print("round", count, flush=True)
    time.sleep(0.02)
"""


def subnet(bench: Bench, number: int) -> str:
    base = int(bench.project[-6:], 16)
    return f"10.{100 + base % 40}.{(base // 40 + number) % 250}"


@pytest.fixture
def stack(real: Bench) -> Iterator[Design]:
    """client --line-- server; the two talk over `line` the whole time, while the edits are about `side`, `other` and `third`."""
    labelled = {MARK: "1"}
    talk = TALK.replace("NETWORK", f"{real.project}_line")  # else the name may stand for the server's address on `side`
    services = (
        service("client", image=PYTHON, command=("python", "-c", talk), attachments=(Attachment("line"), Attachment("side"))),
        service(
            "server", image=PYTHON, command=("python", "-c", ECHO), attachments=(Attachment("line"), Attachment("side")),
            links=(Link("store", "cache"),),
        ),
        service("store", attachments=(Attachment("side"),)),
        service("legacy", network_mode="bridge"),
        service("old", network_mode="bridge", links=(Link("legacy", "db"),)),
    )  # fmt: skip
    networks = {
        "line": Network("line", labels=labelled),
        "side": Network("side", labels=labelled, pools=(Pool(subnet=f"{subnet(real, 0)}.0/24"),)),
        "other": Network("other", labels=labelled, pools=(Pool(subnet=f"{subnet(real, 1)}.0/24"),)),
    }
    design = Design(real.project, {one.name: one for one in services}, networks)
    perform(real, plan_apply(design, real.engine.observe(real.project)))
    until(lambda: rounds(real) > 3)
    yield design


def rounds(bench: Bench) -> int:
    """How often the client has had its answer so far."""
    last = [line.text for line in bench.engine.logs(find(bench, "client"), tail=1, follow=False, stop=lambda: False)]
    return int(last[0].split()[1]) if last and last[0].startswith("round") else 0


def find(bench: Bench, name: str):
    return bench.engine.observe(bench.project).by_service()[name][0]


def on(design: Design, name: str, *wires: Attachment, **more: object) -> Design:
    spec = replace(design.services[name], attachments=wires, **more)  # type: ignore[arg-type]
    return replace(design, services={**design.services, name: spec})


LINE = Attachment("line")


def _pools(design: Design, bench: Bench, number: int) -> Design:
    side = replace(design.networks["side"], pools=(Pool(subnet=f"{subnet(bench, number)}.0/24"),))
    return replace(design, networks={**design.networks, "side": side})


def _off_the_bridge(design: Design, bench: Bench) -> Design:
    return on(design, "old", Attachment("other"), network_mode=None, links=())


def _without_link(design: Design, bench: Bench) -> Design:
    return on(design, "old", links=())


EDITS: dict[str, Callable[[Design, Bench], Design]] = {
    "leave": lambda d, b: on(d, "client", LINE),
    "join": lambda d, b: on(d, "client", LINE, Attachment("side"), Attachment("other")),
    "move": lambda d, b: on(d, "client", LINE, Attachment("other")),
    "alias": lambda d, b: on(d, "client", LINE, Attachment("side", aliases=("www", "shop"))),
    "static address": lambda d, b: on(d, "client", LINE, Attachment("side", ipv4=f"{subnet(b, 0)}.77")),
    "link": lambda d, b: on(d, "client", LINE, Attachment("side"), links=(Link("store", "shop"),)),
    "link to one that is on both networks": lambda d, b: on(d, "client", LINE, Attachment("side"), links=(Link("server", "shop"),)),
    "unlink": lambda d, b: on(d, "server", LINE, Attachment("side"), links=()),
    "internal": lambda d, b: replace(d, networks={**d.networks, "side": replace(d.networks["side"], internal=True)}),
    "subnet": lambda d, b: _pools(d, b, 2),
    "new name": lambda d, b: replace(
        d, networks={**d.networks, "side": replace(d.networks["side"], name=f"{b.project}-renamed")}
    ),
    "remove": lambda d, b: on(on(on(d, "client", LINE), "server", LINE, links=()), "store"),
    "swap addresses": lambda d, b: on(
        on(d, "client", LINE, Attachment("side", ipv4=f"{subnet(b, 0)}.3")),
        "server", LINE, Attachment("side", ipv4=f"{subnet(b, 0)}.2"),
    ),
    "unlink on docker0": _without_link,
    "from docker0 to a network": _off_the_bridge,
    "to nothing": lambda d, b: on(d, "old", links=(), network_mode="none"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EDITS))
def test_an_edit_of_a_network_leaves_containers_and_connections_alone(real: Bench, stack: Design, kind: str) -> None:
    before = {one.service: (one.id, one.started_at, one.pid) for one in real.engine.observe(real.project).containers}
    changed = EDITS[kind](stack, real)
    plan = plan_apply(changed, real.engine.observe(real.project))
    assert plan.operations, "the edit changed nothing"
    assert not re.search("recreate|restart", plan.as_text()), plan.as_text()
    perform(real, plan)
    assert still_to_do(real, changed) == "nothing to do\n"
    assert {one.service: (one.id, one.started_at, one.pid) for one in real.engine.observe(real.project).containers} == before
    assert touches(plan, f"{real.project}_line") == 0
    seen = rounds(real)
    until(lambda: rounds(real) > seen + 5)
    assert find(real, "client").restart_count == 0
    if kind.startswith("link"):
        assert real.exec("client-1", ["python", "-c", "import socket; print(socket.gethostbyname('shop'))"]).startswith("1")


def touches(plan: Plan, network: str) -> int:
    return sum(1 for one in plan.operations if one.detail.get("network") == network)
