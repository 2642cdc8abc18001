"""Ways for lines through the gutters between cards: right-angled, never through a card, never along a bar, few bends.

The streets are the middles of the gaps around cards; each line keeps to its own lane of a street, so that lines of different
networks do not hide each other. Units: canvas pixels.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from topology.core.placement import Place

Point = tuple[float, float]
STUB = 14
_ASIDE_X, _ASIDE_Y = 20, 24  # a street's middle from a card's edge
_BEND, _CROSSING = 70.0, 60.0
_CLEAR = 5
_OUT: Mapping[str, Point] = {"top": (0, -1), "bottom": (0, 1), "left": (-1, 0), "right": (1, 0)}


@dataclass(frozen=True, slots=True)
class End:
    """Where a line may begin or end: a point on an edge and the side that it leaves by."""

    x: float
    y: float
    side: str

    def stub(self) -> Point:
        out_x, out_y = _OUT[self.side]
        return self.x + out_x * STUB, self.y + out_y * STUB

    @property
    def upright(self) -> bool:
        return self.side in ("top", "bottom")


class Streets:
    """The free ways of one picture."""

    def __init__(self, cards: Sequence[Place], bars: Sequence[Place]) -> None:
        self._cards, self._bars = cards, bars
        self._xs = sorted({x for one in (*cards, *bars) for x in (one.x - _ASIDE_X, one.x + one.w + _ASIDE_X)})
        self._ys = sorted({y for one in cards for y in (one.y - _ASIDE_Y, one.y + one.h + _ASIDE_Y)})

    def clear(self, a: Point, b: Point, *, apart: Iterable[Place] = ()) -> bool:
        """Whether a straight, upright or level line touches no card except those in `apart`, and runs along no bar."""
        skip = set(apart)
        low_x, high_x, low_y, high_y = min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])
        blocks = [one for one in self._cards if one not in skip] + (self._bars if low_y == high_y else [])  # type: ignore[operator]
        return not any(
            low_x < one.x + one.w + _CLEAR
            and high_x > one.x - _CLEAR
            and low_y < one.y + one.h + _CLEAR
            and high_y > one.y - _CLEAR
            for one in blocks
        )

    def way(self, starts: Sequence[End], ends: Sequence[End], *, lane: float = 0.0) -> list[Point]:
        """The cheapest way from one of `starts` to one of `ends`, as corner points; a straight line where there is none."""
        xs = sorted({x + lane for x in self._xs} | {end.stub()[0] for end in (*starts, *ends)})
        ys = sorted({y + lane * 0.7 for y in self._ys} | {end.stub()[1] for end in (*starts, *ends)})
        column, row = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
        steps = _Steps(self, xs, ys)
        goals = {(column[end.stub()[0]], row[end.stub()[1]]): end for end in ends}
        begin = {(column[end.stub()[0]], row[end.stub()[1]]): end for end in starts}
        found = _cheapest(steps, begin, goals)
        if found is None:
            return [(starts[0].x, starts[0].y), (ends[0].x, ends[0].y)]
        corners = [(xs[i], ys[j]) for i, j in found]
        first, last = begin[found[0]], goals[found[-1]]
        return straightened([(first.x, first.y), *corners, (last.x, last.y)])

    def crossings(self, x: float, a: float, b: float) -> int:
        low, high = min(a, b), max(a, b)
        return sum(1 for bar in self._bars if bar.x - 2 < x < bar.x + bar.w + 2 and bar.y < high and bar.y + bar.h > low)


class _Steps:
    """Moves between neighbouring crossings of the streets, and what each costs; looked up once each."""

    def __init__(self, streets: Streets, xs: Sequence[float], ys: Sequence[float]) -> None:
        self._streets, self.xs, self.ys = streets, xs, ys
        self._known: dict[tuple[int, int, bool], float] = {}

    def cost(self, at: tuple[int, int], to: tuple[int, int]) -> float:
        level = at[1] == to[1]
        key = (min(at[0], to[0]), min(at[1], to[1]), level)
        if key not in self._known:
            a, b = (self.xs[at[0]], self.ys[at[1]]), (self.xs[to[0]], self.ys[to[1]])
            if not self._streets.clear(a, b):
                self._known[key] = math.inf
            else:
                crossed = 0 if level else self._streets.crossings(a[0], a[1], b[1])
                self._known[key] = abs(a[0] - b[0]) + abs(a[1] - b[1]) + crossed * _CROSSING
        return self._known[key]


_Node = tuple[int, int]


def _cheapest(steps: _Steps, begin: Mapping[_Node, End], goals: Mapping[_Node, End]) -> list[_Node] | None:
    """Dijkstra over crossings and the direction one arrives in, so that bends cost."""
    queue = [(0.0, node, end.upright) for node, end in begin.items()]
    heapq.heapify(queue)
    best = {(node, upright): 0.0 for _, node, upright in queue}
    before: dict[tuple[_Node, bool], tuple[_Node, bool]] = {}
    closed: set[tuple[_Node, bool]] = set()
    while queue:
        cost, node, upright = heapq.heappop(queue)
        if (node, upright) in closed:
            continue
        closed.add((node, upright))
        if node in goals and (goals[node].upright == upright):
            return _traced(before, (node, upright))
        turned = (node, not upright)
        _relax(queue, best, before, turned, cost + _BEND, (node, upright))
        for near in _ahead(node, upright, len(steps.xs), len(steps.ys)):
            if (step := steps.cost(node, near)) != math.inf:
                _relax(queue, best, before, (near, upright), cost + step, (node, upright))
    return None


def _relax(
    queue: list[tuple[float, _Node, bool]],
    best: dict[tuple[_Node, bool], float],
    before: dict[tuple[_Node, bool], tuple[_Node, bool]],
    state: tuple[_Node, bool],
    cost: float,
    origin: tuple[_Node, bool],
) -> None:
    if cost < best.get(state, math.inf):
        best[state], before[state] = cost, origin
        heapq.heappush(queue, (cost, *state))


def _ahead(node: _Node, upright: bool, columns: int, rows: int) -> Iterable[_Node]:
    i, j = node
    near = ((i, j - 1), (i, j + 1)) if upright else ((i - 1, j), (i + 1, j))
    return [(x, y) for x, y in near if 0 <= x < columns and 0 <= y < rows]


def _traced(before: Mapping[tuple[_Node, bool], tuple[_Node, bool]], state: tuple[_Node, bool]) -> list[_Node]:
    found = [state[0]]
    while state in before:
        state = before[state]
        if found[-1] != state[0]:
            found.append(state[0])
    return found[::-1]


def straightened(points: Sequence[Point]) -> list[Point]:
    """Without points that lie on the straight line between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return kept


def path_of(points: Sequence[Point], *, radius: float = 9.0) -> str:
    """An SVG path through points with rounded corners."""
    parts = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        into, out = math.dist(before, point), math.dist(point, after)
        r = min(radius, into / 2, out / 2)
        a, b = _toward(point, before, r / into if into else 0), _toward(point, after, r / out if out else 0)
        parts.append(f"L{_n(a[0])} {_n(a[1])}Q{_n(point[0])} {_n(point[1])} {_n(b[0])} {_n(b[1])}")
    parts.append(f"L{_n(points[-1][0])} {_n(points[-1][1])}")
    return "".join(parts)


def _toward(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _n(value: float) -> str:
    return f"{round(value, 1):g}"
