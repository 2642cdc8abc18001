"""What tests of the shell can make the engine in memory do."""

from __future__ import annotations

import pytest

from tests.engine.bench import Bench, operation, until
from topology.core.plan import Kind
from topology.engine.errors import EngineUnreachable, WaitFailed
from topology.engine.fake import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(exits={"standin:latest": 3})


@pytest.fixture
def memory(engine: FakeEngine) -> Bench:
    return Bench(engine, real=False)


def test_a_container_that_dies_is_told_with_its_code(engine: FakeEngine, memory: Bench) -> None:
    made = memory.run("web")
    listener = memory.listen()
    engine.die(memory.name("web"), exit_code=9, oom=True)
    assert listener.wait(made, "die").detail["exitCode"] == "9"
    web = memory.look("web")
    assert (web.state, web.exit_code, web.oom_killed, web.pid) == ("exited", 9, True, 0)


def test_an_image_that_exits_at_once_fails_a_wait(memory: Bench) -> None:
    memory.run("job", Image="standin:latest")
    with pytest.raises(WaitFailed, match="exited with code 3"):
        memory.do(Kind.WAIT_COMPLETED, container=memory.name("job"), timeout_s=1)


def test_health_turns_as_told(engine: FakeEngine, memory: Bench) -> None:
    made = memory.run("web", Healthcheck={"Test": ["CMD", "true"]})
    listener = memory.listen()
    engine.set_health(memory.name("web"), "unhealthy", output="no answer")
    assert listener.wait(made, "health_status").detail["health"] == "unhealthy"
    with pytest.raises(WaitFailed, match="no answer"):
        memory.do(Kind.WAIT_HEALTHY, container=memory.name("web"), timeout_s=1)


def test_a_lost_engine_breaks_streams_and_calls_until_it_is_found(engine: FakeEngine, memory: Bench) -> None:
    memory.run("web")
    listener = memory.listen()
    engine.lose()
    until(lambda: isinstance(listener.error, EngineUnreachable))
    with pytest.raises(EngineUnreachable):
        engine.perform(operation(Kind.START, container=memory.name("web")))
    engine.find()
    assert memory.look("web").state == "running"


def test_logs_are_read_and_followed(engine: FakeEngine, memory: Bench) -> None:
    memory.run("web")
    engine.write_log(memory.name("web"), "one")
    engine.write_log(memory.name("web"), "two", stream="stderr")
    lines = engine.logs(memory.look("web"), tail=-1, follow=False, stop=lambda: False)
    assert [(one.stream, one.text) for one in lines] == [("stdout", "one"), ("stderr", "two")]
    following = engine.logs(memory.look("web"), tail=1, follow=True, stop=lambda: False)
    assert next(following).text == "two"
    engine.write_log(memory.name("web"), "three")
    assert next(following).text == "three"


def test_every_call_is_on_record(engine: FakeEngine, memory: Bench) -> None:
    memory.create("web")
    assert ("POST", "/containers/create") in engine.daemon.calls


def test_a_volume_of_another_project_is_seen_with_its_owner(memory: Bench) -> None:
    """The policy refuses it by this, unless the project is one of the team's."""
    theirs = {"com.docker.compose.project": "theirs"}
    memory.do(Kind.CREATE_VOLUME, payload={"Name": memory.name("theirs"), "Labels": theirs})
    memory.do(Kind.CREATE_VOLUME, payload={"Name": memory.name("mine"), "Labels": memory.labels()})
    seen = memory.engine.observe(memory.project)
    assert seen.external_volumes == (memory.name("theirs"),)
    assert dict(seen.volume_owners) == {memory.name("theirs"): "theirs"}


def test_what_a_volume_of_another_is_made_of_is_seen(memory: Bench) -> None:
    """A bind mount in disguise must not pass the policy because another project has made it."""
    options = {"type": "none", "o": "bind", "device": "/srv"}
    theirs = {"com.docker.compose.project": "theirs"}
    memory.do(Kind.CREATE_VOLUME, payload={"Name": memory.name("bind"), "Labels": theirs, "DriverOpts": options})
    memory.do(Kind.CREATE_VOLUME, payload={"Name": memory.name("plain"), "Labels": theirs})
    seen = memory.engine.observe(memory.project)
    assert dict(seen.volume_makings) == {memory.name("bind"): {"driver": "local", "options": options}}


def test_an_engine_that_is_closed_while_it_is_looked_at_is_out_of_reach() -> None:
    engine = FakeEngine()
    bench = Bench(engine, real=False)
    bench.run("web")
    web = bench.look("web")
    engine.close()
    engine.find()  # it answers, but this connection is over
    for look in (engine.observe_all, lambda: engine.samples([web])):
        with pytest.raises(EngineUnreachable, match="was closed"):
            look()


def test_the_log_of_a_container_that_is_gone_has_no_lines() -> None:
    bench = Bench(FakeEngine(), real=False)
    bench.create("web")
    web = bench.look("web")
    bench.do(Kind.REMOVE_CONTAINER, container=bench.name("web"))
    assert list(bench.engine.logs(web, tail=-1, follow=True, stop=lambda: False)) == []
