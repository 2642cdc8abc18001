"""Which old item becomes which new one: keys by name and place, items of lists by equality, then by place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def match_keys(old: list[str], new: list[str]) -> tuple[dict[str, str], list[str]]:
    """Old key → new key for those that stay or are renamed in place, and the keys to add, in order.

    Keys count as renamed when both have as many keys and differ only where an old one is gone and a new one has its place.
    """
    gone, fresh = set(old) - set(new), set(new) - set(old)
    if len(old) == len(new) and all(a == b or (a in gone and b in fresh) for a, b in zip(old, new, strict=True)):
        return dict(zip(old, new, strict=True)), []
    return {key: key for key in old if key not in gone}, [key for key in new if key in fresh]


def match_items(old: list[Any], new: list[Any], *, same: Callable[[Any, Any], bool]) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Old index → new index for items that stay or change in place; and after which old index (-1: first) new ones come."""
    pairs = _common(old, new, same=same)
    matched: dict[int, int] = {}
    inserted: dict[int, list[int]] = {}
    before_old, before_new = 0, 0
    for stop_old, stop_new in [*pairs, (len(old), len(new))]:
        changed = min(stop_old - before_old, stop_new - before_new)
        for step in range(changed):
            matched[before_old + step] = before_new + step
        if before_new + changed < stop_new:
            # After the last matched one, so that cut lines below it are not in the way.
            inserted[before_old + changed - 1] = list(range(before_new + changed, stop_new))
        if stop_old < len(old):
            matched[stop_old] = stop_new
        before_old, before_new = stop_old + 1, stop_new + 1
    return matched, inserted


def _common(old: list[Any], new: list[Any], *, same: Callable[[Any, Any], bool]) -> list[tuple[int, int]]:
    """The longest common subsequence as index pairs; equal ends are taken first, so that usual edits stay cheap."""
    head = 0
    while head < min(len(old), len(new)) and same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    middle = _longest(middle_old, middle_new, same=same) if len(middle_old) * len(middle_new) <= 250_000 else []
    return [
        *((i, i) for i in range(head)),
        *((head + i, head + j) for i, j in middle),
        *((len(old) - tail + i, len(new) - tail + i) for i in range(tail)),
    ]


def _longest(old: list[Any], new: list[Any], *, same: Callable[[Any, Any], bool]) -> list[tuple[int, int]]:
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    equal = [[same(one, other) for other in new] for one in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if equal[i][j] else max(lengths[i + 1][j], lengths[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if equal[i][j] and lengths[i][j] == lengths[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
