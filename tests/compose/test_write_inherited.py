"""Edits of what a service does not say itself: merge keys, anchors, `extends`; and of odd forms of YAML."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.compose.writes import done
from tests.lab.compose import compose_command
from topology.compose.read import read
from topology.core.edit import (
    AddLink,
    Attach,
    Detach,
    Edit,
    RemoveEntry,
    RemoveLink,
    RemoveService,
    RemoveValue,
    RenameEntry,
    RenameNetwork,
    RenameService,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
)

MERGED = """\
x-base: &base
  image: nginx
  restart: always
  ports: ["80:80"]
  networks: [a]
services:
  web:
    <<: *base  # shared
    tty: true
networks: {a: }
"""


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (RemoveValue(("services", "web", "ports")), "    tty: true\n", "    tty: true\n    ports: []\n"),
        (SetValue(("services", "web", "ports"), []), "    tty: true\n", "    tty: true\n    ports: []\n"),
        (Detach("web", "a"), "    tty: true\n", "    tty: true\n    networks: []\n"),
        (
            RemoveValue(("services", "web", "restart")),
            "    <<: *base  # shared\n",
            '    image: nginx\n    ports:\n      - "80:80"\n    networks:\n      - a\n',
        ),
        (SetNetworkMode("web", "host"), "    tty: true\n", "    tty: true\n    network_mode: host\n    networks: []\n"),
    ],
)
def test_what_a_merge_key_gives_can_be_taken_away(edit: Edit, old: str, new: str) -> None:
    applied = done(MERGED, edit)
    assert MERGED.count(old) == 1
    assert applied.text == MERGED.replace(old, new)
    assert applied.notes


EXTENDS = """\
services:
  base:
    image: nginx
    restart: always
    ports: ["80:80", "81:81"]
    environment: {A: "1", B: "2"}
    networks: [a, b]
    links: [db]
  web:
    extends: base
    environment:
      C: "3"
  db: {image: pg, networks: [a]}
networks: {a: , b: }
"""


@pytest.mark.parametrize(
    ("edit", "new"),
    [
        (SetEnvironment("web", "A", "9"), '      C: "3"\n      A: "9"\n'),
        (SetEnvironment("web", "A", None), '      C: "3"\n      A: !reset null\n'),
        (RemoveValue(("services", "web", "restart")), '      C: "3"\n    restart: !reset null\n'),
        (RemoveValue(("services", "web", "ports", 0)), '      C: "3"\n    ports: !override\n      - "81:81"\n'),
        (SetValue(("services", "web", "ports"), ["80:80", "81:81", "82:82"]), '      C: "3"\n    ports:\n      - "82:82"\n'),
        (Detach("web", "a"), '      C: "3"\n    networks: !override\n      - b\n'),
        (Attach("web", "a", ipv4="10.0.0.4"), '      C: "3"\n    networks:\n      a:\n        ipv4_address: 10.0.0.4\n'),
        (SetNetworkMode("web", "host"), '      C: "3"\n    network_mode: host\n    networks: !reset null\n'),
        (RemoveLink("web", "db", "db"), '      C: "3"\n    links: !reset null\n'),
        (AddLink("web", "db", "x"), '      C: "3"\n    links:\n      - db:x\n'),
        (SetValue(("services", "web", "image"), "caddy"), '      C: "3"\n    image: caddy\n'),
    ],
)
def test_a_service_that_extends_gets_only_what_differs(edit: Edit, new: str) -> None:
    applied = done(EXTENDS, edit)
    assert applied.text == EXTENDS.replace('      C: "3"\n', new)
    assert applied.notes or not new.startswith('      C: "3"\n      A')


def test_who_extends_a_removed_service_keeps_what_it_took() -> None:
    applied = done(EXTENDS, RemoveService("base"))
    design, before = read(applied.text, project="p").design, read(EXTENDS, project="p").design
    assert design is not None
    assert before is not None
    assert "base" not in design.services
    assert design.services["web"].environment == before.services["web"].environment
    assert design.services["web"].ports == before.services["web"].ports
    assert any("written out" in note for note in applied.notes)


def test_who_extends_an_edited_service_follows_and_it_is_told() -> None:
    applied = done(EXTENDS, SetValue(("services", "base", "image"), "caddy"))
    assert applied.text == EXTENDS.replace("image: nginx", "image: caddy")
    assert applied.notes == ("web extends base, so what it takes from there changes too.",)


def test_a_renamed_service_is_extended_by_its_new_name() -> None:
    assert done(EXTENDS, RenameService("base", "root")).text == EXTENDS.replace("base", "root")


@pytest.mark.parametrize(
    ("text", "edit", "after"),
    [
        (  # contexts and modes refer to services
            "services:\n  a: {image: x}\n  b:\n    build:\n      context: .\n      additional_contexts:\n        base: service:a\n    pid: service:a\n",  # noqa: E501
            RenameService("a", "c"),
            "services:\n  c: {image: x}\n  b:\n    build:\n      context: .\n      additional_contexts:\n        base: service:c\n    pid: service:c\n",  # noqa: E501
        ),
        (
            "services:\n  a: {image: x}\n  b:\n    build:\n      context: .\n      additional_contexts:\n        - base=service:a\n",  # noqa: E501
            RemoveService("a"),
            "services:\n  b:\n    build:\n      context: .\n",
        ),
        (
            "services:\n  a: {image: x}\n  b: {image: x, volumes_from: ['container:a', 'a:ro']}\n",
            RenameService("a", "c"),
            "services:\n  c: {image: x}\n  b: {image: x, volumes_from: ['container:a', 'c:ro']}\n",
        ),
        (
            "services:\n  a:\n    image: x\n    secrets:\n      - s  # its own\nsecrets:\n  s: {file: ./s}\n",
            RenameEntry("secrets", "s", "t"),
            "services:\n  a:\n    image: x\n    secrets:\n      - source: t  # its own\n        target: s\nsecrets:\n  t: {file: ./s}\n",  # noqa: E501
        ),
        (
            "services:\n  a:\n    image: x\n    models: [m]\nmodels:\n  m: {model: ai/x}\n",
            RemoveEntry("models", "m"),
            "services:\n  a:\n    image: x\n",
        ),
        (  # a first `name` goes to the top, below the head comment
            "# head\n\nservices:\n  a: {image: x}\n",
            SetValue(("name",), "mine"),
            "# head\n\nname: mine\n\nservices:\n  a: {image: x}\n",
        ),
        (
            "version: '3'\nservices:\n  a: {image: x}\n",
            SetValue(("name",), "mine"),
            "version: '3'\nname: 'mine'\nservices:\n  a: {image: x}\n",
        ),
        (  # explicit keys
            "services:\n  ? a\n  : image: x\n  ? b\n  : image: y\n    links: [a]\n",
            RemoveService("a"),
            "services:\n  ? b\n  : image: y\n",
        ),
        ("services:\n  ? a\n  : image: x\n", RenameService("a", "c"), "services:\n  ? c\n  : image: x\n"),
        (  # who was on a renamed default stays with it
            "services:\n  a:\n    image: x\n  b: {image: y}\nnetworks:\n  default:\n    internal: true\n",
            RenameNetwork("default", "inner"),
            "services:\n  a:\n    image: x\n    networks:\n      - inner\n  b: {image: y, networks: [inner]}\nnetworks:\n  inner:\n    internal: true\n",  # noqa: E501
        ),
        (  # names behind variables
            "services:\n  a:\n    image: x\n    networks:\n      - ${NET:-front}\nnetworks:\n  front:\n",
            RenameNetwork("front", "edge"),
            "services:\n  a:\n    image: x\n    networks:\n      - edge\nnetworks:\n  edge:\n",
        ),
        (  # tags of an override file stay
            "services:\n  a:\n    ports: !override\n      - '80:80'\n    links: !reset null\n",
            SetValue(("services", "a", "ports"), ["80:80", "81:81"]),
            "services:\n  a:\n    ports: !override\n      - '80:80'\n      - '81:81'\n    links: !reset null\n",
        ),
        (
            "services:\n  a:\n    image: x\n    links: !reset null\n  b: {image: y}\n",
            AddLink("a", "b", "b"),
            "services:\n  a:\n    image: x\n    links: !override\n      - b\n  b: {image: y}\n",
        ),
        ("services:\n  a:\n", SetEnvironment("a", "K", "v"), "services:\n  a:\n    environment:\n      K: v\n"),
        ("services:\n- odd\n", SetValue(("name",), "x"), "name: x\n\nservices:\n- odd\n"),
    ],
)
def test_odd_forms_are_written_like_this(text: str, edit: Edit, after: str) -> None:
    assert done(text, edit).text == after


def test_a_rename_tells_which_variables_still_have_the_old_name() -> None:
    text = "services:\n  a: {image: x}\n  b: {image: y, environment: {URL: 'http://a:80/x', OTHER: apple}}\n"
    assert done(text, RenameService("a", "c")).notes == (
        "b names a in the variable URL, which stays as it is: a is no name of c any more.",
    )


@pytest.mark.parametrize(
    "edit",
    [
        SetEnvironment("web", "A", None),
        RemoveValue(("services", "web", "restart")),
        RemoveValue(("services", "web", "ports", 0)),
        Detach("web", "a"),
        SetNetworkMode("web", "host"),
        RemoveLink("web", "db", "db"),
        RemoveService("base"),
    ],
)
def test_the_reference_tool_reads_what_was_meant(edit: Edit, tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(done(EXTENDS, edit).text, "utf-8")
    run = subprocess.run(
        [*compose_command(), "-p", "p", "-f", str(file), "config", "--format", "json"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    web = json.loads(run.stdout)["services"]["web"]
    wanted = read(file.read_text("utf-8"), project="p").design
    assert wanted is not None
    service = wanted.services["web"]
    assert dict(service.environment) == web.get("environment", {})
    assert service.restart == web.get("restart")
    assert [port.published for port in service.ports] == [port["published"] for port in web.get("ports", [])]
    assert sorted(one.network for one in service.attachments) == sorted(web.get("networks") or {})
    assert service.network_mode == web.get("network_mode")
    assert [link.target for link in service.links] == web.get("links", [])
