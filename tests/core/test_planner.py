"""Plans as whole texts: one situation a test. What is drawn before is made on an engine in memory, then the plan is read."""
# ruff: noqa: E501

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.differences import LOST_START
from topology.core.observed import PortBinding
from topology.core.plan import Impact, Kind, Plan
from topology.core.planner import plan_apply, plan_down, plan_restart, plan_start, plan_stop


def running(before: str, *, images: tuple[str, ...] = ("nginx", "redis", "busybox"), jobs: tuple[str, ...] = ()) -> Simulator:
    """An engine on which the stack drawn runs, when one is drawn."""
    engine = Simulator(images=images, jobs=jobs)
    return engine.perform(plan_apply(draw(before), engine.observe())) if before else engine


def lines(text: str) -> str:
    return textwrap.dedent(text).strip("\n") + "\n"


def notes(plan: Plan) -> list[str]:
    return [f"{note.severity} {note.code}: {note.message}" for note in plan.notes]


def test_it_makes_a_new_stack_in_start_order() -> None:
    engine = running("")
    after = """
        web nginx on front(www) back; ports 8080:80; needs db
        db redis on back; mount data:/data
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create network p_back  (it is not there)
        new  create network p_front  (it is not there)
        new  create volume p_data  (it is not there)
        new  create db from redis on back  (it is not there)
        new  start db  (it is new)
        new  create web from nginx on front as www  (it is not there)
        new  connect web to back  (the design has it on back)
        new  start web  (it is new)
        """)


def test_it_does_nothing_when_all_is_as_drawn() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        nothing to do
        """)


def test_it_pulls_a_missing_image_before_anything_else() -> None:
    engine = running("")
    after = """
        web nginx
        cache memcached:1.6
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  pull image memcached:1.6  (it is not on the engine)
        new  create network p_default  (it is not there)
        new  create cache from memcached:1.6 on default  (it is not there)
        new  start cache  (it is new)
        new  create web from nginx on default  (it is not there)
        new  start web  (it is new)
        """)


def test_it_pulls_an_image_of_two_services_once() -> None:
    engine = running("")
    after = """
        a memcached
        b memcached:latest
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  pull image memcached  (it is not on the engine)
        new  create network p_default  (it is not there)
        new  create a from memcached on default  (it is not there)
        new  start a  (it is new)
        new  create b from memcached:latest on default  (it is not there)
        new  start b  (it is new)
        """)


def test_it_pulls_before_it_stops() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx:2 on front
        db redis on front
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       pull image nginx:2  (it is not on the engine)
        recreate  create the new web from nginx:2 on front  (image changed)
        recreate  stop web  (image changed)
        recreate  set the old web aside as p-web-1.old  (image changed)
        recreate  name the new web p-web-1  (image changed)
        recreate  start web  (image changed)
        recreate  see that web stays up  (image changed)
        recreate  remove the old web  (image changed)
        """)


def test_it_pulls_again_only_for_what_is_made_when_the_policy_is_always() -> None:
    engine = running("""
        web nginx
        db redis; policy always
        """)
    after = """
        web nginx; env A=1; policy always
        db redis; policy always
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       pull image nginx  (pull_policy is always)
        recreate  create the new web from nginx on default  (environment changed)
        recreate  stop web  (environment changed)
        recreate  set the old web aside as p-web-1.old  (environment changed)
        recreate  name the new web p-web-1  (environment changed)
        recreate  start web  (environment changed)
        recreate  see that web stays up  (environment changed)
        recreate  remove the old web  (environment changed)
        """)


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
        recreate  remove the old db  (environment changed)
        recreate  see that web stays up  (it is linked on the default bridge to db, which is made anew)
        recreate  remove the old web  (it is linked on the default bridge to db, which is made anew)
        """)


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
        recreate  remove the old vpn  (environment changed)
        recreate  see that web stays up  (it shares the network of vpn, which is made anew)
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


def test_it_names_every_key_that_changed() -> None:
    engine = running("web nginx; ports 80:80; cmd a")
    after = "web redis; ports 81:80; cmd b; env TOKEN=hunter2"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from redis on default  (command, environment, image and ports changed)
        recreate  stop web  (command, environment, image and ports changed)
        recreate  set the old web aside as p-web-1.old  (command, environment, image and ports changed)
        recreate  name the new web p-web-1  (command, environment, image and ports changed)
        recreate  start web  (command, environment, image and ports changed)
        recreate  see that web stays up  (command, environment, image and ports changed)
        recreate  remove the old web  (command, environment, image and ports changed)
        """)


def test_it_creates_beside_the_old_one_and_joins_its_networks_first() -> None:
    engine = running("""
        web nginx on back front(10.0.0.5)
        net front 10.0.0.0/24
        """)
    after = """
        web nginx on back front(10.0.0.5); env A=1
        net front 10.0.0.0/24
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on back  (environment changed)
        recreate  connect the new web to front at 10.0.0.5  (environment changed)
        recreate  stop web  (environment changed)
        recreate  set the old web aside as p-web-1.old  (environment changed)
        recreate  name the new web p-web-1  (environment changed)
        recreate  start web  (environment changed)
        recreate  see that web stays up  (environment changed)
        recreate  remove the old web  (environment changed)
        """)


def test_it_makes_a_service_anew_when_its_tag_means_another_image() -> None:
    engine = running("web nginx")
    after = "web nginx"
    engine.images["nginx:latest"] = "sha256:newer"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on default  (nginx means another image now)
        recreate  stop web  (nginx means another image now)
        recreate  set the old web aside as p-web-1.old  (nginx means another image now)
        recreate  name the new web p-web-1  (nginx means another image now)
        recreate  start web  (nginx means another image now)
        recreate  see that web stays up  (nginx means another image now)
        recreate  remove the old web  (nginx means another image now)
        """)


def test_it_sets_restart_policy_and_limits_in_place() -> None:
    engine = running("web nginx; memory 64")
    after = "web nginx; memory 128; cpus 0.5; restart on-failure:3"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  set the restart policy on-failure:3, memory limit 128 MiB and CPU limit 0.5 cores of web  (the design says so)
        """)


def test_it_makes_a_service_anew_to_lift_a_limit() -> None:
    engine = running("web nginx; memory 64; cpus 1")
    after = "web nginx; cpus 1"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on default  (the engine cannot lift the memory limit in place)
        recreate  stop web  (the engine cannot lift the memory limit in place)
        recreate  set the old web aside as p-web-1.old  (the engine cannot lift the memory limit in place)
        recreate  name the new web p-web-1  (the engine cannot lift the memory limit in place)
        recreate  start web  (the engine cannot lift the memory limit in place)
        recreate  see that web stays up  (the engine cannot lift the memory limit in place)
        recreate  remove the old web  (the engine cannot lift the memory limit in place)
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


def test_it_makes_anew_what_an_engine_that_was_killed_cannot_start_any_more() -> None:
    engine = running("web nginx")
    engine.exit("p-web-1", code=0)
    for error in (LOST_START, "task 0123abcd: already exists"):
        seen = engine.observe()
        seen = replace(seen, containers=tuple(replace(one, error=error, state="created") for one in seen.containers))
        assert plan_apply(draw("web nginx"), seen).as_text() == lines("""
            recreate  create the new web from nginx on default  (the engine was killed while it started it)
            recreate  remove the old web  (the engine was killed while it started it)
            recreate  name the new web p-web-1  (the engine was killed while it started it)
            recreate  start web  (the engine was killed while it started it)
            """)


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


def test_it_starts_what_was_stopped() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        """
    engine.exit("p-web-1", code=0)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  start web  (it is stopped)
        """)


def test_it_says_with_which_code_a_container_exited() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front
        db redis on front
        """
    engine.exit("p-web-1", code=3)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  start web  (it exited with 3)
        """)


def test_it_starts_what_was_only_made() -> None:
    engine = running("")
    after = """
        web nginx on front
        db redis on front
        """
    engine.perform(plan_apply(draw(after), engine.observe()), steps=2)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  start db  (it was made, but not started)
        new       create web from nginx on front  (it is not there)
        new       start web  (it is new)
        """)


def test_it_connects_and_starts_what_an_apply_left_half_made() -> None:
    engine = running("")
    after = "web nginx on front back(www)"
    engine.perform(plan_apply(draw(after), engine.observe()), steps=3)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  connect web to back as www  (the design has it on back)
        in place  start web  (it was made, but not started)
        """)


def test_it_finishes_a_container_that_waits_beside_its_old_one() -> None:
    engine = running("web nginx")
    after = "web nginx; env A=1"
    engine.perform(plan_apply(draw(after), engine.observe()), steps=1)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  stop web  (its successor is made already)
        recreate  set the old web aside as p-web-1.old  (its successor is made already)
        recreate  name the new web p-web-1  (its successor is made already)
        in place  start web  (it was made, but not started)
        recreate  see that web stays up  (its successor is made already)
        recreate  remove the old web  (its successor is made already)
        """)


def test_it_finishes_after_the_old_one_was_stopped() -> None:
    engine = running("web nginx")
    after = "web nginx; env A=1"
    engine.perform(plan_apply(draw(after), engine.observe()), steps=2)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  set the old web aside as p-web-1.old  (its successor is made already)
        recreate  name the new web p-web-1  (its successor is made already)
        in place  start web  (it was made, but not started)
        recreate  see that web stays up  (its successor is made already)
        recreate  remove the old web  (its successor is made already)
        """)


def test_it_names_and_starts_what_took_a_place() -> None:
    engine = running("web nginx")
    after = "web nginx; env A=1"
    engine.perform(plan_apply(draw(after), engine.observe()), steps=3)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  rename p-web-1.next to p-web-1  (p-web-1 is its name)
        in place  start web  (it was made, but not started)
        recreate  see that web stays up  (an apply that broke off left it)
        recreate  remove the old web  (an apply that broke off left it)
        """)


def test_it_keeps_the_old_one_until_what_took_its_place_has_stayed_up() -> None:
    engine = running("web nginx")
    after = "web nginx; env A=1"
    engine.perform(plan_apply(draw(after), engine.observe()), steps=5)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  see that web stays up  (an apply that broke off left it)
        recreate  remove the old web  (an apply that broke off left it)
        """)


def test_it_goes_back_to_the_container_that_was_set_aside() -> None:
    engine = running("web nginx")
    engine.perform(plan_apply(draw("web nginx; env A=1"), engine.observe()), steps=5)
    plan = plan_apply(draw("web nginx"), engine.observe())
    assert plan.as_text() == lines("""
        remove    stop web  (another apply left it behind)
        remove    remove web  (another apply left it behind)
        in place  rename p-web-1.old to p-web-1  (p-web-1 is its name)
        in place  start web  (it is stopped)
        """)


def test_it_keeps_an_old_one_that_would_always_start_from_starting() -> None:
    engine = running("web nginx; restart always")
    plan = plan_apply(draw("web nginx; env A=1; restart always"), engine.observe())
    assert "recreate  let the old web rest  (environment changed)" in plan.as_text()
    aside = engine.perform(plan, steps=6).containers["p-web-1.old"]
    assert aside.host["RestartPolicy"]["Name"] == "no"


def test_it_drops_a_half_made_container_that_is_not_wanted_any_more() -> None:
    engine = running("web nginx")
    after = "web nginx"
    engine.perform(plan_apply(draw("web nginx; env A=1"), engine.observe()), steps=1)
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        remove  remove container p-web-1.next  (another apply left it behind)
        """)


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


def test_it_renames_a_container_in_place() -> None:
    engine = running("web nginx")
    after = "web nginx; name shop"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  rename p-web-1 to shop  (shop is its name)
        """)


def test_it_keeps_volumes_and_makes_a_service_anew_for_a_mount() -> None:
    engine = running("web nginx")
    after = "web nginx; mount data:/data"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       create volume p_data  (it is not there)
        recreate  create the new web from nginx on default  (volumes changed)
        recreate  stop web  (volumes changed)
        recreate  set the old web aside as p-web-1.old  (volumes changed)
        recreate  name the new web p-web-1  (volumes changed)
        recreate  start web  (volumes changed)
        recreate  see that web stays up  (volumes changed)
        recreate  remove the old web  (volumes changed)
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


def test_it_says_before_anything_is_touched_that_a_host_port_is_another_stacks() -> None:
    design = draw("web nginx on front; ports 8080:80\n db redis on front; ports 8081:81")
    taken = (PortBinding(80, "tcp", "0.0.0.0", 8080), PortBinding(81, "udp", "", 8081))
    observed = replace(running("").observe(), taken_ports=taken)
    assert notes(plan_apply(design, observed)) == [
        "error port-taken: Host port 8080/tcp of web is taken by a container outside this stack."
    ]


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


def test_it_uses_external_networks_and_volumes() -> None:
    engine = running("")
    after = """
        web nginx on proxy; mount data:/data
        net proxy external
        vol data external
        """
    engine.networks["proxy"] = {"Id": "x", "Driver": "bridge", "Labels": {}}
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create web from nginx on proxy  (it is not there)
        new  start web  (it is new)
        """)
    assert notes(plan) == ["error volume-missing: The external volume data is not on the engine."]


def test_it_does_not_make_what_cannot_be_built() -> None:
    engine = running("")
    after = """
        web nginx
        app; build
        """
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create network p_default  (it is not there)
        new  create web from nginx on default  (it is not there)
        new  start web  (it is new)
        """)
    assert notes(plan) == ["error build-context-missing: app is to be built from ., but Dockerfile is not among its files."]


def test_it_makes_what_was_built_by_hand() -> None:
    engine = running("", images=("p-app",))
    after = "app; build"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create network p_default  (it is not there)
        new  create app from p-app on default  (it is not there)
        new  start app  (it is new)
        """)


def test_it_keeps_what_compose_made() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web nginx on front(www)
        db redis on front
        """
    engine.forget_labels()
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (alias www is new)
        in place  connect web to front as www  (alias www is new)
        """)
    assert notes(plan) == [
        "warning made-elsewhere: p-db-1 was made by another tool. It is kept where it has what the design writes.",
        "warning made-elsewhere: p-web-1 was made by another tool. It is kept where it has what the design writes.",
    ]


def test_it_makes_anew_what_compose_made_of_another_image() -> None:
    engine = running("""
        web nginx on front
        db redis on front
        """)
    after = """
        web busybox on front
        db redis on front
        """
    engine.forget_labels()
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from busybox on front  (image changed from nginx to busybox)
        recreate  stop web  (image changed from nginx to busybox)
        recreate  set the old web aside as p-web-1.old  (image changed from nginx to busybox)
        recreate  name the new web p-web-1  (image changed from nginx to busybox)
        recreate  start web  (image changed from nginx to busybox)
        recreate  see that web stays up  (image changed from nginx to busybox)
        recreate  remove the old web  (image changed from nginx to busybox)
        """)
    assert notes(plan) == [
        "warning made-elsewhere: p-db-1 was made by another tool. It is kept where it has what the design writes."
    ]


def test_it_takes_a_stack_down_and_keeps_its_volumes() -> None:
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
    after = """
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """
    plan = plan_down(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        remove  stop web  (the stack is taken down)
        remove  remove web  (the stack is taken down)
        remove  stop db  (the stack is taken down)
        remove  remove db  (the stack is taken down)
        remove  remove network p_front  (the stack is taken down)
        """)


def test_it_takes_a_stack_down_with_its_volumes() -> None:
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
    after = """
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """
    plan = plan_down(draw(after), engine.observe(), remove_volumes=True)
    assert plan.as_text() == lines("""
        remove        stop web  (the stack is taken down)
        remove        remove web  (the stack is taken down)
        remove        stop db  (the stack is taken down)
        remove        remove db  (the stack is taken down)
        remove        remove network p_front  (the stack is taken down)
        data at risk  remove volume p_data and everything in it  (removing the volumes was asked for)
        """)


def test_it_takes_orphans_down_too() -> None:
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
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
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
    after = """
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """
    plan = plan_stop(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        stop  stop web  (stopping was asked for)
        stop  stop db  (stopping was asked for)
        """)


def test_it_stops_one_service() -> None:
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
    after = """
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """
    plan = plan_stop(draw(after), engine.observe(), services=["web"])
    assert plan.as_text() == lines("""
        stop  stop web  (stopping was asked for)
        """)


def test_it_starts_dependencies_first() -> None:
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
    after = """
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """
    engine.exit("p-web-1", code=0)
    engine.exit("p-db-1", code=0)
    plan = plan_start(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  start db  (starting was asked for)
        in place  start web  (starting was asked for)
        """)


def test_it_restarts_in_start_order() -> None:
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
    after = """
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """
    plan = plan_restart(draw(after), engine.observe())
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
    engine = running("""
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """)
    after = """
        web nginx on front; needs db
        db redis on front; mount data:/data; grace 3
        """
    engine.exit("p-web-1", code=0)
    plan = plan_restart(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        restart   restart db  (restarting was asked for)
        in place  start web  (restarting was asked for)
        """)


def test_no_plan_text_shows_an_environment_value() -> None:
    engine = running("web nginx; env TOKEN=hunter1")
    plan = plan_apply(draw("web nginx; env TOKEN=hunter2"), engine.observe())
    assert "hunter" not in plan.as_text()
    assert any("hunter2" in str(operation.detail) for operation in plan.operations)


def test_it_says_that_a_paused_container_is_left() -> None:
    engine = running("web nginx")
    engine.containers["p-web-1"].state = "paused"
    plan = plan_apply(draw("web nginx"), engine.observe())
    assert plan.as_text() == "nothing to do\n"
    assert notes(plan) == ["warning paused: p-web-1 is paused and is left so."]


def test_it_takes_a_dead_container_s_place() -> None:
    engine = running("web nginx")
    engine.containers["p-web-1"].state = "dead"
    assert plan_apply(draw("web nginx"), engine.observe()).as_text() == lines("""
        recreate  create the new web from nginx on default  (it is dead: the engine could not remove it)
        recreate  remove the old web  (it is dead: the engine could not remove it)
        recreate  name the new web p-web-1  (it is dead: the engine could not remove it)
        recreate  start web  (it is dead: the engine could not remove it)
        """)


@pytest.mark.parametrize(
    ("drawn", "note"),
    [
        ("web nginx; mount ./conf:/etc/x", "error bind-relative: web mounts ./conf, a path beside the file. The engine has no such folder."),
        ("web nginx; other secrets=s", "error secrets-missing: web is to have /run/secrets/s, but the secret s is nowhere defined."),
        ("web nginx; needs db\ndb redis; profile dev", "error dependency-disabled: web needs db, which belongs to a profile and is not started."),
        ("a nginx; needs b\nb nginx; needs a", "error dependency-cycle: These services wait for each other: a, b."),
        ("a ghost; policy never", "error image-missing: a needs ghost, which is not on the engine, and pull_policy is never."),
        ("a nginx on n\nnet n external", "error network-missing: The external network n is not on the engine."),
    ],
)  # fmt: skip
def test_it_notes_what_stands_in_the_way(drawn: str, note: str) -> None:
    assert note in notes(plan_apply(draw(drawn), running("").observe()))


def test_it_uses_a_network_of_that_name_which_it_did_not_make_and_says_so() -> None:
    engine = running("")
    engine.networks["p_front"] = {"Id": "x", "Driver": "bridge", "Labels": {}, "Subnets": ["10.9.0.0/24"]}
    plan = plan_apply(draw("web nginx on front"), engine.observe())
    assert [operation.kind for operation in plan.operations] == [Kind.CREATE_CONTAINER, Kind.START]
    assert notes(plan) == ["warning network-foreign: There is a network p_front that this stack did not make. It is used as it is."]


def test_it_keeps_a_volume_without_a_name_when_it_makes_a_container_anew() -> None:
    engine = running("web nginx; mount :/data")
    before = engine.containers["p-web-1"].nameless["/data"]
    plan = plan_apply(draw("web nginx; mount :/data; env A=1"), engine.observe())
    assert plan.notes == ()
    assert not any(operation.detail.get("volumes") for operation in plan.operations)
    assert engine.perform(plan).containers["p-web-1"].nameless == {"/data": before}
    assert plan_apply(draw("web nginx; mount :/data; env A=1"), engine.observe()).as_text() == "nothing to do\n"
    down = plan_down(draw("web nginx; mount :/data"), engine.observe(), remove_volumes=True)
    assert [operation.impact for operation in down.operations][1] is Impact.DATA


def test_a_named_volume_takes_the_place_of_one_without_a_name() -> None:
    engine = running("web nginx; mount :/data")
    engine.perform(plan_apply(draw("web nginx; mount data:/data"), engine.observe()))
    assert (engine.containers["p-web-1"].nameless, engine.observe().containers[0].mounts) == ({}, ("p_data",))


def test_it_keeps_a_volume_whose_options_differ() -> None:
    engine = running("web nginx; mount data:/data")
    plan = plan_apply(draw("web nginx; mount data:/data\nvol data type=nfs"), engine.observe())
    assert plan.as_text() == "nothing to do\n"
    assert [note.code for note in plan.notes] == ["volume-differs"]


def test_a_start_of_what_was_never_made_says_so() -> None:
    plan = plan_start(draw("web nginx"), running("").observe())
    assert notes(plan) == ["warning no-container: web has no container yet."]


def test_stops_carry_the_grace_period() -> None:
    plan = plan_stop(draw("web nginx; grace 3"), running("web nginx; grace 3").observe())
    assert plan.operations[0].detail == {"container": "p-web-1", "timeout_s": 3}


def test_everything_waits_for_the_pulls() -> None:
    plan = plan_apply(draw("web nginx:2 on front back"), running("web nginx on front").observe())
    reached: set[int] = {0}
    for index, operation in enumerate(plan.operations):
        if reached & set(operation.needs):
            reached.add(index)
    assert reached == set(range(len(plan.operations)))
