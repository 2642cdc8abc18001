"""`environment` with the files of `env_file`, and `labels` with those of `label_file`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.compose.canonical.fields import Around
from topology.compose.canonical.paths import absolute
from topology.compose.dotenv import read_dotenv
from topology.compose.forms import labels as as_labels
from topology.compose.forms import pairs
from topology.compose.units import as_text


def environment(service: Mapping[str, Any], around: Around) -> dict[str, str | None]:
    """The variables of the container, sorted. What is written in the service wins over the files, a later file over an earlier.

    A name without a value takes the project's variable; where there is none it stays, as null.
    """
    found: dict[str, str | None] = {}
    for text in _texts(service.get("env_file"), around):
        known = {name: value for name, value in found.items() if value is not None} | dict(around.environment)
        for name, value in read_dotenv(text, variables=known).items():
            if value is not None or name in around.environment:
                found[name] = around.environment[name] if value is None else value
    for name, written in pairs(service.get("environment")).items():
        found[name] = around.environment.get(name) if written is None else written
    return {name: found[name] for name in sorted(found)}


def labels(service: Mapping[str, Any], around: Around) -> dict[str, str]:
    """The container's labels, sorted. The project's variables are not seen in a label file."""
    found: dict[str, str] = {}
    for text in _texts(service.get("label_file"), around):
        found |= {name: value for name, value in read_dotenv(text, variables=found).items() if value is not None}
    found |= as_labels(service.get("labels"))
    return {name: found[name] for name in sorted(found)}


def _texts(value: Any, around: Around) -> Iterator[str]:
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        path = as_text(item.get("path") if isinstance(item, Mapping) else item)
        text = around.text_of(absolute(path, around)) if path else None
        if text is not None:
            yield text
