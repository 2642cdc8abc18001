"""A stack's files: rows ↔ `core.bundle.Bundle`. A text once kept never changes, so it is opened once.

A tree is what a row says about files: {"name": …, "files": {path: StackFile's id}, "overrides": [...]}, see `models.Stack`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from topology.core.bundle import DEFAULT_NAME, Bundle
from topology.models import Op, Run, Stack, StackFile

KEPT_CHARS = 20_000_000
Tree = Mapping[str, Any]


def fetch_texts(rows: Iterable[Stack]) -> None:
    """Open what `bundle_of` and `good_bundle_of` of many stacks will ask for, with one query."""
    ids = {identity for row in rows for tree in (row.tree, row.good_tree) for identity in tree.get("files", {}).values()}
    if ids:
        _texts.all_of(ids)


def bundle_of(row: Stack | Op | Run) -> Bundle:
    """The text and the companions of a stack as it is now, of one of its versions, or of a run."""
    return make_bundle(row.text, row.tree)


def good_bundle_of(stack: Stack) -> Bundle:
    """The last text and companions that could be read together."""
    return make_bundle(stack.good_text, stack.good_tree)


def make_bundle(text: str, tree: Tree) -> Bundle:
    ids: Mapping[str, str] = tree.get("files", {})
    texts = _texts.all_of(ids.values()) if ids else {}
    return Bundle(
        text,
        {path: texts[identity] for path, identity in ids.items()},
        tuple(tree.get("overrides", ())),
        tree.get("name", DEFAULT_NAME),
    )


def keep_files(stack: Stack, bundle: Bundle, *, version: int, before: Bundle, tree: Tree) -> dict[str, Any]:
    """The tree of a new version; a companion that is as before keeps its row. `before` is what `tree` says."""
    known: Mapping[str, str] = tree.get("files", {})
    at_hand = {before.files[path]: identity for path, identity in known.items()}  # a renamed file keeps its row too
    ids: dict[str, str] = {}
    for path, text in sorted(bundle.files.items()):
        if before.files.get(path) == text:
            ids[path] = known[path]
        elif path not in before.files and text in at_hand:
            ids[path] = at_hand[text]
        else:
            ids[path] = str(StackFile.objects.create(stack=stack, path=path, version=version, text=text).pk)
    found: dict[str, Any] = {"files": ids} if ids else {}
    if bundle.overrides:
        found["overrides"] = list(bundle.overrides)
    if bundle.name != DEFAULT_NAME:
        found["name"] = bundle.name
    return found


def versions_of(tree: Tree) -> dict[str, int]:
    """Path → the stack's version that brought the companion's text."""
    ids: Mapping[str, str] = tree.get("files", {})
    if not ids:
        return {}
    versions = {str(key): version for key, version in StackFile.objects.filter(pk__in=ids.values()).values_list("pk", "version")}
    return {path: versions[identity] for path, identity in ids.items()}


class _Texts:
    """Texts by their row's id, the last used ones up to a bound."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._chars = 0
        self._lock = threading.Lock()

    def all_of(self, ids: Iterable[str]) -> dict[str, str]:
        wanted = list(ids)
        with self._lock:
            found = {key: self._kept[key] for key in wanted if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in wanted if key not in found]
        if missing:
            new = {str(row.pk): row.text for row in StackFile.objects.filter(pk__in=missing)}
            self._keep(new)
            found |= new
        return found

    def _keep(self, new: Mapping[str, str]) -> None:
        with self._lock:
            for key, text in new.items():
                if key not in self._kept:
                    self._kept[key] = text
                    self._chars += len(text)
            while self._chars > KEPT_CHARS:
                _, gone = self._kept.popitem(last=False)
                self._chars -= len(gone)


_texts = _Texts()
