"""What a picture shows and where: cards, bars, lines with their labels. Placed by `placement`; the drawing itself is `picture`.

The host's own network is a bar of its own kind, as docker0 is: services with `network_mode: host` have their tap there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from topology.core.design import Attachment, Design, Network, Service
from topology.core.picture_text import width
from topology.core.picture_ways import End, Point, Streets
from topology.core.placement import BRIDGE, GAP, Fixed, Place, members, place

HOST = "@host"
STYLES = 8  # how many looks of networks there are; tests compare them with the editor's
_PORT_GAP, _TAP_GAP, _BAR_END = 44.0, 8.0, 16.0
_OFF_PORT = 64.0  # arrows keep away from the ports around the middle of a side
_LABEL_H = 18.0
_CONDITIONS = {"service_healthy": "healthy", "service_completed_successfully": "done"}


@dataclass(frozen=True, slots=True)
class Wire:
    """A line. `kind`: member (client is a service, target a network's key), link, depends or shares."""

    kind: str
    source: str
    target: str
    points: tuple[Point, ...]
    label: str = ""
    at: Point | None = None  # the label's middle
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """Rectangles by node id ("service:web", "network:front"), lines, and each network's look (−1: docker0, −2: the host)."""

    places: Mapping[str, Place]
    bars: Mapping[str, tuple[str, ...]]
    wires: tuple[Wire, ...]
    looks: Mapping[str, int]


def scene_of(design: Design, *, fixed: Mapping[str, Fixed], colors: Mapping[str, int]) -> Scene:
    """The whole picture's geometry. `fixed` are stored places by node id, `colors` chosen looks by network key."""
    shown = _with_host(design)
    bars = {key: tuple(names) for key, names in members(shown).items()}
    places = place(shown, fixed=fixed)
    streets = Streets(
        [at for node, at in places.items() if node.startswith("service:")],
        [at for node, at in places.items() if node.startswith("network:")],
    )
    looks = looks_of([key for key in bars if not key.startswith("@")], colors) | {BRIDGE: -1, HOST: -2}
    wires = [*_memberships(shown, bars, places, streets), *_arrows(design, places, streets)]
    return Scene(places, bars, tuple(_labelled(wires, places)), looks)


def looks_of(keys: list[str], chosen: Mapping[str, int]) -> dict[str, int]:
    """A look for each network, as the editor picks it: the chosen one, else one by name, no two alike while looks last."""
    looks = {key: chosen[key] % STYLES for key in keys if key in chosen}
    taken = set(looks.values())
    for key in sorted(key for key in keys if key not in looks):
        look = 0 if key == "default" else _hash(key) % STYLES
        for _ in range(STYLES):
            if look not in taken:
                break
            look = (look + 1) % STYLES
        taken.add(look)
        looks[key] = look
    return looks


def _hash(text: str) -> int:
    value = 2166136261
    units = text.encode("utf-16-le", "surrogatepass")
    for low, high in zip(units[::2], units[1::2], strict=True):
        value = ((value ^ (low | high << 8)) * 16777619) & 0xFFFFFFFF
    return value


def _with_host(design: Design) -> Design:
    """The design with the host's network as one more bar, where a service is on it."""
    hosted = {name: one for name, one in design.services.items() if one.mode == "host"}
    if not hosted:
        return design
    moved = {name: replace(one, network_mode=None, attachments=(Attachment(HOST),)) for name, one in hosted.items()}
    return replace(design, services={**design.services, **moved}, networks={**design.networks, HOST: Network(key=HOST)})


def _sides(card: Place, bar: Place) -> tuple[str, str]:
    """The card's side that faces the bar, and the bar's that faces the card."""
    upright = bar.h > bar.w
    if upright and bar.x + bar.w <= card.x:
        return "left", "right"
    if upright and bar.x >= card.x + card.w:
        return "right", "left"
    return ("top", "bottom") if bar.y + bar.h / 2 <= card.y + card.h / 2 else ("bottom", "top")


def _on(box: Place, side: str, along: float) -> End:
    if side in ("top", "bottom"):
        return End(along, box.y if side == "top" else box.y + box.h, side)
    return End(box.x if side == "left" else box.x + box.w, along, side)


def _memberships(design: Design, bars: Mapping[str, tuple[str, ...]], places: Mapping[str, Place], streets: Streets) -> list[Wire]:
    """A line from each member's card to a tap on its bar. Straight ones choose their tap first, the others take what is left."""
    ports = _ports(bars, places)
    rank = {key: index for index, key in enumerate(bars)}
    found: list[Wire] = []
    for key, names in bars.items():
        bar = places[f"network:{key}"]
        taken: dict[str, list[float]] = {}
        pairs = [(name, *_sides(places[f"service:{name}"], bar), ports[name, key]) for name in names]
        straight = {name: _is_straight(port, bar, side, places[f"service:{name}"], streets) for name, _, side, port in pairs}
        for name, _, side, port in sorted(pairs, key=lambda pair: not straight[pair[0]]):
            free = taken.setdefault(side, [])
            lane = (rank[key] % 5 - 2) * 5.0
            points = _direct(port, bar, side, free) if straight[name] else []
            points = points or streets.way([port], _taps(bar, side, port, places[f"service:{name}"], lane, free), lane=lane)
            free.append(points[-1][0] if side in ("top", "bottom") else points[-1][1])
            implicit = any(one.network == key and one.implicit for one in design.services[name].attachments)
            found.append(Wire("member", name, key, tuple(points), implicit=implicit))
    return found


def _is_straight(port: End, bar: Place, side: str, card: Place, streets: Streets) -> bool:
    upright = side in ("top", "bottom")
    low, long, at = (bar.x, bar.w, port.x) if upright else (bar.y, bar.h, port.y)
    end = _on(bar, side, at)
    return low + _BAR_END <= at <= low + long - _BAR_END and streets.clear((port.x, port.y), (end.x, end.y), apart=(card, bar))


def _direct(port: End, bar: Place, side: str, taken: list[float]) -> list[Point]:
    """The straight line to the bar, unless another's tap is in the way; [] then."""
    at = port.x if side in ("top", "bottom") else port.y
    tap = _on(bar, side, at)
    return [(port.x, port.y), (tap.x, tap.y)] if _free(bar, side, at, taken) == at else []


def _taps(bar: Place, side: str, port: End, card: Place, lane: float, taken: list[float]) -> list[End]:
    """Where the line may end: at the port's height or in the gutters beside the card, each moved to the nearest free spot."""
    if side in ("top", "bottom"):
        wishes = [port.x, card.x - GAP / 2 + lane, card.x + card.w + GAP / 2 + lane]
    else:
        wishes = [port.y]
    return [_on(bar, side, at) for at in dict.fromkeys(_free(bar, side, wish, taken) for wish in wishes)]


def _free(bar: Place, side: str, wish: float, taken: list[float]) -> float:
    """The free spot on the bar's side that is nearest to the wish."""
    low, long = (bar.x, bar.w) if side in ("top", "bottom") else (bar.y, bar.h)
    first, last = low + min(_BAR_END, long / 2), low + long - min(_BAR_END, long / 2)
    wish = min(max(wish, first), last)
    spots = (wish + sign * step * 4 for step in range(int(long) // 4 + 1) for sign in (1, -1))
    free = (spot for spot in spots if first <= spot <= last and all(abs(spot - other) >= _TAP_GAP for other in taken))
    return next(free, wish)


def _ports(bars: Mapping[str, tuple[str, ...]], places: Mapping[str, Place]) -> dict[tuple[str, str], End]:
    """(service, network) → where the line leaves the card: around the middle of a side, in the order of the bars."""
    groups: dict[tuple[str, str], list[str]] = {}
    for key, names in bars.items():
        for name in names:
            side = _sides(places[f"service:{name}"], places[f"network:{key}"])[0]
            groups.setdefault((name, side), []).append(key)
    found: dict[tuple[str, str], End] = {}
    for (name, side), keys in groups.items():
        card, upright = places[f"service:{name}"], side in ("top", "bottom")
        middle, long = (card.x + card.w / 2, card.w) if upright else (card.y + card.h / 2, card.h)
        gap = min(_PORT_GAP, (long - 40) / max(1, len(keys) - 1))
        for index, key in enumerate(sorted(keys, key=lambda key: (_middle(places[f"network:{key}"], upright), key))):
            found[name, key] = _on(card, side, round(middle + (index - (len(keys) - 1) / 2) * gap))
    return found


def _middle(bar: Place, upright: bool) -> float:
    return bar.x + bar.w / 2 if upright else bar.y + bar.h / 2


def _arrows(design: Design, places: Mapping[str, Place], streets: Streets) -> list[Wire]:
    """Links client → server, dependencies that are written, and shared network stacks. Those to one target share a trunk."""
    rank = {name: index for index, name in enumerate(design.services)}
    found: list[Wire] = []
    for service in design.services.values():
        for kind, target, label in _relations(design, service):
            lane = (rank[target] % 5 - 2) * 5.0 + (2.5 if kind == "link" else 0.0)
            if kind == "shares":
                starts, goals = (_docks(places[f"service:{one}"]) for one in (service.name, target))
            else:
                starts = _ends(places[f"service:{service.name}"], leaving=True, aside=kind != "link")
                goals = _ends(places[f"service:{target}"], leaving=False, aside=kind != "link")
            points = streets.way(starts, goals, lane=lane)
            found.append(Wire(kind, service.name, target, tuple(points), label=label))
    return found


def _relations(design: Design, service: Service) -> list[tuple[str, str, str]]:
    known = design.services
    found = [("link", one.target, one.alias) for one in service.links if not one.external and one.target in known]
    linked = {target for _, target, _ in found}
    found += [
        ("depends", one.service, _CONDITIONS.get(one.condition, ""))
        for one in service.depends_on
        if not one.implied and one.service in known and one.service not in linked
    ]
    shared = (service.network_mode or "").partition(":")[2] if service.mode == "service" else ""
    return found + ([("shares", shared, "")] if shared in known and shared != service.name else [])


def _ends(card: Place, *, leaving: bool, aside: bool) -> list[End]:
    """Where an arrow may leave or reach a card: right of the ports when it leaves, left of them when it comes."""
    x = card.x + card.w / 2 + (_OFF_PORT if leaving else -_OFF_PORT)
    y = card.y + card.h / 2 + (12 if leaving else -12)
    ends = [_on(card, "bottom", x), _on(card, "top", x)]
    return [*ends, _on(card, "right", y), _on(card, "left", y)] if aside else ends


def _docks(card: Place) -> list[End]:
    """Where the line of a shared network stack may end: low on a side, or beneath."""
    sides = [_on(card, side, card.y + card.h - 28) for side in ("left", "right")]
    return [*sides, _on(card, "bottom", card.x + 28), _on(card, "top", card.x + 28)]


def _labelled(wires: list[Wire], places: Mapping[str, Place]) -> list[Wire]:
    """Labels on their lines, clear of cards, bars and each other where there is room."""
    taken = list(places.values())
    found = []
    for wire in wires:
        if not wire.label:
            found.append(wire)
            continue
        size = label_width(wire), _LABEL_H
        spots = [Place(x - size[0] / 2, y - size[1] / 2, *size) for x, y in _spots(wire.points)]
        spot = next((one for one in spots if not any(one.touches(other, margin=1) for other in taken)), spots[0])
        taken.append(spot)
        found.append(replace(wire, at=(spot.x + spot.w / 2, spot.y + spot.h / 2)))
    return found


def label_width(wire: Wire) -> float:
    """The width of a label's plate."""
    return min(130.0, width(wire.label, size=10.5, mono=wire.kind == "link") + 14)


def _spots(points: tuple[Point, ...]) -> list[Point]:
    """Where a label may sit, best first: the middles of the long level parts, then along all parts."""
    parts = sorted(pairwise(points), key=lambda part: (part[0][1] != part[1][1], -_long(part)))
    return [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for share in (0.5, 0.3, 0.7, 0.15, 0.85) for a, b in parts]


def _long(part: tuple[Point, Point]) -> float:
    return abs(part[0][0] - part[1][0]) + abs(part[0][1] - part[1][1])
