"""An engine takes the beginning of an id for a name. Of what is gone Netyard means nobody, not whose id begins with its name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.bench import Bench, operation
from topology.core.plan import Kind
from topology.engine.errors import NotFound, WaitFailed
from topology.engine.fake import FakeEngine

ENDPOINT = {"endpoint": {"Aliases": ["web"]}}
WAITS = (Kind.WAIT_HEALTHY, Kind.WAIT_COMPLETED, Kind.WAIT_STEADY)


@pytest.fixture(params=[12, 64], ids=["beginning", "whole"])
def gone(request: pytest.FixtureRequest, bench: Bench) -> str:
    """The name of a container that is not there, which is (the beginning of) the id of the stranger `web`."""
    bench.network("front")
    return bench.run("web", **bench.on("front"))[: request.param]


def test_what_is_to_end_and_is_gone_leaves_a_stranger_alone(bench: Bench, gone: str) -> None:
    before = bench.look("web")
    bench.do(Kind.STOP, container=gone, timeout_s=0)
    bench.do(Kind.KILL, container=gone, signal="SIGKILL")
    bench.do(Kind.DISCONNECT, container=gone, network=bench.name("front"))
    bench.do(Kind.REMOVE_CONTAINER, container=gone, volumes=True)
    assert bench.look("web") == before


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        (Kind.START, {}),
        (Kind.RESTART, {"timeout_s": 0}),
        (Kind.RESTART, {"timeout_s": 0, "since": 9e9}),
        (Kind.RENAME_CONTAINER, {"to": "nyt-nothing"}),
        (Kind.UPDATE_CONTAINER, {"payload": {"RestartPolicy": {"Name": "always"}}}),
        (Kind.RUN_COMMAND, {"command": ["true"], "timeout_s": 5}),
        (Kind.COPY_FILES, {"files": []}),
        (Kind.CONNECT, {"network": "bridge", "endpoint": {}}),
    ],
)
def test_what_is_to_change_and_is_gone_is_not_found(bench: Bench, gone: str, kind: Kind, detail: dict[str, Any]) -> None:
    before = bench.look("web")
    with pytest.raises(NotFound):
        bench.do(kind, container=gone, **detail)
    assert bench.look("web") == before


def test_what_is_waited_for_and_is_gone_was_removed(bench: Bench, gone: str) -> None:
    for kind in WAITS:
        with pytest.raises(WaitFailed, match="was removed"):
            bench.do(kind, container=gone, timeout_s=0)


def test_a_container_joins_its_own_by_exactly_their_names(bench: Bench, gone: str) -> None:
    host = {"PidMode": f"container:{gone}", "VolumesFrom": [f"{gone}:ro"]}
    with pytest.raises(NotFound):
        bench.do(Kind.CREATE_CONTAINER, name=bench.name("b"), payload=bench.payload("b", HostConfig=host), own=[gone])
    host = {"PidMode": f"container:{bench.name('web')}", "VolumesFrom": [bench.name("web")]}
    bench.do(Kind.CREATE_CONTAINER, name=bench.name("b"), payload=bench.payload("b", HostConfig=host), own=[bench.name("web")])


def test_a_network_that_is_gone_is_not_anothers_whose_id_begins_with_its_name(bench: Bench) -> None:
    gone = bench.network("front")[:12]
    bench.run("web")
    bench.do(Kind.DISCONNECT, container=bench.name("web"), network="none")
    with pytest.raises(NotFound):
        bench.do(Kind.CONNECT, container=bench.name("web"), network=gone, endpoint={})
    joined = bench.payload("b", HostConfig={"NetworkMode": gone}, NetworkingConfig={"EndpointsConfig": {gone: {}}})
    with pytest.raises(NotFound):
        bench.do(Kind.CREATE_CONTAINER, name=bench.name("b"), payload=joined)
    assert bench.look("web").endpoints == ()


def test_a_container_whose_name_could_be_an_id_is_reached_by_its_name() -> None:
    """In memory only: on the real engine all that a test makes is named after the test."""
    bench = Bench(FakeEngine(), real=False)
    stranger = bench.run("web")
    name = stranger[:4]
    bench.network("front")
    made = bench.do(Kind.CREATE_CONTAINER, name=name, payload=bench.payload("db"))
    bench.do(Kind.START, container=name)
    bench.do(Kind.DISCONNECT, container=name, network="none")
    bench.do(Kind.CONNECT, container=name, network=bench.name("front"), **ENDPOINT)
    joins = bench.payload("b", HostConfig={"NetworkMode": f"container:{name}", "Links": [f"{name}:db"]})
    bench.do(Kind.CREATE_CONTAINER, name=bench.name("b"), payload=joins, own=[name])
    assert bench.look("b").network_mode == f"container:{made}"
    assert bench.engine.inspect(name).id == made  # type: ignore[union-attr]
    bench.do(Kind.STOP, container=name, timeout_s=0)
    bench.do(Kind.REMOVE_CONTAINER, container=name)
    assert bench.engine.inspect(name) is None and bench.look("web").state == "running"


def test_a_name_that_no_id_begins_with_costs_no_call() -> None:
    bench = Bench(FakeEngine(), real=False)
    bench.create("web")
    bench.engine.daemon.calls.clear()  # type: ignore[attr-defined]
    bench.start("web")
    bench.engine.perform(operation(Kind.STOP, container=bench.name("web"), timeout_s=0))
    assert bench.engine.daemon.calls == [  # type: ignore[attr-defined]
        ("POST", f"/containers/{bench.name('web')}/start"),
        ("POST", f"/containers/{bench.name('web')}/stop"),
    ]
