"""Plans as whole texts: what stands in the way, said before anything is touched."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.drawing import draw
from tests.core.planning import notes, running
from topology.core.observed import PortBinding
from topology.core.planner import plan_apply


def test_it_says_before_anything_is_touched_that_a_host_port_is_another_stacks() -> None:
    design = draw("web nginx on front; ports 8080:80\n db redis on front; ports 8081:81")
    taken = (PortBinding(80, "tcp", "0.0.0.0", 8080), PortBinding(81, "udp", "", 8081))
    observed = replace(running("").observe(), taken_ports=taken)
    assert notes(plan_apply(design, observed)) == [
        "error port-taken: Host port 8080/tcp of web is taken by a container outside this stack."
    ]


def test_it_says_that_a_paused_container_is_left() -> None:
    engine = running("web nginx")
    engine.containers["p-web-1"].state = "paused"
    plan = plan_apply(draw("web nginx"), engine.observe())
    assert plan.as_text() == "nothing to do\n"
    assert notes(plan) == ["warning paused: p-web-1 is paused and is left so."]


@pytest.mark.parametrize(
    ("drawn", "note"),
    [
        ("web nginx; mount ./conf:/etc/x", "error bind-relative: web mounts ./conf, a path beside the file. The engine has no such folder."),
        ("web nginx; other secrets=s", "error secrets-missing: web is to have /run/secrets/s, but the secret s is nowhere defined."),
        ("web nginx; needs db\ndb redis; profile dev", "error dependency-disabled: web needs db, which belongs to a profile and is not started."),
        ("a nginx; needs b\nb nginx; needs a", "error dependency-cycle: These services wait for each other: a, b."),
        ("a ghost; policy never", "error image-missing: a needs ghost, which is not on the engine, and pull_policy is never."),
        ("a nginx on n\nnet n external", "error network-missing: The external network n is not on the engine."),
    ],
)  # fmt: skip
def test_it_notes_what_stands_in_the_way(drawn: str, note: str) -> None:
    assert note in notes(plan_apply(draw(drawn), running("").observe()))
