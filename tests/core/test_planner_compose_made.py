"""Plans as whole texts: what Compose made, which is taken over."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.planner import plan_apply


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
