"""Plans as whole texts: networks and the wires to them, in place where the engine can."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.plan import Kind
from topology.core.planner import plan_apply


def test_it_attaches_a_running_service_to_a_network() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front back
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_back  (it is not there)
        in place  connect web to back  (the design has it on back)
        """)


def test_it_detaches_a_running_service_and_clears_the_network() -> None:
    engine = running("""
        web nginx on front back
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from back  (the design does not have it on back)
        remove    remove network p_back  (the design does not use it)
        """)


def test_it_moves_a_service_from_one_network_to_another() -> None:
    engine = running("""
        web nginx on front
        db redis on front back
        """)
    after = """
        web nginx on back
        db redis on front back
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  connect web to back  (the design has it on back)
        in place  disconnect web from front  (the design does not have it on front)
        """)


def test_it_adds_an_alias_by_reconnecting() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front(www)
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (alias www is new)
        in place  connect web to front as www  (alias www is new)
        """)


def test_it_removes_an_alias_by_reconnecting() -> None:
    engine = running("web nginx on front(www shop)")
    after = "web nginx on front(www)"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (alias shop goes)
        in place  connect web to front as www  (alias shop goes)
        """)


def test_it_carries_alias_address_and_link_again_when_reconnecting() -> None:
    engine = running("""
        web nginx on front(www 10.0.0.5); link db:cache
        db redis on front
        net front 10.0.0.0/24
        """)
    after = """
        web nginx on front(www shop 10.0.0.5); link db:cache
        db redis on front
        net front 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (alias shop is new)
        in place  connect web to front as www, shop, at 10.0.0.5, linked to p-db-1 as cache  (alias shop is new)
        """)


def test_it_replaces_a_network_around_running_containers() -> None:
    engine = running("""
        web nginx on front(www 10.0.0.5)
        db redis on front
        net front 10.0.0.0/24
        """)
    after = """
        web nginx on front(www 10.1.0.5)
        db redis on front
        net front 10.1.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect db from front  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  disconnect web from front  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  remove network p_front  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        new       create network p_front (bridge, 10.1.0.0/24)  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  connect db to front  (front is made anew)
        in place  connect web to front as www, at 10.1.0.5  (front is made anew)
        """)


def test_it_replaces_a_network_that_becomes_internal() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        net front internal
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect db from front  (internal false becomes true)
        in place  disconnect web from front  (internal false becomes true)
        in place  remove network p_front  (internal false becomes true)
        new       create network p_front (bridge, internal)  (internal false becomes true)
        in place  connect db to front  (front is made anew)
        in place  connect web to front  (front is made anew)
        """)


def test_it_reconnects_a_stopped_container_when_its_network_was_made_anew_by_hand() -> None:
    engine = running("web nginx on front")
    after = "web nginx on front"
    engine.exit("p-web-1", code=0)
    engine.networks["p_front"] |= {"Id": "another"}
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (front was made anew)
        in place  connect web to front  (front was made anew)
        in place  start web  (it is stopped)
        """)


def test_it_makes_a_network_that_was_removed_again_and_reconnects_what_is_stopped() -> None:
    engine = running("web nginx on front")
    engine.exit("p-web-1", code=0)
    del engine.networks["p_front"]
    plan = plan_apply(draw("web nginx on front"), engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_front  (it is not there)
        in place  disconnect web from front  (front was removed from the engine)
        in place  connect web to front  (front was removed from the engine)
        in place  start web  (it is stopped)
        """)
    assert [operation.needs for operation in plan.operations] == [(), (0,), (0, 1), (2,)]


def test_it_uses_a_network_of_that_name_which_it_did_not_make_and_says_so() -> None:
    engine = running("")
    engine.networks["p_front"] = {"Id": "x", "Driver": "bridge", "Labels": {}, "Subnets": ["10.9.0.0/24"]}
    plan = plan_apply(draw("web nginx on front"), engine.observe())
    assert [operation.kind for operation in plan.operations] == [Kind.CREATE_CONTAINER, Kind.START]
    assert notes(plan) == ["warning network-foreign: There is a network p_front that this stack did not make. It is used as it is."]


def test_a_service_leaves_a_network_only_when_it_is_on_those_that_it_moves_to() -> None:
    engine = running("web nginx on front\ndb redis on front")
    plan = plan_apply(draw("web nginx on back\ndb redis on front"), engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_back  (it is not there)
        in place  connect web to back  (the design has it on back)
        in place  disconnect web from front  (the design does not have it on front)
        """)
    assert [operation.needs for operation in plan.operations] == [(), (0,), (1,)]
