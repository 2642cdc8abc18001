"""Services, in start order: what is missing is made, what differs is made anew, what is stopped is started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.core.design import Design, Service
from topology.core.differences import NEXT, Wanted, label_of, update_of, will_start
from topology.core.draft import Draft, Soft
from topology.core.fixed_addresses import in_one_form
from topology.core.image_name import local_image
from topology.core.joined_hash import replacements
from topology.core.observed import Observed, ObservedContainer
from topology.core.order import compose_needs, is_required, needs_of
from topology.core.payload import container_payload, image_of
from topology.core.payload_network import WIRED, endpoint_payload, primary_attachment, wanted_mode
from topology.core.payload_storage import keep_volumes
from topology.core.plan import Impact, Kind
from topology.core.plan_networks import NetworkStage
from topology.core.plan_removals import grace_s
from topology.core.plan_replacing import Replacements
from topology.core.plan_restarts import Restarts
from topology.core.resources import copies_of
from topology.core.waits import Waits
from topology.core.wiring import endpoint_words


class ServiceStage:
    """Goes through the wanted containers. `_ready` has service → indexes after which it is there, under its name."""

    def __init__(
        self,
        draft: Draft,
        design: Design,
        observed: Observed,
        *,
        wanted: list[Wanted],
        networks: NetworkStage,
        volumes: dict[str, int],
        earlier: Mapping[str, ObservedContainer],
    ) -> None:
        self.draft, self.design, self.observed, self.wanted = draft, design, observed, wanted
        self.networks, self.volumes = networks, volumes
        self.waits = Waits(draft, design, wanted=wanted)
        self.restarts = Restarts(design, wanted=wanted)
        self.replacements = Replacements(draft, design, networks=networks, waits=self.waits, earlier=earlier)
        self._named: dict[str, list[int]] = {}
        self._there = {one.name for one in observed.containers}
        self._by_service: dict[str, list[Wanted]] = {}
        for one in wanted:
            self._by_service.setdefault(one.service, []).append(one)
        self._remade = {one.there.id: one for one in wanted if one.there is not None and one.remake}
        self._remade |= {earlier[one.kept.id].id: one for one in wanted if one.kept is not None and one.kept.id in earlier}
        self._holders: dict[tuple[str, str], list[ObservedContainer]] = {}
        for old in observed.containers:
            for key in {(str(held.published), held.protocol) for held in old.ports}:
                self._holders.setdefault(key, []).append(old)

    def run(self) -> None:
        for one in self.wanted:
            if one.kept is None:
                self._make(one)
            else:
                self._keep(one, one.kept)
                self.replacements.keep(one)
        self.replacements.finish()

    # --- containers that stay

    def _keep(self, one: Wanted, there: ObservedContainer) -> None:
        label = label_of(self.design, one.service, one.number)
        needs = list(self.networks.joined.get(there.id, []))
        if there.name != one.name:
            gone = [*needs, *self.draft.left(there), *(self.networks.replaced[key] for key in self.networks.removed)]
            old = self.replacements.in_place_of(one)
            if old is None:
                needs.append(self._rename(there.name, one, needs=gone))
            else:
                cause = "its successor is made already"
                needs.append(self.replacements.take_place(one, old, name=there.name, cause=cause, ready=gone))
            self.networks.renamed[there.id] = (one.name, needs[-1])
            self._named.setdefault(one.service, []).append(needs[-1])
        body, words = update_of(there, spec=self.design.services[one.service])
        if body:
            self.draft.add(
                Kind.UPDATE_CONTAINER, f"service:{one.service}", f"set the {words} of {label}", cause="the design says so",
                impact=Impact.IN_PLACE, detail={"container": one.name, "payload": body}, needs=needs,
            )  # fmt: skip
        if will_start(self.design, there):
            if not there.started_at:  # an apply broke off before it was complete
                needs += self._copy(one, name=one.name, cause=_stopped_words(there), impact=Impact.IN_PLACE, needs=needs)
            self._start(one, cause=_stopped_words(there), needs=needs, impact=Impact.IN_PLACE)
        elif there.state == "running" and (cause := self.restarts.cause(one.service, there)):
            self._restart(one, there, cause=cause, needs=needs)

    def _restart(self, one: Wanted, there: ObservedContainer, *, cause: str, needs: list[int]) -> None:
        label = label_of(self.design, one.service, one.number)
        waits = self.waits.before(one.service)
        before = self.draft.hooks(
            "pre_stop", service=one.service, container=one.name, label=label, cause=cause, impact=Impact.RESTART,
            needs=[*needs, *waits],
        )  # fmt: skip
        detail = {"container": one.name, "timeout_s": grace_s(self.design, one.service), "since": there.started_at}
        index = self.draft.add(
            Kind.RESTART, f"service:{one.service}", f"restart {label}", cause=cause, impact=Impact.RESTART, detail=detail,
            needs=before,
        )  # fmt: skip
        self._started(one, index, impact=Impact.RESTART)
        self.restarts.started.add(one.service)

    def _started(self, one: Wanted, index: int, *, impact: Impact) -> None:
        """Its `post_start` follows, and whoever waits for its start waits for that as well."""
        last = self.draft.hooks(
            "post_start", service=one.service, container=one.name, label=label_of(self.design, one.service, one.number),
            cause="it has started", impact=impact, needs=[index],
        )  # fmt: skip
        self.waits.started(one, last[-1])

    def _start(self, one: Wanted, *, cause: str, needs: list[int], impact: Impact) -> None:
        waits = self.waits.before(one.service)
        freed = self._free_ports(one)
        addresses = [index for name, index in self._freed_addresses(one)]
        index = self.draft.add(
            Kind.START, f"service:{one.service}", f"start {label_of(self.design, one.service, one.number)}", cause=cause,
            impact=impact, detail={"container": one.name}, needs=[*needs, *waits, *freed, *addresses],
        )  # fmt: skip
        self._started(one, index, impact=impact)
        self.restarts.started.add(one.service)

    # --- containers that are made

    def _make(self, one: Wanted) -> None:
        old = one.there
        cause = one.remake if old else "it is not there"
        name = one.name + NEXT if old else one.name
        impact = Impact.RECREATE if old else Impact.NEW
        created = self._create(one, name=name, cause=cause, impact=impact)
        ready = [created, *self._connect_others(one, name=name, cause=cause, impact=impact, created=created)]
        ready += self._copy(one, name=name, cause=cause, impact=impact, needs=[created])
        if old is not None:
            ready = [self.replacements.take_place(one, old, name=name, cause=cause, ready=ready)]
        self._named.setdefault(one.service, []).extend(ready)
        self._start(one, cause=cause if old else "it is new", needs=ready, impact=impact)

    def _copy(self, one: Wanted, *, name: str, cause: str, impact: Impact, needs: list[int]) -> list[int]:
        """Put configs and secrets into a container that has not started yet."""
        files = copies_of(self.design, self.design.services[one.service])
        if not files:
            return []
        label = f"{'the new ' if one.remake else ''}{label_of(self.design, one.service, one.number)}"
        index = self.draft.add(
            Kind.COPY_FILES, f"service:{one.service}", f"copy {', '.join(file.target for file in files)} into {label}",
            cause=cause, impact=impact, needs=needs,
            detail={
                "container": name,
                "files": [{"path": file.target, "uid": file.uid, "gid": file.gid, "mode": file.mode} for file in files],
            },
            contents={file.target: file.text or "" for file in files},
        )  # fmt: skip
        return [index]

    def _create(self, one: Wanted, *, name: str, cause: str, impact: Impact) -> int:
        spec = self.design.services[one.service]
        image = image_of(self.design, one.service)
        fresh = any(self.draft.operations[index].detail["image"] == image for index in self.draft.pulls)
        image_id = "" if fresh else local_image(self.observed.images, image)
        payload = container_payload(self.design, one.service, one.number, image_id=image_id)
        if one.there is not None:
            keep_volumes(payload["HostConfig"], one.there.nameless, declared=one.there.declared)
        own = self._own(one.service, payload["HostConfig"])
        primary = primary_attachment(spec)
        needs = sorted(self.networks.replaced[key] for key in self.networks.removed)
        needs += [index for key, index in self.volumes.items() if any(mount.source == key for mount in spec.mounts)]
        for target, need in needs_of(self.design, one.service).items():
            named = self._named.get(target, [])
            needs += named if is_required(self.design, one.service, need) else map(Soft, named)
        words = f"create {self._new(one)} from {image}"
        if primary is not None:
            network = self.design.network_name(primary.network)
            needs += [self.networks.created[network]] if network in self.networks.created else []
            endpoint = endpoint_payload(self.design, one.service, primary)
            words += f" on {primary.network}{endpoint_words(endpoint, service=one.service)}"
        elif wanted_mode(spec) in WIRED:
            words += " on docker0" if wanted_mode(spec) == "bridge" else " with no network"
            if links := payload["HostConfig"].get("Links"):
                words += f", linked to {', '.join(' as '.join(link.split(':')) for link in links)}"
        else:
            mode, _, target = (spec.network_mode or "").partition(":")
            words += f" in the network of {target}" if target else f" on the {mode}'s network"
            needs += [index for network, index in self.networks.created.items() if network == spec.network_mode]
        return self.draft.add(
            Kind.CREATE_CONTAINER, f"service:{one.service}", words, cause=cause, impact=impact,
            detail={"name": name, "payload": payload, "own": own} | platform_of(self.design, one.service) | self._joins(spec),
            needs=needs,
        )  # fmt: skip

    def _new(self, one: Wanted) -> str:
        return f"{'the new ' if one.there else ''}{label_of(self.design, one.service, one.number)}"

    def _joins(self, spec: Service) -> dict[str, Any]:
        """What makes Compose's hash of a service that joins another's container, whose id may not be known yet."""
        return {"hash_text": spec.hash_text, "joins": replacements(self.design, spec)} if spec.hash_text else {}

    def _own(self, service: str, host: Mapping[str, Any]) -> list[str]:
        """Of the containers that a body joins, those of this stack (`core.policy`): that are there, or whose making it waits for.
        A name that is merely wanted may be a stranger's: then it is the making that fails, and nobody joins it."""
        joined = {str(text).partition(":")[0] for key in ("Links", "VolumesFrom") for text in host.get(key) or ()}
        joined |= {str(host[key]).partition(":")[2] for key in ("NetworkMode", "PidMode", "IpcMode") if host.get(key)}
        needs = compose_needs(self.design, service)  # `container:NAME` names what may be a stranger's
        made = {one.name for name in needs if name in self._named for one in self._by_service[name]}
        return sorted(joined & (made | self._there))

    def _connect_others(self, one: Wanted, *, name: str, cause: str, impact: Impact, created: int) -> list[int]:
        spec = self.design.services[one.service]
        primary = primary_attachment(spec)
        found = []
        for wire in sorted(spec.attachments, key=lambda wire: (-wire.priority, wire.network)):
            if primary is None or wire.network == primary.network:
                continue
            network = self.design.network_name(wire.network)
            endpoint = endpoint_payload(self.design, one.service, wire)
            words = endpoint_words(endpoint, service=one.service)
            needs = [created] + ([self.networks.created[network]] if network in self.networks.created else [])
            found.append(self.draft.add(
                Kind.CONNECT, f"service:{one.service}",
                f"connect {self._new(one)} to {wire.network}{words}",
                cause=cause if one.there else f"the design has it on {wire.network}", impact=impact,
                detail={"container": name, "network": network, "endpoint": endpoint}, needs=needs,
            ))  # fmt: skip
        return found

    def _rename(self, name: str, one: Wanted, *, needs: list[int]) -> int:
        return self.draft.add(
            Kind.RENAME_CONTAINER, f"service:{one.service}", f"rename {name} to {one.name}", cause=f"{one.name} is its name",
            impact=Impact.IN_PLACE, detail={"container": name, "to": one.name}, needs=needs,
        )  # fmt: skip

    # --- what others hold

    def _free_ports(self, one: Wanted) -> list[int]:
        """Old containers that hold a host port which this one publishes go first: wait for those that are removed by now, stop
        those that are to be replaced later."""
        ports = self.design.services[one.service].ports
        asked = sorted({(port.published, port.protocol) for port in ports if port.published})
        found: list[int] = []
        for old in {old.id: old for key in asked for old in self._holders.get(key, ())}.values():
            other = self._remade.get(old.id)
            if old.id in self.networks.replaced:
                found.append(self.networks.replaced[old.id])
            elif other is not None and other.name != one.name:
                label = label_of(self.design, other.service, other.number)
                found += self.draft.stop(
                    old, summary=f"stop {label}", cause=f"{one.service} takes its port", impact=Impact.RECREATE,
                    timeout_s=grace_s(self.design, other.service),
                )  # fmt: skip
        return found

    def _freed_addresses(self, one: Wanted) -> list[tuple[str, int]]:
        wires = self.design.services[one.service].attachments
        fixed = {(self.design.network_name(w.network), address) for w in wires for address in in_one_form([w.ipv4, w.ipv6])}
        return sorted((key[0], index) for key, index in self.networks.freed.items() if key in fixed)


def platform_of(design: Design, service: str) -> dict[str, str]:
    """The call's `platform`, where one is written: a parameter of its own, not part of the body."""
    platform = design.services[service].platform
    return {"platform": platform} if platform else {}


def _stopped_words(there: ObservedContainer) -> str:
    if there.state == "created":
        return "it was made, but not started"
    return "it is stopped" if there.exit_code in (0, None, 137, 143) else f"it exited with {there.exit_code}"
