"""Plans as whole texts: what waits for what, and jobs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.drawing import draw
from tests.core.planning import lines, running
from topology.core.drift_plan import restrict
from topology.core.plan import Kind, Operation, Plan
from topology.core.planner import plan_apply, plan_stop
from topology.core.status import summarize


def test_it_waits_until_a_dependency_is_healthy() -> None:
    engine = running("")
    after = """
        web nginx; needs db healthy
        api nginx; needs db healthy
        db redis; check
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_default  (it is not there)
        new       create db from redis on default  (it is not there)
        new       start db  (it is new)
        new       create api from nginx on default  (it is not there)
        in place  wait until db is healthy  (api depends on it)
        new       start api  (it is new)
        new       create web from nginx on default  (it is not there)
        new       start web  (it is new)
        """)


def test_it_waits_for_nothing_that_is_healthy_already() -> None:
    engine = running("db redis; check")
    after = """
        web nginx; needs db healthy
        db redis; check
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create web from nginx on default  (it is not there)
        new  start web  (it is new)
        """)


def test_it_waits_until_a_job_has_ended() -> None:
    engine = running("", jobs=("migrate",))
    after = """
        web nginx; needs migrate completed
        migrate busybox
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_default  (it is not there)
        new       create migrate from busybox on default  (it is not there)
        new       start migrate  (it is new)
        new       create web from nginx on default  (it is not there)
        in place  wait until migrate has ended well  (web depends on it)
        new       start web  (it is new)
        """)


def test_it_leaves_a_job_that_has_ended_well() -> None:
    engine = running(
        """
        web nginx; needs migrate completed
        migrate busybox
        """,
        jobs=("migrate",),
    )
    after = """
        web nginx; needs migrate completed
        migrate busybox
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        nothing to do
        """)


def test_it_runs_a_job_again_when_it_changed() -> None:
    engine = running(
        """
        web nginx; needs migrate completed
        migrate busybox
        """,
        jobs=("migrate",),
    )
    after = """
        web nginx; needs migrate completed
        migrate busybox; env A=1
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new migrate from busybox on default  (environment changed)
        recreate  remove the old migrate  (environment changed)
        recreate  name the new migrate p-migrate-1  (environment changed)
        recreate  start migrate  (environment changed)
        """)


def test_it_waits_before_it_stops_the_old_container() -> None:
    engine = running("""
        web nginx; needs db healthy
        db redis; check
        """)
    after = """
        web nginx; needs db healthy; env A=1
        db redis; check; env B=1
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new db from redis on default  (environment changed)
        recreate  stop db  (environment changed)
        recreate  set the old db aside as p-db-1.old  (environment changed)
        recreate  name the new db p-db-1  (environment changed)
        recreate  start db  (environment changed)
        recreate  create the new web from nginx on default  (environment changed)
        in place  wait until db is healthy  (web depends on it)
        recreate  stop web  (environment changed)
        recreate  set the old web aside as p-web-1.old  (environment changed)
        recreate  name the new web p-web-1  (environment changed)
        recreate  start web  (environment changed)
        recreate  see that db stays up  (environment changed)
        recreate  remove the old db  (environment changed)
        recreate  see that web stays up  (environment changed)
        recreate  remove the old web  (environment changed)
        """)


def test_it_restarts_a_dependent_that_asks_for_it() -> None:
    engine = running("""
        web nginx; needs db restart
        db redis
        """)
    after = """
        web nginx; needs db restart
        db redis; env A=1
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new db from redis on default  (environment changed)
        recreate  stop db  (environment changed)
        recreate  set the old db aside as p-db-1.old  (environment changed)
        recreate  name the new db p-db-1  (environment changed)
        recreate  start db  (environment changed)
        restart   restart web  (db, which it depends on, starts anew)
        recreate  see that db stays up  (environment changed)
        recreate  remove the old db  (environment changed)
        """)


def test_everything_waits_for_the_pulls() -> None:
    plan = plan_apply(draw("web nginx:2 on front back"), running("web nginx on front").observe())
    reached: set[int] = {0}
    for index, operation in enumerate(plan.operations):
        if reached & set(operation.needs):
            reached.add(index)
    assert reached == set(range(len(plan.operations)))


def test_it_leaves_a_job_that_nobody_waits_for_and_that_has_ended_by_itself() -> None:
    engine = running("job busybox", jobs=("job",))
    assert plan_apply(draw("job busybox"), engine.observe()).as_text() == "nothing to do\n"


@pytest.mark.parametrize(
    "drawn",
    ["job busybox; ports 80:80", "job busybox; check", "job busybox; restart always", "job busybox\nweb nginx; needs job"],
)
def test_it_starts_again_what_serves_something_or_is_needed(drawn: str) -> None:
    engine = running(drawn, jobs=("job",))
    assert plan_apply(draw(drawn), engine.observe()).as_text() == "in place  start job  (it is stopped)\n"
    assert summarize(draw(drawn), engine.observe()).services["job"] == "stopped"


def test_it_starts_what_may_have_been_stopped_by_somebody() -> None:
    engine = running("web nginx")
    engine.perform(plan_stop(draw("web nginx"), engine.observe()))
    assert plan_apply(draw("web nginx"), engine.observe()).as_text() == "in place  start web  (it is stopped)\n"
    assert summarize(draw("web nginx"), engine.observe()).services["web"] == "stopped"


def test_a_job_that_was_stopped_before_its_end_runs_again() -> None:
    drawn = draw("web nginx; needs migrate completed\nmigrate busybox")
    engine = running("web nginx; needs migrate completed\nmigrate busybox", jobs=("migrate",))
    seen = engine.observe()
    stopped = tuple(replace(one, stop_asked=one.service == "migrate", ended_itself=False) for one in seen.containers)
    assert plan_apply(drawn, replace(seen, containers=stopped)).as_text() == "in place  start migrate  (it is stopped)\n"


def test_a_start_alone_restarts_no_dependent_that_asks_for_it() -> None:
    """As Compose: it restarts them when it makes the other anew."""
    design = draw("job busybox\nweb nginx; needs job restart")
    engine = running("job busybox\nweb nginx; needs job restart", jobs=("job",))
    assert plan_apply(design, engine.observe()).as_text() == "in place  start job  (it is stopped)\n"


def test_more_of_a_service_restart_no_dependent_that_asks_for_it() -> None:
    engine = running("db redis\nweb nginx; needs db restart")
    after = draw("db redis; scale 2\nweb nginx; needs db restart")
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        new  create db 2 from redis on default  (it is not there)
        new  start db 2  (it is new)
        """)
    assert plan_apply(after, engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_a_dependent_that_asks_for_it_is_restarted_though_an_apply_broke_off() -> None:
    engine = running("db redis\nweb nginx; needs db restart")
    after = draw("db redis; env A=1\nweb nginx; needs db restart")
    plan = plan_apply(after, engine.observe())
    engine.perform(plan, steps=[one.summary for one in plan.operations].index("start db") + 1)
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        restart   restart web  (db, which it depends on, was made anew after it was started)
        recreate  see that db stays up  (an apply that broke off left it)
        recreate  remove the old db  (an apply that broke off left it)
        """)
    assert plan_apply(after, engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_what_compose_made_anew_it_has_restarted_dependents_of_by_itself() -> None:
    engine = running("db redis\nweb nginx; needs db restart")
    seen = engine.observe()
    newer = tuple(replace(one, created_at=9999.0) if one.service == "db" else one for one in seen.containers)
    design = draw("db redis\nweb nginx; needs db restart")
    assert plan_apply(design, replace(seen, containers=newer)).operations[0].summary == "restart web"
    engine.forget_labels()
    made = tuple(replace(one, created_at=9999.0) if one.service == "db" else one for one in engine.observe().containers)
    assert plan_apply(design, replace(seen, containers=made)).as_text() == "nothing to do\n"


def soft(plan: Plan) -> dict[str, list[str]]:
    return {one.summary: [plan.operations[index].summary for index in one.soft] for one in plan.operations if one.soft}


def test_it_goes_on_without_a_dependency_that_is_not_required() -> None:
    after = draw("db redis; check\nweb nginx; needs db healthy optional")
    plan = plan_apply(after, running("").observe())
    assert plan.as_text() == lines("""
        new       create network p_default  (it is not there)
        new       create db from redis on default  (it is not there)
        new       start db  (it is new)
        new       create web from nginx on default  (it is not there)
        in place  wait until db is healthy  (web depends on it, and starts without it if need be)
        new       start web  (it is new)
        """)
    assert soft(plan) == {
        "create web from nginx on default": ["create db from redis on default"],
        "start web": ["wait until db is healthy"],
    }
    assert [Operation.from_json(one.to_json()).soft for one in plan.operations] == [one.soft for one in plan.operations]
    part = restrict(plan, after, subjects=["service:web"])
    assert soft(part) == soft(plan)


def test_a_wait_that_one_can_do_without_and_another_cannot_is_required_by_that_one() -> None:
    after = draw("api nginx; needs db healthy\ndb redis; check\nweb nginx; needs db healthy optional")
    plan = plan_apply(after, running("").observe())
    wait = next(one for one in plan.operations if one.kind is Kind.WAIT_HEALTHY)
    assert wait.cause == "api depends on it"
    assert soft(plan)["start web"] == ["wait until db is healthy"]
    assert "start api" not in soft(plan)


def test_what_is_tied_to_a_dependency_cannot_do_without_it() -> None:
    for tie in ("link db:x", "mode service:db", "from db"):
        assert soft(plan_apply(draw(f"db redis\nweb nginx; {tie}; needs db optional"), running("").observe())) == {}


def test_an_old_container_does_not_stay_for_one_that_can_do_without_its_successor() -> None:
    engine = running("db redis; check\nweb nginx; needs db healthy optional")
    after = draw("db redis; check; env A=1\nweb nginx; env A=1; needs db healthy optional")
    plan = plan_apply(after, engine.observe())
    assert soft(plan)["stop web"] == ["wait until db is healthy"]
    steady = next(one for one in plan.operations if one.summary == "see that db stays up")
    assert [plan.operations[index].summary for index in steady.needs] == ["start db"]
