"""Plans as whole texts: host ports, fixed addresses and subnets, which only one can have at a time."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, running
from topology.core.planner import plan_apply


def test_it_fixes_an_address_in_place() -> None:
    engine = running("""
        web nginx on front
        net front 10.0.0.0/24
        """)
    after = """
        web nginx on front(10.0.0.9)
        net front 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (address 10.0.0.9 is new)
        in place  connect web to front at 10.0.0.9  (address 10.0.0.9 is new)
        """)


def test_it_swaps_two_fixed_addresses() -> None:
    engine = running("""
        web nginx on n(10.0.0.5)
        api nginx on n(10.0.0.6)
        net n 10.0.0.0/24
        """)
    after = """
        web nginx on n(10.0.0.6)
        api nginx on n(10.0.0.5)
        net n 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from n  (api takes its address 10.0.0.5)
        in place  disconnect api from n  (web takes its address 10.0.0.6)
        in place  connect api to n at 10.0.0.5  (address 10.0.0.6 becomes 10.0.0.5)
        in place  connect web to n at 10.0.0.6  (address 10.0.0.5 becomes 10.0.0.6)
        """)


def test_it_takes_an_address_from_a_service_that_does_not_need_it() -> None:
    engine = running("""
        api nginx on n
        web nginx on n
        net n 10.0.0.0/24
        """)
    after = """
        api nginx on n
        web nginx on n(10.0.0.2)
        net n 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect api from n  (web takes its address 10.0.0.2)
        in place  disconnect web from n  (address 10.0.0.2 is new)
        in place  connect web to n at 10.0.0.2  (address 10.0.0.2 is new)
        in place  connect api to n  (web takes its address 10.0.0.2)
        """)


def test_it_frees_an_address_for_a_new_service() -> None:
    engine = running("""
        api nginx on n
        net n 10.0.0.0/24
        """)
    after = """
        api nginx on n
        web nginx on n(10.0.0.2)
        net n 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect api from n  (web takes its address 10.0.0.2)
        new       create web from nginx on n at 10.0.0.2  (it is not there)
        new       start web  (it is new)
        in place  connect api to n  (web takes its address 10.0.0.2)
        """)


def test_it_gives_the_subnet_of_a_renamed_network_to_the_new_one() -> None:
    engine = running("""
        web nginx on front
        net front 10.0.0.0/24
        """)
    after = """
        web nginx on edge
        net edge 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (its addresses go to another network)
        remove    remove network p_front  (its addresses go to another network)
        new       create network p_edge (bridge, 10.0.0.0/24)  (it is not there)
        in place  connect web to edge  (the design has it on edge)
        """)


def test_it_swaps_the_subnets_of_two_networks() -> None:
    engine = running("""
        web nginx on a b
        net a 10.0.0.0/24
        net b 10.1.0.0/24
        """)
    after = """
        web nginx on a b
        net a 10.1.0.0/24
        net b 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from a  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  remove network p_a  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        in place  disconnect web from b  (subnet 10.1.0.0/24 becomes 10.0.0.0/24)
        in place  remove network p_b  (subnet 10.1.0.0/24 becomes 10.0.0.0/24)
        new       create network p_a (bridge, 10.1.0.0/24)  (subnet 10.0.0.0/24 becomes 10.1.0.0/24)
        new       create network p_b (bridge, 10.0.0.0/24)  (subnet 10.1.0.0/24 becomes 10.0.0.0/24)
        in place  connect web to a  (a is made anew)
        in place  connect web to b  (b is made anew)
        """)


def test_it_hands_a_host_port_over() -> None:
    engine = running("""
        web nginx; ports 80:80
        api redis
        """)
    after = """
        web nginx
        api redis; ports 80:80
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new api from redis on default  (ports changed)
        recreate  stop api  (ports changed)
        recreate  set the old api aside as p-api-1.old  (ports changed)
        recreate  name the new api p-api-1  (ports changed)
        recreate  stop web  (api takes its port)
        recreate  start api  (ports changed)
        recreate  create the new web from nginx on default  (ports changed)
        recreate  set the old web aside as p-web-1.old  (ports changed)
        recreate  name the new web p-web-1  (ports changed)
        recreate  start web  (ports changed)
        recreate  see that api stays up  (ports changed)
        recreate  remove the old api  (ports changed)
        recreate  see that web stays up  (ports changed)
        recreate  remove the old web  (ports changed)
        """)


def test_it_swaps_two_fixed_ipv6_addresses() -> None:
    engine = running("""
        web nginx on n(fd00::5)
        api nginx on n(fd00::6)
        net n fd00::/64
        """)
    after = """
        web nginx on n(fd00::6)
        api nginx on n(fd00::5)
        net n fd00::/64
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from n  (api takes its address fd00::5)
        in place  disconnect api from n  (web takes its address fd00::6)
        in place  connect api to n at fd00::5  (address fd00::6 becomes fd00::5)
        in place  connect web to n at fd00::6  (address fd00::5 becomes fd00::6)
        """)
    assert [operation.needs for operation in plan.operations] == [(), (), (0, 1), (0, 1)]
    assert plan_apply(draw(after), engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_it_takes_an_ipv6_address_from_a_service_that_does_not_need_it_whatever_its_form() -> None:
    engine = running("""
        api nginx on n
        net n fd00::/64
        """)
    after = """
        api nginx on n
        web nginx on n(fd00::0002)
        net n fd00::/64
        """
    design = draw(after)
    plan = plan_apply(design, engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect api from n  (web takes its address fd00::2)
        new       create web from nginx on n at fd00::0002  (it is not there)
        new       start web  (it is new)
        in place  connect api to n  (web takes its address fd00::2)
        """)
    assert plan_apply(design, engine.perform(plan).observe()).as_text() == "nothing to do\n"
