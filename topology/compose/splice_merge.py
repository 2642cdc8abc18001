"""Merge keys: what comes through `<<` and has to go. A list or map gets an explicit empty value, else the merge is written out.

`!reset` cannot do it: Compose 2.26 drops the key it stands at, and the merge key gives it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from topology.compose.document import Node, SequenceNode
from topology.compose.places import Pair
from topology.compose.values import same

if TYPE_CHECKING:
    from topology.compose.splice import Splicer

# Keys of a service whose empty list or map means the same as no such key.
_EMPTY_IS_NONE = frozenset({
    "cap_add", "cap_drop", "configs", "depends_on", "devices", "dns", "dns_opt", "dns_search", "env_file", "environment", "expose",
    "external_links", "extra_hosts", "group_add", "labels", "links", "networks", "ports", "profiles", "secrets", "security_opt",
    "sysctls", "tmpfs", "ulimits", "volumes", "volumes_from",
})  # fmt: skip


@dataclass(slots=True)
class Merges:
    """What a mapping's merge keys give, and what must become of them."""

    kept: dict[str, Any]  # still comes through a merge key
    written_out: dict[int, dict[str, Any]] = field(default_factory=dict)  # index of a `<<` → the keys that take its place
    emptied: dict[str, Any] = field(default_factory=dict)  # an explicit empty value over the merge


def settle_merges(splicer: Splicer, pairs: list[Pair], value: dict[str, Any], new: dict[str, Any], path: tuple[Any, ...]) -> Merges:
    """Decide for every key that `new` lacks though a merge key gives it."""
    own = {pair.name for pair in pairs if not pair.is_merge}
    inherited = {key: item for key, item in value.items() if key not in own}
    lost = set(inherited) - set(new)
    merges = Merges(inherited)
    if not lost:
        return merges
    if len(path) == 2 and path[0] == "services" and lost <= _EMPTY_IS_NONE:
        merges.emptied = {key: [] if isinstance(inherited[key], list) else {} for key in sorted(lost)}
        merges.kept = {key: item for key, item in inherited.items() if key not in lost}
        where = ".".join(map(str, path))
        splicer.notes.append(f"{where} takes {', '.join(sorted(lost))} through a merge key; an empty value stands over it now.")
        for key, item in merges.emptied.items():
            splicer.settled.append(((*path, key), item))
        return merges
    left: dict[str, Any] = {}
    for index, pair in enumerate(pairs):
        if not pair.is_merge:
            continue
        given = _given(splicer, pair.value.node)
        fresh = {key: given[key] for key in given if key in inherited and key not in left}
        if lost & set(fresh):
            merges.written_out[index] = {key: new[key] for key in fresh if key in new}
            name = splicer.text[pair.value.start : pair.value.end].split("\n")[0]
            splicer.notes.append(f"{'.'.join(map(str, path))} no longer merges {name}: what it took from there is written out.")
        left |= {key: item for key, item in fresh.items() if key not in left}
    out = {key for keys in merges.written_out.values() for key in keys} | lost
    merges.kept = {key: item for key, item in inherited.items() if key not in out}
    return merges


def _given(splicer: Splicer, node: Node) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for source in node.value if isinstance(node, SequenceNode) else [node]:
        value = splicer.values.inside(source)
        for key, item in value.items() if isinstance(value, dict) else ():
            given.setdefault(key, item)
    return given


def own_wanted(merges: Merges, new: dict[str, Any]) -> dict[str, Any]:
    """What the mapping itself has to say: all but what still comes through a merge key and is right as it comes."""
    out = {key for keys in merges.written_out.values() for key in keys}
    wanted = {
        key: value for key, value in new.items() if key not in out and not (key in merges.kept and same(merges.kept[key], value))
    }
    return wanted | merges.emptied
