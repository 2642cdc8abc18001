"""Plans as whole texts: what a container is made anew for, how it takes a place, and what changes in place."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import engine_of, lines, running, with_keys
from topology.core.planner import plan_apply


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


def test_it_renames_a_container_in_place() -> None:
    engine = running("web nginx")
    after = "web nginx; name shop"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        in place  rename p-web-1 to shop  (shop is its name)
        """)


def test_no_plan_text_shows_an_environment_value() -> None:
    engine = running("web nginx; env TOKEN=hunter1")
    plan = plan_apply(draw("web nginx; env TOKEN=hunter2"), engine.observe())
    assert "hunter" not in plan.as_text()
    assert any("hunter2" in str(operation.detail) for operation in plan.operations)


def test_it_takes_a_dead_container_s_place() -> None:
    engine = running("web nginx")
    engine.containers["p-web-1"].state = "dead"
    assert plan_apply(draw("web nginx"), engine.observe()).as_text() == lines("""
        recreate  create the new web from nginx on default  (it is dead: the engine could not remove it)
        recreate  remove the old web  (it is dead: the engine could not remove it)
        recreate  name the new web p-web-1  (it is dead: the engine could not remove it)
        recreate  start web  (it is dead: the engine could not remove it)
        """)


def test_it_changes_swap_and_cpu_time_in_place() -> None:
    engine = engine_of(draw("web nginx; memory 64"))
    design = with_keys(draw("web nginx; memory 64"), "web", memswap_limit="96m", cpu_quota="50ms")
    plan = plan_apply(design, engine.observe())
    assert plan.as_text() == lines("""
        in place  set the swap limit 96 MiB and CPU quota 50000 of web  (the design says so)
        """)
    assert plan_apply(design, engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_it_lifts_what_the_engine_can_lift_in_place() -> None:
    design = with_keys(draw("web nginx; memory 64"), "web", memswap_limit="96m", cpu_quota=50000, fields={"pids_limit": 9})
    engine = engine_of(design)
    plan = plan_apply(draw("web nginx; memory 64"), engine.observe())
    assert plan.as_text() == lines("""
        in place  set the no process limit, no CPU quota and no swap limit of web  (the design says so)
        """)
    assert plan_apply(draw("web nginx; memory 64"), engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_a_swap_limit_of_twice_the_memory_is_the_engine_s_own() -> None:
    engine = engine_of(draw("web nginx; memory 64"))
    design = with_keys(draw("web nginx; memory 64"), "web", memswap_limit="128m")
    assert plan_apply(design, engine.observe()).as_text() == "nothing to do\n"
