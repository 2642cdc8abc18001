"""MAC addresses when a container is connected anew: engines from API 1.44 on take them from the connect call alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.design import Design
from topology.core.plan import Kind, Plan
from topology.core.planner import plan_apply
from topology.core.put_back import plan_put_back

MAC = "02:42:ac:11:65:43"


def with_mac(text: str) -> Design:
    design = draw(text)
    return replace(design, services=design.services | {"web": replace(design.services["web"], mac_address=MAC)})


def endpoints(plan: Plan) -> dict[str, Any]:
    return {one.detail["network"]: one.detail["endpoint"] for one in plan.operations if one.kind is Kind.CONNECT}


def test_a_service_s_mac_goes_along_when_its_network_is_joined_anew() -> None:
    engine = Simulator(images=("nginx",), macs=True)
    engine.perform(plan_apply(with_mac("web nginx on front back"), engine.observe()))
    plan = plan_apply(with_mac("web nginx on front(www) back(www)"), engine.observe())
    assert {name: body.get("MacAddress") for name, body in endpoints(plan).items()} == {"p_front": MAC, "p_back": None}
    assert plan_apply(with_mac("web nginx on front(www) back(www)"), engine.perform(plan).observe()).as_text() == "nothing to do\n"


def test_a_service_s_mac_that_was_lost_is_given_again_where_the_engine_takes_it() -> None:
    for macs, text in (
        (True, "in place  disconnect web from front  (MAC address 02:42:ac:12:00:02 becomes 02:42:ac:11:65:43)\n"
               "in place  connect web to front  (MAC address 02:42:ac:12:00:02 becomes 02:42:ac:11:65:43)\n"),
        (False, "nothing to do\n"),
    ):  # fmt: skip
        engine = Simulator(images=("nginx",), macs=macs)
        engine.perform(plan_apply(with_mac("web nginx on front"), engine.observe()))
        del engine.containers["p-web-1"].endpoints["p_front"]["MacAddress"]
        assert plan_apply(with_mac("web nginx on front"), engine.observe()).as_text() == text


def test_a_service_s_mac_goes_along_to_docker0() -> None:
    engine = Simulator(images=("nginx",), macs=True)
    engine.perform(plan_apply(with_mac("web nginx on front"), engine.observe()))
    plan = plan_apply(with_mac("web nginx; mode bridge"), engine.observe())
    assert endpoints(plan) == {"bridge": {"MacAddress": MAC}}


def test_what_is_put_back_has_its_mac_again_and_not_one_of_another_address() -> None:
    net = "\nnet front 10.0.0.0/24"
    before = draw(f"web nginx on front({MAC} 10.0.0.5)\ndb redis on front" + net)
    after = draw(f"web nginx on front({MAC} 10.0.0.6); env A=1\ndb redis on front(10.0.0.5); env A=1" + net)
    engine = Simulator(images=("nginx", "redis"), macs=True)
    seen = engine.perform(plan_apply(before, engine.observe())).observe()
    plan = plan_apply(after, seen)
    starts = [index for index, one in enumerate(plan.operations) if one.kind is Kind.START]
    engine.perform(plan, steps=starts[-1])
    for name in list(engine.containers):
        engine.containers[name].endpoints.pop("p_front", None)
    back = plan_put_back(after, plan, seen, engine.observe(), cause="it failed")
    found = {
        one.detail["container"]: one.detail["endpoint"].get("MacAddress") for one in back.operations if one.kind is Kind.CONNECT
    }
    assert found == {"p-web-1": MAC, "p-db-1": None}


def test_an_orphan_keeps_its_mac_on_a_network_that_is_made_anew() -> None:
    engine = Simulator(images=("nginx", "redis"), macs=True)
    before = f"web nginx on front\nold redis on front({MAC})\nnet front 10.0.0.0/24"
    engine.perform(plan_apply(draw(before), engine.observe()))
    plan = plan_apply(draw("web nginx on front\nnet front 10.1.0.0/24"), engine.observe())
    connects = {
        one.detail["container"]: one.detail["endpoint"].get("MacAddress") for one in plan.operations if one.kind is Kind.CONNECT
    }
    assert connects == {"p-old-1": MAC, "p-web-1": None}
