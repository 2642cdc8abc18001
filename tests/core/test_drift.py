"""Drift as text: what was applied, what somebody did to it, and what is said; and the edit that keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.drift import Drift, drift, in_both
from topology.core.drift_keep import keep_edit, needs_look, refusal
from topology.core.drift_plan import restrict
from topology.core.edit_json import to_json
from topology.core.observed import Endpoint, Observed, ObservedContainer, ObservedNetwork, ObservedPool
from topology.core.planner import plan_apply

DRAWN = """
    web nginx on front(www) back; memory 64; restart always
    api nginx on back; link web:shop
    net front 10.9.0.0/24
"""


def running(text: str = DRAWN) -> Observed:
    engine = Simulator(images=("nginx", "redis"))
    return engine.perform(plan_apply(draw(text), engine.observe())).observe()


def with_container(observed: Observed, service: str, **changed: Any) -> Observed:
    return replace(
        observed,
        containers=tuple(replace(one, **changed) if one.service == service else one for one in observed.containers),
    )


def of(observed: Observed, service: str) -> ObservedContainer:
    return next(one for one in observed.containers if one.service == service)


def said(observed: Observed, text: str = DRAWN) -> list[str]:
    return [f"{one.subject} {one.kind}: {one.words}" for one in drift(draw(text), observed)]


def test_what_is_as_applied_is_no_drift() -> None:
    assert said(running()) == []


@pytest.mark.parametrize(
    "drawn",
    ["web nginx", "web nginx; mode bridge\napi nginx; mode bridge; link web:w", "web nginx; mode none", "web nginx; scale 3",
     "web nginx; mode host", "vpn nginx\nweb nginx; mode service:vpn", "web nginx; mount data:/d", "web nginx; profile dev",
     "web nginx\napi nginx on back; mount data:/d; scale 0"],
)  # fmt: skip
def test_nothing_that_netyard_makes_is_drift(drawn: str) -> None:
    assert said(running(drawn), drawn) == []


def test_a_network_more_and_one_less_are_told() -> None:
    observed = running()
    ends = tuple(one for one in of(observed, "web").endpoints if one.network != "p_front")
    changed = with_container(observed, "web", endpoints=(*ends, Endpoint("tools", "id-tools")))
    assert said(changed) == [
        "service:web changed: disconnected from front",
        "service:web changed: connected to tools",
    ]


def test_aliases_addresses_and_links_are_told_as_they_are() -> None:
    observed = running()
    ends = tuple(
        replace(one, aliases=("web", "shop"), static_ipv4="10.9.0.77") if one.network == "p_front" else one
        for one in of(observed, "web").endpoints
    )
    changed = with_container(observed, "web", endpoints=ends)
    changed = with_container(
        changed, "api", endpoints=tuple(replace(one, links=("p-web-1:store",)) for one in of(changed, "api").endpoints)
    )
    assert said(changed) == [
        "service:api changed: no longer linked to p-web-1 as shop on back",
        "service:api changed: linked to p-web-1 as store on back",
        "service:web changed: address 10.9.0.77 on front instead of any",
        "service:web changed: named also shop and no longer www on front",
    ]


def test_limits_restart_policy_and_name_are_told() -> None:
    changed = with_container(running(), "web", limits={"NanoCpus": 500_000_000}, restart_policy="no", name="other")
    assert said(changed) == [
        "service:web changed: memory limit none instead of 64 MiB",
        "service:web changed: CPU limit 0.5 cores instead of none",
        "service:web changed: renamed to other",
        "service:web changed: restart policy no instead of always",
    ]


def test_only_a_stop_that_was_asked_for_outside_is_drift() -> None:
    stopped = with_container(running(), "web", state="exited", exit_code=0, stop_asked=True)
    assert said(stopped) == ["service:web stopped: stopped"]
    assert drift(draw(DRAWN), stopped, stopped=["web"]) == ()
    assert said(with_container(running(), "web", state="exited", exit_code=1)) == []


def test_what_is_missing_and_what_is_too_much_is_told() -> None:
    observed = running()
    extra = replace(of(observed, "web"), id="x", name="p-job-1", service="job")
    second = replace(of(observed, "web"), id="y", name="p-web-2", number=2)
    left = tuple(one for one in observed.containers if one.service != "api")
    changed = replace(
        observed, containers=(*left, extra, second), networks=tuple(one for one in observed.networks if one.name != "p_back")
    )
    assert said(changed) == [
        "network:back missing: p_back is not on the engine any more",
        "service:api missing: api has no container any more",
        "service:job extra: its container p-job-1 bears this stack's labels, and the design has no such service",
        "service:web extra: p-web-2 is one more than the 1 designed",
    ]


def test_a_container_that_another_tool_made_tells_its_keys_and_names_of_variables() -> None:
    drawn = "web nginx; env MODE=on; cmd run; ports 8080:80"
    observed = running(drawn)
    labels = {key: value for key, value in of(observed, "web").labels.items() if not key.startswith("io.netyard")}
    made = with_container(observed, "web", labels=labels, config_hash="", image="redis", parts={"command": "0"})
    assert said(made, drawn) == [
        "service:web changed: another command",
        "service:web changed: without variable MODE",
        "service:web changed: made from redis instead of nginx",
        "service:web changed: without port 80/tcp",
    ]


def test_an_edit_that_nobody_applied_is_no_drift_and_what_was_kept_is_none_either() -> None:
    observed = running("web nginx on front")
    changed = with_container(observed, "web", restart_policy="always")
    applied = drift(draw("web nginx on front"), changed)
    assert in_both(applied, drift(draw("web nginx on front back"), changed)) == applied
    assert in_both(applied, drift(draw("web nginx on front; restart always"), changed)) == ()


# --- kept in the design ----------------------------------------------------------------------------------------------------------


def kept(changed: Observed, subject: str, *, text: str = DRAWN, raw: dict[str, Any] | None = None, told: Any = None) -> Any:
    found = [one for one in drift(draw(text), changed) if one.subject == subject]
    edit = keep_edit(found, draw(text), changed, raw=raw or {}, told=told or {}, networks={})
    return edit if isinstance(edit, str) else to_json(edit)


def test_a_wire_plugged_by_hand_becomes_an_attachment_to_an_external_network() -> None:
    observed = running("web nginx")
    ends = (*of(observed, "web").endpoints, Endpoint("tools", "id-tools", aliases=("shop",), static_ipv4="10.1.0.9"))
    edits = kept(with_container(observed, "web", endpoints=ends), "service:web", text="web nginx")["edits"]
    assert edits[0] == {"kind": "add_network", "name": "tools", "keys": {"external": True}}
    assert edits[1]["kind"] == "attach" and edits[1]["keep_default"]
    assert (edits[1]["network"], edits[1]["aliases"], edits[1]["ipv4"]) == ("tools", ["shop"], "10.1.0.9")


def test_a_network_made_anew_by_hand_is_kept_with_all_its_addresses() -> None:
    observed = running()
    labels = {"com.docker.compose.project": "p"}
    pool = ObservedPool("10.8.0.0/24", gateway="10.8.0.254", ip_range="10.8.0.128/25", aux_addresses={"printer": "10.8.0.5"})
    other = ObservedNetwork("n2", "p_front", "bridge", subnets=("10.8.0.0/24",), pools=(pool,), labels=labels)
    changed = replace(observed, networks=tuple(other if one.name == "p_front" else one for one in observed.networks))
    raw = {"networks": {"front": {"ipam": {"driver": "default", "config": [{"subnet": "10.9.0.0/24"}]}}}}
    keys = {"subnet": "10.8.0.0/24", "ip_range": "10.8.0.128/25", "gateway": "10.8.0.254", "aux_addresses": {"printer": "10.8.0.5"}}
    assert kept(changed, "network:front", raw=raw) == {
        "kind": "set_value", "path": ["networks", "front", "ipam", "config"], "value": [keys],
    }  # fmt: skip
    old = replace(changed, networks=tuple(replace(one, pools=()) for one in changed.networks))
    assert kept(old, "network:front")["value"] == {"config": [{"subnet": "10.8.0.0/24"}]}


def test_a_limit_is_kept_where_the_file_writes_it() -> None:
    changed = with_container(running("web nginx; memory 64"), "web", limits={"Memory": 128 * 1024**2})
    deployed = {"services": {"web": {"deploy": {"resources": {"limits": {"memory": "64m"}}}}}}
    text = "web nginx; memory 64"
    assert kept(changed, "service:web", text=text)["path"] == ["services", "web", "mem_limit"]
    edit = kept(changed, "service:web", text=text, raw=deployed)
    assert edit["path"] == ["services", "web", "deploy", "resources", "limits", "memory"] and edit["value"] == "128m"


def test_a_restart_policy_is_kept_where_the_file_writes_it() -> None:
    changed = with_container(running("web nginx; restart always"), "web", restart_policy="on-failure:3")
    deployed = {"services": {"web": {"deploy": {"restart_policy": {"condition": "any"}}}}}
    text = "web nginx; restart always"
    assert kept(changed, "service:web", text=text)["path"] == ["services", "web", "restart"]
    edits = kept(changed, "service:web", text=text, raw=deployed)["edits"]
    assert [(one["path"][2:], one["value"]) for one in edits] == [
        (["deploy", "restart_policy", "condition"], "on-failure"), (["deploy", "restart_policy", "max_attempts"], 3),
    ]  # fmt: skip


def test_fewer_containers_become_a_smaller_scale_and_none_takes_the_service_out() -> None:
    observed = running("web nginx; scale 2")
    fewer = replace(observed, containers=observed.containers[:1])
    assert kept(fewer, "service:web", text="web nginx; scale 2")["value"] == 1
    assert kept(replace(observed, containers=()), "service:web", text="web nginx; scale 2") == {
        "kind": "remove_service", "name": "web",
    }  # fmt: skip


def test_a_stop_cannot_be_kept_and_values_need_a_closer_look() -> None:
    stop = Drift("service:web", "stopped", "state", "stopped")
    assert "no stopped services" in refusal(stop) and not needs_look([stop])
    assert needs_look([Drift("service:web", "changed", "environment.MODE", "another variable MODE")])
    assert not needs_look([Drift("service:web", "changed", "Memory", "memory limit")])


# --- put back ------------------------------------------------------------------------------------------------------------------


def test_a_plan_of_one_service_touches_no_other() -> None:
    changed = with_container(with_container(running(), "web", restart_policy="no"), "api", restart_policy="always")
    plan = restrict(plan_apply(draw(DRAWN), changed), draw(DRAWN), subjects=["service:api"])
    assert [one.subject for one in plan.operations] == ["service:api"]


def test_a_plan_of_one_service_brings_the_network_it_needs_and_those_tied_to_it() -> None:
    drawn = "vpn nginx on front\nweb nginx; mode service:vpn\napi nginx on back"
    plan = restrict(plan_apply(draw(drawn), Simulator(images=("nginx",)).observe()), draw(drawn), subjects=["service:vpn"])
    assert {one.subject for one in plan.operations} == {"network:front", "service:vpn", "service:web"}
    assert all(need < index for index, one in enumerate(plan.operations) for need in one.needs)
