"""What one container holds and another takes: fixed addresses above all, which are claimed before the engine gives others away."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.simulator import Refusal, Simulator
from topology.core.design import Design, Pool
from topology.core.plan import Kind, Plan
from topology.core.planner import plan_apply, plan_restart, plan_start, plan_stop

APART = """
    a nginx on front
    b redis on front(10.0.0.2)
    net front 10.0.0.0/24
    """
BEFORE = APART.replace("(10.0.0.2)", "(10.0.0.2); needs a")


def empty() -> Simulator:
    return Simulator(images=("nginx", "redis"))


def starts(plan: Plan) -> list[str]:
    return [one.detail["container"] for one in plan.operations if one.kind in (Kind.START, Kind.RESTART)]


def test_a_fixed_address_is_claimed_before_others_get_one() -> None:
    engine = empty()
    plan = plan_apply(draw(APART), engine.observe())
    assert starts(plan) == ["p-b-1", "p-a-1"]
    assert plan.notes == ()
    engine.perform(plan)
    assert engine.containers["p-b-1"].addresses == {"p_front": "10.0.0.2"}


def test_it_leaves_the_order_where_the_address_is_beyond_those_that_are_given() -> None:
    far = draw(APART.replace("10.0.0.2", "10.0.0.9"))
    plan = plan_apply(far, empty().observe())
    assert starts(plan) == ["p-a-1", "p-b-1"]
    assert not set(plan.operations[-1].needs) & {index for index, one in enumerate(plan.operations) if one.kind is Kind.START}


def test_it_warns_where_the_other_has_to_start_first_and_the_next_apply_mends_it() -> None:
    design, engine = draw(BEFORE), empty()
    plan = plan_apply(design, engine.observe())
    assert [(note.code, note.severity, note.subject) for note in plan.notes] == [("address-may-be-given", "warning", "service:b")]
    assert "ip_range" in plan.notes[0].fix and "10.0.0.2" in plan.notes[0].message
    try:
        engine.perform(plan)
    except Refusal as refusal:
        assert "10.0.0.2" in str(refusal)
    else:
        raise AssertionError("the engine had to give the address away")
    engine.perform(plan_apply(design, engine.observe()))
    assert engine.containers["p-b-1"].addresses == {"p_front": "10.0.0.2"}
    assert plan_apply(design, engine.observe()).as_text() == "nothing to do\n"


def test_a_reserved_range_needs_no_order_and_no_warning() -> None:
    drawn = draw(BEFORE)
    network = drawn.networks["front"]
    pool = Pool("10.0.0.0/24", ip_range="10.0.0.128/25")
    design = Design("p", drawn.services, {"front": type(network)("front", pools=(pool,))})
    assert plan_apply(design, empty().observe()).notes == ()


def test_who_holds_the_address_keeps_it_until_the_other_has_got_one() -> None:
    engine = empty().perform(plan_apply(draw(APART), empty().observe()))
    plan = plan_apply(draw(BEFORE.replace("a nginx", "a redis").replace("b redis", "b nginx")), engine.observe())
    assert plan.notes == ()
    engine.perform(plan)
    assert engine.containers["p-b-1"].addresses == {"p_front": "10.0.0.2"}


def test_starting_and_restarting_claim_first_as_well() -> None:
    design = draw(APART)
    engine = empty().perform(plan_apply(design, empty().observe()))
    engine.perform(plan_stop(design, engine.observe()))
    plan = plan_start(design, engine.observe())
    assert [one.needs for one in plan.operations] == [(), (0,)]
    engine.perform(plan)
    assert starts(plan_restart(design, engine.observe())) == ["p-b-1", "p-a-1"]


def test_an_address_that_a_container_has_which_stays_alone_stops_the_apply() -> None:
    engine = empty().perform(plan_apply(draw("gone nginx on front\nnet front 10.0.0.0/24"), empty().observe()))
    after = draw("b redis on front(10.0.0.2)\nnet front 10.0.0.0/24")
    kept = plan_apply(after, engine.observe())
    assert [(note.code, note.severity) for note in kept.notes if note.code != "orphan"] == [("address-held", "error")]
    removing = plan_apply(after, engine.observe(), remove_orphans=True)
    assert removing.notes == ()
    engine.perform(removing)


def test_a_successor_left_by_a_broken_apply_takes_those_with_it_that_share_its_network() -> None:
    engine = Simulator(images=("nginx", "redis"))
    engine.perform(plan_apply(draw("a nginx; mode bridge\nb nginx; mode service:a"), engine.observe()))
    after = draw("a redis; mode bridge\nb nginx; mode service:a")
    engine.perform(plan_apply(after, engine.observe()), steps=1)
    engine.perform(plan_apply(after, engine.observe()))
    assert engine.containers["p-b-1"].host["NetworkMode"] == f"container:{engine.containers['p-a-1'].id}"
    assert plan_apply(after, engine.observe()).as_text() == "nothing to do\n"


def test_who_takes_a_port_waits_until_the_old_container_that_held_it_is_stopped() -> None:
    engine = empty()
    engine.perform(plan_apply(draw("a nginx; ports 9000:80"), engine.observe()))
    plan = plan_apply(draw("a redis\nb nginx; ports 9000:80"), engine.observe())
    stopped = next(index for index, one in enumerate(plan.operations) if one.kind is Kind.STOP)
    start = next(one for one in plan.operations if one.summary == "start b")
    assert stopped in start.needs


def test_an_old_container_is_set_aside_after_it_gave_up_its_address() -> None:
    engine = empty()
    engine.perform(plan_apply(draw("a nginx on front(10.0.0.2)\nnet front 10.0.0.0/24"), engine.observe()))
    plan = plan_apply(draw("a redis; mode none\nb nginx on front(10.0.0.2)\nnet front 10.0.0.0/24"), engine.observe())
    left = next(index for index, one in enumerate(plan.operations) if one.kind is Kind.DISCONNECT)
    aside = next(one for one in plan.operations if one.kind is Kind.RENAME_CONTAINER)
    assert left in aside.needs
