"""What an edit of the main text changes in vain: keys that a file merged over it sets as well. Said, so that nobody wonders.

Single values count as the last file says them. Mappings and most lists are merged, so a change below them still has its effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from topology.compose.forms import pairs
from topology.compose.plain import Path
from topology.compose.values import Tagged, bare
from topology.compose.write_files import raw_of

_PAIRS = ("environment", "labels")  # written as a list or as a mapping, and merged by name
_REPLACED = ("command", "entrypoint", "test")  # lists of which the last file's counts as a whole
_MOST = 5


def overridden(before: str, after: str, overrides: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """A sentence for each place that differs between two main texts and that an override sets. `overrides`: (path, text)."""
    if not overrides or before == after:
        return ()
    files = [(name, raw_of(text)) for name, text in overrides]
    notes: list[str] = []
    for path in _changed(bare(raw_of(before)), bare(raw_of(after)), ()):
        if names := [name for name, raw in files if _hides(raw, path)]:
            notes.append(
                f"`{'.'.join(map(str, path))}` is set in `{names[-1]}` too, which is merged over this file: that value counts."
            )
    if len(notes) > _MOST:
        return (*notes[:_MOST], f"So it is with {len(notes) - _MOST} more keys.")
    return tuple(notes)


def _changed(old: Any, new: Any, path: Path) -> Iterator[Path]:
    """The places of single values and lists that differ, those of what came and went among them."""
    if path and path[-1] in _PAIRS and isinstance(old, list | dict | None) and isinstance(new, list | dict | None):
        old, new = pairs(old), pairs(new)
    if isinstance(old, dict | None) and isinstance(new, dict | None) and (old or new):
        old, new = old or {}, new or {}
        for key in dict.fromkeys([*old, *new]):
            if (key in old) != (key in new) or old.get(key) != new.get(key):
                yield from _changed(old.get(key), new.get(key), (*path, key))
    elif path:
        yield path


def _hides(value: Any, path: Path) -> bool:
    """Whether what a merged file says at a path counts instead of what is below it."""
    for at, step in enumerate(path):
        if isinstance(value, Tagged):
            return True
        if at and path[at - 1] in _PAIRS:
            value = pairs(value)
        if not isinstance(value, Mapping) or step not in value:
            return False
        value = value[step]
    if isinstance(value, list):
        return path[-1] in _REPLACED
    return value is not None and not isinstance(value, Mapping)
