"""Plans as whole texts: what Compose made, which is taken over."""

from __future__ import annotations

from dataclasses import replace

from tests.core.drawing import draw
from tests.core.planning import engine_of, lines, notes, running, with_keys
from tests.core.simulator import Simulator
from topology.core.design import Design
from topology.core.drift import drift
from topology.core.planner import plan_apply
from topology.core.status import summarize


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


def made_by_compose(design: Design, *, hash: str) -> Simulator:
    engine = engine_of(design)
    engine.forget_labels()
    for one in engine.containers.values():
        one.payload = one.payload | {"Labels": one.labels | {"com.docker.compose.config-hash": hash}}
    return engine


def test_what_compose_made_by_the_same_file_is_kept() -> None:
    design = with_keys(draw("web nginx"), "web", fields={"hash": "abc"})
    plan = plan_apply(design, made_by_compose(design, hash="abc").observe())
    assert (plan.as_text(), plan.notes) == ("nothing to do\n", ())


def test_what_compose_made_by_another_file_is_made_anew_for_what_differs() -> None:
    design = with_keys(draw("web nginx"), "web", fields={"hash": "old"})
    changed = with_keys(draw("web nginx; env A=1; cmd x"), "web", fields={"hash": "abc"})
    engine = made_by_compose(design, hash="old")
    assert plan_apply(changed, engine.observe()).as_text().splitlines()[0] == (
        "recreate  create the new web from nginx on default  (command and environment changed)"
    )
    assert plan_apply(with_keys(design, "web", fields={"hash": "abc"}), engine.observe()).as_text() == "nothing to do\n"


def test_what_compose_made_is_rewired_in_place() -> None:
    design = with_keys(draw("web nginx on a"), "web", fields={"hash": "old"})
    engine = made_by_compose(design, hash="old")
    moved = with_keys(draw("web nginx on a b"), "web", fields={"hash": "new"})
    plan = plan_apply(moved, engine.observe())
    assert plan.as_text() == lines("""
        new       create network p_b  (it is not there)
        in place  connect web to b  (the design has it on b)
        """)


def test_a_container_of_compose_s_that_gets_another_name_is_renamed_and_then_left() -> None:
    engine = engine_of(draw("web nginx"))
    engine.containers["p-web-1"].endpoints["p_default"] = {"Aliases": ["p-web-1", "web"]}
    engine.forget_labels()
    plan = plan_apply(draw("web nginx; name site"), engine.observe())
    assert plan.as_text() == "in place  rename p-web-1 to site  (site is its name)\n"
    engine.perform(plan)
    assert plan_apply(draw("web nginx; name site"), engine.observe()).as_text() == "nothing to do\n"
    assert drift(draw("web nginx; name site"), engine.observe()) == ()


def test_it_leaves_a_job_alone_that_ended_well_before_anybody_looked() -> None:
    engine = running("web nginx; ports 80:80\njob redis")
    engine.exit("p-job-1", code=0)
    engine.forget_labels()
    design, seen = draw("web nginx; ports 80:80\njob redis"), engine.observe()
    unseen = replace(seen, containers=tuple(replace(one, ended_itself=False) for one in seen.containers))
    assert plan_apply(design, unseen).as_text() == "nothing to do\n"
    assert summarize(design, unseen).services["job"] == "completed"
    stopped = replace(seen, containers=tuple(replace(one, stop_asked=one.service == "job") for one in seen.containers))
    assert plan_apply(design, stopped).as_text() == lines("""
        in place  start job  (it is stopped)
        """)
