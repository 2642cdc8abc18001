"""A design with the hashes by which Compose tells whether a container is as its file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from topology.compose.canonical import resolved
from topology.compose.compose_hash import hashed_text, service_hash
from topology.compose.read import Reading
from topology.core.design import Design, Service
from topology.core.joined_hash import hashed_item, replacements
from topology.core.problems import Severity


def hashed(reading: Reading) -> Design | None:
    """The reading's design, each service with Compose's hash of it. This writes the whole project out, which takes as long as
    reading it: it is for plans, not for every look at a text. Services of profiles have none, nor has a file with errors."""
    if reading.design is None or reading.project is None or any(one.severity is Severity.ERROR for one in reading.problems):
        return reading.design
    written = resolved(reading.project)["services"]
    services = {
        name: _hashed(reading.design, spec, written[name]) if name in written else spec
        for name, spec in reading.design.services.items()
    }
    return replace(reading.design, services=services)


def _hashed(design: Design, spec: Service, written: Mapping[str, Any]) -> Service:
    if spec.volumes_from:  # Compose hashes the names of containers that are not the project's without anything around them
        written = {**written, "volumes_from": [hashed_item(one) for one in written.get("volumes_from") or ()]}
    text = hashed_text(written) if replacements(design, spec) else ""
    return replace(spec, hash=service_hash(written), hash_text=text)
