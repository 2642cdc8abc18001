"""Laws of plans that break off: whatever fails, what ran runs and is reached as it was, and the next apply does the rest."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.drawing import draw
from tests.core.planning import running
from tests.core.reached import losses
from tests.core.simulator import Refusal, Simulator
from tests.core.test_planner_laws import apply, designs, engine_of
from tests.core.test_put_back import CAUSE, perform_but
from tests.examples import examples
from topology.core.design import Design
from topology.core.planner import plan_apply
from topology.core.put_back import plan_put_back

SITUATIONS = {
    "a sharer is made anew with its owner": (
        "vpn nginx on front\napp redis; mode service:vpn",
        "vpn nginx on front; env A=1\napp redis; mode service:vpn; env A=1",
    ),
    "a sharer is parted from its owner": ("vpn nginx\napp redis; mode service:vpn", "vpn nginx; env A=1\napp redis"),
    "a client is linked on docker0": (
        "db redis; mode bridge\nweb nginx; mode bridge; link db:cache",
        "db redis; mode bridge; env A=1\nweb nginx; mode bridge; link db:cache",
    ),
    "a network changes under what is made anew": (
        "db redis on front; check\nweb nginx on front(www) back; needs db healthy\nnet front 10.0.0.0/24",
        "db redis on front; check; env A=1\nweb nginx on front back; needs db healthy; env A=1\nnet front 10.1.0.0/24",
    ),
    "a network changes under what stays": (
        "db redis on front(10.0.0.5)\nweb nginx on front(www) back; link db:cache\nnet front 10.0.0.0/24",
        "db redis on front(10.1.0.5)\nweb nginx on front(www) back; link db:cache\nnet front 10.1.0.0/24",
    ),
    "a subnet goes to another network": (
        "web nginx on front\ndb redis on front\nnet front 10.0.0.0/24",
        "web nginx on edge\ndb redis on edge; env A=1\nnet edge 10.0.0.0/24",
    ),
    "two addresses are swapped": (
        "web nginx on n(10.0.0.5)\ndb redis on n(10.0.0.6)\nnet n 10.0.0.0/24",
        "web nginx on n(10.0.0.6)\ndb redis on n(10.0.0.5); env A=1\nnet n 10.0.0.0/24",
    ),
    "a service gets another name": ("web nginx on front; name x", "web nginx on front(www); name y; env A=1"),
    "a service moves": ("web nginx on front\ndb redis on front", "web nginx on back\ndb redis on front; env A=1"),
}


def break_off(engine: Simulator, after: Design, failing: int) -> list[str]:
    """An apply of which one operation fails, and what puts back: what is lost by then."""
    seen = engine.observe()
    plan = plan_apply(after, seen, remove_orphans=True)
    done = perform_but(engine, plan, failing % max(1, len(plan.operations)))
    engine.perform(plan_put_back(after, plan, seen, engine.observe(), cause=CAUSE, done=done))
    return losses(engine, seen, plan, after)


@pytest.mark.parametrize("title", SITUATIONS)
def test_at_whichever_step_it_fails_nothing_is_lost(title: str) -> None:
    before, text = SITUATIONS[title]
    after = draw(text)
    steps = plan_apply(after, running(before).observe(), remove_orphans=True).operations
    for failing, step in enumerate(steps):
        engine = running(before)
        assert break_off(engine, after, failing) == [], step.summary
        apply(engine, after)
        assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n", step.summary


@pytest.mark.parametrize("title", SITUATIONS)
def test_at_whichever_step_its_worker_is_killed_the_next_apply_connects_what_it_keeps(title: str) -> None:
    """Whatever still runs is on a network before the first container is made or stopped."""
    before, text = SITUATIONS[title]
    after = draw(text)
    steps = plan_apply(after, running(before).observe(), remove_orphans=True).operations
    for killed in range(len(steps)):
        engine = running(before)
        engine.perform(plan_apply(after, engine.observe(), remove_orphans=True), steps=killed)
        plan = plan_apply(after, engine.observe(), remove_orphans=True)
        first = next((index for index, one in enumerate(plan.operations) if one.summary.startswith(("create the", "stop"))), None)
        engine.perform(plan, steps=first)
        alone = [one.name for one in engine.containers.values() if one.state == "running" and not one.endpoints]
        assert [name for name in alone if ":" not in engine.containers[name].host["NetworkMode"]] == [], killed


@examples(60)
@given(designs(), st.data())
def test_whatever_fails_when_only_values_and_networks_change_nothing_is_lost(before: Design, data: st.DataObject) -> None:
    """Here all containers stay or are made anew, with what they are bound to, and networks are made anew under them."""
    services = {
        name: replace(one, environment={"A": data.draw(st.sampled_from(("1", "2")))}) for name, one in before.services.items()
    }
    networks = {key: replace(one, internal=data.draw(st.booleans())) if key != "p" else one for key, one in before.networks.items()}
    after = replace(before, services=services, networks=networks)
    engine = engine_of(before)
    try:
        assert break_off(engine, after, data.draw(st.integers(0, 60))) == []
    except Refusal as refusal:
        assert re.search(r"address", str(refusal)), refusal
        return
    apply(engine, after)
    assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n"


@examples(60)
@given(designs(), designs(), st.integers(0, 60), st.integers(0, 60))
def test_when_the_next_apply_after_a_killed_one_fails_as_well_nothing_more_is_lost(
    before: Design, after: Design, killed: int, failing: int
) -> None:
    engine = engine_of(before)
    plan = plan_apply(after, engine.observe(), remove_orphans=True)
    try:
        engine.perform(plan, steps=killed % max(1, len(plan.operations)))
        lost = break_off(engine, after, failing)
    except Refusal as refusal:  # what another has by now, and what shared the network of a container that the first one removed
        assert re.search(r"port|address|joins a container that is gone", str(refusal)), refusal
        return
    assert lost == []
    apply(engine, after)
    assert plan_apply(after, engine.observe(), remove_orphans=True).as_text() == "nothing to do\n"
