"""Plans as whole texts: what stands in the way, said before anything is touched."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.drawing import draw
from tests.core.planning import notes, running, with_keys
from tests.core.simulator import Simulator
from topology.core.design import Mount, Resource
from topology.core.observed import ObservedNetwork, PortBinding
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


def test_it_says_that_a_subnet_is_taken_before_it_does_anything() -> None:
    observed = Simulator(images=("nginx",)).observe()
    observed = replace(observed, networks=(*observed.networks, ObservedNetwork("x", "vpn", "bridge", ("10.0.0.0/16",))))
    plan = plan_apply(draw("web nginx on n\nnet n 10.0.3.0/24"), observed)
    assert notes(plan) == ["error subnet-taken: The subnet 10.0.3.0/24 of n overlaps with that of the network vpn."]


def test_it_says_that_a_container_s_name_is_taken() -> None:
    observed = replace(Simulator(images=("nginx",)).observe(), taken_names=("database", "other"))
    plan = plan_apply(draw("web nginx; name database"), observed)
    assert notes(plan) == ["error name-taken: A container that is not of this stack is named database, as the one of web is to be."]


def test_it_says_what_no_call_carries_and_what_the_engine_is_too_old_for() -> None:
    design = with_keys(
        draw("web nginx"), "web", models=["m"], annotations={"a": "b"}, deploy={"placement": {"constraints": ["x"]}}, attach=False
    )
    observed = replace(Simulator(images=("nginx",)).observe(), api_version="1.41")
    assert notes(plan_apply(design, observed)) == [
        "warning engine-too-old: `annotations` of web needs engine 24; this one leaves it out or refuses it.",
        "warning key-not-carried: `models` of web stays in the file, but no engine call carries it.",
        "warning key-not-carried: deploy.placement of web is for a Swarm, and no matter to one engine.",
    ]
    assert [note.split(":")[0] for note in notes(plan_apply(design, replace(observed, api_version="1.44")))] == [
        "warning key-not-carried", "warning key-not-carried",
    ]  # fmt: skip


def test_it_names_every_key_of_deploy_that_is_left_out() -> None:
    deploy = {
        "mode": "replicated-job", "restart_policy": {"condition": "any", "delay": "5s", "window": "10s", "max_attempts": 3},
        "resources": {"reservations": {"cpus": "0.1", "generic_resources": [{"discrete_resource_spec": {"kind": "g", "value": 1}}]}},
    }  # fmt: skip
    keys = "deploy.mode, deploy.resources.reservations.cpus, deploy.resources.reservations.generic_resources, deploy.restart_policy.delay"
    assert notes(plan_apply(with_keys(draw("web nginx"), "web", deploy=deploy), running("").observe())) == [
        f"warning key-not-carried: {keys}, deploy.restart_policy.window of web are for a Swarm, and no matter to one engine.",
        "warning key-not-carried: deploy.restart_policy.max_attempts of web counts with the condition on-failure only, and is left out.",
    ]
    plain = {"mode": "global", "restart_policy": {"condition": "on-failure", "max_attempts": 3}, "replicas": 1}
    assert notes(plan_apply(with_keys(draw("web nginx"), "web", deploy=plain), running("").observe())) == []


def test_it_names_sections_that_nothing_is_made_of() -> None:
    design = replace(draw("web nginx"), other={"jobs": {"j": {}}, "models": {}, "version": "3", "name": "p", "x-own": 1})
    assert notes(plan_apply(design, running("").observe())) == [
        "warning key-not-carried: `jobs` stays in the file, but no engine call carries it.",
        "warning key-not-carried: `models` stays in the file, but no engine call carries it.",
    ]


@pytest.mark.parametrize(
    ("over", "hidden"),
    [
        ({"tmpfs": ("/run",)}, "tmpfs /run"),
        ({"tmpfs": ("/run/secrets:size=1m",)}, "tmpfs /run/secrets"),
        ({"mounts": (Mount("tmpfs", "/run/secrets/"),)}, "tmpfs /run/secrets"),
        ({"tmpfs": ("/run", "/tmp"), "mounts": (Mount("volume", "/run/secrets"),)}, ""),
        ({"tmpfs": ("/run/sec", "/tmp")}, ""),
        ({"mounts": (Mount("bind", "/run", source="/srv"),)}, ""),
    ],
)  # fmt: skip
def test_it_refuses_to_copy_a_file_to_where_a_mount_hides_it(over: dict[str, Any], hidden: str) -> None:
    design = replace(draw("web nginx"), secrets={"s": Resource("s", content="x")})
    plan = plan_apply(with_keys(design, "web", fields=over, secrets=["s"]), running("").observe())
    expected = f"error copy-hidden: /run/secrets/s cannot be copied into web: its {hidden} would hide it."
    assert notes(plan) == ([expected] if hidden else [])


def test_it_refuses_to_copy_into_what_the_runtime_lays_over() -> None:
    design = replace(draw("web nginx"), configs={"c": Resource("c", content="x")})
    plan = plan_apply(with_keys(design, "web", configs=[{"source": "c", "target": "/dev/shm/c"}]), running("").observe())
    assert notes(plan) == ["error copy-hidden: /dev/shm/c cannot be copied into web: its /dev would hide it."]


def test_it_says_that_an_engine_is_too_old_for_a_network_without_ipv4() -> None:
    design = draw("web nginx on front back\nnet front fd00::/64\nnet back")
    front, back = design.networks["front"], design.networks["back"]
    design = replace(design, networks={"front": replace(front, enable_ipv4=False), "back": replace(back, enable_ipv4=True)})
    observed = Simulator(images=("nginx",)).observe()
    assert notes(plan_apply(design, replace(observed, api_version="1.41"))) == [
        "warning engine-too-old: `enable_ipv4: false` of front needs engine 28; this one leaves it out."
    ]
    assert notes(plan_apply(design, replace(observed, api_version="1.48"))) == []
