"""Plans as whole texts: containers that are to be replaced stay on their networks until then."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.plan import Kind
from topology.core.planner import plan_apply

BEFORE = """
    db redis on front; check
    web nginx on front(www); needs db healthy
    net front 10.0.0.0/24
    """
AFTER = """
    db redis on front; check; env A=1
    web nginx on front; needs db healthy; env A=1
    net front 10.1.0.0/24
    """
REPLACED = """
    recreate  create the new db from redis on front  (environment changed)
    recreate  stop db  (environment changed)
    recreate  set the old db aside as p-db-1.old  (environment changed)
    recreate  name the new db p-db-1  (environment changed)
    recreate  start db  (environment changed)
    recreate  create the new web from nginx on front  (environment changed)
    in place  wait until db is healthy  (web depends on it)
    recreate  stop web  (environment changed)
    recreate  set the old web aside as p-web-1.old  (environment changed)
    recreate  name the new web p-web-1  (environment changed)
    recreate  start web  (environment changed)
    recreate  see that db stays up  (environment changed)
    recreate  remove the old db  (environment changed)
    recreate  see that web stays up  (environment changed)
    recreate  remove the old web  (environment changed)
    """


def test_what_is_to_be_replaced_joins_a_network_that_is_made_anew_until_then() -> None:
    engine = running(BEFORE)
    plan = plan_apply(draw(AFTER), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect db from front  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  disconnect web from front  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  remove network p_front  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        new       create network p_front (bridge, 10.1.0.0/24)  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  connect db to front  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  connect web to front as www  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        """) + lines(REPLACED)
    waits = next(index for index, one in enumerate(plan.operations) if one.kind is Kind.WAIT_HEALTHY)
    engine.perform(plan, steps=waits)
    assert engine.containers["p-web-1"].endpoints["p_front"]["Aliases"] == ["web", "www"]


def test_it_connects_what_a_killed_apply_has_left_cut_off_before_it_replaces_it() -> None:
    connects = lines("""
        in place  connect db to front  (an apply that broke off took it off front)
        in place  connect web to front  (an apply that broke off took it off front)
        """)
    engine = running(BEFORE)
    engine.perform(plan_apply(draw(AFTER), engine.observe()), steps=3)
    created = "new       create network p_front (bridge, 10.1.0.0/24)  (it is not there)\n"
    assert plan_apply(draw(AFTER), engine.observe()).as_text() == created + connects + lines(REPLACED)
    engine = running(BEFORE)
    engine.perform(plan_apply(draw(AFTER), engine.observe()), steps=4)
    assert plan_apply(draw(AFTER), engine.observe()).as_text() == connects + lines(REPLACED)


def test_it_connects_what_is_cut_off_while_its_successor_waits() -> None:
    engine = running("web nginx on front")
    after = draw("web nginx on front; env A=1")
    engine.perform(plan_apply(after, engine.observe()), steps=1)
    engine.containers["p-web-1"].endpoints.clear()
    assert plan_apply(after, engine.observe()).as_text() == lines("""
        in place  connect web to front  (an apply that broke off took it off front)
        recreate  stop web  (its successor is made already)
        recreate  set the old web aside as p-web-1.old  (its successor is made already)
        recreate  name the new web p-web-1  (its successor is made already)
        in place  start web  (it was made, but not started)
        recreate  see that web stays up  (its successor is made already)
        recreate  remove the old web  (its successor is made already)
        """)


def test_it_does_not_connect_what_is_replaced_to_a_network_that_is_new_for_it() -> None:
    engine = running("web nginx on front")
    plan = plan_apply(draw("web nginx on front back; env A=1"), engine.observe())
    assert [one.summary for one in plan.operations if one.kind is Kind.CONNECT] == ["connect the new web to back"]


def test_what_gives_an_address_up_and_is_to_be_replaced_gets_another_until_then() -> None:
    engine = running("""
        web nginx on n(10.0.0.5)
        db redis on n(10.0.0.6)
        net n 10.0.0.0/24
        """)
    after = """
        web nginx on n(10.0.0.6)
        db redis on n(10.0.0.5); env A=1
        net n 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from n  (db takes its address 10.0.0.5)
        in place  disconnect db from n  (web takes its address 10.0.0.6)
        in place  connect web to n at 10.0.0.6  (address 10.0.0.5 becomes 10.0.0.6)
        in place  connect db to n  (web takes its address 10.0.0.6)
        recreate  create the new db from redis on n at 10.0.0.5  (environment changed)
        recreate  stop db  (environment changed)
        recreate  set the old db aside as p-db-1.old  (environment changed)
        recreate  name the new db p-db-1  (environment changed)
        recreate  start db  (environment changed)
        recreate  see that db stays up  (environment changed)
        recreate  remove the old db  (environment changed)
        """)
    assert engine.perform(plan).containers["p-db-1"].addresses["p_n"] == "10.0.0.5"


def test_an_address_that_is_free_again_when_it_is_asked_for_is_no_matter_for_a_warning() -> None:
    engine = running("""
        db redis on n
        web nginx on n
        net n 10.0.0.0/24
        """)
    after = """
        db redis on n(10.1.0.3); needs web
        web nginx on n(10.1.0.2); env A=1
        net n 10.1.0.0/24
        """
    engine.exit("p-db-1", code=1)
    plan = plan_apply(draw(after), engine.observe())
    assert notes(plan) == []
    engine.perform(plan)
    assert {name: one.addresses["p_n"] for name, one in engine.containers.items()} == {"p-db-1": "10.1.0.3", "p-web-1": "10.1.0.2"}
