"""Line patches: making the inverse of a change, and finding a patch's place again when others edited meanwhile.

A hunk's place: its own line where everything agrees there; else the one place (or by far the nearest) where its old lines
and the lines around them stand. Several lines of context may be given in `before` and `after`; "" says nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher

from topology.core.edit import Hunk, PatchText
from topology.core.problems import Problem

MIN_CONTEXT_LINES, MAX_CONTEXT_LINES = 3, 60


def split_lines(text: str) -> list[str]:
    """Lines with their ends; only "\\n" ends a line."""
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def make_patch(old: str, new: str) -> PatchText:
    """The patch that turns one text into another; its hunks carry enough context to be the only place they fit."""
    if old == new:
        return PatchText(())
    before, after = split_lines(old), split_lines(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    core_old, core_new = before[head : len(before) - tail], after[head : len(after) - tail]
    places: dict[str, list[int]] = {}
    for number, line in enumerate(before):
        places.setdefault(line, []).append(number)
    hunks: list[Hunk] = []
    for first, stop, new_first, new_stop in _blocks(core_old, core_new):
        above, below = _context(before, places, head + first, head + stop)
        hunks.append(Hunk(head + first, tuple(core_old[first:stop]), tuple(core_new[new_first:new_stop]), above, below))
    return PatchText(tuple(hunks))


def _blocks(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """The blocks that differ, as (old from, to, new from, to): split at lines that stand once in both, then compared closely."""
    blocks: list[tuple[int, int, int, int]] = []
    at_old = at_new = 0
    for stop_old, stop_new in [*_unique_in_both(old, new), (len(old), len(new))]:
        left, right = old[at_old:stop_old], new[at_new:stop_new]
        if left != right:
            matcher = SequenceMatcher(None, left, right, autojunk=False)
            blocks += [
                (at_old + i, at_old + j, at_new + k, at_new + m) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"
            ]
        at_old, at_new = stop_old + 1, stop_new + 1
    return blocks


def _unique_in_both(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Places of lines that stand once in each text, in an order that rises in both (greedily; a line that moved is left out)."""
    once_old, once_new = Counter(old), Counter(new)
    where = {line: number for number, line in enumerate(new) if once_new[line] == 1}
    pairs = [(number, where[line]) for number, line in enumerate(old) if once_old[line] == 1 and line in where]
    best_end: list[int] = []  # the longest rising run, by the places in the new text
    best_at: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(best_end, place)
        previous.append(best_at[length - 1] if length else -1)
        best_end[length : length + 1] = [place]
        best_at[length : length + 1] = [index]
    rising: list[tuple[int, int]] = []
    index = best_at[-1] if best_at else -1
    while index >= 0:
        rising.append(pairs[index])
        index = previous[index]
    return rising[::-1]


def _common(left: list[str], right: list[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _context(lines: list[str], places: dict[str, list[int]], first: int, stop: int) -> tuple[str, str]:
    """Three lines above and one below; more above until the place is unlike every other. `places`: line → where it stands."""
    below = lines[stop] if stop < len(lines) else ""
    length = stop - first
    if length:
        others = [at for at in places[lines[first]] if at != first and lines[at : at + length] == lines[first:stop]]
        others = [at for at in others if not below or lines[at + length : at + length + 1] == [below]]
    else:
        others = [at for at in places.get(below, range(len(lines) + 1)) if at != first]
    start = max(first - 1, 0)
    for back in range(1, min(first, MAX_CONTEXT_LINES) + 1):
        start = first - back
        others = [at for at in others if at - back >= 0 and lines[at - back] == lines[start]]
        if not others and back >= MIN_CONTEXT_LINES:
            break
    return "".join(lines[start:first]), below


def apply_patch(text: str, patch: PatchText) -> str | Problem:
    """The patched text, or a Problem `lines-changed` when a place is gone or not certain. All hunks or none.

    Hunks name lines of the text before the patch; they may come in any order.
    """
    lines = split_lines(text)
    places: list[tuple[int, Hunk]] = []
    shift = 0
    for hunk in sorted(patch.hunks, key=lambda one: one.line):
        at = _find(lines, hunk, expected=hunk.line + shift)
        if at is None:
            return _changed(hunk)
        places.append((at, hunk))
        shift = at - hunk.line
    at = 0
    parts: list[str] = []
    for start, hunk in places:
        if start < at:
            return _changed(hunk)
        parts += lines[at:start]
        parts += hunk.new
        at = start + len(hunk.old)
    return _joined([*parts, *lines[at:]], newline="\r\n" if lines and lines[0].endswith("\r\n") else "\n")


def _joined(lines: list[str], *, newline: str) -> str:
    """Lines as one text; one that lost its neighbour below and has no end of its own gets one."""
    ended = [line if line.endswith("\n") else line + newline for line in lines[:-1] if line]
    return "".join(ended + lines[-1:])


def _find(lines: list[str], hunk: Hunk, *, expected: int) -> int | None:
    above, below = split_lines(hunk.before), split_lines(hunk.after)
    old = list(hunk.old)
    for place in dict.fromkeys((expected, hunk.line)):
        if _fits(lines, place, old, above, below):
            return place
    for above_lines, below_lines in ((above, below), (above[-1:], below), (above, []), (above[-1:], []), ([], below), ([], [])):
        known = bool("".join(old).strip()) or bool("".join(above_lines + below_lines).strip())
        if not known or (not old and not above_lines and not below_lines):
            continue
        found = [at for at in range(len(lines) + 1) if _fits(lines, at, old, above_lines, below_lines)]
        if found:
            return _nearest(found, expected)
    return None


def _fits(lines: list[str], at: int, old: list[str], above: list[str], below: list[str]) -> bool:
    stop = at + len(old)
    if at < 0 or stop > len(lines) or at < len(above):
        return False
    return lines[at:stop] == old and lines[at - len(above) : at] == above and lines[stop : stop + len(below)] == below


def _nearest(found: list[int], expected: int) -> int | None:
    """The only place, or the one that is clearly nearest (less than half as far as the next)."""
    ranked = sorted(found, key=lambda at: abs(at - expected))
    if len(ranked) == 1 or abs(ranked[0] - expected) * 2 < abs(ranked[1] - expected):
        return ranked[0]
    return None


def _changed(hunk: Hunk) -> Problem:
    return Problem(
        "lines-changed",
        f"Line {hunk.line + 1} and the lines around it were changed meanwhile, so this change has no certain place.",
        fix="Look at the text as it is now and make the change again.",
        line=hunk.line + 1,
    )
