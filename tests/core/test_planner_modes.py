"""Plans as whole texts: services on the default bridge, on none, on the host's network and on that of another service."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.planner import plan_apply, plan_restart


def test_it_moves_a_service_from_docker0_to_a_network_in_place() -> None:
    engine = running("web nginx; mode bridge")
    after = "web nginx on front"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_front  (it is not there)
        in place  connect web to front  (the design has it on front)
        in place  disconnect web from docker0  (the design does not have it on docker0)
        """)


def test_it_moves_a_service_from_a_network_to_docker0_in_place() -> None:
    engine = running("web nginx on front")
    after = "web nginx; mode bridge"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  connect web to docker0  (the design has it on docker0)
        in place  disconnect web from front  (the design does not have it on front)
        remove    remove network p_front  (the design does not use it)
        """)


def test_it_moves_a_linked_service_off_docker0() -> None:
    engine = running("""
        web nginx; mode bridge; link db:cache
        db redis; mode bridge
        """)
    after = """
        web nginx on front; link db:cache
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_front  (it is not there)
        in place  connect db to front  (the design has it on front)
        in place  disconnect db from docker0  (the design does not have it on docker0)
        in place  connect web to front linked to p-db-1 as cache  (the design has it on front)
        in place  remove the link of web to p-db-1 as cache  (the design does not have it)
        in place  disconnect web from docker0  (the design does not have it on docker0)
        """)


def test_it_cuts_a_service_off_in_place() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx; mode none
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (the design does not have it on front)
        """)


def test_it_leaves_none_before_it_joins_a_network() -> None:
    engine = running("""
        web nginx; mode none
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from none  (it joins a network)
        in place  connect web to front  (the design has it on front)
        """)


def test_it_makes_a_service_anew_for_the_hosts_network() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx; mode host
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on the host's network  (network_mode changed)
        recreate  stop web  (network_mode changed)
        recreate  set the old web aside as p-web-1.old  (network_mode changed)
        recreate  name the new web p-web-1  (network_mode changed)
        recreate  start web  (network_mode changed)
        recreate  see that web stays up  (network_mode changed)
        recreate  remove the old web  (network_mode changed)
        """)


def test_it_makes_a_service_anew_when_it_leaves_the_hosts_network() -> None:
    engine = running("""
        web nginx; mode host
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on front  (network_mode changed)
        recreate  stop web  (network_mode changed)
        recreate  set the old web aside as p-web-1.old  (network_mode changed)
        recreate  name the new web p-web-1  (network_mode changed)
        recreate  start web  (network_mode changed)
        recreate  see that web stays up  (network_mode changed)
        recreate  remove the old web  (network_mode changed)
        """)


def test_it_makes_what_shares_a_network_anew_with_its_owner() -> None:
    engine = running("""
        web nginx; mode service:vpn
        vpn redis
        """)
    after = """
        web nginx; mode service:vpn
        vpn redis; env A=1
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new vpn from redis on default  (environment changed)
        recreate  stop vpn  (environment changed)
        recreate  set the old vpn aside as p-vpn-1.old  (environment changed)
        recreate  name the new vpn p-vpn-1  (environment changed)
        recreate  start vpn  (environment changed)
        recreate  create the new web from nginx in the network of vpn  (it shares the network of vpn, which is made anew)
        recreate  stop web  (it shares the network of vpn, which is made anew)
        recreate  set the old web aside as p-web-1.old  (it shares the network of vpn, which is made anew)
        recreate  name the new web p-web-1  (it shares the network of vpn, which is made anew)
        recreate  start web  (it shares the network of vpn, which is made anew)
        recreate  see that vpn stays up  (environment changed)
        recreate  see that web stays up  (it shares the network of vpn, which is made anew)
        recreate  remove the old vpn  (environment changed)
        recreate  remove the old web  (it shares the network of vpn, which is made anew)
        """)


def test_it_restarts_what_shares_the_network_of_a_service_that_was_stopped() -> None:
    engine = running("""
        web nginx; mode service:vpn
        vpn redis
        """)
    after = """
        web nginx; mode service:vpn
        vpn redis
        """
    engine.exit("p-vpn-1", code=1)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  start vpn  (it exited with 1)
        restart   restart web  (it shares the network of vpn, which starts anew)
        """)


def test_it_restarts_what_shares_a_network_that_was_started_after_it() -> None:
    engine = running("""
        web nginx; mode service:vpn
        vpn redis
        """)
    after = """
        web nginx; mode service:vpn
        vpn redis
        """
    engine.perform(plan_restart(draw("vpn redis"), engine.observe(), services=["vpn"]), steps=1)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        restart  restart web  (it shares the network of vpn, which was started after it)
        """)


def test_a_network_mode_joins_a_network_by_its_whole_name_only() -> None:
    engine = running("")
    engine.networks["proxy"] = {"Id": "3f" + "0" * 62, "Driver": "bridge", "Labels": {}}
    for mode in ("3f", "3f" + "0" * 62, "prox"):
        told = f"error network-missing: `{mode[:60]}`, the network_mode of web, is the name of no network on the engine."
        assert notes(plan_apply(draw(f"web nginx; mode {mode}"), engine.observe())) == [told]
    assert plan_apply(draw("web nginx; mode proxy"), engine.observe()).notes == ()


def test_a_container_whose_mode_is_a_network_s_name_stays() -> None:
    engine = running("")
    engine.networks["proxy"] = {"Id": "x", "Driver": "bridge", "Labels": {}}
    engine.perform(plan_apply(draw("web nginx; mode proxy"), engine.observe()))
    assert plan_apply(draw("web nginx; mode proxy"), engine.observe()).as_text() == "nothing to do\n"
