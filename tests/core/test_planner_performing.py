"""Plans as whole texts: files that are copied into containers, and hooks."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.drawing import draw
from tests.core.planning import engine_of, lines, notes, with_keys
from tests.core.simulator import Simulator
from topology.core.design import Design, Resource
from topology.core.planner import plan_apply, plan_down, plan_restart, plan_start, plan_stop

HOOK = {"command": ["sh", "-c", "migrate"], "user": "root", "privileged": False, "environment": {"A": "1"}}


# --- configs and secrets


def secret(design: Design, content: str = "hunter2") -> Design:
    return replace(with_keys(design, "web", secrets=["pw"]), secrets={"pw": Resource("pw", content=content)})


def test_it_copies_a_secret_into_a_new_container_before_it_starts() -> None:
    plan = plan_apply(secret(draw("web nginx")), Simulator(images=("nginx",)).observe())
    assert plan.as_text() == lines("""
        new  create network p_default  (it is not there)
        new  create web from nginx on default  (it is not there)
        new  copy /run/secrets/pw into web  (it is not there)
        new  start web  (it is new)
        """)
    copied = plan.operations[2]
    assert copied.contents == {"/run/secrets/pw": "hunter2"}
    assert "hunter2" not in str(copied.to_json())
    assert plan.operations[3].needs == (1, 2)


def test_it_makes_a_container_anew_when_a_secret_changes() -> None:
    engine = engine_of(secret(draw("web nginx")))
    assert plan_apply(secret(draw("web nginx")), engine.observe()).as_text() == "nothing to do\n"
    plan = plan_apply(secret(draw("web nginx"), "other"), engine.observe())
    assert plan.as_text() == lines("""
        recreate  create the new web from nginx on default  (secrets changed)
        recreate  copy /run/secrets/pw into the new web  (secrets changed)
        recreate  stop web  (secrets changed)
        recreate  set the old web aside as p-web-1.old  (secrets changed)
        recreate  name the new web p-web-1  (secrets changed)
        recreate  start web  (secrets changed)
        recreate  see that web stays up  (secrets changed)
        recreate  remove the old web  (secrets changed)
        """)


def test_it_copies_again_when_an_apply_broke_off_before_the_copy() -> None:
    design, engine = secret(draw("web nginx")), Simulator(images=("nginx",))
    engine.perform(plan_apply(design, engine.observe()), steps=2)
    plan = plan_apply(design, engine.observe())
    assert plan.as_text() == lines("""
        in place  copy /run/secrets/pw into web  (it was made, but not started)
        in place  start web  (it was made, but not started)
        """)
    assert engine.perform(plan).containers["p-web-1"].files.keys() == {"/run/secrets/pw"}


def test_it_does_not_copy_into_a_container_that_stopped_by_itself() -> None:
    engine = engine_of(secret(draw("web nginx")))
    engine.exit("p-web-1", code=1)
    assert plan_apply(secret(draw("web nginx")), engine.observe()).as_text() == lines("""
        in place  start web  (it exited with 1)
        """)


@pytest.mark.parametrize(
    ("resource", "note"),
    [
        (Resource("pw", external=True), "error secrets-missing: web is to have /run/secrets/pw, but the secret pw is external, which only a Swarm has."),
        (Resource("pw", environment="PW"), "error secrets-missing: web is to have /run/secrets/pw, but the secret pw comes from the variable PW, which is not set."),
        (Resource("pw", file="./pw"), "error secrets-missing: web is to have /run/secrets/pw, but the secret pw comes from ./pw, which this stack does not have."),
    ],
)  # fmt: skip
def test_it_says_whose_secret_it_does_not_have(resource: Resource, note: str) -> None:
    design = replace(secret(draw("web nginx")), secrets={"pw": resource})
    assert notes(plan_apply(design, Simulator(images=("nginx",)).observe())) == [note]


def test_it_says_that_a_read_only_container_takes_no_copy() -> None:
    design = with_keys(secret(draw("web nginx")), "web", fields={"read_only": True})
    found = plan_apply(design, Simulator(images=("nginx",)).observe()).notes
    assert [(one.code, one.message) for one in found] == [
        ("copy-read-only", "/run/secrets/pw cannot be copied into web: its files are read-only.")
    ]


# --- hooks


def test_it_runs_post_start_before_what_depends_on_it_starts() -> None:
    design = with_keys(draw("web nginx; needs db\ndb redis"), "db", post_start=[HOOK, {"command": "echo two"}])
    plan = plan_apply(design, Simulator(images=("nginx", "redis")).observe())
    assert plan.as_text() == lines("""
        new  create network p_default  (it is not there)
        new  create db from redis on default  (it is not there)
        new  start db  (it is new)
        new  run post_start 1 of 2 in db  (it has started)
        new  run post_start 2 of 2 in db  (it has started)
        new  create web from nginx on default  (it is not there)
        new  start web  (it is new)
        """)
    assert 4 in plan.operations[6].needs
    assert plan.operations[3].detail["command"] == ["sh", "-c", "migrate"]
    assert plan.operations[3].detail["environment"] == ["A=1"]
    assert plan.operations[4].detail["command"] == ["echo", "two"]


def test_it_runs_pre_stop_before_it_stops_the_old_one() -> None:
    design = with_keys(draw("web nginx"), "web", pre_stop=[HOOK])
    engine = engine_of(design)
    changed = with_keys(draw("web nginx; env A=1"), "web", pre_stop=[HOOK])
    assert plan_apply(changed, engine.observe()).as_text() == lines("""
        recreate  create the new web from nginx on default  (environment changed)
        recreate  run pre_stop in web  (environment changed)
        recreate  stop web  (environment changed)
        recreate  set the old web aside as p-web-1.old  (environment changed)
        recreate  name the new web p-web-1  (environment changed)
        recreate  start web  (environment changed)
        recreate  see that web stays up  (environment changed)
        recreate  remove the old web  (environment changed)
        """)


def test_down_and_stop_run_pre_stop_of_what_runs() -> None:
    design = with_keys(draw("web nginx"), "web", pre_stop=[HOOK])
    engine = engine_of(design)
    assert plan_stop(design, engine.observe()).as_text() == lines("""
        stop  run pre_stop in web  (stopping was asked for)
        stop  stop web  (stopping was asked for)
        """)
    assert plan_down(design, engine.observe()).as_text() == lines("""
        remove  run pre_stop in web  (the stack is taken down)
        remove  stop web  (the stack is taken down)
        remove  remove web  (the stack is taken down)
        remove  remove network p_default  (the stack is taken down)
        """)
    engine.exit("p-web-1", code=0)
    assert plan_down(design, engine.observe()).as_text() == lines("""
        remove  remove web  (the stack is taken down)
        remove  remove network p_default  (the stack is taken down)
        """)


def test_restart_and_start_run_the_hooks() -> None:
    design = with_keys(draw("web nginx"), "web", pre_stop=[HOOK], post_start=[HOOK])
    engine = engine_of(design)
    plan = plan_restart(design, engine.observe())
    assert plan.as_text() == lines("""
        restart  run pre_stop in web  (restarting was asked for)
        restart  restart web  (restarting was asked for)
        restart  run post_start in web  (it has started)
        """)
    started_at = engine.containers["p-web-1"].started_at
    assert plan.operations[1].detail["since"] == started_at
    engine.exit("p-web-1", code=0)
    assert plan_start(design, engine.observe()).as_text() == lines("""
        in place  start web  (starting was asked for)
        in place  run post_start in web  (it has started)
        """)
