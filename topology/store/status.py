"""What runs for a stack, as last folded, and its timeline: rows ↔ `Observed` ↔ the shapes the browser gets.

A status is saved by compare-and-set on `seq`: whoever was overtaken (watcher and worker both write) folds again on what is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db import IntegrityError

from topology import wire
from topology.core.design import Design
from topology.core.differences import lasting
from topology.core.labels import PROJECT
from topology.core.observed import Observed, ObservedContainer, ObservedNetwork, PortBinding, from_json, to_json
from topology.core.one_shots import one_shots
from topology.core.status import container_word
from topology.models import StackStatus, TimelineRow

TIMELINE_KEPT = 500
KEPT = 16  # statuses; one of forty containers takes about 300 kB
TIMELINE_TRIM_EVERY = 50
BRIDGE_KEY = "@bridge"


@dataclass(frozen=True, slots=True)
class Folded:
    """A stack's status: `seq` 0 and `observed.at` 0.0 where it was never observed."""

    seq: int = 0
    observed: Observed = field(default_factory=Observed)


def load(stack_id: UUID) -> Folded:
    """What was saved last. To read forty containers takes some milliseconds, so the last few that were read are kept: each save has
    a time of its own."""
    rows = StackStatus.objects.filter(pk=stack_id)
    now = rows.values_list("seq", "observed_at").first()
    if now is None:
        return Folded()
    if (kept := _kept.get((stack_id, *now))) is not None:
        return kept
    row = rows.values_list("seq", "observed", "observed_at").first()
    if row is None:
        return Folded()
    seq, observed, at = row
    return _keep(stack_id, Folded(seq, replace(from_json(Observed, observed), at=at)))


_kept: dict[tuple[UUID, int, float], Folded] = {}


def _keep(stack_id: UUID, folded: Folded) -> Folded:
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept), (stack_id, 0, 0.0)), None)  # other threads drop some too
    _kept[(stack_id, folded.seq, folded.observed.at)] = folded
    return folded


def save(stack_id: UUID, observed: Observed, *, since: Folded) -> Folded | None:
    """Write `observed`, with seq + 1 when the reader would see a difference.

    None when someone else wrote since `since` was read, or the stack is gone.
    """
    seq = since.seq + (1 if since.seq == 0 or not looks_same(since.observed, observed) else 0)
    row = {"seq": seq, "observed": to_json(observed), "observed_at": observed.at}
    if since.seq == 0:
        try:
            _, made = StackStatus.objects.get_or_create(pk=stack_id, defaults=row)
        except IntegrityError:
            return None
        return _keep(stack_id, Folded(seq, observed)) if made else None
    written = StackStatus.objects.filter(pk=stack_id, seq=since.seq).update(**row)
    return _keep(stack_id, Folded(seq, observed)) if written else None


def looks_same(one: Observed, other: Observed) -> bool:
    """Whether a reader sees no difference: what only planning needs (images, ports of others) is left out."""
    return (
        one.containers == other.containers and one.volumes == other.volumes and _relevant_networks(one) == _relevant_networks(other)
    )


def _relevant_networks(observed: Observed) -> list[ObservedNetwork]:
    """The networks the stack's containers are on, and those that carry the project's label."""
    projects = {container.project for container in observed.containers}
    used = {endpoint.network for container in observed.containers for endpoint in container.endpoints}
    return sorted(
        (one for one in observed.networks if one.name in used or one.labels.get(PROJECT, "") in projects),
        key=lambda one: (one.name, one.id),
    )


def network_keys(design: Design | None) -> dict[str, str]:
    """The engine's network name → the design's key; "bridge" is docker0."""
    keys = {"bridge": BRIDGE_KEY}
    if design is not None:
        keys |= {design.network_name(key): key for key in design.networks}
    return keys


def status_view(folded: Folded, *, design: Design | None, engine_error: str) -> wire.StatusView:
    """The status as the browser gets it, in the terms of the design as it is now."""
    keys = network_keys(design)
    jobs = one_shots(design)
    observed = folded.observed
    shown = {one.name: one for one in _relevant_networks(observed)}
    shown |= {one.name: one for one in observed.networks if one.name in keys and one.name != "bridge"}
    ordered = sorted(lasting(observed.containers), key=lambda one: (one.service, one.number, one.id))
    return wire.StatusView(
        seq=folded.seq,
        at=observed.at,
        engine_error=engine_error,
        containers=[_container_view(one, keys, done=jobs.is_done(one)) for one in ordered if not one.oneoff],
        networks=[_network_view(shown[name], keys) for name in sorted(shown)],
        volumes=sorted(one.name for one in observed.volumes),
    )


def _container_view(container: ObservedContainer, keys: Mapping[str, str], *, done: bool) -> wire.ContainerView:
    return wire.ContainerView(
        id=container.id,
        name=container.name,
        service=container.service,
        number=container.number,
        image=container.image,
        state=container.state,
        word=container_word(container, done=done),
        health=container.health,
        exit_code=container.exit_code,
        oom_killed=container.oom_killed,
        error=container.error,
        restart_count=container.restart_count,
        started_at=container.started_at,
        finished_at=container.finished_at,
        endpoints=[
            wire.EndpointView(
                network=one.network, network_key=keys.get(one.network, ""), ipv4=one.ipv4, ipv6=one.ipv6, mac=one.mac,
                aliases=list(one.aliases), dns_names=list(one.dns_names),
            )
            for one in sorted(container.endpoints, key=lambda one: one.network)
        ],
        ports=[_port_text(one) for one in container.ports],
    )  # fmt: skip


def _port_text(port: PortBinding) -> str:
    """As `docker ps` writes it: "127.0.0.1:8080->80/tcp", and "8080->80/tcp" for all addresses."""
    host = "" if port.host_ip in ("", "0.0.0.0", "::") else f"{port.host_ip}:"  # noqa: S104 - what the engine says, not a bind
    return f"{host}{port.published}->{port.target}/{port.protocol}"


def _network_view(network: ObservedNetwork, keys: Mapping[str, str]) -> wire.LiveNetwork:
    return wire.LiveNetwork(
        key=keys.get(network.name, ""), name=network.name, id=network.id, driver=network.driver,
        subnets=list(network.subnets), gateways=list(network.gateways), internal=network.internal,
    )  # fmt: skip


# --- the timeline -------------------------------------------------------------------------------------------------------------


def add_timeline(
    stack_id: UUID, *, at: float, kind: str, text: str, severity: str = "info", service: str = "", by: str = ""
) -> wire.TimelineEntry:
    """Write one line of the timeline; now and then all but the last 500 of the stack are dropped."""
    row = TimelineRow.objects.create(
        stack_id=stack_id, at=at, kind=kind, service=service, text=text[:500], severity=severity, by=by
    )
    if row.pk % TIMELINE_TRIM_EVERY == 0:
        kept = TimelineRow.objects.filter(stack_id=stack_id).order_by("-id").values_list("id", flat=True)[:TIMELINE_KEPT]
        oldest = list(kept)[-1]
        TimelineRow.objects.filter(stack_id=stack_id, id__lt=oldest).delete()
    return entry_view(row)


def recent_timeline(stack_id: UUID, *, limit: int = 200) -> list[wire.TimelineEntry]:
    """The last entries, newest first."""
    return [entry_view(row) for row in TimelineRow.objects.filter(stack_id=stack_id).order_by("-id")[:limit]]


def entry_view(row: TimelineRow) -> wire.TimelineEntry:
    return wire.TimelineEntry(
        id=row.pk, at=row.at, kind=row.kind, service=row.service, text=row.text,
        severity=row.severity, by=row.by,  # type: ignore[arg-type]
    )  # fmt: skip
