"""Every edit kind on one small file with every habit: exact texts before and after."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.compose.writes import applied, refusal
from topology.compose.write import Applied, apply
from topology.core.edit import (
    AddLink,
    AddNetwork,
    AddService,
    AddVolume,
    Attach,
    Detach,
    Edit,
    RemoveLink,
    RemoveNetwork,
    RemoveService,
    RemoveValue,
    RemoveVolume,
    RenameNetwork,
    RenameService,
    RenameVolume,
    ReplaceText,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
    Several,
)

STACK = """\
# head
services:
  # the site
  web:
    image: nginx   # pinned soon
    ports:
      - "80:80"
      # - "443:443"
    environment:
      A: 1
    # end of web
    networks: [front, back]

  # the data
  db:
    image: "pg"
    links:
      - web
      - web:site
    depends_on:
      - web
    environment:
      - MODE=a
      - BARE
    networks:
      - front  # first
      - back
    volumes:
      - data:/var/lib
      - ./conf:/etc/conf

networks:
  front:
  back: {}

volumes:
  data:
"""


def swapped(*pairs: tuple[str, str]) -> str:
    """The stack with pieces replaced, each of which must stand in it exactly once."""
    text = STACK
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


TABLE: list[tuple[str, Edit, list[tuple[str, str]]]] = [
    (
        "a service goes after the last one, with the file's blank line",
        AddService("cache", {"image": "redis:7", "ports": ["6379:6379", "22:22"]}),
        [("/etc/conf\n", '/etc/conf\n\n  cache:\n    image: redis:7\n    ports:\n      - "6379:6379"\n      - "22:22"\n')],
    ),
    (
        "a removed service takes its references along and leaves others' comments",
        RemoveService("web"),
        [
            (STACK[STACK.index("  web:\n") : STACK.index("\n  # the data")], ""),
            ("    links:\n      - web\n      - web:site\n    depends_on:\n      - web\n", ""),
        ],
    ),
    (
        "a rename follows into links, which keep the old name as alias, and depends_on",
        RenameService("web", "site"),
        [
            ("  web:\n", "  site:\n"),
            ("      - web\n      - web:site\n", "      - site:web\n      - site\n"),
            ("depends_on:\n      - web\n", "depends_on:\n      - site\n"),
        ],
    ),
    ("a network without settings is a bare key", AddNetwork("mid", {}), [("  back: {}\n", "  back: {}\n  mid:\n")]),
    (
        "a network with settings",
        AddNetwork("mid", {"driver": "bridge", "ipam": {"config": [{"subnet": "10.1.0.0/16"}]}}),
        [("  back: {}\n", "  back: {}\n  mid:\n    driver: bridge\n    ipam:\n      config:\n        - subnet: 10.1.0.0/16\n")],
    ),
    (
        "a removed network leaves every service",
        RemoveNetwork("front"),
        [("[front, back]", "[back]"), ("      - front  # first\n", ""), ("  front:\n", "")],
    ),
    (
        "a renamed network is renamed in every service",
        RenameNetwork("front", "edge"),
        [("[front, back]", "[edge, back]"), ("- front  # first", "- edge  # first"), ("  front:\n", "  edge:\n")],
    ),
    ("a volume", AddVolume("logs", {"driver": "local"}), [("  data:\n", "  data:\n  logs:\n    driver: local\n")]),
    (
        "a removed volume takes its mounts and its emptied section along",
        RemoveVolume("data"),
        [("      - data:/var/lib\n", ""), ("\nvolumes:\n  data:\n", "")],
    ),
    ("a renamed volume", RenameVolume("data", "pg"), [("- data:/var", "- pg:/var"), ("  data:\n", "  pg:\n")]),
    ("joining in a block list", Attach("db", "default"), [("      - back\n", "      - back\n      - default\n")]),
    ("joining in a flow list", Attach("web", "default"), [("[front, back]", "[front, back, default]")]),
    (
        "an address turns a list into a map in its place, comments and all",
        Attach("db", "front", ipv4="10.0.0.9"),
        [("      - front  # first\n      - back\n", "      front:  # first\n        ipv4_address: 10.0.0.9\n      back:\n")],
    ),
    (
        "an alias turns a flow list into a map",
        Attach("web", "back", aliases=("site", "8")),
        [
            (
                "networks: [front, back]\n",
                'networks:\n      front:\n      back:\n        aliases:\n          - site\n          - "8"\n',
            )
        ],
    ),
    ("leaving in a flow list", Detach("web", "front"), [("[front, back]", "[back]")]),
    ("leaving in a block list", Detach("db", "back"), [("      - back\n", "")]),
    (
        "a network mode takes the place of networks",
        SetNetworkMode("web", "host"),
        [("networks: [front, back]", "network_mode: host")],
    ),
    ("a link", AddLink("db", "web", "w"), [("      - web:site\n", "      - web:site\n      - web:w\n")]),
    ("a first link", AddLink("web", "db", "db"), [("[front, back]\n", "[front, back]\n    links:\n      - db\n")]),
    ("a removed link", RemoveLink("db", "web", "site"), [("      - web:site\n", "")]),
    ("a number in a map stays a number", SetEnvironment("web", "A", "2"), [("A: 1\n", "A: 2\n")]),
    ("a text in a map", SetEnvironment("web", "B", "no"), [("A: 1\n", 'A: 1\n      B: "no"\n')]),
    ("a variable in a list", SetEnvironment("db", "MODE", "b c"), [("- MODE=a\n", "- MODE=b c\n")]),
    ("a bare variable gets a value", SetEnvironment("db", "BARE", "x"), [("- BARE\n", "- BARE=x\n")]),
    ("a new variable in a list", SetEnvironment("db", "URL", "a: b"), [("- BARE\n", '- BARE\n      - "URL=a: b"\n')]),
    ("a removed variable in a list", SetEnvironment("db", "MODE", None), [("      - MODE=a\n", "")]),
    ("the last variable takes `environment` along", SetEnvironment("web", "A", None), [("    environment:\n      A: 1\n", "")]),
    (
        "a text of several lines is a literal block",
        SetEnvironment("web", "KEY", "one\n two\n\nthree\n"),
        [("A: 1\n", "A: 1\n      KEY: |\n        one\n         two\n\n        three\n")],
    ),
    ("an image keeps the comment behind it", SetValue(("services", "web", "image"), "caddy"), [("nginx ", "caddy ")]),
    ("an image keeps its quotes", SetValue(("services", "db", "image"), "pg:17"), [('"pg"', '"pg:17"')]),
    (
        "a port is quoted like its neighbours",
        SetValue(("services", "web", "ports"), ["80:80", "443:443"]),
        [('      - "80:80"\n', '      - "80:80"\n      - "443:443"\n')],
    ),
    (
        "a healthcheck: the test on one line",
        SetValue(("services", "db", "healthcheck"), {"test": ["CMD", "pg_isready"], "interval": "5s"}),
        [("/etc/conf\n", '/etc/conf\n    healthcheck:\n      test: ["CMD", "pg_isready"]\n      interval: 5s\n')],
    ),
    (
        "missing parents are made",
        SetValue(("services", "web", "deploy", "resources", "limits", "cpus"), "0.5"),
        [("[front, back]\n", '[front, back]\n    deploy:\n      resources:\n        limits:\n          cpus: "0.5"\n')],
    ),
    (
        "a new section goes to the end",
        SetValue(("configs", "c", "file"), "./c"),
        [("  data:\n", "  data:\n\nconfigs:\n  c:\n    file: ./c\n")],
    ),
    ("a removed key", RemoveValue(("services", "db", "depends_on")), [("    depends_on:\n      - web\n", "")]),
    ("a removed item", RemoveValue(("services", "db", "volumes", 1)), [("      - ./conf:/etc/conf\n", "")]),
    (
        "several edits are one",
        Several((AddNetwork("mid", {}), Attach("web", "mid"))),
        [("  back: {}\n", "  back: {}\n  mid:\n"), ("[front, back]", "[front, back, mid]")],
    ),
]


@pytest.mark.parametrize(("rule", "edit", "pairs"), TABLE, ids=[row[0] for row in TABLE])
def test_each_edit_writes_exactly_this(rule: str, edit: Edit, pairs: list[tuple[str, str]]) -> None:
    assert applied(STACK, edit) == swapped(*pairs)


def test_several_edits_are_all_or_none() -> None:
    assert refusal(STACK, Several((AddNetwork("mid", {}), Attach("web", "nowhere")))) == "network-unknown"


def test_replacing_the_text_can_be_undone() -> None:
    assert applied(STACK, ReplaceText("services: {}\n")) == "services: {}\n"
    assert applied("", ReplaceText(STACK)) == STACK


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (AddService("web", {}), "service-exists"),
        (AddService("we b", {}), "name-invalid"),
        (RemoveService("nope"), "service-unknown"),
        (RenameService("web", "db"), "service-exists"),
        (RenameService("web", "a/b"), "name-invalid"),
        (AddNetwork("front", {}), "network-exists"),
        (RemoveNetwork("nope"), "network-unknown"),
        (RenameNetwork("front", "back"), "network-exists"),
        (RemoveVolume("nope"), "volume-unknown"),
        (RenameVolume("data", ""), "name-invalid"),
        (Attach("web", "nope"), "network-unknown"),
        (Attach("nope", "front"), "service-unknown"),
        (Attach("web", "front", ipv4="10.0.0.300"), "address-invalid"),
        (Attach("web", "front", mac="zz"), "mac-invalid"),
        (Attach("web", "front", aliases=("a b",)), "alias-invalid"),
        (Detach("web", "nope"), "not-attached"),
        (SetNetworkMode("web", "bogus"), "mode-invalid"),
        (SetNetworkMode("web", "service:nope"), "service-unknown"),
        (AddLink("db", "nope", "x"), "service-unknown"),
        (AddLink("db", "web", "web"), "link-exists"),
        (AddLink("db", "db", "x"), "link-to-itself"),
        (RemoveLink("db", "web", "nope"), "link-unknown"),
        (SetEnvironment("web", "A=B", "x"), "variable-invalid"),
        (SetEnvironment("web", "NOPE", None), "variable-unknown"),
        (SetValue((), 1), "path-empty"),
        (SetValue(("services", "nope", "image"), "x"), "service-unknown"),
        (SetValue(("services", "web", "image", "x"), "x"), "path-unknown"),
        (RemoveValue(("services", "web", "nope")), "path-unknown"),
    ],
)
def test_what_cannot_be_done_is_said(edit: Edit, code: str) -> None:
    assert refusal(STACK, edit) == code


@pytest.mark.parametrize(
    ("text", "code"), [("services: [\n", "bad-yaml"), ("- a\n", "not-a-mapping"), ("web:\n  image: x\n", "file-too-old")]
)
def test_a_text_that_is_no_compose_file_is_refused(text: str, code: str) -> None:
    assert refusal(text, AddService("x", {"image": "y"})) == code


def test_an_edit_that_changes_nothing_keeps_the_text_and_has_an_empty_inverse() -> None:
    new = apply(STACK, Attach("web", "front"))
    assert isinstance(new, Applied)
    assert new.text == STACK
    assert new.inverse.hunks == ()


def test_side_effects_are_told() -> None:
    text = dedent("""\
        services:
          a:
            networks: [n]
          b:
            network_mode: service:a
        networks: {n: }
        """)
    notes = [apply(text, edit).notes for edit in (RemoveNetwork("n"), RemoveService("a"), SetNetworkMode("a", "host"))]  # type: ignore[union-attr]
    assert notes == [
        ("a had no other network; it is on `default` now.",),
        ("b no longer refers to a (network_mode).",),
        ("a left its networks.",),
    ]
