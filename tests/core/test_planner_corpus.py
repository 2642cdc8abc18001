"""Every real file can be planned: made, and then nothing is left to do."""

from __future__ import annotations

import pytest

from tests.compose.corpus import readings, rows
from tests.core.drawing import draw
from tests.core.simulator import Refusal, Simulator
from topology.core.check import check
from topology.core.design import Attachment, Design, Service
from topology.core.observed import Observed
from topology.core.one_shots import one_shots
from topology.core.payload import image_of
from topology.core.plan import Kind
from topology.core.planner import plan_apply, plan_down, plan_restart, plan_start, plan_stop
from topology.core.problems import Severity


def _joins_foreign(design: Design) -> bool:
    """Whether a container is to share a namespace with one that another stack has to make."""
    return any(
        str(mode).startswith("container:") for one in design.services.values() for mode in (one.network_mode, one.pid, one.ipc)
    )


@pytest.mark.skipif(not rows(), reason="the corpus is not on this machine")
def test_every_real_file_is_planned_and_then_nothing_is_left_to_do() -> None:
    designs = {row["file"]: found.design for row, found in readings() if found.design is not None}
    assert len(designs) > 200
    carried_out = 0
    for file, design in designs.items():
        jobs = tuple(sorted(one_shots(design).awaited))
        engine = Simulator(images=tuple({image_of(design, name) for name in design.services}), jobs=jobs)
        first = plan_apply(design, engine.observe(design.project))
        for plan in (plan_down, plan_stop, plan_start, plan_restart):
            plan(design, Observed())
        errors = [one for one in (*check(design), *first.notes) if one.severity is Severity.ERROR]
        try:
            engine.perform(first)
        except Refusal as refusal:
            assert errors or _joins_foreign(design), f"{file}: {refusal}"
            plan_apply(design, engine.observe(design.project))
            continue
        again = plan_apply(design, engine.observe(design.project))
        assert again.as_text() == "nothing to do\n", f"{file}\n{again.as_text()}"
        carried_out += 1
    assert carried_out > len(designs) * 0.95, carried_out


def test_a_network_that_is_nowhere_defined_is_left_out_with_an_error() -> None:
    web = Service("web", image="nginx", attachments=(Attachment("nowhere"), Attachment("front")))
    alone = Service("alone", image="nginx", attachments=(Attachment("nowhere"),))
    drawn = draw("web nginx on front")
    design = Design("p", {"web": web, "alone": alone}, drawn.networks)
    plan = plan_apply(design, Observed(images={"nginx:latest": "sha256:nginx"}))
    assert [(note.code, note.severity, note.subject) for note in plan.notes] == [
        ("network-unknown", "error", "service:alone"),
        ("network-unknown", "error", "service:web"),
    ]
    made = [one.detail["payload"]["HostConfig"]["NetworkMode"] for one in plan.operations if one.kind is Kind.CREATE_CONTAINER]
    assert made == ["none", "p_front"]


@pytest.mark.parametrize("key", ["configs", "secrets"])
def test_files_that_nobody_has_are_an_error_with_a_way_on(key: str) -> None:
    plan = plan_apply(draw(f"web nginx; other {key}=x"), Observed(images={"nginx:latest": "sha256:nginx"}))
    note = next(note for note in plan.notes if note.code == f"{key}-missing")
    assert note.severity is Severity.ERROR
    assert note.fix == f"Define x under {key}."


def test_a_changed_mac_of_a_second_network_reconnects_where_the_engine_takes_it() -> None:
    before = "web nginx on front back(02:42:ac:11:00:01)"
    engine = Simulator(images=("nginx",), macs=True)
    engine.perform(plan_apply(draw(before), engine.observe()))
    ids = engine.ids()
    plan = plan_apply(draw(before.replace("00:01", "00:02")), engine.observe())
    assert plan.as_text().splitlines() == [
        "in place  disconnect web from back  (MAC address 02:42:ac:11:00:01 becomes 02:42:ac:11:00:02)",
        "in place  connect web to back  (MAC address 02:42:ac:11:00:01 becomes 02:42:ac:11:00:02)",
    ]
    engine.perform(plan)
    assert engine.ids() == ids
    assert plan_apply(draw(before.replace("00:01", "00:02")), engine.observe()).as_text() == "nothing to do\n"


def test_an_engine_that_ignores_a_mac_at_connect_is_warned_of_and_left_in_peace() -> None:
    design = draw("web nginx on front back(02:42:ac:11:00:01)")
    engine = Simulator(images=("nginx",))
    engine.perform(plan_apply(design, engine.observe()))
    plan = plan_apply(design, engine.observe())
    assert plan.as_text() == "nothing to do\n"
    assert [(note.code, note.severity) for note in plan.notes] == [("mac-not-carried", "warning")]
