"""Files of the first form become current ones: line by line, with their comments, and with the same meaning."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.corpus.conversion import legacy_rows, outcome
from tests.compose.corpus import rows, text_of
from topology.compose.convert import Converted, convert
from topology.compose.document import parse
from topology.compose.values import Values
from topology.core.problems import Problem

needs_corpus = pytest.mark.skipif(not rows(), reason="the corpus is not here")


def text(old: str, **options: Any) -> str:
    converted = convert(old, **options)
    assert isinstance(converted, Converted), converted
    return converted.text


def notes(old: str, **options: Any) -> str:
    converted = convert(old, **options)
    assert isinstance(converted, Converted), converted
    return "\n".join(converted.notes)


def value(old: str, **options: Any) -> Any:
    return Values().of(parse(text(old, **options)).root)


def test_services_move_under_services_with_everything_around_them() -> None:
    old = (
        "# what this is\n\n# the site\nweb:   # here\n    image: 'nginx'\n\n    # ports\n    ports: [ \"80:80\" ]\n"
        '    command: |\n        a\n          b\n\n\ndb:\n    image: "redis"\n#old:\n#  image: x\n'
    )
    assert text(old) == (
        "# what this is\n\nservices:\n    # the site\n    web:   # here\n        image: 'nginx'\n\n        # ports\n"
        "        ports: [ \"80:80\" ]\n        command: |\n            a\n              b\n\n\n    db:\n        image: \"redis\"\n"
        "    #old:\n    #  image: x\n"
    )  # fmt: skip


def test_keys_get_their_new_names_where_they_stand() -> None:
    old = (
        'web:\n  net: "host"  # why\n  image: x\nlog:\n  net : none\n  image: x\nside:\n  image: x\n  net: container:web\n'
        "out:\n  image: x\n  net: container:far\n"
    )
    assert text(old) == (
        'services:\n  web:\n    network_mode: "host"  # why\n    image: x\n  log:\n    network_mode : none\n    image: x\n'
        "  side:\n    image: x\n    network_mode: service:web\n  out:\n    image: x\n    network_mode: container:far\n"
    )


def test_keys_of_their_own_are_gathered_with_their_comments() -> None:
    old = (
        "web:\n  build: ./site  # source\n  ports: ['80']\n  # the other file\n  dockerfile: Other  # name\n"
        "  log_driver: syslog # l1\n  restart: always\n  log_opt: # l2\n    # inner\n    tag: x"
    )
    assert text(old).rstrip("\n") == (
        "services:\n  web:\n    build:\n      context: ./site  # source\n      # the other file\n      dockerfile: Other  # name\n"
        "    ports: ['80']\n    logging:\n      driver: syslog # l1\n      options: # l2\n        # inner\n        tag: x\n"
        "    restart: always"
    )


def test_volumes_of_others_are_told_apart() -> None:
    old = 'web:\n  image: x\n  volumes_from: [db, db:ro, "far:ro"]\n  volumes_from2: 1\ndb:\n  image: x\n'
    assert value(old)["services"]["web"]["volumes_from"] == ["db", "db:ro", "container:far:ro"]


def test_named_volumes_are_declared_under_the_names_that_hold_their_data() -> None:
    old = (
        "web:\n  image: x\n  volume_driver: flocker  # vd\n"
        "  volumes:\n  - data:/data\n  - logs/x:/logs\n  - ./y:/y\n  - /z\n  - ${V}:/v\n"
    )
    new = value(old)
    assert new["services"]["web"]["volumes"] == ["data:/data", "./logs/x:/logs", "./y:/y", "/z", "${V}:/v"]
    assert new["volumes"] == {"data": {"name": "data", "driver": "flocker"}}
    assert "# vd" in text(old)


def test_a_network_by_name_is_external() -> None:
    new = value("web:\n  image: x\n  net: front\n")
    assert (new["services"]["web"], new["networks"]) == ({"image": "x", "networks": ["front"]}, {"front": {"external": True}})


def test_sections_beside_the_services_stay_sections() -> None:
    old = "x-mine: &m {a: b}\nweb:\n  image: x\n  networks: [front]\nnetworks:\n  front: # f\n    driver: bridge\ndb:\n  image: y\n"
    assert text(old) == (
        "x-mine: &m {a: b}\nservices:\n  web:\n    image: x\n    networks: [front]\n  db:\n    image: y\n"
        "networks:\n  front: # f\n    driver: bridge\n"
    )


def test_a_service_may_have_the_name_of_a_section() -> None:
    assert value("volumes:\n  image: x\nnetworks:\n  build: .\n") == {
        "services": {"volumes": {"image": "x"}, "networks": {"build": "."}}
    }


def test_services_stay_on_docker0_when_asked() -> None:
    old = "web:\n  image: x\n  links: [db]  # l\ndb:\n  image: y\nhost:\n  image: z\n  net: host\nkid:\n  extends: web\n"
    services = value(old, bridge=True)["services"]
    assert {name: keys.get("network_mode") for name, keys in services.items()} == {
        "web": "bridge", "db": "bridge", "host": "host", "kid": None,
    }  # fmt: skip
    assert "docker0" in notes(old, bridge=True)


def test_who_links_with_docker0_stays_there_too() -> None:
    old = (
        "web:\n  image: x\n  net: bridge\n  links: [db]\ndb:\n  image: y\n  links: [cache]\ncache:\n  image: z\nlone:\n  image: z\n"
    )
    modes = {name: keys.get("network_mode") for name, keys in value(old)["services"].items()}
    assert modes == {"web": "bridge", "db": "bridge", "cache": "bridge", "lone": None}


def test_notes_say_what_differs() -> None:
    assert "DB_PORT_5432_TCP_ADDR" in notes("web:\n  image: x\n  links: [db]\ndb:\n  image: y\n")
    assert "Convert the files that it extends too: common.yml" in notes("web:\n  extends: {file: common.yml, service: a}\n")
    assert "external_links" in notes("web:\n  image: x\n  external_links: [far]\n")


def test_a_current_file_stays_as_it_is_and_its_version_is_named() -> None:
    old = 'version: "2"\nservices:\n  web: {image: x}\n'
    assert text(old) == old
    assert "`version: 2` is obsolete" in notes(old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\ufeffweb:\r\n  image: x\r\n  net: host\r\n", "\ufeffservices:\r\n  web:\r\n    image: x\r\n    network_mode: host\r\n"),
        ("---\nweb:\n  image: x\n...\n", "---\nservices:\n  web:\n    image: x\n...\n"),
        ("web: {image: x}", "services:\n  web: {image: x}"),
        ("{web: {image: x}}\n", "{services: {web: {image: x}}}\n"),
        ("{web: {image: x, net: host}}\n", "{services: {web: {image: x, network_mode: host}}}\n"),
        ("  web:\n    image: x\n", "  services:\n    web:\n      image: x\n"),
        ('"we b":\n  image: x\n', 'services:\n  "we b":\n    image: x\n'),
        ("1:\n  image: x\n", "services:\n  1:\n    image: x\n"),
        ("web:\n  image: x\n  roles: [global]\n", "services:\n  web:\n    image: x\n    x-roles: [global]\n"),
    ],
    ids=[
        "BOM and CRLF",
        "document marks",
        "no last line break",
        "flow",
        "flow with a change",
        "indented",
        "quoted",
        "number",
        "hosted",
    ],
)
def test_odd_ways_to_write_a_file_are_kept(old: str, new: str) -> None:
    assert text(old) == new


def test_anchors_and_merge_keys_keep_their_meaning() -> None:
    old = "base: &b\n  image: x\n  log_driver: none\nweb:\n  <<: *b\n  net: host\n  log_opt: {a: b}\n"
    assert value(old)["services"] == {
        "base": {"image": "x", "logging": {"driver": "none"}},
        "web": {"image": "x", "network_mode": "host", "logging": {"driver": "none", "options": {"a": "b"}}},
    }


@pytest.mark.parametrize("old", ["", "[]", "just: words\n", "a: [", "web:\n  image: x\nweb:\n  image: y\n"])
def test_what_cannot_be_converted_is_a_problem(old: str) -> None:
    assert isinstance(convert(old), Problem)


@needs_corpus
@pytest.mark.parametrize("bridge", [False, True])
def test_every_word_of_the_corpus_files_is_in_their_conversions(bridge: bool) -> None:
    assert len(legacy_rows()) == 80
    for row in legacy_rows():
        old = text_of(row)
        new = text(old, bridge=bridge)
        assert Counter(_words(old)) - Counter(_words(new)) == Counter(), row["file"]


def _words(old: str) -> list[str]:
    """The words of a file; keys that were renamed by their new names."""
    renamed = {
        "net:": "network_mode:",
        "log_driver:": "driver:",
        "log_opt:": "options:",
        '"db"': '"container:db"',
        '"container:bar"': '"service:bar"',
    }
    return [renamed.get(word, word) for word in old.replace("net :", "net:").replace("network_mode :", "network_mode:").split()]


@needs_corpus
@pytest.mark.parametrize("bridge", [False, True])
def test_the_reference_tool_accepts_every_conversion_and_reads_the_same_in_it(bridge: bool) -> None:
    found = [outcome(row, bridge=bridge) for row in legacy_rows()]
    assert [(one.file, one.reason) for one in found if one.state == "refused"] == []
    assert [(one.file, one.differs) for one in found if one.differs] == []
    # Version 1 refused these five itself: `extends` in a circle, or of a service that is not there.
    assert [one.file.rpartition("/")[2] for one in found if one.state == "refused as before"] == [
        "circle-1.yml", "circle-2.yml", "nonexistent-service.yml", "circle-1.yml", "circle-2.yml",
    ]  # fmt: skip


_LINE = st.sampled_from(
    [
        "web:", "db:", "  image: x", "  net: host", "  net: container:web", "  build: .", "  dockerfile: d", "  # c",
        "# top", "", "  log_driver: none", "  log_opt: {a: b}", "  volumes: [d:/d]", "  links:", "  - db", "    - db",
        "  <<: *a", "  &a x: y", "networks:", "x-y: &a {image: z}", "  volumes_from: [db]", "---", "...", "{", "}",
        "  command: |", "    text  # no comment", "\t", "  ports: ['80']", "services:", "volumes: {}",
        "  volume_driver: v # vd", "other: {image: x, net: none} # o", "  volumes:", "  - e:/e # e",
    ]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(_LINE, max_size=16), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_no_text_ends_in_an_exception_and_no_comment_is_lost(lines: list[str], bridge: bool, newline: str) -> None:
    old = newline.join(lines)
    converted = convert(old, bridge=bridge)
    if isinstance(converted, Converted):
        again = parse(converted.text)
        assert not again.problems
        for word in ("# vd", "# o", "# e", "# top", "# c"):
            assert converted.text.count(word) == old.count(word)
