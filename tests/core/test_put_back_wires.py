"""A plan that fails in the middle: what it has taken off a network is on it again, as it was."""

from __future__ import annotations

from dataclasses import replace

from tests.core.drawing import draw
from tests.core.planning import lines, running
from tests.core.simulator import Simulator
from tests.core.test_put_back import CAUSE, broken, perform_but
from topology.core.observed import Observed
from topology.core.plan import Plan
from topology.core.planner import plan_apply
from topology.core.put_back import plan_put_back


def cancelled(before: str, after: str, *, steps: int, macs: bool = False) -> tuple[Simulator, Plan]:
    """An apply that is cancelled after so many steps: the engine, and the plan that puts back."""
    engine = Simulator(images=("nginx", "redis"), macs=macs)
    engine.perform(plan_apply(draw(before), engine.observe()))
    seen = engine.observe()
    plan = plan_apply(draw(after), seen)
    engine.perform(plan, steps=steps)
    return engine, plan_put_back(draw(after), plan, seen, engine.observe(), cause="the apply was cancelled", done=range(steps))


def failed(before: str, after: str, *, at: str) -> tuple[Simulator, Observed, Plan, set[int]]:
    """An apply of which one operation fails: the engine, how it was, the plan and what of it is done."""
    engine = running(before)
    seen = engine.observe()
    plan = plan_apply(draw(after), seen)
    return engine, seen, plan, perform_but(engine, plan, next(i for i, one in enumerate(plan.operations) if one.summary == at))


def test_it_connects_a_container_again_that_was_taken_off_its_network() -> None:
    engine, back = cancelled("web nginx on front(shop)", "web nginx on front(www)", steps=1)
    assert back.as_text() == lines("""
        in place  connect web to p_front again  (the apply was cancelled)
        """)
    engine.perform(back)
    assert engine.containers["p-web-1"].endpoints == {"p_front": {"Aliases": ["web", "shop"]}}


def test_it_connects_with_address_and_link_and_mac() -> None:
    before = "web nginx on front(10.0.0.5 02:42:00:00:00:07); link db:cache\ndb redis on front\nnet front 10.0.0.0/24"
    engine, back = cancelled(before, before.replace("10.0.0.5", "www 10.0.0.5"), steps=1, macs=True)
    engine.perform(back)
    assert engine.containers["p-web-1"].endpoints["p_front"] == {
        "Aliases": ["web"], "IPAMConfig": {"IPv4Address": "10.0.0.5"}, "Links": ["p-db-1:cache"],
        "MacAddress": "02:42:00:00:00:07",
    }  # fmt: skip


def test_it_makes_a_network_again_as_it_was_when_the_new_one_is_refused() -> None:
    before = "web nginx on front(www 10.0.0.2)\napi redis on front\nnet front 10.0.0.0/24"
    engine, _, back = broken(before, before.replace("10.0.0", "10.1.0"), at="create network p_front (bridge, 10.1.0.0/24)")
    assert back.as_text() == lines("""
        new       create network p_front again (10.0.0.0/24)  (the apply failed)
        in place  connect web to p_front again  (the apply failed)
        in place  connect api to p_front again  (the apply failed)
        """)
    assert [one.needs for one in back.operations] == [(), (0,), (0, 1)]  # web asks for its address before api is given one
    engine.perform(back)
    assert engine.networks["p_front"]["Subnets"] == ["10.0.0.0/24"]
    assert engine.containers["p-web-1"].addresses == {"p_front": "10.0.0.2"}
    assert plan_apply(draw(before), engine.observe()) == Plan()


def test_it_makes_a_network_again_for_what_was_stopped() -> None:
    before, after = "web nginx on front\nnet front 10.0.0.0/24", "web nginx on front; env A=1\nnet front 10.0.0.0/24"
    engine, seen, plan, done = failed(before, after, at="see that web stays up")
    engine.exit("p-web-1", code=1)
    del engine.networks["p_front"]
    back = plan_put_back(draw(after), plan, seen, engine.observe(), cause=CAUSE, done=done)
    assert back.as_text() == lines("""
        recreate  remove the new web  (the apply failed)
        recreate  give the old web its name p-web-1 again  (the apply failed)
        new       create network p_front again (10.0.0.0/24)  (the apply failed)
        recreate  disconnect the old web from p_front  (the apply failed)
        recreate  connect the old web to p_front again  (the apply failed)
        recreate  start the old web again  (the apply failed)
        """)
    assert engine.perform(back).containers["p-web-1"].state == "running"


def test_it_lets_the_engine_choose_where_another_network_has_the_addresses_by_now() -> None:
    before = "web nginx on a(10.0.0.5) b(10.1.0.5)\nnet a 10.0.0.0/24\nnet b 10.1.0.0/24"
    after = "web nginx on a(10.1.0.5) b(10.0.0.5)\nnet a 10.1.0.0/24\nnet b 10.0.0.0/24"
    engine, _, back = broken(before, after, at="create network p_b (bridge, 10.0.0.0/24)")
    assert back.as_text() == lines("""
        new       create network p_b again  (the apply failed)
        in place  connect web to p_b again  (the apply failed)
        """)
    engine.perform(back)
    assert sorted(engine.containers["p-web-1"].addresses) == ["p_a", "p_b"]
    plan = plan_apply(draw(before), engine.observe())
    assert "remove network p_b" in plan.as_text()
    assert engine.perform(plan).containers["p-web-1"].addresses == {"p_a": "10.0.0.5", "p_b": "10.1.0.5"}


def test_it_leaves_alone_what_has_left_a_network_as_it_should() -> None:
    before = "web nginx on front back\napi nginx on front back"
    _, _, back = broken(before, "web nginx on front\napi nginx on front back; env A=1", at="create the new api from nginx on front")
    assert back.as_text() == "nothing to do\n"


def test_one_that_is_left_alone_is_connected_again_as_well() -> None:
    before = "web nginx on front\nother redis on front\nnet front 10.0.0.0/24"
    engine, _, back = broken(before, "web nginx on front\nnet front 10.1.0.0/24", at="create network p_front (bridge, 10.1.0.0/24)")
    assert "connect p-other-1 to p_front again" in back.as_text()
    assert "p_front" in engine.perform(back).containers["p-other-1"].endpoints


def test_an_address_that_another_has_by_now_is_not_asked_for_again() -> None:
    before = "web nginx on n(10.0.0.5)\ndb redis on n(10.0.0.6)\nnet n 10.0.0.0/24"
    after = "web nginx on n(10.0.0.6)\ndb redis on n(10.0.0.5); env A=1\nnet n 10.0.0.0/24"
    engine, _, back = broken(before, after, at="see that db stays up")
    assert back.as_text() == lines("""
        recreate  stop the new db  (the apply failed)
        recreate  remove the new db  (the apply failed)
        recreate  give the old db its name p-db-1 again  (the apply failed)
        recreate  start the old db again  (the apply failed)
        """)
    engine.perform(back)
    assert {name: one.addresses["p_n"] for name, one in engine.containers.items()} == {
        "p-web-1": "10.0.0.6", "p-db-1": "10.0.0.2",
    }  # fmt: skip


def test_it_has_its_own_name_again_when_the_design_gives_it_another() -> None:
    before, after = "web nginx; name x", "web nginx; name y; env A=1"
    engine, _, back = broken(before, after, at="see that web stays up")
    assert "give the old web its name x again" in back.as_text()
    assert list(engine.perform(back).containers) == ["x"]
    engine.perform(plan_apply(draw(after), engine.observe()))
    assert list(engine.containers) == ["y"]


def test_it_has_the_name_of_its_service_when_another_has_its_own_by_now() -> None:
    engine, seen, plan, done = failed("web nginx; name x", "web nginx; name y; env A=1", at="see that web stays up")
    now = replace(engine.observe(), taken_names=("x",))
    back = plan_put_back(draw("web nginx; name y; env A=1"), plan, seen, now, cause=CAUSE, done=done)
    assert "give the old web its name y again" in back.as_text()


def killed_then_failed(drawn: str, *, killed_at: str) -> tuple[Simulator, Plan]:
    """A vpn with an app in its network: an apply whose worker is killed before a step, and the next, of which the app does not
    stay up: the engine, and the plan that puts back."""
    engine, after = running("vpn nginx\napp redis; mode service:vpn"), draw(drawn)
    plan = plan_apply(after, engine.observe())
    engine.perform(plan, steps=[one.summary for one in plan.operations].index(killed_at))
    seen = engine.observe()
    plan = plan_apply(after, seen)
    done = perform_but(engine, plan, [one.summary for one in plan.operations].index("see that app stays up"))
    return engine, plan_put_back(after, plan, seen, engine.observe(), cause=CAUSE, done=done)


def test_it_leaves_the_new_one_where_the_old_one_can_never_start_again() -> None:
    """Its owner's old container went with an apply whose worker was killed then."""
    _, back = killed_then_failed("vpn nginx; env A=1\napp redis; mode service:vpn", killed_at="remove the old app")
    assert back == Plan()


def test_what_a_killed_apply_has_set_aside_goes_back_with_what_is_bound_to_it() -> None:
    engine, back = killed_then_failed("vpn nginx; env A=1\napp redis", killed_at="create the new app from redis on default")
    engine.perform(back)
    assert {name: one.state for name, one in engine.containers.items()} == {"p-vpn-1": "running", "p-app-1": "running"}
