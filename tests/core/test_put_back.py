"""A plan that fails in the middle: what ran before it runs after it, and the next apply goes on from there."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.drawing import draw
from tests.core.planning import lines, running
from tests.core.reached import losses
from tests.core.simulator import Refusal, Simulator
from tests.core.test_planner_laws import apply, check_files, designs, engine_of
from tests.examples import examples
from topology.core.design import Design
from topology.core.plan import Kind, Plan
from topology.core.planner import plan_apply, plan_down, plan_start
from topology.core.put_back import plan_put_back
from topology.core.status import summarize

CAUSE = "the apply failed"


def perform_but(engine: Simulator, plan: Plan, failing: int) -> set[int]:
    """Carry out all that does not need the operation at `failing`, as the executor does after a failed step; gives what is done."""
    done: set[int] = set()
    for index, operation in enumerate(plan.operations):
        if index != failing and done.issuperset(operation.needs):
            engine.perform(Plan((replace(operation, needs=()),), ()))
            done.add(index)
    return done


def broken(before: str, after: str, *, at: str) -> tuple[Simulator, Plan, Plan]:
    """An apply of which the operation with the summary `at` fails: the engine, its plan and the one that puts back."""
    engine = running(before)
    seen = engine.observe()
    plan = plan_apply(draw(after), seen)
    done = perform_but(engine, plan, next(index for index, one in enumerate(plan.operations) if one.summary == at))
    return engine, plan, plan_put_back(draw(after), plan, seen, engine.observe(), cause=CAUSE, done=done)


def test_it_puts_the_old_one_back_when_the_new_one_does_not_stay_up() -> None:
    engine, _, back = broken("web nginx", "web nginx; env A=1", at="see that web stays up")
    old = engine.containers["p-web-1.old"].id
    assert back.as_text() == lines("""
        recreate  stop the new web  (the apply failed)
        recreate  remove the new web  (the apply failed)
        recreate  give the old web its name p-web-1 again  (the apply failed)
        recreate  start the old web again  (the apply failed)
        """)
    engine.perform(back)
    assert engine.ids() == {"p-web-1": old} and engine.containers["p-web-1"].state == "running"


def test_it_puts_the_old_one_back_when_the_new_one_does_not_start() -> None:
    _, _, back = broken("web nginx", "web nginx; env A=1", at="start web")
    assert back.as_text() == lines("""
        recreate  remove the new web  (the apply failed)
        recreate  give the old web its name p-web-1 again  (the apply failed)
        recreate  start the old web again  (the apply failed)
        """)


def test_it_starts_the_old_one_again_that_was_stopped_and_not_set_aside_yet() -> None:
    _, _, back = broken("web nginx", "web nginx; env A=1", at="set the old web aside as p-web-1.old")
    assert back.as_text() == lines("""
        recreate  remove the new web  (the apply failed)
        recreate  start the old web again  (the apply failed)
        """)


def test_it_leaves_alone_what_was_not_stopped() -> None:
    engine, _, back = broken("web nginx", "web nginx; env A=1", at="stop web")
    assert back.as_text() == "nothing to do\n"
    assert engine.containers["p-web-1"].state == "running"


def test_it_leaves_alone_what_was_replaced_well() -> None:
    engine, _, back = broken("web nginx\napi nginx", "web nginx; env A=1\napi nginx; env A=1", at="see that web stays up")
    assert [one.subject for one in back.operations] == ["service:web"] * len(back.operations)
    assert engine.containers["p-api-1"].payload["Env"] == ["A=1"]


def test_it_puts_an_unhealthy_server_back_and_leaves_its_clients_alone() -> None:
    engine, _, back = broken(
        "web nginx; needs db healthy\ndb redis; check",
        "web nginx; needs db healthy; env A=1\ndb redis; check; env A=1",
        at="wait until db is healthy",
    )
    assert [one.subject for one in back.operations] == ["service:db"] * len(back.operations)
    assert engine.containers["p-web-1"].state == "running"


def test_it_gives_networks_that_were_made_anew_back_with_their_aliases() -> None:
    before = "web nginx on front(www) back\nnet front 10.0.0.0/24"
    engine, _, back = broken(before, "web nginx on front(www) back; env A=1\nnet front 10.1.0.0/24", at="start web")
    assert back.as_text() == lines("""
        recreate  remove the new web  (the apply failed)
        recreate  give the old web its name p-web-1 again  (the apply failed)
        recreate  start the old web again  (the apply failed)
        """)
    engine.perform(back)
    assert engine.containers["p-web-1"].endpoints["p_front"]["Aliases"] == ["web", "www"]


def test_it_gives_the_restart_policy_back() -> None:
    engine, _, back = broken("web nginx; restart always", "web nginx; restart always; env A=1", at="start web")
    assert "give the old web its restart policy again" in back.as_text()
    assert engine.perform(back).containers["p-web-1"].host["RestartPolicy"]["Name"] == "always"


def test_what_shares_the_network_of_one_that_is_put_back_starts_anew() -> None:
    before = "web nginx; mode service:vpn\nvpn nginx"
    _, _, back = broken(before, "web nginx; mode service:vpn\nvpn nginx; env A=1", at="start vpn")
    assert back.as_text() == lines("""
        recreate  remove the new vpn  (the apply failed)
        recreate  give the old vpn its name p-vpn-1 again  (the apply failed)
        recreate  start the old vpn again  (the apply failed)
        recreate  restart web, which shares what was stopped  (the apply failed)
        """)


def test_what_is_bound_to_each_other_goes_back_together() -> None:
    before, after = "vpn nginx\napp redis; mode service:vpn", "vpn nginx; env A=1\napp redis; mode service:vpn"
    engine, _, back = broken(before, after, at="see that app stays up")
    assert back.as_text() == lines("""
        recreate  stop the new app  (the apply failed)
        recreate  remove the new app  (the apply failed)
        recreate  stop the new vpn  (the apply failed)
        recreate  remove the new vpn  (the apply failed)
        recreate  give the old vpn its name p-vpn-1 again  (the apply failed)
        recreate  start the old vpn again  (the apply failed)
        recreate  give the old app its name p-app-1 again  (the apply failed)
        recreate  start the old app again  (the apply failed)
        """)
    engine.perform(back)
    assert {name: one.state for name, one in engine.containers.items()} == {"p-vpn-1": "running", "p-app-1": "running"}


def test_what_was_bound_to_each_other_goes_back_together_when_it_is_to_be_parted() -> None:
    engine, _, back = broken("vpn nginx\napp redis; mode service:vpn", "vpn nginx; env A=1\napp redis", at="see that app stays up")
    engine.perform(back)
    assert {name: one.state for name, one in engine.containers.items()} == {"p-vpn-1": "running", "p-app-1": "running"}
    assert engine.containers["p-app-1"].host["NetworkMode"] == f"container:{engine.containers['p-vpn-1'].id}"


def test_what_has_stayed_up_remains_when_the_old_one_cannot_be_removed() -> None:
    engine, _, back = broken("web nginx", "web nginx; env A=1", at="remove the old web")
    assert back.as_text() == "nothing to do\n"
    assert engine.containers["p-web-1"].payload["Env"] == ["A=1"]
    assert plan_apply(draw("web nginx; env A=1"), engine.observe()).as_text() == lines("""
        recreate  see that web stays up  (an apply that broke off left it)
        recreate  remove the old web  (an apply that broke off left it)
        """)


def test_it_puts_back_what_an_earlier_apply_set_aside() -> None:
    engine = running("web nginx")
    after = draw("web nginx; env A=1")
    engine.perform(plan_apply(after, engine.observe()), steps=5)  # then its worker died
    seen = engine.observe()
    plan = plan_apply(after, seen)
    back = plan_put_back(after, plan, seen, engine.observe(), cause=CAUSE)
    assert back.as_text() == lines("""
        recreate  stop the new web  (the apply failed)
        recreate  remove the new web  (the apply failed)
        recreate  give the old web its name p-web-1 again  (the apply failed)
        recreate  start the old web again  (the apply failed)
        """)


@examples(120)
@given(designs(), designs(), st.data())
def test_whatever_fails_what_ran_runs_again(before: Design, after: Design, data: st.DataObject) -> None:
    engine = engine_of(before)
    seen = engine.observe()
    plan = plan_apply(after, seen, remove_orphans=True)
    failing = data.draw(st.integers(0, max(0, len(plan.operations) - 1)))
    try:
        done = perform_but(engine, plan, failing)
        engine.perform(plan_put_back(after, plan, seen, engine.observe(), cause=CAUSE, done=done))
    except Refusal as refusal:  # a port or an address that another service has by now
        assert re.search(r"port|address", str(refusal)), refusal
        return
    assert losses(engine, seen, plan, after) == []
    apply(engine, after)
    assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n"
    check_files(engine, after)


def test_what_is_set_aside_is_neither_shown_nor_started() -> None:
    engine = running("web nginx")
    after = draw("web nginx; env A=1")
    engine.perform(plan_apply(after, engine.observe()), steps=5)  # then its worker died
    summary = summarize(after, engine.observe())
    assert (summary.state, summary.running, summary.services) == ("running", 1, {"web": "running"})
    assert plan_start(after, engine.observe()).as_text() == "nothing to do\n"
    engine.perform(plan_down(after, engine.observe()))
    assert engine.ids() == {}


def test_it_makes_a_volume_once_more_that_a_killed_engine_half_made() -> None:
    seen = replace(running("web nginx").observe(), half_made={"p_data": 7.0})
    plan = plan_apply(draw("web nginx\napi nginx; mount data:/d"), seen)
    made = next(one for one in plan.operations if one.kind is Kind.CREATE_VOLUME)
    assert (made.cause, made.detail["half_made_since"]) == ("the engine was killed while it made it", 7.0)


def test_names_that_have_passed_on_stay_apart_when_some_go_back() -> None:
    """b has stayed up with the name that c had: c keeps the one it was set aside with, and the next apply starts from there."""
    after = draw(
        "a nginx; mode bridge; name x; env A=1\nb nginx; name z; env A=1\nc nginx; mode bridge; link a:to; name y; env A=1"
    )
    before = "a nginx; mode bridge; name y\nb nginx; name x\nc nginx; mode bridge; link a:to; name z"
    engine = running(before)
    seen = engine.observe()
    plan = plan_apply(after, seen)
    wanted = ["see that b stays up", "remove the old b"]  # as when it is quicker than the others
    failing = next(index for index, one in enumerate(plan.operations) if one.summary == "see that c stays up")
    order = [index for index, one in enumerate(plan.operations) if index < failing or one.summary in wanted]
    engine.perform(plan, order=order)
    engine.perform(plan_put_back(after, plan, seen, engine.observe(), cause=CAUSE, done=order))
    runs = {one.name: one.service for one in engine.observe().containers if one.state == "running"}
    assert runs == {"y": "a", "y.old": "c", "z": "b"}
    engine.perform(plan_apply(after, engine.observe()))
    assert plan_apply(after, engine.observe()).as_text() == "nothing to do\n"
    assert {one.name: one.service for one in engine.observe().containers} == {"x": "a", "z": "b", "y": "c"}
