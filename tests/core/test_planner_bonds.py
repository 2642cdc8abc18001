"""Plans as whole texts: containers that are bound to another's namespaces and volumes from their creation on."""

from __future__ import annotations

import pytest

from tests.core.drawing import draw
from tests.core.planning import engine_of, lines, running
from topology.core.drift_plan import restrict
from topology.core.planner import plan_apply, plan_down


def test_it_makes_a_client_of_volumes_anew_with_their_owner() -> None:
    engine = running("data busybox; mount v1:/d\ndb redis; from data")
    after = draw("data busybox; mount v2:/d\ndb redis; from data")
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        new       create volume p_v2  (it is not there)
        recreate  create the new data from busybox on default  (volumes changed)
        recreate  stop data  (volumes changed)
        recreate  set the old data aside as p-data-1.old  (volumes changed)
        recreate  name the new data p-data-1  (volumes changed)
        recreate  start data  (volumes changed)
        recreate  create the new db from redis on default  (it shares the volumes of data, which is made anew)
        recreate  stop db  (it shares the volumes of data, which is made anew)
        recreate  set the old db aside as p-db-1.old  (it shares the volumes of data, which is made anew)
        recreate  name the new db p-db-1  (it shares the volumes of data, which is made anew)
        recreate  start db  (it shares the volumes of data, which is made anew)
        recreate  see that data stays up  (volumes changed)
        recreate  see that db stays up  (it shares the volumes of data, which is made anew)
        recreate  remove the old data  (volumes changed)
        recreate  remove the old db  (it shares the volumes of data, which is made anew)
        """)
    assert [one.subject for one in restrict(plan, after, subjects=["service:data"]).operations] == [
        one.subject for one in plan.operations
    ]
    engine.perform(plan)
    assert plan_apply(after, engine.observe()).as_text() == "nothing to do\n"


def test_it_makes_a_client_of_volumes_anew_that_is_older_than_their_owner() -> None:
    engine = running("data busybox; mount v1:/d\ndb redis; from container:p-data-1:ro")
    after = draw("data busybox; mount v1:/d; env A=1\ndb redis; from container:p-data-1:ro")
    plan = plan_apply(after, engine.observe())
    engine.perform(plan, steps=[one.summary for one in plan.operations].index("start data") + 1)
    plan = plan_apply(after, engine.observe())
    assert plan.operations[0].cause == "it shares the volumes of data, which was made after it"
    engine.perform(plan)
    assert plan_apply(after, engine.observe()).as_text() == "nothing to do\n"


@pytest.mark.parametrize("key", ["mode", "pid"])
def test_it_makes_one_anew_that_is_bound_by_name_to_a_container_of_the_stack(key: str) -> None:
    engine = running(f"z nginx; name x\ny redis; {key} container:x")
    after = draw(f"z nginx; name x; env A=1\ny redis; {key} container:x")
    plan = plan_apply(after, engine.observe())
    cause = f"it shares the {'network' if key == 'mode' else key} of z, which is made anew"
    where = "in the network of x" if key == "mode" else "on default"
    assert plan.as_text() == lines(f"""
        recreate  create the new z from nginx on default  (environment changed)
        recreate  stop z  (environment changed)
        recreate  set the old z aside as x.old  (environment changed)
        recreate  name the new z x  (environment changed)
        recreate  start z  (environment changed)
        recreate  create the new y from redis {where}  ({cause})
        recreate  stop y  ({cause})
        recreate  set the old y aside as p-y-1.old  ({cause})
        recreate  name the new y p-y-1  ({cause})
        recreate  start y  ({cause})
        recreate  see that z stays up  (environment changed)
        recreate  see that y stays up  ({cause})
        recreate  remove the old z  (environment changed)
        recreate  remove the old y  ({cause})
        """)
    engine.perform(plan)
    assert plan_apply(after, engine.observe()).as_text() == "nothing to do\n"


def test_it_starts_and_removes_in_the_order_of_bonds_by_name() -> None:
    design = draw("a redis; mode container:p-z-2\nz nginx; scale 2")
    engine = engine_of(design)
    assert [one.summary for one in engine.done if one.summary.startswith("start")] == ["start z 1", "start z 2", "start a"]
    assert [one.summary for one in plan_down(design, engine.observe()).operations][:2] == ["stop a", "remove a"]


def test_a_container_that_no_service_makes_is_no_bond() -> None:
    for text in (
        "a redis; mode container:other",
        "a redis; mode container:z\nz nginx; profile dev; name z",
        "a redis; mode container:p-a-1",
    ):
        plan = plan_apply(draw(text), running("").observe())
        assert [note for note in plan.notes if note.severity == "error"] == []
