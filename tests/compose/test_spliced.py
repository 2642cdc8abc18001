"""The check of an edit by one entry's lines is as good as one of the whole text, and much cheaper."""

from __future__ import annotations

import random
from typing import Any

import pytest

from topology.compose import spliced
from topology.compose.document import MappingNode, parse
from topology.compose.spliced import is_whole, lines_of
from topology.compose.values import Values, same
from topology.compose.write import Applied, apply
from topology.core.edit import RemoveService, SetValue

TEXT = """\
# head
services:
  web:
    image: nginx
    command: |
      one
       two

    labels: {a: "1", b: [x, y]}
  # about db
  db:
    image: 'post''gres'
    ports:
    - "80:80"
  last: {image: x}
networks:
  front:
    driver: bridge
x-more: text
"""
NASTY = (
    "\n---\n", "\n...\n", "'", '"', "|", "|+\n\n\n", ">-\n", "[", "]", "{", "}", "\n", "  ", " ", "#", " # ", ": ", ":", "- ",
    "? ", "\t", "\r", "\r\n", "&a ", "*a", "!!str ", "!x ", "%YAML 1.1\n", "\x85", "web:\n", "  db:\n", "networks:\n", "\n  x: y\n",
    "<<: ", "\\", "\u2028", ",",
)  # fmt: skip


def value_of(text: str) -> Any:
    document = parse(text)
    return None if document.problems or document.more else Values().of(document.root)


def test_what_an_entrys_lines_hold_is_what_the_whole_text_holds() -> None:
    chance, agreed = random.Random(7), 0
    document = parse(TEXT)
    old = value_of(TEXT)
    for number in range(6_000):
        section, entry = chance.choice([("services", "web"), ("services", "db"), ("services", "last"), ("networks", "front")])
        start, end = lines_of(document, section, entry) or (0, 0)
        own = TEXT[start:end]
        for _ in range(chance.randint(1, 3)):
            at, cut = chance.randint(0, len(own)), chance.choice((0, 0, 0, 1, 3))
            own = own[:at] + chance.choice(NASTY) + own[at + cut :]
        alone = value_of(own)
        if not isinstance(alone, dict) or entry not in alone:
            continue
        text, wanted = TEXT[:start] + own + TEXT[end:], {**old, section: {**old[section], entry: alone[entry]}}
        if is_whole(document, text, (section, entry), wanted):
            agreed += 1
            assert same(value_of(text), wanted), (number, text)
    assert agreed > 500


def test_an_edit_within_one_service_parses_its_lines_only(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(spliced, "parse", lambda text: parsed.append(text) or parse(text))
    done = apply(TEXT, SetValue(("services", "db", "image"), "mysql"))
    assert isinstance(done, Applied) and "image: 'mysql'" in done.text
    (own,) = parsed
    assert own.startswith("  db:\n") and own.endswith('"80:80"\n')


@pytest.mark.parametrize(
    "text", [TEXT + "x-a: &a 1\nx-b: *a\n", TEXT + "---\nservices: {}\n", TEXT.replace("  web:", "  ? web\n  :", 1)]
)
def test_a_text_whose_parts_hang_together_is_parsed_as_a_whole(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(spliced, "parse", lambda new: parsed.append(new) or parse(new))
    done = apply(text, SetValue(("services", "web", "image"), "mysql"))
    assert isinstance(done, Applied) and done.text in parsed


def test_a_service_that_goes_is_checked_in_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(spliced, "parse", lambda new: parsed.append(new) or parse(new))
    done = apply(TEXT, RemoveService("db"))
    assert isinstance(done, Applied) and parsed == [done.text]


@pytest.mark.parametrize(
    ("section", "entry", "first", "last"),
    [
        ("services", "web", "  web:\n", "  # about db\n"),
        ("services", "last", "  last: {image: x}\n", "  last: {image: x}\n"),
        ("networks", "front", "  front:\n", "    driver: bridge\n"),
    ],
)
def test_an_entrys_lines_reach_to_the_next_one(section: str, entry: str, first: str, last: str) -> None:
    document = parse(TEXT)
    assert isinstance(document.root, MappingNode)
    start, end = lines_of(document, section, entry) or (0, 0)
    own = TEXT[start:end]
    assert own.startswith(first) and own.endswith(last)


def test_there_are_no_such_lines_in_flow_style() -> None:
    assert lines_of(parse("services: {web: {image: a}}\n"), "services", "web") is None
