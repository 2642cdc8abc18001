"""Plans as whole texts: options of an endpoint that are neither names nor addresses of its network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.planning import engine_of, lines
from topology.core.design import Attachment, Design
from topology.core.observed import Endpoint, Observed
from topology.core.planner import plan_apply
from topology.core.wiring import as_was


def on_front(**keys: Any) -> Design:
    design = draw("web nginx on front")
    web = replace(design.services["web"], attachments=(Attachment("front", **keys),))
    return replace(design, services={"web": web})


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({"driver_opts": {"com.example.speed": "x"}}, "driver options"),
        ({"interface_name": "eth7"}, "driver options"),
        ({"link_local_ips": ("169.254.1.2",)}, "link-local addresses"),
        ({"gw_priority": 5}, "gateway priority"),
    ],
)
def test_it_applies_a_changed_option_of_an_endpoint_by_reconnecting(keys: dict[str, Any], what: str) -> None:
    engine = engine_of(on_front())
    plan = plan_apply(on_front(**keys), modern(engine.observe()))
    assert plan.as_text() == lines(f"""
        in place  disconnect web from front  ({what} changed)
        in place  connect web to front  ({what} changed)
        """)
    engine.perform(plan)
    assert plan_apply(on_front(**keys), modern(engine.observe())).as_text() == "nothing to do\n"
    assert f"({what} changed)" in plan_apply(on_front(), modern(engine.observe())).as_text()


def modern(observed: Observed) -> Observed:
    return replace(observed, api_version="1.48")


def test_it_reconnects_nothing_for_a_gateway_priority_that_the_engine_does_not_know() -> None:
    observed = replace(engine_of(on_front()).observe(), api_version="1.47")
    plan = plan_apply(on_front(gw_priority=5), observed)
    assert plan.as_text() == "nothing to do\n"
    assert [note.code for note in plan.notes] == ["engine-too-old"]


def test_it_reconnects_nothing_for_the_sysctls_that_an_engine_moved_to_an_endpoint() -> None:
    engine = engine_of(on_front())
    sysctls = {"com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.forwarding=1"}
    engine.containers["p-web-1"].endpoints["p_front"]["DriverOpts"] = sysctls
    assert plan_apply(on_front(), engine.observe()).as_text() == "nothing to do\n"
    other = on_front(driver_opts={"com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.forwarding=0"})
    assert "(driver options changed)" in plan_apply(other, engine.observe()).as_text()


def test_it_reconnects_nothing_for_options_that_are_not_known() -> None:
    observed = engine_of(on_front()).observe()
    (web,) = observed.containers
    old = replace(web, endpoints=tuple(replace(one, options=None) for one in web.endpoints))
    plan = plan_apply(on_front(interface_name="eth7"), replace(observed, containers=(old,)))
    assert plan.as_text() == "nothing to do\n"


def test_an_endpoint_as_it_was_has_its_options() -> None:
    options = {"DriverOpts": {"a": "b"}, "GwPriority": 5, "LinkLocalIPs": ["169.254.1.2"]}
    assert as_was(Endpoint("front", aliases=("web",), static_ipv4="10.0.0.5", options=options), fixed=True) == {
        "Aliases": ["web"], "DriverOpts": {"a": "b"}, "GwPriority": 5,
        "IPAMConfig": {"IPv4Address": "10.0.0.5", "LinkLocalIPs": ["169.254.1.2"]},
    }  # fmt: skip


def test_a_service_whose_name_is_not_wanted_on_a_network_loses_it_there() -> None:
    engine = engine_of(on_front(aliases=("www",)))
    without = on_front(aliases=("www",), service_alias=False)
    plan = plan_apply(without, engine.observe())
    assert plan.as_text() == lines("""
        in place  disconnect web from front  (alias web goes)
        in place  connect web to front as www  (alias web goes)
        """)
    assert plan.operations[-1].detail["endpoint"]["Aliases"] == ["www"]
    assert plan_apply(without, engine.perform(plan).observe()).as_text() == "nothing to do\n"
    assert "(alias web is new)" in plan_apply(on_front(aliases=("www",)), engine.observe()).as_text()
