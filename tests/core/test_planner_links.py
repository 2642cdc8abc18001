"""Plans as whole texts: links, on networks and on the default bridge."""
# ruff: noqa: E501

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, running
from topology.core.planner import plan_apply


def test_it_adds_a_link_on_a_network_in_place() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front; link db:cache
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (the link to p-db-1 as cache is new)
        in place  connect web to front linked to p-db-1 as cache  (the link to p-db-1 as cache is new)
        """)


def test_it_adds_a_link_where_client_and_server_meet_and_leaves_other_networks_alone() -> None:
    engine = running("""
        web nginx on back front
        db redis on front
        """)
    after = """
        web nginx on back front; link db:cache
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (the link to p-db-1 as cache is new)
        in place  connect web to front linked to p-db-1 as cache  (the link to p-db-1 as cache is new)
        """)


def test_it_adds_a_link_on_one_network_where_there_are_several_and_not_on_the_way_out() -> None:
    engine = running("""
        web nginx on back front
        db redis on back front
        """)
    after = """
        web nginx on back front; link db:cache; link db:store
        db redis on back front
        """
    plan = plan_apply(draw(after), engine.observe())
    cause = "the link to p-db-1 as cache, p-db-1 as store is new"
    assert plan.as_text() == lines(f"""
        in place  disconnect web from front  ({cause})
        in place  connect web to front linked to p-db-1 as cache, p-db-1 as store  ({cause})
        """)


def test_a_link_that_comes_with_a_new_network_joins_nothing_else_anew() -> None:
    engine = running("""
        web nginx on back
        db redis on back front
        """)
    after = """
        web nginx on back front; link db:cache
        db redis on back front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  connect web to front linked to p-db-1 as cache  (the design has it on front)
        """)


def test_a_link_stays_when_the_network_that_had_it_goes() -> None:
    engine = running("""
        web nginx on back front; link db:cache
        db redis on front
        """)
    both = """
        web nginx on back front; link db:cache
        db redis on back front
        """
    engine.perform(plan_apply(draw(both), engine.observe()))
    after = """
        web nginx on back; link db:cache
        db redis on back
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect db from front  (the design does not have it on front)
        in place  disconnect web from back  (the link to p-db-1 as cache is new)
        in place  connect web to back linked to p-db-1 as cache  (the link to p-db-1 as cache is new)
        in place  disconnect web from front  (the design does not have it on front)
        remove    remove network p_front  (the design does not use it)
        """)


def test_it_removes_a_link_on_a_network_in_place() -> None:
    engine = running("""
        web nginx on front; link db:cache
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (the link to p-db-1 as cache goes)
        in place  connect web to front  (the link to p-db-1 as cache goes)
        """)


def test_it_makes_a_link_on_the_default_bridge_at_creation() -> None:
    engine = running("")
    after = """
        web nginx; mode bridge; link db:cache
        db redis; mode bridge
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create db from redis on docker0  (it is not there)
        new  start db  (it is new)
        new  create web from nginx on docker0, linked to p-db-1 as cache  (it is not there)
        new  start web  (it is new)
        """)


def test_it_removes_a_link_on_the_default_bridge_in_place() -> None:
    engine = running("""
        web nginx; mode bridge; link db:cache
        db redis; mode bridge
        """)
    after = """
        web nginx; mode bridge
        db redis; mode bridge
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  remove the link of web to p-db-1 as cache  (the design does not have it)
        """)


def test_it_makes_a_service_anew_for_a_new_link_on_the_default_bridge() -> None:
    engine = running("""
        web nginx; mode bridge
        db redis; mode bridge
        """)
    after = """
        web nginx; mode bridge; link db:cache
        db redis; mode bridge
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on docker0, linked to p-db-1 as cache  (a link on the default bridge is made at creation: p-db-1 as cache)
        recreate  stop web  (a link on the default bridge is made at creation: p-db-1 as cache)
        recreate  set the old web aside as p-web-1.old  (a link on the default bridge is made at creation: p-db-1 as cache)
        recreate  name the new web p-web-1  (a link on the default bridge is made at creation: p-db-1 as cache)
        recreate  start web  (a link on the default bridge is made at creation: p-db-1 as cache)
        recreate  see that web stays up  (a link on the default bridge is made at creation: p-db-1 as cache)
        recreate  remove the old web  (a link on the default bridge is made at creation: p-db-1 as cache)
        """)


def test_it_makes_the_client_of_a_default_bridge_link_anew_with_its_server() -> None:
    engine = running("""
        web nginx; mode bridge; link db:cache
        db redis; mode bridge
        """)
    after = """
        web nginx; mode bridge; link db:cache
        db redis; mode bridge; env A=1
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new db from redis on docker0  (environment changed)
        recreate  stop db  (environment changed)
        recreate  set the old db aside as p-db-1.old  (environment changed)
        recreate  name the new db p-db-1  (environment changed)
        recreate  start db  (environment changed)
        recreate  create the new web from nginx on docker0, linked to p-db-1 as cache  (it is linked on the default bridge to db, which is made anew)
        recreate  stop web  (it is linked on the default bridge to db, which is made anew)
        recreate  set the old web aside as p-web-1.old  (it is linked on the default bridge to db, which is made anew)
        recreate  name the new web p-web-1  (it is linked on the default bridge to db, which is made anew)
        recreate  start web  (it is linked on the default bridge to db, which is made anew)
        recreate  see that db stays up  (environment changed)
        recreate  see that web stays up  (it is linked on the default bridge to db, which is made anew)
        recreate  remove the old db  (environment changed)
        recreate  remove the old web  (it is linked on the default bridge to db, which is made anew)
        """)
