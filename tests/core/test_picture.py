"""Pictures: valid, self-contained, the same each time; lines keep clear of cards; every real file can be drawn."""

from __future__ import annotations

import functools
import json
import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest

from topology.compose.read import read
from topology.core.design import Design
from topology.core.picture import picture_svg
from topology.core.picture_colors import DARK, LIGHT, NETWORK_LOOKS
from topology.core.picture_records import graph_records
from topology.core.picture_scene import STYLES, Scene, looks_of, scene_of
from topology.core.picture_text import shorten, width
from topology.core.placement import Fixed
from topology.core.problems import Problem, Severity

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
SHOP = """
name: shop
services:
  proxy: {image: nginx, ports: ["8080:80", "127.0.0.1:9000:9000/udp"], networks: [front], scale: 2}
  web: {image: shop, networks: {front: {aliases: [shop]}, back: {ipv4_address: 172.31.7.10}}, links: ["cache:sessions"],
        environment: {PASSWORD: hunter2}}
  cache: {image: "redis:7", networks: [back], volumes: ["data:/data"]}
  agent: {image: cadvisor, network_mode: host}
  old: {image: busybox, network_mode: bridge}
  side: {image: busybox, network_mode: "service:web"}
networks: {front: {}, back: {internal: true, ipam: {config: [{subnet: 172.31.7.0/24}]}}}
volumes: {data: {}}
"""


def design_of(text: str) -> Design:
    design = read(text, project="p").design
    assert design is not None
    return design


def scene(text: str) -> Scene:
    return scene_of(design_of(text), fixed={}, colors={})


@functools.cache
def corpus() -> list[tuple[str, Design]]:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    rows = json.loads((CORPUS / "manifest.json").read_text())
    readings = [(row["file"], read((CORPUS / row["file"]).read_text(errors="replace"), project="x").design) for row in rows]
    return [(file, design) for file, design in readings if design is not None]


@functools.cache
def scenes() -> list[tuple[str, Scene]]:
    return [(file, scene_of(design, fixed={}, colors={})) for file, design in corpus()]


def test_every_real_file_becomes_a_picture_that_is_valid_xml_with_a_title_and_a_description() -> None:
    assert len(corpus()) > 400
    for file, design in corpus():
        root = ElementTree.fromstring(picture_svg(design))
        assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"], file
        assert "nan" not in root.attrib["viewBox"], file


def test_no_line_of_any_real_file_runs_through_a_card() -> None:
    through = []
    for file, drawn in scenes():
        cards = [at for node, at in drawn.places.items() if node.startswith("service:")]
        for wire in drawn.wires:
            for a, b in pairwise(wire.points):
                low_x, high_x, low_y, high_y = min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])
                if any(
                    low_x < at.x + at.w - 1 and high_x > at.x + 1 and low_y < at.y + at.h - 1 and high_y > at.y + 1 for at in cards
                ):
                    through.append((file, wire.kind, wire.source, wire.target))
    assert through == []


def test_no_two_taps_of_a_bar_sit_on_each_other() -> None:
    for file, drawn in scenes():
        taps: dict[tuple[str, float], list[float]] = {}
        for wire in drawn.wires:
            if wire.kind == "member":
                taps.setdefault((wire.target, wire.points[-1][1]), []).append(wire.points[-1][0])
        for places in taps.values():
            assert all(b - a >= 7 for a, b in pairwise(sorted(places))), file


def test_sixty_services_are_drawn() -> None:
    lines = [f"  s{n}: {{image: i, networks: [n{n % 5}], depends_on: [s{n // 2}]}}" for n in range(1, 60)]
    text = "services:\n  s0: {image: i}\n" + "\n".join(lines) + "\nnetworks: {n0: , n1: , n2: , n3: , n4: }\n"
    assert len(ElementTree.fromstring(picture_svg(design_of(text)))) > 60


def test_the_same_design_gives_the_same_bytes_and_the_themes_differ() -> None:
    design = design_of(SHOP)
    assert picture_svg(design) == picture_svg(design_of(SHOP))
    assert picture_svg(design) != picture_svg(design, theme="dark")


def test_it_asks_for_nothing_outside_and_shows_no_value() -> None:
    svg = picture_svg(design_of(SHOP))
    assert not re.search(r"<script|<image|<use|@import|url\(|href", svg)
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "hunter2" not in svg


def test_host_and_docker0_are_places_of_their_own() -> None:
    drawn = scene(SHOP)
    assert drawn.bars["@host"] == ("agent",)
    assert drawn.bars["@bridge"] == ("old",)
    assert ("shares", "side", "web") in {(one.kind, one.source, one.target) for one in drawn.wires}


def test_a_link_points_from_client_to_server_and_carries_its_alias() -> None:
    (link,) = [one for one in scene(SHOP).wires if one.kind == "link"]
    cache = scene(SHOP).places["service:cache"]
    x, y = link.points[-1]
    assert (link.source, link.target, link.label) == ("web", "cache", "sessions")
    assert cache.x <= x <= cache.x + cache.w and y in (cache.y, cache.y + cache.h)
    assert ">sessions</text>" in picture_svg(design_of(SHOP))


def test_ports_scale_and_volumes_show() -> None:
    svg = picture_svg(design_of(SHOP))
    for words in ("8080 → 80<", "×2", "local 9000 → 9000/udp", ">data</text>", "172.31.7.0/24"):
        assert words in svg


def test_the_description_says_where_each_service_is() -> None:
    svg = picture_svg(design_of(SHOP))
    for words in (
        "web is on front, back.",
        "agent is on host.",
        "side has network mode service:web.",
        "web reaches cache as sessions.",
    ):
        assert words in svg


def test_stored_places_and_colours_are_kept() -> None:
    drawn = scene_of(design_of(SHOP), fixed={"service:web": Fixed(1000, 700)}, colors={"front": 5})
    assert (drawn.places["service:web"].x, drawn.places["service:web"].y) == (1000, 700)
    assert drawn.looks["front"] == 5


def test_an_upright_bar_has_its_taps_on_its_long_side() -> None:
    text = "services:\n  a: {image: x, networks: [n]}\nnetworks: {n: }\n"
    fixed = {"network:n": Fixed(0, 0, w=28, h=300, vertical=True), "service:a": Fixed(200, 80)}
    (wire,) = scene_of(design_of(text), fixed=fixed, colors={}).wires
    assert wire.points == ((200, 146), (28, 146))


def test_an_error_marks_its_card() -> None:
    problem = Problem("x", "m", subject="service:web", severity=Severity.ERROR)
    assert LIGHT["bad"] in picture_svg(design_of(SHOP), problems=iter([problem]))
    assert LIGHT["bad"] not in picture_svg(design_of(SHOP))


def test_hostile_names_stay_text() -> None:
    design = Design(project="p", services={}, networks={})
    ElementTree.fromstring(picture_svg(design, name="</title><script>\x00\ud800&\"'"))
    assert "<script" not in picture_svg(design, name="<script>")


def test_an_empty_design_is_a_picture_too() -> None:
    assert "nothing is drawn yet" in picture_svg(Design(project="p"))


def test_text_is_cut_to_its_room() -> None:
    for text in ("registry.example.org/team/a-very-long-name:1.27.3-alpine", "名前がとても長いサービス", "x"):
        for room in (20, 60, 150):
            for keep_end in (False, True):
                cut = shorten(text, room, size=12, mono=True, keep_end=keep_end)
                assert cut == "…" or width(cut, size=12, mono=True) <= room
    assert shorten("registry/team/name:1.27", 100, size=12, mono=True, keep_end=True).endswith("1.27")


def test_the_looks_are_those_of_the_editor() -> None:
    theme = (ROOT / "static/editor/src/theme.ts").read_text()
    found = re.findall(r'light: "(#\w+)", dark: "(#\w+)", dash: "([\d ]*)"', theme)
    assert tuple(found) == NETWORK_LOOKS
    assert len(found) == STYLES
    css = (ROOT / "static/editor/src/ui/tokens.css").read_text()
    light, dark = (dict(re.findall(r"--ny-(\w+): (#\w+);", half)) for half in css.split(":root[data-mantine")[:2])
    for key in ("paper", "card", "text", "muted", "chip", "link", "depends", "warn", "bad"):
        assert (LIGHT[key], DARK[key]) == (light[key], dark[key]), key


def test_no_two_networks_look_alike_while_looks_last() -> None:
    looks = looks_of([f"n{n}" for n in range(8)], {"n3": 9})
    assert sorted(looks.values()) == list(range(8))
    assert looks["n3"] == 1


def test_the_records_name_everything_that_is_drawn() -> None:
    found = graph_records(design_of(SHOP))
    assert [one["name"] for one in found["services"]] == ["proxy", "web", "cache", "agent", "old", "side"]
    assert [one["role"] for one in found["services"][:3]] == ["web", "service", "cache"]
    assert found["links"] == [{"client": "web", "server": "cache", "alias": "sessions", "external": False}]
    assert {"service": "web", "network": "back", "aliases": [], "ipv4": "172.31.7.10", "ipv6": None, "mac": None,
            "implicit": False} in found["endpoints"]  # fmt: skip
    assert found["mounts"] == [{"service": "cache", "kind": "volume", "source": "data", "target": "/data", "read_only": False}]
    assert "hunter2" not in json.dumps(found)
