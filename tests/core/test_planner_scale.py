"""Plans as whole texts: how many containers there are, orphans and services of a profile."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.planner import plan_apply


def test_it_scales_up() -> None:
    engine = running("web nginx")
    after = "web nginx; scale 3"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create web 2 from nginx on default  (it is not there)
        new  start web 2  (it is new)
        new  create web 3 from nginx on default  (it is not there)
        new  start web 3  (it is new)
        """)


def test_it_scales_down() -> None:
    engine = running("web nginx; scale 3")
    after = "web nginx"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        remove  stop web 2  (scale is 1)
        remove  remove web 2  (scale is 1)
        remove  stop web 3  (scale is 1)
        remove  remove web 3  (scale is 1)
        """)


def test_it_scales_to_nothing() -> None:
    engine = running("""
        web nginx
        db redis
        """)
    after = """
        web nginx; scale 0
        db redis
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        remove  stop web  (scale is 0)
        remove  remove web  (scale is 0)
        """)


def test_it_leaves_orphans() -> None:
    engine = running("""
        web nginx
        db redis
        """)
    after = "web nginx"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        nothing to do
        """)
    assert notes(plan) == ["warning orphan: p-db-1 belongs to this stack, but the design has no service db. It is left alone."]


def test_it_removes_orphans_when_asked() -> None:
    engine = running("""
        web nginx
        db redis on back
        """)
    after = "web nginx"
    plan = plan_apply(draw(after), engine.observe(), remove_orphans=True)
    assert plan.as_text() == lines("""
        remove  stop container p-db-1  (the design has no service db)
        remove  remove container p-db-1  (the design has no service db)
        remove  remove network p_back  (the design does not use it)
        """)


def test_it_leaves_services_of_a_profile() -> None:
    engine = running("")
    after = """
        web nginx
        debug busybox; profile dev
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create network p_default  (it is not there)
        new  create web from nginx on default  (it is not there)
        new  start web  (it is new)
        """)
    assert notes(plan) == ["warning profile: debug belongs to the profile dev and is left as it is."]
