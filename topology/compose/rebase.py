"""Relative paths of what was taken over from a file in another folder, written as seen from the folder that takes it over."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

from topology.compose.plain import Map, Seq
from topology.compose.sources import joined
from topology.compose.unique import with_keys

_REMOTE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*://|github\.com/|git@|target:|service:)")
_Turn = Callable[[str], str]


def turner(directory: str, *, seen_from: str) -> _Turn:
    """A function from a path relative to `directory` to the same path relative to `seen_from`; both are absolute."""

    def turn(path: str) -> str:
        if path.startswith(("/", "~")) or re.match(r"^[A-Za-z]:[\\/]", path):
            return path
        found = posixpath.relpath(joined(directory, path), seen_from)
        return found if found.startswith("..") else f"./{found}" if found != "." else "."

    return turn


def rebase_service(keys: Any, *, directory: str, seen_from: str) -> Any:
    """A service's keys, from a file of `directory`, with their relative paths as seen from another folder."""
    if not isinstance(keys, Map) or directory == seen_from:
        return keys
    turn = turner(directory, seen_from=seen_from)
    readers = {"build": _build, "env_file": _env_files, "label_file": _texts, "volumes": _volumes, "develop": _develop}
    return with_keys(keys, {key: read(keys[key], turn) for key, read in readers.items() if keys.get(key) is not None})


def rebase_model(tree: Map, *, directory: str, seen_from: str) -> Map:
    """A whole file's tree, likewise; a build without a context gets the file's own folder."""
    if directory == seen_from:
        return tree
    turn = turner(directory, seen_from=seen_from)
    changed: dict[str, Any] = {}
    services = tree.get("services")
    if isinstance(services, Map):
        moved = {
            name: rebase_service(_with_context(keys), directory=directory, seen_from=seen_from) for name, keys in services.items()
        }
        changed["services"] = with_keys(services, moved)
    for section in ("configs", "secrets"):
        if isinstance(entries := tree.get(section), Map):
            files = {name: _file(spec, turn) for name, spec in entries.items()}
            changed[section] = with_keys(entries, files)
    return with_keys(tree, changed)


def _with_context(keys: Any) -> Any:
    if isinstance(keys, Map) and isinstance(build := keys.get("build"), Map) and build.get("context") is None:
        return with_keys(keys, {"build": Map({**build, "context": "."}, build.places)})
    return keys


def _file(spec: Any, turn: _Turn) -> Any:
    if isinstance(spec, Map) and isinstance(path := spec.get("file"), str):
        return with_keys(spec, {"file": turn(path)})
    return spec


def _local(path: Any, turn: _Turn) -> Any:
    return turn(path) if isinstance(path, str) and not _REMOTE.match(path) else path


def _build(value: Any, turn: _Turn) -> Any:
    if not isinstance(value, Map):
        return _local(value, turn)
    changed: dict[str, Any] = {}
    if isinstance(value.get("context"), str):
        changed["context"] = _local(value["context"], turn)
    contexts = value.get("additional_contexts")
    if isinstance(contexts, Map):
        changed["additional_contexts"] = with_keys(contexts, {name: _local(path, turn) for name, path in contexts.items()})
    elif isinstance(contexts, Seq):
        changed["additional_contexts"] = Seq([_named_context(item, turn) for item in contexts], contexts.places)
    return with_keys(value, changed)


def _named_context(item: Any, turn: _Turn) -> Any:
    name, equals, path = item.partition("=") if isinstance(item, str) else ("", "", "")
    return f"{name}={_local(path, turn)}" if equals else item


def _texts(value: Any, turn: _Turn) -> Any:
    if isinstance(value, Seq):
        return Seq([_local(item, turn) for item in value], value.places)
    return _local(value, turn)


def _env_files(value: Any, turn: _Turn) -> Any:
    if not isinstance(value, Seq):
        return _local(value, turn)
    return Seq([_path_key(item, turn) if isinstance(item, Map) else _local(item, turn) for item in value], value.places)


def _path_key(item: Any, turn: _Turn) -> Any:
    if isinstance(item, Map) and isinstance(path := item.get("path"), str):
        return with_keys(item, {"path": turn(path)})
    return item


def _volumes(value: Any, turn: _Turn) -> Any:
    if not isinstance(value, Seq):
        return value
    return Seq([_volume(item, turn) for item in value], value.places)


def _volume(item: Any, turn: _Turn) -> Any:
    if isinstance(item, Map):
        source = item.get("source")
        if item.get("type") == "bind" and isinstance(source, str):
            return with_keys(item, {"source": turn(source)})
        return item
    if isinstance(item, str) and item.startswith("."):
        source, colon, rest = item.partition(":")
        return f"{turn(source)}{colon}{rest}" if colon else item
    return item


def _develop(value: Any, turn: _Turn) -> Any:
    watch = value.get("watch") if isinstance(value, Map) else None
    if not isinstance(watch, Seq):
        return value
    return with_keys(value, {"watch": Seq([_path_key(item, turn) for item in watch], watch.places)})
