"""States in words, and the timeline's lines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.observed import EngineEvent, Observed
from topology.core.planner import plan_apply, plan_stop
from topology.core.status import Line, describe, summarize

DRAWN = "web nginx; ports 80:80; needs db\ndb redis; check"


def engine_of(drawn: str, *, jobs: tuple[str, ...] = ()) -> Simulator:
    engine = Simulator(images=("nginx", "redis"), jobs=jobs)
    return engine.perform(plan_apply(draw(drawn), engine.observe()))


def test_a_stack_that_runs_as_drawn() -> None:
    found = summarize(draw(DRAWN), engine_of(DRAWN).observe())
    assert (found.state, found.running, found.wanted) == ("running", 2, 2)
    assert found.services == {"db": "healthy", "web": "running"}


def test_never_applied_and_unknown() -> None:
    assert summarize(draw(DRAWN), Observed()).state == "unknown"
    found = summarize(draw(DRAWN), Observed(at=1))
    assert (found.state, found.running, found.wanted, found.services) == (
        "never applied",
        0,
        2,
        {"db": "missing", "web": "missing"},
    )


def test_a_container_killed_from_outside_makes_the_stack_fail() -> None:
    engine = engine_of(DRAWN)
    engine.exit("p-web-1", code=137)
    found = summarize(draw(DRAWN), engine.observe())
    assert (found.state, found.running, found.services["web"]) == ("failing", 1, "exited (137)")


def test_a_stopped_stack_is_stopped_and_not_failing() -> None:
    engine = engine_of(DRAWN)
    engine.perform(plan_stop(draw(DRAWN), engine.observe()))
    found = summarize(draw(DRAWN), engine.observe())
    assert (found.state, found.running, found.services) == ("stopped", 0, {"db": "stopped", "web": "stopped"})


def test_a_stack_with_one_service_stopped_runs_partly() -> None:
    engine = engine_of(DRAWN)
    engine.perform(plan_stop(draw(DRAWN), engine.observe(), services=["web"]))
    assert summarize(draw(DRAWN), engine.observe()).state == "partly running"


def test_a_job_that_ended_well_counts_as_it_should_be() -> None:
    drawn = "web nginx; ports 80:80; needs migrate completed\nmigrate redis"
    found = summarize(draw(drawn), engine_of(drawn, jobs=("migrate",)).observe())
    assert (found.state, found.running, found.wanted, found.services["migrate"]) == ("running", 2, 2, "completed")


def test_a_lone_job_that_ended_well_is_no_failure() -> None:
    found = summarize(draw("job redis"), engine_of("job redis", jobs=("job",)).observe())
    assert (found.state, found.services) == ("running", {"job": "completed"})


def test_what_was_stopped_by_hand_is_stopped_however_well_it_ended() -> None:
    seen = engine_of("web nginx; ports 80:80\ncache redis", jobs=("cache",)).observe()
    asked = tuple(replace(one, stop_asked=True) if one.service == "cache" else one for one in seen.containers)
    found = summarize(draw("web nginx; ports 80:80\ncache redis"), replace(seen, containers=asked))
    assert (found.state, found.running, found.services["cache"]) == ("partly running", 1, "stopped")


@pytest.mark.parametrize(("state", "health", "word", "stack"), [
    ("running", "starting", "starting", "running"), ("running", "unhealthy", "unhealthy", "failing"),
    ("restarting", "", "restarting", "failing"), ("paused", "", "paused", "running"), ("created", "", "created", "partly running"),
    ("dead", "", "dead", "failing"),
])  # fmt: skip
def test_each_state_has_a_word(state: str, health: str, word: str, stack: str) -> None:
    seen = engine_of(DRAWN).observe()
    changed = tuple(replace(one, state=state, health=health) if one.service == "web" else one for one in seen.containers)
    found = summarize(draw(DRAWN), replace(seen, containers=changed))
    assert (found.services["web"], found.state) == (word, stack)


def test_the_worst_of_several_containers_speaks_for_the_service() -> None:
    engine = engine_of("web nginx; scale 3")
    engine.exit("p-web-2", code=1)
    found = summarize(draw("web nginx; scale 3"), engine.observe())
    assert (found.services["web"], found.running, found.wanted) == ("exited (1)", 2, 3)


def test_without_a_design_what_is_there_is_what_is_wanted() -> None:
    found = summarize(None, engine_of(DRAWN).observe())
    assert (found.state, found.running, found.wanted) == ("running", 2, 2)


def test_services_of_a_profile_are_not_missed() -> None:
    found = summarize(draw("web nginx\ndebug redis; profile dev"), engine_of("web nginx").observe())
    assert (found.state, found.wanted, found.services["debug"]) == ("running", 1, "off")


def event(action: str, *, kind: str = "container", service: str = "web", name: str = "p-web-1", **detail: str) -> EngineEvent:
    return EngineEvent(1.0, kind, action, "c1", name=name, project="p", service=service, detail=detail)


@pytest.mark.parametrize(("happened", "text", "severity"), [
    (event("start"), "web started", "good"),
    (event("die", exitCode="137", signal="9"), "web was killed from outside (SIGKILL), exit code 137", "error"),
    (event("die", exitCode="137", signal="SIGKILL"), "web was killed from outside (SIGKILL), exit code 137", "error"),
    (event("die", exitCode="137"), "web was killed (SIGKILL), exit code 137", "error"),
    (event("die", exitCode="137", signal="9", wanted="1"), "web stopped, exit code 137", "info"),
    (event("die", exitCode="143", signal="15"), "web stopped (SIGTERM), exit code 143", "info"),
    (event("die", exitCode="139"), "web crashed (SIGSEGV), exit code 139", "error"),
    (event("die", exitCode="1"), "web exited with an error, exit code 1", "error"),
    (event("die", exitCode="0"), "web ended, exit code 0", "info"),
    (event("oom"), "web ran out of memory", "error"),
    (event("health_status: unhealthy"), "web is unhealthy", "error"),
    (event("health_status", health="healthy"), "web is healthy", "good"),
    (event("connect", kind="network", name="p_front"), "web joined p_front", "info"),
    (event("disconnect", kind="network", name="p_front"), "web left p_front", "info"),
    (event("create", kind="network", name="p_front"), "network p_front created", "info"),
    (event("destroy", kind="volume", name="p_data"), "volume p_data removed", "info"),
    (event("pull", kind="image", name="nginx:1"), "image nginx:1 pulled", "info"),
    (event("start", service="", name="other"), "other started", "good"),
])  # fmt: skip
def test_what_happened_is_a_line(happened: EngineEvent, text: str, severity: str) -> None:
    line = describe(happened)
    assert line is not None
    assert (line.text, line.severity) == (text, severity)


@pytest.mark.parametrize("action", ["kill", "exec_create: sh", "attach", "rename", "top", "health_status"])
def test_what_says_nothing_is_no_line(action: str) -> None:
    assert describe(event(action)) is None


def test_a_line_names_its_service() -> None:
    assert describe(event("start")) == Line("web started", "good", "container", "web")
