"""Configs and secrets as files of a container: mounted from the engine's host, or copied into it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.drawing import draw
from topology.core.design import Design, Resource
from topology.core.payload import container_payload
from topology.core.resources import ResourceFile, files_of


def design_of(written: Any, resource: Resource, *, section: str = "secrets", **more: Any) -> Design:
    design = draw("web nginx")
    web = replace(design.services["web"], other={section: written})
    return replace(design, services={"web": web}, **{section: {resource.key: resource}}, **more)


def only(design: Design) -> ResourceFile:
    (found,) = files_of(design, design.services["web"])
    return found


@pytest.mark.parametrize(
    ("section", "written", "target", "mode"),
    [
        ("secrets", ["s"], "/run/secrets/s", 0o444),
        ("configs", ["s"], "/s", 0o444),
        ("secrets", [{"source": "s", "target": "other", "mode": 0o400}], "/run/secrets/other", 0o400),
        ("secrets", [{"source": "s", "target": "/etc/s", "mode": "0440"}], "/etc/s", 0o440),
        ("configs", [{"source": "s", "target": "/etc/../x"}], "/x", 0o444),
    ],
)  # fmt: skip
def test_where_a_file_stands_is_as_compose_has_it(section: str, written: Any, target: str, mode: int) -> None:
    found = only(design_of(written, Resource("s", content="x"), section=section))
    assert (found.target, found.mode, found.text) == (target, mode, "x")


def test_a_file_of_the_host_is_mounted_and_all_else_is_copied() -> None:
    mounted = design_of(["s"], Resource("s", file="/etc/s.txt"))
    assert container_payload(mounted, "web")["HostConfig"]["Mounts"] == [
        {"Type": "bind", "Source": "/etc/s.txt", "Target": "/run/secrets/s", "ReadOnly": True}
    ]
    beside = design_of(["s"], Resource("s", file="./conf/s.txt"), files={"conf/s.txt": "hello"})
    assert only(beside).text == "hello"
    assert only(design_of(["s"], Resource("s", environment="S", value="told"))).text == "told"


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (Resource("s", external=True), "external, which only a Swarm has"),
        (Resource("s", environment="S"), "the variable S, which is not set"),
        (Resource("s", file="s.txt"), "comes from s.txt, which this stack does not have"),
        (Resource("t", content="x"), "nowhere defined"),
    ],
)
def test_a_file_that_nobody_has_says_why_and_what_to_do(resource: Resource, words: str) -> None:
    found = only(design_of(["s"], resource))
    assert words in found.missing
    assert found.fix and found.text is None
