"""A network of one stack that a container of another is on, on both engines: nothing of either is torn off it."""

from __future__ import annotations

from dataclasses import replace

from tests.engine.bench import Bench
from tests.engine.test_plans import perform, service, still_to_do
from topology.core.design import Attachment, Design, Network, Pool
from topology.core.lifecycle import plan_down, plan_stop
from topology.core.plan import Kind
from topology.core.planner import plan_apply


def proxy(bench: Bench, *, third: int) -> Design:
    web = service("web", attachments=(Attachment("proxy"),))
    second = 100 + int(bench.project[-2:], 16) % 50
    return Design(bench.project, {"web": web}, {"proxy": Network("proxy", pools=(Pool(subnet=f"10.{second}.{third}.0/24"),))})


def behind(bench: Bench) -> Design:
    app = service("app", attachments=(Attachment("proxy"),))
    return Design(bench.name("q"), {"app": app}, {"proxy": Network("proxy", name=f"{bench.project}_proxy", external=True)})


def test_a_changed_option_of_an_endpoint_is_applied_once(bench: Bench) -> None:
    before = proxy(bench, third=3)
    perform(bench, plan_apply(before, bench.engine.observe(bench.project)))
    wire = Attachment("proxy", driver_opts={"com.example.speed": "fast"}, link_local_ips=("169.254.8.8",))
    changed = replace(before, services={"web": replace(before.services["web"], attachments=(wire,))})
    plan = plan_apply(changed, bench.engine.observe(bench.project))
    assert [one.kind for one in plan.operations] == [Kind.DISCONNECT, Kind.CONNECT]
    perform(bench, plan)
    assert still_to_do(bench, changed) == "nothing to do\n"
    perform(bench, plan_stop(changed, bench.engine.observe(bench.project)))
    assert "connect" not in still_to_do(bench, changed)


def test_a_network_with_another_stack_s_container_is_known_before_it_is_torn_apart(bench: Bench) -> None:
    perform(bench, plan_apply(proxy(bench, third=1), bench.engine.observe(bench.project)))
    other = behind(bench)
    perform(bench, plan_apply(other, bench.engine.observe(other.project)))
    seen = bench.engine.observe(bench.project)
    (network,) = (one for one in seen.networks if one.name == f"{bench.project}_proxy")
    assert seen.foreign_endpoints[network.id] == 1
    assert bench.engine.observe("nyt-nobody").foreign_endpoints[network.id] == 2
    anew = plan_apply(proxy(bench, third=2), seen)
    assert [note.code for note in anew.notes if note.severity == "error"] == ["network-in-use"]
    perform(bench, plan_down(proxy(bench, third=1), seen))
    assert network.id in {one.id for one in bench.engine.observe(bench.project).networks}
    perform(bench, plan_down(other, bench.engine.observe(other.project)))
    left = bench.engine.observe(bench.project)
    assert network.id not in left.foreign_endpoints
    perform(bench, plan_down(proxy(bench, third=1), left))
    assert network.id not in {one.id for one in bench.engine.observe(bench.project).networks}
