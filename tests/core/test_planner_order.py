"""Plans as whole texts: what waits for what, and jobs."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, running
from topology.core.planner import plan_apply


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
