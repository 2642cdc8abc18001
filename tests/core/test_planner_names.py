"""Plans as whole texts: names that pass from one container to another, and names and ports that one which stays has."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from tests.core.simulator import Simulator
from topology.core.design import Design
from topology.core.planner import plan_apply
from topology.core.put_back import plan_put_back


def settled(engine: Simulator, after: Design, *, remove_orphans: bool = False) -> bool:
    return not plan_apply(after, engine.observe(), remove_orphans=remove_orphans).operations


def test_it_exchanges_two_names() -> None:
    engine = running("a nginx; name x\nb redis; name y")
    ids = {one.service: one.id for one in engine.containers.values()}
    after = draw("a nginx; name y\nb redis; name x")
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        in place  rename x to y.next  (b takes its name)
        in place  rename y to x  (x is its name)
        in place  rename y.next to y  (y is its name)
        """)
    engine.perform(plan)
    assert settled(engine, after)
    assert engine.ids() == {"y": ids["a"], "x": ids["b"]}


def test_a_name_goes_on_when_the_one_that_it_goes_to_has_another_already() -> None:
    engine = running("a nginx; name x\nb redis; name y")
    after = draw("a nginx; name y\nb redis; name z")
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        in place  rename y to z  (z is its name)
        in place  rename x to y  (y is its name)
        """)
    assert plan.operations[1].needs == (0,)
    assert settled(engine.perform(plan), after)


def test_a_new_container_waits_for_its_name() -> None:
    engine = running("b nginx; name x")
    after = draw("a redis; name x\nb nginx; name y")
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        in place  rename x to y  (y is its name)
        new       create a from redis on default  (it is not there)
        new       start a  (it is new)
        """)
    assert plan.operations[1].needs == (0,)
    assert settled(engine.perform(plan), after)


def test_one_that_is_made_anew_waits_for_its_name() -> None:
    engine = running("a nginx; name x\nb redis; name y")
    after = draw("a nginx; name y; env A=1\nb redis; name z")
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        in place  rename y to z  (z is its name)
        recreate  create the new a from nginx on default  (environment changed)
        recreate  stop a  (environment changed)
        recreate  set the old a aside as y.old  (environment changed)
        recreate  name the new a y  (environment changed)
        recreate  start a  (environment changed)
        recreate  see that a stays up  (environment changed)
        recreate  remove the old a  (environment changed)
        """)
    assert settled(engine.perform(plan), after)


def test_an_old_container_gives_its_name_to_one_that_its_successor_waits_for() -> None:
    engine = running("b nginx; name x")
    after = draw("a redis; name x\nb nginx; name y; env A=1; needs a")
    plan = plan_apply(after, engine.observe())
    assert plan.as_text() == lines("""
        in place  rename x to y  (y is its name)
        new       create a from redis on default  (it is not there)
        new       start a  (it is new)
        recreate  create the new b from nginx on default  (environment changed)
        recreate  stop b  (environment changed)
        recreate  set the old b aside as y.old  (environment changed)
        recreate  name the new b y  (environment changed)
        recreate  start b  (environment changed)
        recreate  see that b stays up  (environment changed)
        recreate  remove the old b  (environment changed)
        """)
    assert settled(engine.perform(plan), after)


def test_a_name_is_free_once_the_orphan_that_has_it_is_removed() -> None:
    engine = running("a nginx; name x\nb redis; name y\norphan nginx; name z")
    after = draw("a nginx; name y\nb redis; name z")
    plan = plan_apply(after, engine.observe(), remove_orphans=True)
    assert plan.as_text() == lines("""
        remove    stop container z  (the design has no service orphan)
        remove    remove container z  (the design has no service orphan)
        in place  rename y to z  (z is its name)
        in place  rename x to y  (y is its name)
        """)
    assert plan.operations[2].needs == (1,)
    assert settled(engine.perform(plan), after, remove_orphans=True)


SWAPS = [
    dict(zip("abc", names, strict=True)) for names in itertools.permutations("xyz")
] + [{"a": "y", "b": "w", "c": "x"}, {"a": "w", "b": "x", "c": "y"}]  # fmt: skip


@pytest.mark.parametrize("names", SWAPS, ids=lambda names: "".join(names.values()))
@pytest.mark.parametrize("anew", ["", "a", "b", "abc"])
@pytest.mark.parametrize("steps", [None, 1, 2, 3, 5, 8])
def test_names_come_to_be_as_designed_wherever_an_apply_breaks_off(names: dict[str, str], anew: str, steps: int | None) -> None:
    engine = running("a nginx; name x\nb redis; name y; needs a\nc redis; name z")
    texts = [f"{one} nginx; name {names[one]}{'; env A=1' * (one in anew)}{'; needs c' * (one == 'a')}" for one in "abc"]
    after = draw("\n".join(texts).replace("b nginx", "b redis").replace("c nginx", "c redis"))
    engine.perform(plan_apply(after, engine.observe()), steps=steps)
    engine.perform(plan_apply(after, engine.observe()))
    assert settled(engine, after)
    assert {name: one.service for name, one in engine.containers.items()} == {name: service for service, name in names.items()}


def test_what_was_stopped_after_its_name_had_passed_is_put_back() -> None:
    engine = running("a nginx; name x\nb redis; name y")
    after = draw("a nginx; name y; env A=1\nb redis; name x")
    seen = engine.observe()
    plan = plan_apply(after, seen)
    engine.perform(plan, steps=[one.summary for one in plan.operations].index("start a"))
    back = plan_put_back(after, plan, seen, engine.observe(), cause="the apply failed")
    assert back.as_text() == lines("""
        recreate  remove the new a  (the apply failed)
        recreate  give the old a its name y again  (the apply failed)
        recreate  start the old a again  (the apply failed)
        """)
    assert settled(engine.perform(back).perform(plan_apply(after, engine.observe())), after)


def held(before: str, after: str, **change: Any) -> list[str]:
    """The notes of an apply that say what is held, where the containers of `before` are changed so."""
    engine = running(before)
    seen = engine.observe()
    seen = replace(seen, containers=tuple(replace(one, **change) if one.service == "a" else one for one in seen.containers))
    return [note for note in notes(plan_apply(draw(after), seen)) if "-held" in note]


def test_it_says_that_an_orphan_holds_a_port_before_it_does_anything() -> None:
    engine = running("a nginx; ports 80:80\nb nginx")
    after = draw("b nginx; ports 80:80")
    plan = plan_apply(after, engine.observe())
    assert [(note.code, note.message, note.fix) for note in plan.notes if note.code != "orphan"] == [(
        "port-held", "Host port 80/tcp of b is taken by p-a-1, which this apply leaves alone.",
        "Apply with `remove orphans` to remove that one, or give b another host port (the number on the left).",
    )]  # fmt: skip
    plan = plan_apply(after, engine.observe(), remove_orphans=True)
    assert notes(plan) == []
    assert settled(engine.perform(plan), after)


def test_it_says_that_an_orphan_has_a_name_before_it_does_anything() -> None:
    engine = running("a nginx; name x")
    after = draw("b nginx; name x")
    plan = plan_apply(after, engine.observe())
    assert [(note.code, note.message, note.fix) for note in plan.notes if note.code != "orphan"] == [(
        "name-held", "b is to be named x, as another container of this stack is that this apply leaves alone.",
        "Apply with `remove orphans` to remove that one, or give b another container_name.",
    )]  # fmt: skip
    plan = plan_apply(after, engine.observe(), remove_orphans=True)
    assert notes(plan) == []
    assert settled(engine.perform(plan), after, remove_orphans=True)


def test_a_one_off_and_a_container_of_a_profile_hold_ports_and_names_as_well() -> None:
    taken = ["error port-held: Host port 80/tcp of b is taken by p-a-1, which this apply leaves alone."]
    assert held("a nginx; ports 80:80\nb nginx", "b nginx; ports 80:80", oneoff=True) == taken
    assert held("a nginx; ports 80:80", "a nginx; ports 80:80; profile dev\nb nginx; ports 80:80") == taken
    assert held("a nginx; name x", "b nginx; name x", oneoff=True) == [
        "error name-held: b is to be named x, as another container of this stack is that this apply leaves alone."
    ]


def test_nothing_is_held_by_one_that_is_stopped_or_for_one_that_runs() -> None:
    assert held("a nginx; ports 80:80", "b nginx; ports 80:80", state="exited", ports=()) == []
    assert held("a nginx; ports 80:80", "a nginx; ports 80:80; env A=1") == []
    assert held("a nginx; ports 80:80\nb nginx; ports 81:80", "b nginx; ports 81:80") == []
