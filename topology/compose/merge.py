"""One tree laid on another by Compose's rules: mappings key by key, lists one behind the other, scalars replaced.

Some keys have rules of their own (13-merge.md, and what the reference tool does): commands and tests are replaced as a whole,
lists of NAME=value become mappings, short forms become long ones, a logging driver that changes takes its options away,
and lists that name things (volumes by their target, ports by their numbers …) hold each thing once, the later one in the
place of the earlier. Trees are never changed: what differs is new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from topology.compose.plain import Map, Path, Place, Seq, place_in, subject_of
from topology.compose.unique import unique_lists
from topology.compose.units import as_text
from topology.core.problems import Problem

_REPLACED = {"command", "entrypoint"}
_PAIRS = {"annotations", "environment", "labels", "sysctls"}
_TEXTS = {"dns", "dns_opt", "dns_search", "env_file", "tmpfs", "label_file"}


def merge(base: Map, over: Map) -> tuple[Map, list[Problem]]:
    """`over` laid on `base`, and a Problem (with the place in `over`) wherever the two are of different kinds."""
    merging = _Merging()
    merged = merging.mappings(base, over, ())
    return unique_lists(merged), merging.problems


def merge_service(base: Map, over: Map, *, name: str) -> tuple[Map, list[Problem]]:
    """The same for one service's keys."""
    merged, problems = merge(_service(name, base), _service(name, over))
    return merged["services"][name], problems


def _service(name: str, keys: Map) -> Map:
    return Map({"services": Map({name: keys})})


class _Merging:
    """One merge under way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def mappings(self, base: Map, over: Map, path: Path) -> Map:
        result = Map(base, dict(base.places))
        for key, value in over.items():
            place = place_in(over, key)
            if key not in base or key.startswith("x-"):
                result[key] = value
            else:
                merged = self._values(base[key], value, (*path, key), place_in(base, key), place)
                if merged is base[key] and value is not merged:
                    continue
                result[key] = merged
            if place is not None:
                result.places[key] = place
        return result

    def _values(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        rule = _rule(path)
        if rule is not None:
            return rule(self, base, over, path, at_base, at_over)
        return self._plain(base, over, path, at_over)

    def _plain(self, base: Any, over: Any, path: Path, at_over: Place | None) -> Any:
        if over is None:
            return base
        if isinstance(base, Map):
            return self.mappings(base, over, path) if isinstance(over, Map) else self._clash(base, path, at_over, "a mapping")
        if isinstance(base, Seq):
            return _joined(base, over) if isinstance(over, Seq) else self._clash(base, path, at_over, "a list")
        return over

    def _clash(self, base: Any, path: Path, at_over: Place | None, wanted: str) -> Any:
        message = f"`{path[-1]}` is {wanted} in what this is laid on, so it cannot be laid on it in this form."
        problem = Problem("cannot-merge", message, fix=f"Write {wanted} here too.", subject=subject_of(path), path=path)
        if at_over is not None:
            mark = (at_over[0] or at_over[1]).start_mark
            problem = Problem(
                problem.code, message, problem.fix, problem.subject, path, mark.line + 1, mark.column + 1, file=at_over[2]
            )
        self.problems.append(problem)
        return base

    def replaced(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        return over

    def pairs(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        if over is None:
            return base
        first, second = as_pairs(base), as_pairs(over)
        return Map(first | second, first.places | second.places)

    def texts(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        return base if over is None else _joined(_listed(base, at_base), _listed(over, at_over))

    def named(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        if over is None:
            return base
        first, second = as_named(base, path), as_named(over, path)
        if not isinstance(first, Map) or not isinstance(second, Map):
            return self._plain(base, over, path, at_over)
        return self.mappings(first, second, path)

    def build(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        return self._plain(_context(base, at_base), _context(over, at_over), path, at_over)

    def logging(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        if isinstance(base, Map) and isinstance(over, Map):
            drivers = {keys["driver"] for keys in (base, over) if isinstance(keys.get("driver"), str)}
            if len(drivers) > 1:
                return over
        return self._plain(base, over, path, at_over)

    def limit(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        return self.mappings(base, over, path) if isinstance(base, Map) and isinstance(over, Map) else over

    def hosts(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        if over is None:
            return base
        first, second = _host_list(base), _host_list(over)
        new = [at for at, item in enumerate(second) if item not in first]
        places = [second.places[at] for at in new] if len(second.places) == len(second) else []
        return _joined(first, Seq([second[at] for at in new], places))

    def pools(self, base: Any, over: Any, path: Path, at_base: Place | None, at_over: Place | None) -> Any:
        """IPAM pools by their subnet, with the tool's own slip: each pool of the base meets each new one, so that behind a base of
        several a new pool that repeats a subnet loses what the base said of it."""
        if not isinstance(base, Seq) or not isinstance(over, Seq) or not all(isinstance(one, Map) for one in (*base, *over)):
            return self._plain(base, over, path, at_over)
        result = Seq()
        for first, place in zip(base, _known(base), strict=True):
            for second, at in zip(over, _known(over), strict=True):
                subnets = [one.get("subnet") for one in result]
                if first.get("subnet") != second.get("subnet") and second.get("subnet") not in subnets:
                    _put(result, second, at, None)
                    continue
                merged = self.mappings(first, second, path)
                same = merged.get("subnet")
                _put(result, merged, at or place, subnets.index(same) if same in subnets else None)
        return result


def _known(items: Seq) -> list[Place | None]:
    return list(items.places) if len(items.places) == len(items) else [None] * len(items)


def _put(items: Seq, item: Any, place: Place | None, index: int | None) -> None:
    if index is not None:
        items[index] = item
        return
    items.append(item)
    if place is not None:
        items.places.append(place)


_Rule = Callable[[_Merging, Any, Any, Path, Place | None, Place | None], Any]


def _rule(path: Path) -> _Rule | None:
    """The rule of a place, None where the plain one holds."""
    if len(path) >= 3 and path[0] == "services":
        return _service_rule(path[2:])
    if len(path) >= 3 and path[0] in ("networks", "volumes", "configs", "secrets"):
        if path[2:] == ("labels",):
            return _Merging.pairs
        if path[2:] == ("ipam", "config"):
            return _Merging.pools
    return None


def _service_rule(below: Path) -> _Rule | None:
    if len(below) == 1:
        return _OF_SERVICE.get(str(below[0]))
    if below == ("healthcheck", "test"):
        return _Merging.replaced
    if below == ("deploy", "labels") or (below[0] == "build" and below[1:] in _BUILD_PAIRS):
        return _Merging.pairs
    if below == ("build", "extra_hosts"):
        return _Merging.hosts
    if len(below) == 2 and below[0] == "ulimits":
        return _Merging.limit
    return None


_BUILD_PAIRS = {("args",), ("labels",), ("additional_contexts",)}
_OF_SERVICE: dict[str, _Rule] = {
    **dict.fromkeys(_REPLACED, _Merging.replaced),
    **dict.fromkeys(_PAIRS, _Merging.pairs),
    **dict.fromkeys(_TEXTS, _Merging.texts),
    "build": _Merging.build,
    "depends_on": _Merging.named,
    "extra_hosts": _Merging.hosts,
    "logging": _Merging.logging,
    "networks": _Merging.named,
}


def _joined(base: Seq, over: Seq) -> Seq:
    known = len(base.places) == len(base) and len(over.places) == len(over)
    return Seq([*base, *over], [*base.places, *over.places] if known else None)


def as_pairs(value: Any) -> Map:
    """`["A=1", "B"]` as {"A": "1", "B": None}, a mapping as it is; the last of a name wins."""
    if isinstance(value, Map):
        return value
    result = Map()
    for index, item in enumerate(value if isinstance(value, Seq) else ()):
        name, equals, text = as_text(item).partition("=")
        result.pop(name, None)
        result[name] = text if equals else None
        if (place := place_in(value, index)) is not None:
            result.places[name] = (place[1], place[1], place[2])
    return result


def as_named(value: Any, path: Path) -> Any:
    """A list of names as a mapping: of dependencies on a started service, or of networks with nothing said."""
    if not isinstance(value, Seq):
        return value
    result = Map()
    for index, item in enumerate(value):
        result[as_text(item)] = Map({"condition": "service_started", "required": True}) if path[-1] == "depends_on" else None
        if (place := place_in(value, index)) is not None:
            result.places[as_text(item)] = (place[1], place[1], place[2])
    return result


def _listed(value: Any, at: Place | None) -> Seq:
    if isinstance(value, Seq):
        return value
    return Seq() if value is None else Seq([value], [] if at is None else [(None, at[1], at[2])])


def _context(value: Any, at: Place | None) -> Any:
    if not isinstance(value, str):
        return value
    return Map({"context": value}, {} if at is None else {"context": (at[1], at[1], at[2])})


def _host_list(value: Any) -> Seq:
    """`extra_hosts` as a list of "name=address"."""
    if not isinstance(value, Map):
        return value if isinstance(value, Seq) else Seq()
    result = Seq()
    for name, addresses in value.items():
        for address in addresses if isinstance(addresses, list) else [addresses]:
            result.append(f"{name}={as_text(address)}")
            if (place := place_in(value, name)) is not None:
                result.places.append((None, place[1], place[2]))
    return result
