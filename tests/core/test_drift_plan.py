"""What puts back one object: nothing but that, and nothing else left worse off than it was."""

from __future__ import annotations

import pytest

from tests.core.drawing import draw
from tests.core.planning import engine_of, lines, running
from tests.core.simulator import Simulator
from topology.core.drift_plan import restrict
from topology.core.plan import Plan
from topology.core.planner import plan_apply


def put_back(engine: Simulator, drawn: str, *subjects: str) -> Plan:
    design = draw(drawn)
    return restrict(plan_apply(design, engine.observe()), design, subjects=subjects)


def on(engine: Simulator) -> dict[str, list[str]]:
    """The networks of each container that runs."""
    return {name: sorted(one.endpoints) for name, one in sorted(engine.containers.items()) if one.state == "running"}


ADDRESS = """
    a nginx on n
    b redis on n(10.0.0.3)
    c nginx on n
    net n 10.0.0.0/24
"""


def test_one_that_gives_up_an_address_gets_another() -> None:
    engine = running(ADDRESS)
    engine._disconnect("p-b-1", "p_n")
    engine._restart("p-c-1", 1, 1e9)  # the engine gives it the address that b had
    plan = put_back(engine, ADDRESS, "service:b")
    assert plan.as_text() == lines("""
        in place  disconnect c from n  (b takes its address 10.0.0.3)
        in place  connect b to n at 10.0.0.3  (the design has it on n)
        in place  connect c to n  (b takes its address 10.0.0.3)
    """)
    engine.perform(plan)
    assert on(engine) == {"p-a-1": ["p_n"], "p-b-1": ["p_n"], "p-c-1": ["p_n"]}
    assert plan_apply(draw(ADDRESS), engine.observe()).operations == ()


PORTS = """
    a nginx; ports 80:80
    b redis; ports 81:80
    c nginx; restart always
"""


def test_one_that_gives_up_a_port_is_put_back_as_well() -> None:
    engine = engine_of(draw("a nginx; ports 81:80\nb redis; ports 80:80\nc nginx"))
    plan = put_back(engine, PORTS, "service:b")
    assert plan.as_text() == lines("""
        recreate  create the new a from nginx on default  (ports changed)
        recreate  stop a  (ports changed)
        recreate  set the old a aside as p-a-1.old  (ports changed)
        recreate  name the new a p-a-1  (ports changed)
        recreate  stop b  (a takes its port)
        recreate  start a  (ports changed)
        recreate  create the new b from redis on default  (ports changed)
        recreate  set the old b aside as p-b-1.old  (ports changed)
        recreate  name the new b p-b-1  (ports changed)
        recreate  start b  (ports changed)
        recreate  see that a stays up  (ports changed)
        recreate  remove the old a  (ports changed)
        recreate  see that b stays up  (ports changed)
        recreate  remove the old b  (ports changed)
    """)
    engine.perform(plan)
    assert on(engine) == {name: ["p_default"] for name in ("p-a-1", "p-b-1", "p-c-1")}
    assert [one.subject for one in plan_apply(draw(PORTS), engine.observe()).operations] == ["service:c"]


NETWORK = "a nginx on n\nb redis on n other\nc nginx on other\nnet n 10.0.0.0/24"


@pytest.mark.parametrize("subject", ["network:n", "service:a"])
def test_a_network_that_is_made_anew_has_its_containers_back(subject: str) -> None:
    engine = running(NETWORK.replace("10.0.0.0/24", "10.1.0.0/24"))
    plan = put_back(engine, NETWORK, subject)
    assert plan.as_text() == lines("""
        in place  disconnect a from n  (subnet 10.1.0.0/24 becomes 10.0.0.0/24)
        in place  disconnect b from n  (subnet 10.1.0.0/24 becomes 10.0.0.0/24)
        in place  remove network p_n  (subnet 10.1.0.0/24 becomes 10.0.0.0/24)
        new       create network p_n (bridge, 10.0.0.0/24)  (subnet 10.1.0.0/24 becomes 10.0.0.0/24)
        in place  connect a to n  (n is made anew)
        in place  connect b to n  (n is made anew)
    """)
    engine.perform(plan)
    assert on(engine) == {"p-a-1": ["p_n"], "p-b-1": ["p_n", "p_other"], "p-c-1": ["p_other"]}


def test_one_that_is_needed_and_made_anew_leaves_no_old_container_behind() -> None:
    engine = running("db redis\nweb nginx; needs db")
    drawn = "db redis; env A=1\nweb nginx; needs db; env A=1"
    plan = put_back(engine, drawn, "service:web")
    engine.perform(plan)
    assert sorted(engine.containers) == ["p-db-1", "p-web-1"]
    assert plan_apply(draw(drawn), engine.observe()).operations == ()


def test_what_shares_the_network_of_one_that_gives_way_goes_with_it() -> None:
    engine = running("a nginx; ports 81:80\nb redis; ports 80:80\nx busybox; mode service:a")
    drawn = "a nginx; ports 80:80\nb redis; ports 81:80\nx busybox; mode service:a"
    engine.perform(put_back(engine, drawn, "service:b"))
    assert plan_apply(draw(drawn), engine.observe()).operations == ()
