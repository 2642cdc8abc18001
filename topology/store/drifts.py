"""What was last seen to be changed outside of Netyard: rows ↔ core values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from topology import wire
from topology.core.drift import Drift
from topology.core.drift_keep import refusal
from topology.models import StackDrift


def load_drift(stack_id: UUID) -> tuple[Drift, ...]:
    items = StackDrift.objects.filter(pk=stack_id).values_list("items", flat=True).first() or []
    return tuple(Drift(**one) for one in items)


def save_drift(stack_id: UUID, found: Sequence[Drift]) -> None:
    StackDrift.objects.update_or_create(pk=stack_id, defaults={"items": [asdict(one) for one in found]})


def drift_views(found: Sequence[Drift]) -> list[wire.DriftView]:
    return [
        wire.DriftView(
            id=one.id, subject=one.subject, kind=one.kind, container=one.container, part=one.part,  # type: ignore[arg-type]
            words=one.words, keep=refusal(one),
        )
        for one in found
    ]  # fmt: skip
