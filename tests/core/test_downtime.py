"""How long a service is away while a plan is performed."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from topology.core.downtime import Cut, cuts, downtime
from topology.core.planner import plan_apply, plan_restart, plan_stop


def running(drawn: str) -> Simulator:
    engine = Simulator(images=("nginx", "redis"))
    return engine.perform(plan_apply(draw(drawn), engine.observe()))


def words(engine: Simulator, drawn: str) -> list[str]:
    return [str(one) for one in downtime(plan_apply(draw(drawn), engine.observe()))]


def test_what_changes_in_place_is_never_away() -> None:
    engine = running("web nginx on front")
    assert words(engine, "web nginx on front(www) back; memory 64; restart always") == []


def test_a_container_that_is_made_anew_is_away_for_its_stop_and_a_start() -> None:
    engine = running("web nginx; grace 3\ndb redis")
    assert words(engine, "web nginx; env A=1; grace 3\ndb redis") == ["web is away for at most 4 s, each container by itself"]


def test_a_service_that_goes_stays_away() -> None:
    engine = running("web nginx; scale 2")
    assert words(engine, "web nginx; scale 1") == ["web stops and stays so"]
    assert [str(one) for one in downtime(plan_stop(draw("web nginx; scale 2"), engine.observe()))] == [
        "web (2 containers) stops and stays so"
    ]


def test_a_restart_counts_the_time_a_container_may_take_to_stop() -> None:
    engine = running("web nginx; grace 30")
    (found,) = downtime(plan_restart(draw("web nginx; grace 30"), engine.observe()))
    assert (found.service, found.containers, found.at_most_s) == ("web", 1, 31.0)


def test_what_has_to_join_a_network_anew_loses_its_connections_over_that_one_only() -> None:
    before = "web nginx on front, back\ndb redis on back\nnet back 10.0.0.0/24"
    engine = running(before)
    after = draw(before.replace("10.0.0", "10.1.0"))
    assert cuts(plan_apply(after, engine.observe()), after) == [Cut("back", ("db", "web"))]


def test_what_leaves_or_joins_a_network_as_drawn_or_is_away_anyway_is_not_said_to_lose_connections() -> None:
    engine = running("web nginx on front, back\ndb redis on back\nnet back 10.0.0.0/24")
    after = draw("web nginx on front, side\ndb redis on back; env A=1\nnet back 10.1.0.0/24")
    assert cuts(plan_apply(after, engine.observe()), after) == []
