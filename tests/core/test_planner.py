"""Plans as whole texts: a new stack, its images and when they are pulled."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.planner import plan_apply


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
