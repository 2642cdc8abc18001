"""What was changed outside."""

from __future__ import annotations

from typing import Literal

from topology.wire.base import Wire


class DriftView(Wire):
    """One thing that is not as it was applied, and that Netyard did not change. `part` is what of the subject ("networks",
    "image", "environment.TZ", …); `keep` "" when it can be put into the design, else why not."""

    id: str
    subject: str
    kind: Literal["missing", "extra", "changed", "stopped"]
    container: str
    part: str
    words: str
    keep: str


class DriftSubject(Wire):
    """Keep what was changed of one object ("service:web", "network:front"). To put it back, request a run of `only` it."""

    subject: str


class Kept(Wire):
    """ "queued": a worker looks first; the design changes a moment later. `version` is the design's after it, 0 while queued."""

    state: Literal["done", "queued"]
    version: int
    notes: list[str]
