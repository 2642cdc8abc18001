"""Plans as whole texts: volumes, which are kept."""

from __future__ import annotations

from tests.core.drawing import draw
from tests.core.planning import lines, notes, running
from topology.core.plan import Impact, Kind
from topology.core.planner import plan_apply, plan_down


def test_it_keeps_volumes_and_makes_a_service_anew_for_a_mount() -> None:
    engine = running("web nginx")
    after = "web nginx; mount data:/data"
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new       create volume p_data  (it is not there)
        recreate  create the new web from nginx on default  (volumes changed)
        recreate  stop web  (volumes changed)
        recreate  set the old web aside as p-web-1.old  (volumes changed)
        recreate  name the new web p-web-1  (volumes changed)
        recreate  start web  (volumes changed)
        recreate  see that web stays up  (volumes changed)
        recreate  remove the old web  (volumes changed)
        """)


def test_it_uses_external_networks_and_volumes() -> None:
    engine = running("")
    after = """
        web nginx on proxy; mount data:/data
        net proxy external
        vol data external
        """
    engine.networks["proxy"] = {"Id": "x", "Driver": "bridge", "Labels": {}}
    plan = plan_apply(draw(after), engine.observe())
    assert plan.as_text() == lines("""
        new  create web from nginx on proxy  (it is not there)
        new  start web  (it is new)
        """)
    assert notes(plan) == ["error volume-missing: The external volume data is not on the engine."]


def test_it_keeps_a_volume_without_a_name_when_it_makes_a_container_anew() -> None:
    engine = running("web nginx; mount :/data")
    before = engine.containers["p-web-1"].nameless["/data"]
    plan = plan_apply(draw("web nginx; mount :/data; env A=1"), engine.observe())
    assert plan.notes == ()
    assert not any(operation.detail.get("volumes") for operation in plan.operations)
    assert engine.perform(plan).containers["p-web-1"].nameless == {"/data": before}
    assert plan_apply(draw("web nginx; mount :/data; env A=1"), engine.observe()).as_text() == "nothing to do\n"
    down = plan_down(draw("web nginx; mount :/data"), engine.observe(), remove_volumes=True)
    assert [operation.impact for operation in down.operations][1] is Impact.DATA


def test_a_volume_without_a_name_that_was_taken_out_is_left_behind() -> None:
    engine = running("web nginx; mount :/data")
    engine.perform(plan_apply(draw("web nginx"), engine.observe()))
    assert engine.observe().containers[0].mounts == ()


def test_it_keeps_a_volume_without_a_name_that_the_image_asks_for() -> None:
    engine = running("web nginx")
    one = engine.containers["p-web-1"]
    one.payload = one.payload | {"Volumes": {"/data": {}}}  # as an engine puts it there
    one.nameless["/data"] = "f" * 64
    engine.perform(plan_apply(draw("web nginx; env A=1"), engine.observe()))
    assert engine.containers["p-web-1"].nameless == {"/data": "f" * 64}


def test_a_named_volume_takes_the_place_of_one_without_a_name() -> None:
    engine = running("web nginx; mount :/data")
    engine.perform(plan_apply(draw("web nginx; mount data:/data"), engine.observe()))
    assert (engine.containers["p-web-1"].nameless, engine.observe().containers[0].mounts) == ({}, ("p_data",))


def test_it_keeps_a_volume_whose_options_differ() -> None:
    engine = running("web nginx; mount data:/data")
    plan = plan_apply(draw("web nginx; mount data:/data\nvol data type=nfs"), engine.observe())
    assert plan.as_text() == "nothing to do\n"
    assert [note.code for note in plan.notes] == ["volume-differs"]


def test_it_uses_a_volume_of_that_name_which_it_did_not_make_and_says_so() -> None:
    engine = running("")
    design = draw("web nginx; mount data:/data")
    for labels in ({}, {"com.docker.compose.project": "q"}):
        engine.volumes["p_data"] = {"Name": "p_data", "Driver": "local", "Labels": labels}
        plan = plan_apply(design, engine.observe())
        assert [operation.kind for operation in plan.operations] == [Kind.CREATE_NETWORK, Kind.CREATE_CONTAINER, Kind.START]
        told = "There is a volume p_data that this stack did not make. It is used as it is, with its data."
        assert notes(plan) == [f"warning volume-foreign: {told}"]
    own = running("web nginx; mount data:/data")
    assert notes(plan_apply(design, own.observe())) == []
