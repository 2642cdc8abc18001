"""Who reaches whom, on the real engine. Each test names its row of the table of Docker facts, section 1."""

from __future__ import annotations

import pytest

from tests.engine.bench import Bench, until
from topology.core.plan import Kind

pytestmark = pytest.mark.engine

PYTHON = "python:3.11-slim"
ECHO = ["nc", "-ll", "-p", "7", "-e", "cat"]
# Connects once, then sends a line a second's fraction and writes what comes back; a broken connection ends it.
TALK = """
import socket, sys, time
peer, count = None, 0
while not peer:
    try:
        peer = socket.create_connection((sys.argv[1], 7), timeout=5)
    except ConnectionRefusedError:
        time.sleep(0.05)  # it is about to listen
while True:
    count += 1
    peer.sendall(b'%d\\n' % count)
    assert peer.recv(64), 'closed'
    open('/tmp/count', 'w').write(str(count))
    time.sleep(0.05)
"""


def bridge(**host: object) -> dict[str, object]:
    return {"NetworkMode": "bridge", **host}


def test_row_2_a_link_on_the_default_bridge_gives_name_hosts_line_and_variables(real: Bench) -> None:
    real.run("redis", command=ECHO, HostConfig=bridge(), ExposedPorts={"7/tcp": {}})
    links = [f"{real.name('redis')}:db"]
    real.run("app", Image=PYTHON, HostConfig=bridge(Links=links))
    address = real.look("redis").endpoints[0].ipv4
    assert real.exec("app", ["getent", "hosts", "db"]).split()[0] == address
    assert f"DB_PORT_7_TCP_ADDR={address}" in real.exec("app", ["env"])
    until(lambda: real.exec("app", ["sh", "-c", "echo hello | nc -N -w 2 db 7"]) == "hello\n")
    # one-way: the server knows nothing of its client
    assert real.name("app") not in real.exec("redis", ["cat", "/etc/hosts"])


def test_row_2_a_removed_link_is_gone_from_what_is_observed(real: Bench) -> None:
    real.run("redis", HostConfig=bridge())
    real.run("app", HostConfig=bridge(Links=[f"{real.name('redis')}:db"]))
    made = real.look("app").id
    real.do(Kind.REMOVE_LINK, container=real.name("app"), alias="db")
    assert (real.look("app").links, real.look("app").id) == ((), made)


def test_row_7_a_link_on_a_user_network_resolves_by_dns_for_its_client_only(real: Bench) -> None:
    real.network("front")
    real.run("redis", **real.on("front"))
    real.run("app", Image=PYTHON, **real.on("front", Links=[f"{real.name('redis')}:db"]))
    real.run("other", Image=PYTHON, **real.on("front"))
    address = real.look("redis").endpoints[0].ipv4
    assert real.exec("app", ["getent", "hosts", "db"]).split()[0] == address
    assert real.exec("other", ["getent", "hosts", "db"]) == ""
    assert "db" not in real.exec("app", ["cat", "/etc/hosts"])
    assert "DB_PORT" not in real.exec("app", ["env"])


def test_row_7_a_link_survives_reconnecting_when_it_is_carried_again(real: Bench) -> None:
    real.network("front")
    real.run("redis", **real.on("front"))
    real.run("app", Image=PYTHON, **real.on("front", Aliases=["a"]))
    real.do(Kind.DISCONNECT, container=real.name("app"), network=real.name("front"))
    endpoint = {"Aliases": ["a"], "Links": [f"{real.name('redis')}:db"]}
    real.do(Kind.CONNECT, container=real.name("app"), network=real.name("front"), endpoint=endpoint)
    assert real.exec("app", ["getent", "hosts", "db"]).split()[0] == real.look("redis").endpoints[0].ipv4


def test_row_5_every_name_that_is_observed_resolves(real: Bench) -> None:
    real.network("front")
    real.run("redis", Hostname="cache", **real.on("front", Aliases=["redis", "store"]))
    real.run("app", Image=PYTHON, **real.on("front"))
    (endpoint,) = real.look("redis").endpoints
    names = {real.name("redis"), "redis", "store", "cache", real.look("redis").id[:12]}
    assert set(endpoint.dns_names) == names
    for name in names:
        assert real.exec("app", ["getent", "hosts", name]).split()[0] == endpoint.ipv4, name


def test_row_10_a_network_added_live_keeps_id_and_open_connection_and_resolves_at_once(real: Bench) -> None:
    real.network("front")
    real.network("back")
    real.run("echo", command=ECHO, **real.on("front", Aliases=["echo"]))
    real.run("db", **real.on("back", Aliases=["db"]))
    made = real.run("app", command=["python3", "-c", TALK, "echo"], Image=PYTHON, **real.on("front", Aliases=["app"]))

    def count() -> int:
        return int(real.exec("app", ["sh", "-c", "cat /tmp/count 2>/dev/null || echo 0"]) or 0)

    before = until(count)
    real.do(Kind.CONNECT, container=real.name("app"), network=real.name("back"), endpoint={"Aliases": ["app"]})
    address = next(one.ipv4 for one in real.look("db").endpoints)
    assert real.exec("app", ["getent", "hosts", "db"]).split()[0] == address
    during = until(lambda: count() > before + 3 and count())
    real.do(Kind.DISCONNECT, container=real.name("app"), network=real.name("back"))
    until(lambda: count() > during + 3)
    app = real.look("app")
    assert (app.id, app.state, app.restart_count) == (made, "running", 0)


def test_row_16_a_container_in_anothers_network_has_no_endpoints_of_its_own(real: Bench) -> None:
    made = real.run("web", HostConfig=bridge())
    real.run("side", HostConfig={"NetworkMode": f"container:{made}"})
    side = real.look("side")
    assert (side.endpoints, side.network_mode) == ((), f"container:{made}")
