"""Plans as whole texts: what was stopped, what a killed engine or a broken-off apply left."""

from __future__ import annotations

from dataclasses import replace

from tests.core.drawing import draw
from tests.core.planning import lines, running
from topology.core.differences import LOST_START
from topology.core.plan import Plan
from topology.core.planner import plan_apply


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
    assert "recreate  keep the old web from starting by itself  (environment changed)" in plan.as_text()
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


def test_a_port_is_handed_over_where_the_successor_of_its_holder_is_made_already() -> None:
    engine = running("api redis\nweb nginx; ports 80:80")
    after = draw("api redis; ports 80:80\nweb nginx")
    plan = plan_apply(after, engine.observe())
    engine.perform(plan, steps=4)  # the new api has its name
    made = next(one for one in plan.operations if one.summary.startswith("create the new web"))
    engine.perform(Plan((replace(made, needs=()),)))
    assert plan_apply(after, engine.observe()).as_text() == lines("""
        recreate  stop web  (api takes its port)
        in place  start api  (it was made, but not started)
        recreate  set the old web aside as p-web-1.old  (its successor is made already)
        recreate  name the new web p-web-1  (its successor is made already)
        in place  start web  (it was made, but not started)
        recreate  see that api stays up  (an apply that broke off left it)
        recreate  remove the old api  (an apply that broke off left it)
        recreate  see that web stays up  (its successor is made already)
        recreate  remove the old web  (its successor is made already)
        """)
