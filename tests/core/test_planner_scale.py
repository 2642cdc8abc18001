"""Plans as whole texts: how many containers there are, orphans and services of a profile."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from tests.core.simulator import Simulator
from topology.core.drift import drift
from topology.core.drift_keep import keep_edit
from topology.core.edit import SetValue
from topology.core.planner import plan_apply


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


def scaled(count: int, *gone: int, drawn: str = "web nginx; scale") -> Simulator:
    """So many containers, of which some were removed by hand."""
    engine = running(f"{drawn} {count}")
    for number in gone:
        engine.exit(f"p-web-{number}", code=0)
        engine._remove_container(f"p-web-{number}", volumes=False)
    return engine


def test_it_does_not_insist_on_numbers_without_a_gap() -> None:
    assert plan_apply(draw("web nginx; scale 2"), scaled(3, 1).observe()).as_text() == "nothing to do\n"
    assert plan_apply(draw("web nginx"), scaled(2, 1).observe()).as_text() == "nothing to do\n"
    assert drift(draw("web nginx; scale 2"), scaled(3, 1).observe()) == ()


def test_it_takes_the_highest_numbers_away_and_fills_gaps() -> None:
    assert plan_apply(draw("web nginx"), scaled(3, 1).observe()).as_text() == lines("""
        remove  stop web 3  (scale is 1)
        remove  remove web 3  (scale is 1)
        """)
    assert plan_apply(draw("web nginx; scale 3"), scaled(3, 2).observe()).as_text() == lines("""
        new  create web 2 from nginx on default  (it is not there)
        new  start web 2  (it is new)
        """)
    assert [one.words for one in drift(draw("web nginx; scale 3"), scaled(3, 2).observe())] == ["web 2 has no container any more"]
    assert [one.words for one in drift(draw("web nginx"), scaled(3, 1).observe())] == ["p-web-3 is one more than the 1 designed"]


def test_it_makes_the_containers_of_a_scale_with_a_gap_anew_under_their_names() -> None:
    engine = scaled(3, 1)
    after = draw("web nginx; scale 2; env A=1")
    engine.perform(plan_apply(after, engine.observe()))
    assert list(engine.ids()) == ["p-web-2", "p-web-3"]
    assert plan_apply(after, engine.observe()).as_text() == "nothing to do\n"


def test_a_service_whose_first_container_others_name_has_one() -> None:
    drawn = "app nginx; mode service:web\nweb nginx; scale"
    plan = plan_apply(draw("app nginx; mode service:web\nweb nginx"), scaled(2, 1, drawn=drawn).observe())
    assert [one.summary for one in plan.operations][:3] == ["stop web 2", "remove web 2", "create web from nginx on default"]


def test_a_kept_removal_leaves_nothing_to_do() -> None:
    engine = scaled(2, 1)
    before, seen = draw("web nginx; scale 2"), engine.observe()
    raw = {"services": {"web": {"image": "nginx", "scale": 2}}}
    assert keep_edit(drift(before, seen), before, seen, raw=raw, told={}, networks={}) == SetValue(("services", "web", "scale"), 1)
    assert plan_apply(draw("web nginx"), seen).as_text() == "nothing to do\n"
