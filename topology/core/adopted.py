"""Containers that a stack has taken in as they are. Labels of a container never change, so the stack itself keeps which they are:
container id → service. By id and not by name: a stranger's container that comes to bear the name is not the stack's.

One that is made anew gets real labels, and its entry means nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from topology.core.observed import ObservedContainer

Adopted = Mapping[str, str]
NONE: Adopted = MappingProxyType({})


def as_member(container: ObservedContainer, adopted: Adopted, *, project: str) -> ObservedContainer:
    """The container as one of the project's, where it was adopted and no label says whose it is; else as it is."""
    service = adopted.get(container.id, "")
    return container if container.project or not service else replace(container, project=project, service=service, number=1)
