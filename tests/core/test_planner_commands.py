"""Plans as whole texts: down, stop, start and restart."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.planner import plan_down, plan_restart, plan_start, plan_stop

PAIR = """
    web nginx on front; needs db
    db redis on front; mount data:/data; grace 3
    """


def test_it_takes_a_stack_down_and_keeps_its_volumes() -> None:
    engine = running(PAIR)
    plan = plan_down(draw(PAIR), engine.observe())
    assert plan.as_text() == lines("""
        remove  stop web  (the stack is taken down)
        remove  remove web  (the stack is taken down)
        remove  stop db  (the stack is taken down)
        remove  remove db  (the stack is taken down)
        remove  remove network p_front  (the stack is taken down)
        """)


def test_it_takes_a_stack_down_with_its_volumes() -> None:
    engine = running(PAIR)
    plan = plan_down(draw(PAIR), engine.observe(), remove_volumes=True)
    assert plan.as_text() == lines("""
        remove        stop web  (the stack is taken down)
        remove        remove web  (the stack is taken down)
        remove        stop db  (the stack is taken down)
        remove        remove db  (the stack is taken down)
        remove        remove network p_front  (the stack is taken down)
        data at risk  remove volume p_data and everything in it  (removing the volumes was asked for)
        """)


def test_a_network_goes_once_what_is_on_it_is_gone_and_waits_for_nothing_else() -> None:
    """Removing one takes an engine 0.2 s, one after another: the first begins while others still stop."""
    text = """
        web nginx on front
        api go on front, back
        db redis on back
        """
    plan = plan_down(draw(text), running(text).observe())
    of = {one.summary: {plan.operations[need].summary for need in one.needs} for one in plan.operations}
    assert of["remove network p_front"] == {"remove web", "remove api"}
    assert of["remove network p_back"] == {"remove api", "remove db"}


def test_it_takes_orphans_down_too() -> None:
    engine = running(PAIR)
    after = "web nginx"
    plan = plan_down(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        remove  stop container p-db-1  (the stack is taken down)
        remove  remove container p-db-1  (the stack is taken down)
        remove  stop web  (the stack is taken down)
        remove  remove web  (the stack is taken down)
        remove  remove network p_front  (the stack is taken down)
        """)


def test_it_stops_dependents_first() -> None:
    engine = running(PAIR)
    plan = plan_stop(draw(PAIR), engine.observe())
    assert plan.as_text() == lines("""
        stop  stop web  (stopping was asked for)
        stop  stop db  (stopping was asked for)
        """)


def test_it_stops_one_service() -> None:
    engine = running(PAIR)
    plan = plan_stop(draw(PAIR), engine.observe(), services=["web"])
    assert plan.as_text() == lines("""
        stop  stop web  (stopping was asked for)
        """)


def test_it_starts_dependencies_first() -> None:
    engine = running(PAIR)
    engine.exit("p-web-1", code=0)
    engine.exit("p-db-1", code=0)
    plan = plan_start(draw(PAIR), engine.observe())
    assert plan.as_text() == lines("""
        in place  start db  (starting was asked for)
        in place  start web  (starting was asked for)
        """)


def test_it_restarts_in_start_order() -> None:
    engine = running(PAIR)
    plan = plan_restart(draw(PAIR), engine.observe())
    assert plan.as_text() == lines("""
        restart  restart db  (restarting was asked for)
        restart  restart web  (restarting was asked for)
        """)


def test_it_restarts_what_shares_a_network_with_the_one_asked_for() -> None:
    engine = running("""
        web nginx; mode service:vpn
        vpn redis
        db redis
        """)
    after = """
        web nginx; mode service:vpn
        vpn redis
        db redis
        """
    plan = plan_restart(draw(after), engine.observe(), services=["vpn"])
    assert plan.as_text() == lines("""
        restart  restart vpn  (restarting was asked for)
        restart  restart web  (it shares the network of vpn, which starts anew)
        """)


def test_it_starts_what_a_restart_finds_stopped() -> None:
    engine = running(PAIR)
    engine.exit("p-web-1", code=0)
    plan = plan_restart(draw(PAIR), engine.observe())
    assert plan.as_text() == lines("""
        restart   restart db  (restarting was asked for)
        in place  start web  (restarting was asked for)
        """)


def test_a_start_of_what_was_never_made_says_so() -> None:
    plan = plan_start(draw("web nginx"), running("").observe())
    assert notes(plan) == ["warning no-container: web has no container yet."]


def test_stops_carry_the_grace_period() -> None:
    plan = plan_stop(draw("web nginx; grace 3"), running("web nginx; grace 3").observe())
    assert plan.operations[0].detail == {"container": "p-web-1", "timeout_s": 3}


def test_a_start_restarts_what_runs_in_a_namespace_of_what_it_starts() -> None:
    drawn = "app nginx; mode service:vpn\ndebug busybox; pid service:app\nidle nginx; mode service:vpn\nvpn redis"
    engine = running(drawn)
    for name in ("p-vpn-1", "p-idle-1"):
        engine.exit(name, code=0)
    plan = plan_start(draw(drawn), engine.observe(), services=["vpn"])
    assert plan.as_text() == lines("""
        in place  start vpn  (starting was asked for)
        restart   restart app  (it shares the network of vpn, which starts anew)
        restart   restart debug  (it shares the pid of app, which starts anew)
        """)
    assert plan.operations[1].needs == (0,)
    engine.perform(plan)
    assert plan_start(draw(drawn), engine.observe()).as_text() == "in place  start idle  (starting was asked for)\n"
