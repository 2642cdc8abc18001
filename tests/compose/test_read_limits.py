"""What a text may cost: whoever may paste one must not be able to stop the site with it. No text makes reading raise."""

from __future__ import annotations

import time

import pytest

from topology.compose.read import read
from topology.core.observed import Observed
from topology.core.payload import container_payload
from topology.core.planner import plan_apply

SERVICE = "services:\n  a:\n    image: x\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("services: " + "[" * 90_000, "too-many-nodes"),
        ("services: " + "{a: " * 50_000, "too-many-nodes"),
        ("- " * 50_000, "too-many-nodes"),
        ("? " * 50_000, "too-many-nodes"),
        ("a: &a [*a]", "too-many-nodes"),
        (SERVICE + "    scale: 0x" + "f" * 9_000, "bad-number"),
        (SERVICE + "    scale: " + "9" * 9_000, "bad-number"),
        (SERVICE + "    scale: 100000000", "too-many-containers"),
        (SERVICE + "    deploy: {replicas: 5000}", "too-many-containers"),
        (SERVICE + '    expose: ["1-99999999999"]', "bad-port"),
        (SERVICE + "    expose: [" + ", ".join(['"1-65535"'] * 50) + "]", "too-many-ports"),
        ("networks:\n" + "".join(f"  n{number}: {{}}\n" for number in range(1_001)), "too-many-entries"),
    ],
    ids=lambda value: value[:24] if "-" not in value else value,
)
def test_a_text_that_would_cost_too_much_is_a_problem_and_quickly_said(text: str, code: str) -> None:
    """The first two ended the process: libyaml builds its tree by recursion in C."""
    begun = time.process_time()
    reading = read(text, project="p")
    assert code in [problem.code for problem in reading.checked()]
    if reading.design is not None:
        for name in reading.design.services:
            container_payload(reading.design, name)
        plan_apply(reading.design, Observed())
    assert time.process_time() - begun < 3


def test_what_is_large_but_sensible_is_read() -> None:
    text = SERVICE + '    scale: 200\n    expose: ["8000-9000", "53/udp"]\n'
    reading = read(text, project="p")
    assert reading.checked() == []
    assert reading.design is not None
    assert (reading.design.services["a"].scale, len(reading.design.services["a"].expose)) == (200, 2)
