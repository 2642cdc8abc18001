"""Places for nodes that nobody has placed: tidy, without overlaps, the same for the same design.

Rule: each service stands in rows beneath the bar of one of its networks, the first one written; of a service on several, the last
row, next to the following bar. Nodes that have a place keep it; new ones go to the nearest free spot. Units: canvas pixels,
on a 20 px grid; x to the right, y down, a place is the upper left corner.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from topology.core.design import Design, Service

GRID = 20
CARD_W, CARD_H = 240, 132
BAR_H = 28
GAP = 40
BELOW_BAR = 80  # from a bar's upper edge to its first row
GROUP_GAP = 80
STEP_X, STEP_Y = CARD_W + GAP, 180  # the row step leaves room for edge labels and lands on the grid
MAX_COLUMNS = 6
WIDEST = MAX_COLUMNS * STEP_X - GAP
BRIDGE = "@bridge"
_CELL = 400
LOOSE = ""  # the group of services that stand under no bar


@dataclass(frozen=True, slots=True)
class Place:
    """A node's rectangle."""

    x: float
    y: float
    w: float
    h: float

    def touches(self, other: Place, *, margin: float = GRID) -> bool:
        """Whether two rectangles overlap or come nearer than `margin`."""
        return (
            self.x < other.x + other.w + margin
            and other.x < self.x + self.w + margin
            and self.y < other.y + other.h + margin
            and other.y < self.y + self.h + margin
        )


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is kept of a node's place: the corner, and for bars perhaps a size and a direction."""

    x: float
    y: float
    w: float | None = None
    h: float | None = None
    vertical: bool = False


def bar_keys(design: Design) -> list[str]:
    """The networks that are drawn: all that are written, `default` where a service is on it, docker0 where one uses it."""
    used = {attachment.network for service in design.services.values() for attachment in service.attachments}
    keys = [key for key, network in design.networks.items() if key in used or not network.implicit]
    if any(service.mode == "bridge" for service in design.services.values()):
        keys.append(BRIDGE)
    return keys


def members(design: Design) -> dict[str, list[str]]:
    """Bar key → the services with a tap on it, in file order."""
    found: dict[str, list[str]] = {key: [] for key in bar_keys(design)}
    for name, service in design.services.items():
        for key in _bars_of(service):
            if key in found and name not in found[key]:
                found[key].append(name)
    return found


def place(design: Design, *, fixed: Mapping[str, Fixed]) -> dict[str, Place]:
    """Node id → place, for every service and drawn network of the design, in file order, networks first."""
    taps = members(design)
    ids = [f"network:{key}" for key in taps] + [f"service:{name}" for name in design.services]
    kept = {node: fixed[node] for node in ids if node in fixed}
    found = _fill(design, taps, kept) if kept else _arrange(design, taps)
    return {node: found[node] for node in ids}


def _bars_of(service: Service) -> list[str]:
    return [BRIDGE] if service.mode == "bridge" else [attachment.network for attachment in service.attachments]


def _primary(design: Design, service: Service, taps: Mapping[str, Sequence[str]]) -> str:
    """The bar a service stands beneath. One that shares another's network stack stands with that one."""
    seen: set[str] = set()
    while service.mode == "service" and service.name not in seen:
        seen.add(service.name)
        target = (service.network_mode or "").partition(":")[2]
        if target not in design.services:
            return LOOSE
        service = design.services[target]
    return next((key for key in _bars_of(service) if key in taps), LOOSE)


def _groups(design: Design, taps: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Bar key → services beneath it; "" last for those under none. Those with a tap on a later bar come last."""
    order = _bar_order(taps)
    rank = {key: index for index, key in enumerate(order)}
    groups: dict[str, list[str]] = {key: [] for key in [*order, LOOSE]}
    for name, service in design.services.items():
        bars = [key for key in _bars_of(service) if key in rank]
        first = min(bars, key=rank.__getitem__) if bars else _primary(design, service, taps)
        groups[first].append(name)
    for names in groups.values():
        names.sort(key=lambda name: len([key for key in _bars_of(design.services[name]) if key in rank]) > 1)
    return {key: names for key, names in groups.items() if names or key}


def _bar_order(taps: Mapping[str, Sequence[str]]) -> list[str]:
    """Bars that share services next to each other, beginning with the first written."""
    left = list(taps)
    order: list[str] = []
    while left:
        last = set(taps[order[-1]]) if order else set()
        best = max(left, key=lambda key: (len(last & set(taps[key])), -left.index(key)))
        order.append(best)
        left.remove(best)
    return order


def _columns(count: int) -> int:
    """Cards side by side in a group: one row up to four, then about twice as wide as high."""
    return max(1, min(MAX_COLUMNS, count if count <= 4 else math.ceil(math.sqrt(count * 1.3))))


def _arrange(design: Design, taps: Mapping[str, Sequence[str]]) -> dict[str, Place]:
    """Everything anew: groups on shelves, as wide as makes the whole about half again as wide as high."""
    groups = _groups(design, taps)
    sizes = {key: _group_size(names, has_bar=key != LOOSE) for key, names in groups.items()}
    area = sum((w + GROUP_GAP) * (h + GROUP_GAP) for w, h in sizes.values())
    limit = max([math.sqrt(area * 1.5), *(w for w, _ in sizes.values())], default=0.0)
    found: dict[str, Place] = {}
    x = y = shelf = 0.0
    for key, names in groups.items():
        w, h = sizes[key]
        if x and x + w > limit:
            x, y, shelf = 0.0, y + shelf + GROUP_GAP, 0.0
        found |= _place_group(key, names, x=x, y=y, w=w)
        x, shelf = x + w + GROUP_GAP, max(shelf, h)
    for key, tapped in taps.items():
        found[f"network:{key}"] = _grown(f"network:{key}", found, tapped, leftwards=True)
    return found


def _group_size(names: Sequence[str], *, has_bar: bool) -> tuple[float, float]:
    columns = _columns(len(names))
    rows = math.ceil(len(names) / columns)
    cards_h = rows * STEP_Y - (STEP_Y - CARD_H) if rows else 0
    height = (BELOW_BAR + cards_h if rows else BAR_H) if has_bar else cards_h
    return columns * STEP_X - GAP, math.ceil(height / GRID) * GRID


def _place_group(key: str, names: Sequence[str], *, x: float, y: float, w: float) -> dict[str, Place]:
    found: dict[str, Place] = {}
    top = y
    if key != LOOSE:
        found[f"network:{key}"] = Place(x, y, w, BAR_H)
        top = y + BELOW_BAR
    columns = _columns(len(names))
    for index, name in enumerate(names):
        row, column = divmod(index, columns)
        found[f"service:{name}"] = Place(x + column * STEP_X, top + row * STEP_Y, CARD_W, CARD_H)
    return found


def _fill(design: Design, taps: Mapping[str, Sequence[str]], kept: Mapping[str, Fixed]) -> dict[str, Place]:
    """Keep what has a place; put the rest at the nearest free spot: bars below everything, services beneath their bar."""
    found = {node: _kept_place(node, at) for node, at in kept.items()}
    room = _Room(found.values())
    for key, names in taps.items():
        node = f"network:{key}"
        if node not in found:
            found[node] = room.put(_free(room, Place(*_below(found.values()), _bar_width(len(names)), BAR_H)))
    for name, service in design.services.items():
        node = f"service:{name}"
        if node not in found:
            found[node] = room.put(_free(room, _wanted(design, service, taps, found)))
    for key, names in taps.items():
        node = f"network:{key}"
        if node in kept and kept[node].w is None and not kept[node].vertical:
            found[node] = _grown(node, found, names, leftwards=False)
    return found


def _kept_place(node: str, at: Fixed) -> Place:
    if node.startswith("service:"):
        return Place(at.x, at.y, CARD_W, CARD_H)
    w, h = (BAR_H, CARD_W) if at.vertical else (CARD_W, BAR_H)
    return Place(at.x, at.y, at.w or w, at.h or h)


def _bar_width(count: int) -> float:
    return _columns(count) * STEP_X - GAP


def _grown(node: str, found: Mapping[str, Place], names: Sequence[str], *, leftwards: bool) -> Place:
    """A bar long enough for a straight tap from each member, or as long as it can be without touching another node."""
    others = [place for other, place in found.items() if other != node]
    bar = found[node]
    cards = [found[f"service:{name}"] for name in names]
    right = min(max([bar.x + CARD_W, *(card.x + card.w for card in cards)]), bar.x + WIDEST)
    wide = Place(bar.x, bar.y, right - bar.x, bar.h)
    while wide.w > CARD_W and any(wide.touches(other) for other in others):
        wide = Place(wide.x, wide.y, max(CARD_W, wide.w - GRID), wide.h)
    left = max(min([bar.x, *(card.x for card in cards)]), right - WIDEST) if leftwards else bar.x
    while left < bar.x:
        longer = Place(left, bar.y, wide.x + wide.w - left, bar.h)
        if not any(longer.touches(other) for other in others):
            return longer
        left += GRID
    return wide


def _below(places: Iterable[Place]) -> tuple[float, float]:
    """The left edge and the first grid line under everything."""
    known = list(places)
    bottom = max(place.y + place.h for place in known) + GROUP_GAP
    return min(place.x for place in known), math.ceil(bottom / GRID) * GRID


def _wanted(design: Design, service: Service, taps: Mapping[str, Sequence[str]], found: Mapping[str, Place]) -> Place:
    """Where a new service would best stand: beneath its bar, else beside a service it depends on, else below everything."""
    bar = found.get(f"network:{_primary(design, service, taps)}")
    if bar is not None:
        return Place(bar.x, bar.y + BELOW_BAR, CARD_W, CARD_H)
    for dependency in service.depends_on:
        if near := found.get(f"service:{dependency.service}"):
            return Place(near.x, near.y, CARD_W, CARD_H)
    return Place(*_below(found.values()), CARD_W, CARD_H)


class _Room:
    """Rectangles by the cells that they lie in, so that a spot among a thousand asks only those near it."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places: list[Place] = []
        self._cells: dict[tuple[int, int], list[Place]] = {}
        for place in places:
            self.put(place)

    def put(self, place: Place) -> Place:
        self.places.append(place)
        for cell in self._around(place):
            self._cells.setdefault(cell, []).append(place)
        return place

    def is_free(self, spot: Place) -> bool:
        return not any(spot.touches(other) for cell in self._around(spot) for other in self._cells.get(cell, ()))

    def _around(self, place: Place) -> list[tuple[int, int]]:
        """The cells of a rectangle with the margin that it keeps."""
        left, top = math.floor((place.x - GRID) / _CELL), math.floor((place.y - GRID) / _CELL)
        right, bottom = math.floor((place.x + place.w + GRID) / _CELL), math.floor((place.y + place.h + GRID) / _CELL)
        return [(column, row) for column in range(left, right + 1) for row in range(top, bottom + 1)]


def _free(room: _Room, wanted: Place) -> Place:
    """The first free spot from `wanted` on, row by row to the right and down. There always is one below everything."""
    x0, y0 = (round(value / GRID) * GRID for value in (wanted.x, wanted.y))
    for row in range(len(room.places) + 2):
        for column in range(MAX_COLUMNS):
            spot = Place(x0 + column * STEP_X, y0 + row * STEP_Y, wanted.w, wanted.h)
            if room.is_free(spot):
                return spot
    x, y = _below(room.places)
    return Place(x, y, wanted.w, wanted.h)
