"""Plans as whole texts: networks on which containers of others are, which the engine removes no more than those in use."""
# ruff: noqa: E501

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from tests.core.simulator import Simulator
from topology.core.planner import plan_apply, plan_down

OTHERS = """
    app redis on proxy
    net proxy name=p_proxy external
    """


def shared(before: str) -> Simulator:
    """The stack drawn runs, and a container of another project is on its network `proxy`, as behind a reverse proxy."""
    engine = running(before)
    return engine.perform(plan_apply(draw(OTHERS, project="q"), engine.observe("q")))


def test_it_says_before_anything_is_touched_that_a_network_to_be_replaced_has_others_on_it() -> None:
    engine = shared("""
        web nginx on proxy
        net proxy 10.0.0.0/24
        """)
    after = """
        web nginx on proxy
        net proxy 10.1.0.0/24
        """
    (note,) = plan_apply(draw(after), engine.observe()).notes
    assert (note.severity, note.code, note.subject) == ("error", "network-in-use", "network:proxy")
    assert note.message == (
        "The network p_proxy has to be made anew (subnet 10.0.0.0/24 becomes 10.1.0.0/24), and 1 container outside this stack is on it."
    )
    assert note.fix == "Take it off p_proxy first, leave proxy as it was, or write a new one under another key."


def test_it_names_no_container_of_others_and_counts_those_that_run() -> None:
    engine = shared("""
        web nginx on proxy
        net proxy 10.0.0.0/24
        """)
    more = draw("one redis on proxy\ntwo redis on proxy\nnet proxy name=p_proxy external", project="r")
    engine.perform(plan_apply(more, engine.observe("r"))).exit("r-two-1", code=0)
    (note,) = notes(plan_apply(draw("web nginx on proxy\nnet proxy 10.1.0.0/24"), engine.observe()))
    assert "2 containers outside this stack are on it" in note
    assert not any(name in note for name in engine.containers)


def test_it_says_that_an_obsolete_network_in_a_new_one_s_way_has_others_on_it() -> None:
    engine = shared("""
        web nginx on proxy
        net proxy 10.0.0.0/24
        """)
    plan = plan_apply(draw("web nginx on edge\nnet edge 10.0.0.0/24"), engine.observe())
    assert notes(plan) == [
        "error network-in-use: The network p_proxy has to go (its addresses go to another network), and 1 container outside this stack is on it."
    ]


def test_it_leaves_an_obsolete_network_with_others_on_it() -> None:
    engine = shared("""
        web nginx on front proxy
        """)
    plan = plan_apply(draw("web nginx on front"), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from proxy  (the design does not have it on proxy)
        """)
    told = ["warning network-left: The network p_proxy is left as it is: 1 container outside this stack is on it."]
    assert notes(plan) == told
    again = plan_apply(draw("web nginx on front"), engine.perform(plan).observe())
    assert (again.as_text(), notes(again)) == ("nothing to do\n", told)
    engine.exit("q-app-1", code=0)
    assert plan_apply(draw("web nginx on front"), engine.observe()).as_text() == lines("""
        remove  remove network p_proxy  (the design does not use it)
        """)


def test_down_leaves_a_network_with_others_on_it() -> None:
    engine = shared("""
        web nginx on front proxy
        """)
    plan = plan_down(draw("web nginx on front proxy"), engine.observe())
    assert plan.as_text() == lines("""
        remove  stop web  (the stack is taken down)
        remove  remove web  (the stack is taken down)
        remove  remove network p_front  (the stack is taken down)
        """)
    assert notes(plan) == ["warning network-left: The network p_proxy is left as it is: 1 container outside this stack is on it."]
    engine.perform(plan)
    assert "p_proxy" in engine.networks and engine.containers["q-app-1"].state == "running"
