"""The policy over what is there already: a volume or network is judged as its creation would be, whoever made it and when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.simulator import Simulator
from tests.core.test_policy import DISGUISED, codes
from topology.core.planner import plan_apply
from topology.core.policy import Allowed, check_plan

MINE, THEIRS = {"com.docker.compose.project": "p"}, {"com.docker.compose.project": "q"}
FRIENDS = ("p", "q")


def engine_of(text: str) -> Simulator:
    """An engine on which this was applied when its administrator allowed it."""
    world = Simulator(images=("nginx",))
    return world.perform(plan_apply(draw(text), world.observe()))


def world_with(volume: str, *, labels: dict[str, str], **body: Any) -> Simulator:
    world = Simulator(images=("nginx",))
    world.volumes[volume] = {"Name": volume, "Driver": "local", "Labels": labels, **body}
    return world


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("web nginx; mount v:/host\nvol v type=none o=bind device=/srv", MINE),
        ("web nginx; mount v:/host", MINE),
        ("web nginx; mount p_v:/host\nvol p_v external", MINE),
        ("web nginx; mount p_v:/host\nvol p_v external", THEIRS),
    ],
)
def test_a_volume_that_is_there_and_is_a_bind_mount_is_judged_as_one(text: str, labels: dict[str, str]) -> None:
    world = world_with("p_v", labels=labels, DriverOpts=DISGUISED)
    assert codes(text, world, friends=FRIENDS) == ["policy-bind-mount"]
    assert codes(text, world, friends=FRIENDS, allowed=Allowed(bind_mounts=True)) == []


def test_a_volume_over_the_engines_socket_that_is_there_asks_for_the_socket() -> None:
    world = world_with("q_v", labels=THEIRS, DriverOpts=DISGUISED | {"device": "/var/run"})
    text = "web nginx; mount q_v:/host\nvol q_v external"
    assert codes(text, world, friends=FRIENDS, allowed=Allowed(bind_mounts=True)) == ["policy-engine-socket"]


def test_a_plain_volume_that_is_there_asks_for_nothing() -> None:
    assert codes("web nginx; mount v:/d", world_with("p_v", labels=MINE)) == []
    assert codes("web nginx; mount v:/d", world_with("p_v", labels=MINE, DriverOpts={"type": "tmpfs", "device": "tmpfs"})) == []


def test_a_volume_of_another_driver_that_is_there_is_judged_as_its_creation() -> None:
    world = world_with("p_v", labels=MINE, Driver="sshfs")
    assert codes("web nginx; mount v:/d", world) == ["policy-volume-driver"]


@pytest.mark.parametrize("labels", [{}, MINE])
@pytest.mark.parametrize("driver", ["macvlan", "ipvlan"])
def test_a_network_of_the_hosts_cards_that_is_there_is_judged_as_its_creation(driver: str, labels: dict[str, str]) -> None:
    world = Simulator(images=("nginx",))
    world.networks["lan"] = {"Id": "1", "Subnets": [], "Driver": driver, "Labels": labels}
    assert codes("web nginx on lan\nnet lan external name=lan", world) == ["policy-host-network-driver"]
    assert codes("web nginx on front lan\nnet lan external name=lan", world) == ["policy-host-network-driver"]
    assert codes("web nginx on lan\nnet lan external name=lan", world, allowed=Allowed(host_namespaces=True)) == []


def test_what_runs_already_and_stays_is_not_asked_about() -> None:
    world = world_with("p_v", labels=MINE, DriverOpts=DISGUISED)
    design = draw("web nginx; mount v:/host")
    world.perform(plan_apply(design, world.observe()))
    observed = world.observe()
    assert check_plan(plan_apply(design, observed), observed, Allowed(), friends=FRIENDS) == []


@pytest.mark.parametrize(("there", "joins", "asks"), [
    ("data nginx; mount /srv:/srv", "from data", "policy-bind-mount"),
    ("data nginx; mount /var/run/docker.sock:/s", "from data", "policy-engine-socket"),
    ("data nginx; pid host", "pid service:data", "policy-host-pid"),
    ("data nginx; mode host", "mode service:data", "policy-host-network"),
    ("data nginx; mount v:/srv", "from data", None),
    ("data nginx", "pid service:data", None),
])  # fmt: skip
def test_what_a_container_that_is_there_would_lend_is_judged(there: str, joins: str, asks: str | None) -> None:
    world = engine_of(there)
    assert codes(f"{there}\nweb nginx; {joins}", world, friends=FRIENDS) == ([asks] if asks else [])


def test_a_container_that_is_renamed_lends_all_the_same() -> None:
    world = engine_of("data nginx; name x; mount /srv:/srv")
    text = "data nginx; name y; mount /srv:/srv\nweb nginx; from data"
    assert codes(text, world, friends=FRIENDS) == ["policy-bind-mount"]


def test_one_that_is_made_anew_lends_what_it_has_then() -> None:
    world = engine_of("data nginx; mount /srv:/srv")
    assert codes("data nginx\nweb nginx; from data", world, friends=FRIENDS) == []
