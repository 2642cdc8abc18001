"""`extends`: a service that takes over another's keys. Source: Compose Specification, "extends" and "13-merge.md".

The other service is of the same file or of another one, whose relative paths are then written as seen from here. What it
extends itself is taken over first. `!reset` and `!override` of a file hold over what its services take over, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from topology.compose.layers import Layer
from topology.compose.merge import merge_service
from topology.compose.plain import Map, Path, locate
from topology.compose.rebase import rebase_service
from topology.compose.unique import with_keys
from topology.compose.units import as_text
from topology.core.problems import Problem, Severity

MAX_CHAIN = 60
Opener = Callable[[Layer, str, Path], "Layer | None"]
"""Another file, named in a layer at a path; None when it is not there, which was told then."""


def extend(layer: Layer, *, open_file: Opener, say: Callable[[Problem], None]) -> Map:
    """The layer's tree with what its services extend merged into them."""
    services = layer.tree.get("services")
    if not isinstance(services, Map) or not any(isinstance(keys, Map) and "extends" in keys for keys in services.values()):
        return layer.tree
    extending = _Extending(open_file, say)
    return with_keys(layer.tree, {"services": with_keys(services, {name: extending.service(layer, name) for name in services})})


class _Extending:
    """All services of one layer on their way up: service → extended → extended …, which must end."""

    def __init__(self, open_file: Opener, say: Callable[[Problem], None]) -> None:
        self._open, self._say = open_file, say
        self._known: dict[tuple[int, str], Any] = {}
        self._under_way: list[tuple[int, str]] = []

    def service(self, layer: Layer, name: str) -> Any:
        step = (id(layer), name)
        if step not in self._known:
            self._under_way.append(step)
            self._known[step] = self._resolved(layer, name)
            self._under_way.pop()
        return self._known[step]

    def _resolved(self, layer: Layer, name: str) -> Any:
        keys = layer.services[name]
        if not isinstance(keys, Map) or keys.get("extends") is None:
            return keys
        path: Path = ("services", name, "extends")
        spec = keys["extends"]
        target, file = (as_text(spec.get("service")), spec.get("file")) if isinstance(spec, Map) else (as_text(spec), None)
        own = Map({key: value for key, value in keys.items() if key != "extends"}, keys.places)
        source = layer if file is None else self._open(layer, as_text(file), path)
        if source is None:
            return keys
        if (id(source), target) in self._under_way or len(self._under_way) >= MAX_CHAIN:
            message = f"`{name}` extends itself in the end, by way of `{target}`."
            return self._wrong(layer, "extends-cycle", message, "Take one of the `extends` away.", path, keys)
        if target not in source.services:
            where = f" in `{file}`" if file is not None else ""
            message = f"`{name}` extends `{target}`, but there is no such service{where}."
            return self._wrong(layer, "extends-unknown", message, "Name a service that exists.", path, keys)
        base = rebase_service(self.service(source, target), directory=source.directory, seen_from=layer.directory)
        return self._laid(layer, name, base, own)

    def _laid(self, layer: Layer, name: str, base: Any, own: Map) -> Map:
        if not isinstance(base, Map):
            return own
        resets = [path[2:] for path in layer.resets if path[:2] == ("services", name) and len(path) > 2]
        merged, problems = merge_service(without(base, resets), own, name=name)
        for problem in problems:
            self._say(problem)
        return merged

    def _wrong(self, layer: Layer, code: str, message: str, fix: str, path: Path, keys: Map) -> Map:
        self._say(locate(layer.tree, Problem(code, message, fix=fix, subject=f"service:{path[1]}", path=path)))
        return keys


def without(tree: Map, paths: list[Path]) -> Map:
    """The tree without what stands at some paths."""
    for path in paths:
        tree = _without(tree, path)
    return tree


def _without(tree: Map, path: Path) -> Map:
    step = path[0] if path else ""
    if not isinstance(step, str) or step not in tree:
        return tree
    if len(path) == 1:
        return Map({key: value for key, value in tree.items() if key != step}, tree.places)
    below = tree[step]
    if not isinstance(below, Map) or (found := _without(below, path[1:])) is below:
        return tree
    return with_keys(tree, {step: found})


def not_followed(layer: Layer, name: str, file: str, *, complete: bool, path: Path) -> Problem:
    """An extended file that is not at hand: an error where all files are, else a warning."""
    message = f"`{name}` extends a service of `{file}`, which is not at hand: what it takes from there is missing here."
    problem = Problem(
        "extends-not-followed",
        message,
        fix="Add that file, or copy the keys into this one.",
        subject=f"service:{name}",
        path=path,
        severity=Severity.ERROR if complete else Severity.WARNING,
    )
    return replace(locate(layer.tree, problem), path=path)
