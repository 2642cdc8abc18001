"""Folding events gives what a fresh look gives."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from tests.examples import examples
from topology.core.events import fold, keep_stops, needs_fresh
from topology.core.observed import EngineEvent, Observed
from topology.core.planner import plan_apply
from topology.core.status import container_word, summarize

DRAWN = "web nginx on front back\ndb nginx on back; mount data:/data\njob nginx on back"
NAMES = ("p-web-1", "p-db-1", "p-job-1")


def engine_of() -> Simulator:
    engine = Simulator(images=("nginx",))
    return engine.perform(plan_apply(draw(DRAWN), engine.observe()))


def by_id(observed: Observed) -> dict[str, object]:
    return {one.id: one for one in observed.containers}


@examples(50)
@given(
    st.lists(st.tuples(st.sampled_from(("die", "start", "destroy", "connect", "disconnect")), st.sampled_from(NAMES)), max_size=12)
)
def test_folding_all_events_equals_a_fresh_look(happenings: list[tuple[str, str]]) -> None:
    engine = engine_of()
    known = engine.observe()
    for action, name in happenings:
        one = engine.containers.get(name)
        if one is None or (action == "start") is (one.state == "running"):
            continue
        engine.clock += 1
        if action in ("connect", "disconnect") and ("p_front" in one.endpoints) is (action == "connect"):
            continue
        if action == "die":
            engine.exit(name, code=1)
        elif action == "destroy":
            del engine.containers[name]
        elif action == "connect":
            engine._connect(name, "p_front", {"Aliases": [one.service]})
        elif action == "disconnect":
            engine._disconnect(name, "p_front")
        else:
            engine._start(name)
        network = action in ("connect", "disconnect")
        happened = EngineEvent(
            engine.clock, "network" if network else "container", action, "net" if network else one.id,
            detail={"container": one.id} if network else {},
        )  # fmt: skip
        fresh = {container.id: container for container in engine.observe().containers}
        known = fold(known, happened, fresh.get(one.id))
    assert by_id(known) == by_id(engine.observe())


def test_a_container_that_is_gone_is_dropped() -> None:
    seen = engine_of().observe()
    gone = seen.containers[0].id
    left = fold(seen, EngineEvent(seen.at + 1, "container", "destroy", gone), None)
    assert gone not in by_id(left)
    assert len(left.containers) == len(seen.containers) - 1


def test_a_new_container_is_added_once() -> None:
    seen = engine_of().observe()
    new = replace(seen.containers[0], id="new")
    happened = EngineEvent(seen.at + 1, "container", "create", "new")
    assert fold(fold(seen, happened, new), happened, new).containers == (*seen.containers, new)


def test_a_removed_network_and_volume_are_dropped() -> None:
    seen = engine_of().observe()
    front = next(one for one in seen.networks if one.name == "p_front")
    left = fold(seen, EngineEvent(seen.at, "network", "destroy", front.id, name="p_front"), None)
    assert "p_front" not in [one.name for one in left.networks]
    assert fold(seen, EngineEvent(seen.at, "volume", "destroy", "p_data", name="p_data"), None).volumes == ()


def test_time_does_not_go_back() -> None:
    seen = engine_of().observe()
    assert fold(seen, EngineEvent(seen.at - 100, "container", "start", "x"), None).at == seen.at


def test_a_new_network_needs_a_fresh_look_and_a_start_does_not() -> None:
    assert needs_fresh(EngineEvent(1, "network", "create", "n"))
    assert needs_fresh(EngineEvent(1, "image", "pull", "i"))
    assert not needs_fresh(EngineEvent(1, "container", "start", "c"))
    assert not needs_fresh(EngineEvent(1, "network", "connect", "n"))


def test_an_end_that_was_asked_for_stays_known_until_the_container_runs_again() -> None:
    engine = engine_of()
    known = engine.observe()
    one = engine.containers["p-web-1"]
    engine.exit("p-web-1", code=137)
    ended = next(each for each in engine.observe().containers if each.id == one.id)
    death = EngineEvent(engine.clock, "container", "die", one.id, detail={"exitCode": "137", "wanted": "1"})
    left = EngineEvent(engine.clock, "network", "disconnect", "net", detail={"container": one.id})
    known = fold(fold(known, death, ended), left, ended)
    looked = keep_stops(known, engine.observe())
    assert [container_word(each) for each in looked.containers if each.id == one.id] == ["stopped"]
    engine._start("p-web-1")
    again = keep_stops(looked, engine.observe())
    assert not any(each.stop_asked for each in again.containers)
    killed = replace(ended, finished_at=ended.finished_at + 1)
    assert container_word(fold(again, replace(death, detail={"exitCode": "137"}), killed).by_service()["web"][0]) == "exited (137)"


def test_the_engines_own_word_of_a_stop_counts_whatever_the_death_looked_like() -> None:
    engine = engine_of()
    known = engine.observe()
    one = engine.containers["p-web-1"]
    engine.exit("p-web-1", code=1)
    ended = next(each for each in engine.observe().containers if each.id == one.id)
    known = fold(known, EngineEvent(engine.clock, "container", "die", one.id, detail={"exitCode": "1"}), ended)
    assert not any(each.stop_asked for each in known.containers)
    stop = EngineEvent(engine.clock, "container", "stop", one.id)
    assert [container_word(each) for each in fold(known, stop, ended).containers if each.id == one.id] == ["stopped"]
    engine._start("p-web-1")
    again = next(each for each in engine.observe().containers if each.id == one.id)
    assert not any(each.stop_asked for each in fold(known, stop, again).containers)  # a restart stops as well


def test_it_stays_known_that_a_job_has_ended_by_itself() -> None:
    engine = engine_of()
    design, known = draw(DRAWN), engine.observe()
    engine.exit("p-job-1", code=0)
    one = engine.observe().by_service()["job"][0]
    for detail, word in (({}, "completed"), ({"signal": "15", "wanted": "1"}, "stopped"), ({"signal": "9"}, "stopped")):
        after = fold(known, EngineEvent(engine.clock, "container", "die", one.id, detail=detail), one)
        assert summarize(design, keep_stops(after, engine.observe())).services["job"] == word
    assert summarize(design, engine.observe()).services["job"] == "stopped"
