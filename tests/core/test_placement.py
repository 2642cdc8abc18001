"""Places: no overlaps, tidy, kept when something is added."""

from __future__ import annotations

import functools
import json
from itertools import combinations
from pathlib import Path

import pytest

from topology.compose.read import read
from topology.core.design import Attachment, Design, Network, Service
from topology.core.placement import BAR_H, CARD_H, GRID, Fixed, Place, members, place

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


def draw(*lines: str) -> Design:
    """ "web --front-- api" lines as a design; a lone name is a service on `default`."""
    services: dict[str, list[str]] = {}
    networks: dict[str, Network] = {}
    for line in lines:
        words = line.replace("--", " ").split()
        for index, word in enumerate(words):
            if index % 2:
                networks[word] = Network(key=word)
                for name in (words[index - 1], words[index + 1]):
                    services.setdefault(name, []).append(word)
            else:
                services.setdefault(word, [])
    drawn = {
        name: Service(name=name, attachments=tuple(Attachment(network=key) for key in dict.fromkeys(keys)))
        for name, keys in services.items()
    }
    return Design(project="drawn", services=drawn, networks=networks)


def overlaps(places: dict[str, Place]) -> list[tuple[str, str]]:
    return [(one, other) for one, other in combinations(places, 2) if places[one].touches(places[other], margin=0)]


@functools.cache
def corpus() -> list[tuple[str, Design]]:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    found = []
    for row in json.loads((CORPUS / "manifest.json").read_text()):
        if row["counts"]["services"] >= 3:
            design = read((CORPUS / row["file"]).read_text(errors="replace"), project="x").design
            if design is not None and len(design.services) >= 3:
                found.append((row["file"], design))
    return found


def test_no_two_nodes_of_any_real_file_overlap_and_all_are_on_the_grid() -> None:
    designs = corpus()
    assert len(designs) > 100
    for name, design in designs:
        places = place(design, fixed={})
        assert overlaps(places) == [], name
        assert all(at.x % GRID == 0 and at.y % GRID == 0 for at in places.values()), name


def test_the_whole_is_neither_a_strip_nor_a_tower() -> None:
    for name, design in corpus():
        places = place(design, fixed={}).values()
        width = max(at.x + at.w for at in places) - min(at.x for at in places)
        height = max(at.y + at.h for at in places) - min(at.y for at in places)
        assert 0.25 <= width / height <= 5.2, (name, width, height)


def test_every_service_stands_beneath_a_bar_of_its_own() -> None:
    design = draw("proxy --front-- web", "web --back-- db", "lonely --spare-- lonely2")
    places = place(design, fixed={})
    taps = members(design)
    for key, names in taps.items():
        bar = places[f"network:{key}"]
        assert bar.h == BAR_H
        assert any(bar.x <= places[f"service:{name}"].x < bar.x + bar.w and places[f"service:{name}"].y > bar.y for name in names)


def test_a_service_on_two_networks_stands_between_their_bars() -> None:
    places = place(draw("proxy --front-- web", "web --back-- db"), fixed={})
    assert places["network:front"].y < places["service:web"].y < places["network:back"].y < places["service:db"].y


def test_a_bar_reaches_to_the_cards_of_its_neighbour_that_have_a_tap_on_it() -> None:
    places = place(draw("web --front-- api", "api --back-- db"), fixed={})
    card, bar = places["service:api"], places["network:back"]
    assert bar.x <= card.x and card.x + card.w <= bar.x + bar.w


def test_the_same_design_gets_the_same_places() -> None:
    lines = [f"s{n} --n{n % 5}-- s{n + 1}" for n in range(20)]
    assert place(draw(*lines), fixed={}) == place(draw(*lines), fixed={})


def test_what_has_a_place_keeps_it_and_what_is_new_finds_a_free_one() -> None:
    small = draw("proxy --front-- web", "web --back-- db")
    kept = {node: Fixed(at.x, at.y) for node, at in place(small, fixed={}).items()}
    large = draw("proxy --front-- web", "web --back-- db", "more --front-- even", "new --other-- newer")
    places = place(large, fixed=kept)
    assert {node: (places[node].x, places[node].y) for node in kept} == {node: (at.x, at.y) for node, at in kept.items()}
    assert overlaps(places) == []


def test_adding_services_one_after_another_never_overlaps_or_moves_anything() -> None:
    kept: dict[str, Fixed] = {}
    for count in range(1, 31):
        design = draw(*[f"s{n} --n{n % 3}-- hub{n % 2}" for n in range(count)])
        places = place(design, fixed=kept)
        assert overlaps(places) == [], count
        assert all((places[node].x, places[node].y) == (at.x, at.y) for node, at in kept.items())
        kept = {node: Fixed(at.x, at.y) for node, at in places.items()}


def test_a_bar_grows_with_its_members_as_far_as_there_is_room() -> None:
    kept = {"network:n": Fixed(0, 0), "service:a": Fixed(0, 80), "service:b": Fixed(280, 80)}
    assert place(draw("a --n-- b"), fixed=kept)["network:n"].w == 520
    wall = kept | {"service:c": Fixed(400, 0)}
    places = place(draw("a --n-- b", "c --n-- a"), fixed=wall | {"service:b": Fixed(0, 80 + CARD_H + 60)})
    assert overlaps(places) == []
    assert places["network:n"].w < 400


def test_a_card_that_shares_a_network_stack_stands_with_its_host() -> None:
    design = draw("a --n-- b", "x --m-- y")
    docked = Service(name="side", network_mode="service:x")
    design = Design(project="p", services={**design.services, "side": docked}, networks=design.networks)
    places = place(design, fixed={})
    bar = places["network:m"]
    assert bar.x <= places["service:side"].x < bar.x + max(bar.w, 800)
    assert abs(places["service:side"].y - places["service:x"].y) <= 180


def test_docker0_has_a_bar_when_a_service_is_on_it() -> None:
    design = Design(project="p", services={"web": Service(name="web", network_mode="bridge")})
    assert list(place(design, fixed={})) == ["network:@bridge", "service:web"]
