"""Edits of Compose texts keep the form that they find: block or flow, list or map, quotes, ends of lines."""

from __future__ import annotations

import pytest

from tests.compose.writes import applied
from topology.core.edit import (
    AddNetwork,
    AddService,
    Attach,
    Detach,
    Edit,
    RemoveNetwork,
    RemoveService,
    RemoveValue,
    RenameService,
    RenameVolume,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "services:\n  web:\n    image: x\n"),
        ("# only a comment", "# only a comment\nservices:\n  web:\n    image: x\n"),
        ("services: {}\n", "services:\n  web:\n    image: x\n"),
        ("services:  # mine\n", "services:  # mine\n  web:\n    image: x\n"),
        ("services: null\nname: a\n", "services:\n  web:\n    image: x\nname: a\n"),
        ("services:\n    db:\n        image: y", "services:\n    db:\n        image: y\n    web:\n        image: x"),
        ("services:\r\n  db: {}\r\n", "services:\r\n  db: {}\r\n  web:\r\n    image: x\r\n"),
        ("\ufeffservices: {}\n", "\ufeffservices:\n  web:\n    image: x\n"),
        ("---\nservices:\n  db: {}\n...\n", "---\nservices:\n  db: {}\n  web:\n    image: x\n...\n"),
        ('{"services": {"db": {"image": "y"}}}', '{"services": {"db": {"image": "y"}, "web": {"image": "x"}}}'),
        ("name: a\n", "name: a\n\nservices:\n  web:\n    image: x\n"),
        (
            "services:\n  db:\n    image: y\n    # ports:\n    #   - 80\n",
            "services:\n  db:\n    image: y\n    # ports:\n    #   - 80\n  web:\n    image: x\n",
        ),
    ],
)
def test_a_first_or_next_service_fits_every_form_of_file(text: str, after: str) -> None:
    assert applied(text, AddService("web", {"image": "x"})) == after


@pytest.mark.parametrize(
    ("text", "edit", "after"),
    [
        ("services:\n  a:\n    image: x\n", RemoveService("a"), "services: {}\n"),
        ("services:\n  # kept\n  a:\n    image: x\n# end\n", RemoveService("a"), "services: {}\n  # kept\n# end\n"),
        ("services:\n  a: {}\n\n  b: {}", RemoveService("b"), "services:\n  a: {}\n"),
        ("services:\n  a: {networks: [n]}\nnetworks: {n: }\n", RemoveNetwork("n"), "services:\n  a: {}\n"),
        ("networks: {n: }\n", AddNetwork("m", {"internal": True}), "networks: {n: , m: {internal: true} }\n"),
        (
            "services:\n  a:\n    networks:\n    - n\n    - m\nnetworks: {n: , m: }\n",
            Attach("a", "m", mac="02:42:ac:11:00:02"),
            "services:\n  a:\n    networks:\n      n:\n      m:\n        mac_address: 02:42:ac:11:00:02\nnetworks: {n: , m: }\n",
        ),
        (
            "services:\n  a:\n    networks:\n      n:\n        aliases: [x]\nnetworks: {n: }\n",
            Attach("a", "n", aliases=()),
            "services:\n  a:\n    networks:\n      n:\nnetworks: {n: }\n",
        ),
        (
            "services:\n  a:\n    network_mode: host # why\nnetworks: {n: }\n",
            Attach("a", "n"),
            'services:\n  a:\n    networks: # why\n      - "n"\nnetworks: {n: }\n',
        ),
        (
            "services:\n  a:\n    image: x\nnetworks: {n: }\n",
            Attach("a", "n", keep_default=True),
            'services:\n  a:\n    image: x\n    networks:\n      - default\n      - "n"\nnetworks: {n: }\n',
        ),
        ("services:\n  a:\n    image: x\n", Detach("a", "default"), "services:\n  a:\n    image: x\n    network_mode: none\n"),
        (
            "services:\n  a:\n    networks: [n]\n    image: x\nnetworks: {n: }\n",
            Detach("a", "n"),
            "services:\n  a:\n    image: x\nnetworks: {n: }\n",
        ),
        ("services:\n  a:\n    network_mode: host\n    image: x\n", SetNetworkMode("a", None), "services:\n  a:\n    image: x\n"),
        (
            "services:\n  a: {image: x}\n  b:\n    network_mode: service:a\n    image: y\n",
            RenameService("a", "c"),
            "services:\n  c: {image: x}\n  b:\n    network_mode: service:c\n    image: y\n",
        ),
        (
            "services:\n  a: {image: x}\n  b:\n    depends_on:\n      a:  # first\n        condition: service_healthy\n    volumes_from: [a:ro]\n",  # noqa: E501
            RenameService("a", "c"),
            "services:\n  c: {image: x}\n  b:\n    depends_on:\n      c:  # first\n        condition: service_healthy\n    volumes_from: [c:ro]\n",  # noqa: E501
        ),
        (
            "services:\n  a: {image: x}\n  b:\n    extends:\n      service: a\n  c:\n    extends:\n      file: o.yml\n      service: a\n",  # noqa: E501
            RenameService("a", "d"),
            "services:\n  d: {image: x}\n  b:\n    extends:\n      service: d\n  c:\n    extends:\n      file: o.yml\n      service: a\n",  # noqa: E501
        ),
        (
            "services:\n  a:\n    volumes:\n      - type: volume\n        source: d\n        target: /x\n      - ./d:/y\nvolumes:\n  d:\n    name: real\n",  # noqa: E501
            RenameVolume("d", "e"),
            "services:\n  a:\n    volumes:\n      - type: volume\n        source: e\n        target: /x\n      - ./d:/y\nvolumes:\n  e:\n    name: real\n",  # noqa: E501
        ),
        (
            "services:\n  a:\n    ports: [\n      '80:80', # c\n      '81:81'\n    ]\n",
            SetValue(("services", "a", "ports"), ["80:80", "81:81", "82:82"]),
            "services:\n  a:\n    ports: [\n      '80:80', # c\n      '81:81',\n      '82:82'\n    ]\n",
        ),
        (
            "services:\n  a:\n    command: >\n      long\n      text\n\n    # next\n    tty: true\n",
            SetValue(("services", "a", "command"), ["x", "y"]),
            'services:\n  a:\n    command: ["x", "y"]\n\n    # next\n    tty: true\n',
        ),
        (
            "services:\n  a:\n    volumes:\n      - type: bind\n        source: ./x\n        target: /x\n",
            RemoveValue(("services", "a", "volumes", 0, "type")),
            "services:\n  a:\n    volumes:\n      - source: ./x\n        target: /x\n",
        ),
        ("networks:\n  n:\n    driver: bridge\n", RemoveValue(("networks", "n", "driver")), "networks:\n  n: {}\n"),
        (
            'services:\n  a:\n    environment:\n      T: "tab\\there"\n      L: |\n        x\n\n  b: {}\n',
            SetEnvironment("a", "K", ""),
            'services:\n  a:\n    environment:\n      T: "tab\\there"\n      L: |\n        x\n      K: ""\n\n  b: {}\n',
        ),
    ],
)
def test_forms_are_kept(text: str, edit: Edit, after: str) -> None:
    assert applied(text, edit) == after


@pytest.mark.parametrize(
    "value",
    [
        "yes",
        "No",
        "1.0",
        "22:22",
        "0x1f",
        "1e3",
        "*x",
        "&x",
        "!x",
        "%x",
        "@x",
        "`x",
        "- x",
        "? x",
        "#x",
        "a: b",
        "a #b",
        "a:",
        "",
        " x",
        "x ",
        "null",
        "~",
        "true",
        "<<",
        "=",
        "'q'",
        '"q"',
        "[x",
        "{x",
        "x]",
        "|",
        ">",
        "2024-01-01",
        "---",
        "two\nlines",
        "\n",
        "x\n\n",
        "\ttab",
        "a\tb",
        "back\\slash",
        "\x07bell",
        "ünï",
        "😀",
        "\u2028",
        "\x85",
        "${A:-b}",
        "a, b",
        "\r\n",
        "  two\n  indented",
        "012",
        "1_000",
        ".5",
        "+1",
        "-",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "services:\n  a:\n    environment:\n      Z: z\n",
        "services: {a: {environment: {Z: z}}}\n",
        "services:\n  a:\n    image: x\n",
    ],
)
def test_any_text_comes_back_as_it_was(text: str, value: str) -> None:
    """The writer parses its own result and refuses otherwise; so this passes only when the quoting is right."""
    applied(text, SetEnvironment("a", "V", value))
    applied(text, SetValue(("services", "a", "labels"), [value, {"k": value}]))
