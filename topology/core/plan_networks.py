"""The networks of an apply, and the wires of the containers that stay. Nothing here stops a container."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from topology.core.design import Design
from topology.core.differences import Wanted, label_of, will_start
from topology.core.draft import Draft
from topology.core.fingerprint import network_hash
from topology.core.fixed_addresses import fixed_in, held_by
from topology.core.labels import CONFIG, NETWORK, PROJECT, STACK
from topology.core.observed import Observed, ObservedContainer, ObservedNetwork
from topology.core.outgoing_wires import outgoing, returns
from topology.core.payload import network_payload
from topology.core.payload_network import wanted_endpoints
from topology.core.plan import Impact, Kind
from topology.core.plan_network_notes import found_note, in_use_note, left_note, mode_note, overlap_note, subnets_of
from topology.core.problems import Problem
from topology.core.subnets import overlap
from topology.core.wiring import WireChange, as_was, endpoint_words, network_word, unwanted_links, wire_changes


class NetworkStage:
    """Three steps: `prepare` makes and replaces networks, `rewire` moves kept containers, `clear` removes what is not used.

    `created` has the engine's network name → index; `joined` container id → indexes of its CONNECTs; `replaced` is filled by the
    services' stage: old container's id → index of its removal; `renamed` as well: kept container's id → new name and index.
    """

    def __init__(
        self, draft: Draft, design: Design, observed: Observed, *, wanted: list[Wanted], removed: dict[str, int],
        later: Collection[str],
    ) -> None:  # fmt: skip
        self.draft, self.design, self.observed, self.wanted = draft, design, observed, wanted
        self.created: dict[str, int] = {}
        self.joined: dict[str, list[int]] = {}
        self.freed: dict[tuple[str, str], int] = {}
        self.replaced: dict[str, int] = dict(removed)
        self.renamed: dict[str, tuple[str, int]] = {}
        self.removed = set(removed)
        self._later = set(later)
        self._gone: dict[str, int] = {}
        self._late: dict[tuple[str, str], tuple[ObservedContainer, WireChange, str]] = {}
        self._keys = {design.network_name(key): key for key in self._used_keys()}
        self._renewed = {name: cause for name in sorted(self._keys) if (cause := self._renewal(name))}

    def _used_keys(self) -> list[str]:
        services = {one.service for one in self.wanted}
        keys = {wire.network for name in services for wire in self.design.services[name].attachments}
        return sorted(keys & self.design.networks.keys())

    def _there(self, name: str) -> ObservedNetwork | None:
        """The network of this name, the project's own before another's (the engine lets a name be there twice)."""
        found = [one for one in self.observed.networks if one.name == name]
        return min(found, key=lambda one: (one.labels.get(PROJECT) != self.design.project, one.id), default=None)

    def prepare(self) -> None:
        """Remove what must be made anew or stands in a new network's way, then create."""
        missing = [name for name in self._keys if self._there(name) is None and not self._external(name)]
        for name in sorted(self._keys):
            self._note(found_note(self.design, self._there(name), key=self._keys[name]))
        for network in self._obsolete():
            if any(overlap(network.subnets, self._subnets(name)) for name in [*missing, *self._renewed]):
                self._remove(network, cause="its addresses go to another network")
        for name, cause in self._renewed.items():
            there = self._there(name)
            assert there is not None
            self._remove(there, cause=cause)
        gone = list(self._gone.values())
        staying = [one for one in self.observed.networks if one.name not in self._gone]
        for name in sorted([*missing, *self._renewed]):
            self._note(overlap_note(self.design.networks[self._keys[name]], name, staying))
            cause = self._renewed.get(name, "it is not there")
            self.created[name] = self.draft.add(
                Kind.CREATE_NETWORK, f"network:{self._keys[name]}", f"create network {name}{self._words(name)}", cause=cause,
                impact=Impact.NEW, detail={"payload": network_payload(self.design, self._keys[name])}, needs=gone,
            )  # fmt: skip
        known = {one.name for one in self.observed.networks} | self.created.keys()
        for service in sorted({one.service for one in self.wanted}):
            self._note(mode_note(self.design.services[service], known=known))
        self._rejoin_left()

    def _note(self, note: Problem | None) -> None:
        self.draft.notes += [] if note is None else [note]

    def _external(self, name: str) -> bool:
        return self.design.networks[self._keys[name]].external

    def _subnets(self, name: str) -> list[str]:
        return subnets_of(self.design.networks[self._keys[name]])

    def _words(self, name: str) -> str:
        network = self.design.networks[self._keys[name]]
        words = [network.driver or "bridge", *self._subnets(name)] + (["internal"] if network.internal else [])
        return f" ({', '.join(words)})" if words != ["bridge"] else ""

    def _renewal(self, name: str) -> str:
        """Why a network must be made anew, "" when it need not. An engine cannot change one."""
        there = self._there(name)
        if there is None or self._external(name) or there.labels.get(PROJECT) != self.design.project:
            return ""
        network = self.design.networks[self._keys[name]]
        written = there.labels.get(CONFIG, "")
        if written == network_hash(network):
            return ""
        subnets = self._subnets(name)
        pairs = [
            ("driver", there.driver or "bridge", network.driver or "bridge"),
            ("subnet", ", ".join(there.subnets), ", ".join(subnets) if subnets else ", ".join(there.subnets)),
            ("internal", str(there.internal).lower(), str(network.internal).lower()),
            ("attachable", str(there.attachable).lower(), str(network.attachable).lower()),
            ("IPv6", str(there.enable_ipv6).lower(), str(network.enable_ipv6).lower()),
        ]
        words = [f"{what} {before} becomes {now}" for what, before, now in pairs if before != now]
        return ", ".join(words) or ("its settings changed" if written else "")

    def _obsolete(self) -> list[ObservedNetwork]:
        """Networks that Netyard made for this stack, that the design does not use, and no container that is left alone either."""
        mine = [one for one in self.observed.networks if one.labels.get(STACK) == self.design.project]
        left = {wire.network for container in self._left() for wire in container.endpoints}
        return sorted((one for one in mine if one.name not in self._keys and one.name not in left), key=lambda one: one.name)

    def _left(self) -> list[ObservedContainer]:
        """Containers of the project that the plan leaves alone: orphans, one-offs, those of profiles."""
        handled = {one.there.id for one in self.wanted if one.there is not None} | self.removed | self._later
        return sorted((one for one in self.observed.containers if one.id not in handled), key=lambda one: one.name)

    def _attached(self, name: str) -> list[ObservedContainer]:
        on = [one for one in self.observed.containers if any(wire.network == name for wire in one.endpoints)]
        return sorted(on, key=lambda one: (one.service, one.number, one.name))

    def _remove(self, network: ObservedNetwork, *, cause: str) -> None:
        needs: list[int] = []
        key = self._keys.get(network.name) or network.labels.get(NETWORK, network.name)
        self._note(in_use_note(self.design, self.observed, network, key=key, cause=cause))
        for container in self._attached(network.name):
            if container.id in self.replaced:
                needs.append(self.replaced[container.id])
            else:
                needs.append(self._disconnect(container, network.name, cause=cause))
        self._gone[network.name] = self.draft.add(
            Kind.REMOVE_NETWORK, f"network:{key}", f"remove network {network.name}", cause=cause,
            impact=Impact.IN_PLACE if network.name in self._keys else Impact.REMOVE, detail={"name": network.name}, needs=needs,
        )  # fmt: skip

    def _disconnect(self, container: ObservedContainer, network: str, *, cause: str, needs: Iterable[int] = ()) -> int:
        words = f"disconnect {self._label(container)} from {network_word(self.design, self.observed, network)}"
        lost = network in self.created and self._there(network) is None  # the engine takes it off by the name of the new one only
        needs = [*needs, self.created[network]] if lost else needs
        return self.draft.disconnect(container, network, summary=words, cause=cause, needs=needs)

    def _label(self, container: ObservedContainer) -> str:
        if container.oneoff or container.service not in self.design.services:
            return container.name
        return label_of(self.design, container.service, container.number)

    def _rejoin_left(self) -> None:
        """Containers that are left alone come back to a network that was made anew, as they were."""
        for name, cause in self._renewed.items():
            for container in self._left():
                for endpoint in (wire for wire in container.endpoints if wire.network == name):
                    self._connect(container, name, as_was(endpoint), cause=cause, needs=[])

    def rewire(self) -> None:
        """Move the kept containers, one after another; addresses that another takes are given up first."""
        changes: dict[str, list[WireChange]] = {}
        kept = {one.kept.id: one.kept for one in self.wanted if one.kept is not None}
        for there in kept.values():
            changes[there.id] = wire_changes(self.design, self.observed, there, renewed=set(self._renewed))
        yielding = self._free_addresses(changes, kept)
        for there in sorted(kept.values(), key=lambda one: one.id in yielding):
            late = [one for one in changes[there.id] if (one.network, there.id) in self._late]
            self._rewire_one(there, [one for one in changes[there.id] if one not in late])
        going = outgoing(self.observed, self.wanted, later=self._later)
        for one in returns(self.draft, self.design, self.observed, going, on=self._keys, renewed=self._renewed, freed=self.freed):
            self._connect(one.container, one.network, dict(one.endpoint), cause=one.cause, needs=one.needs)

    def rejoin(self, *, started: dict[str, int]) -> None:
        """Bring back the containers that gave up an address to one that has only now been started (name → its start)."""
        for (network, _), (there, change, taker) in sorted(self._late.items(), key=lambda item: item[0]):
            needs = [started[taker]] if taker in started else []
            self._connect(there, network, dict(change.endpoint), cause=change.cause, needs=needs)

    def _rewire_one(self, there: ObservedContainer, changes: list[WireChange]) -> None:
        first = [one for one in changes if one.network == "none"]
        after = [one for one in changes if not one.join and one.network != "none"]
        needs = [self._disconnect(there, one.network, cause=one.cause) for one in first]
        for one in (one for one in changes if one.join):
            left = [self._disconnect(there, one.network, cause=one.cause)] if one.leave else []
            self._connect(there, one.network, dict(one.endpoint), cause=one.cause, needs=[*needs, *left])
        for link in unwanted_links(self.design, there):
            target, _, alias = link.partition(":")
            self.draft.add(
                Kind.REMOVE_LINK, f"service:{there.service}", f"remove the link of {self._label(there)} to {target} as {alias}",
                cause="the design does not have it", impact=Impact.IN_PLACE, detail={"container": there.name, "alias": alias},
            )  # fmt: skip
        joins = list(self.joined.get(there.id, []))  # it leaves when it has them, so that it is never on none
        for one in after:  # a stopped container starts after these as well: it would take addresses there
            self.joined.setdefault(there.id, []).append(self._disconnect(there, one.network, cause=one.cause, needs=joins))

    def _connect(self, there: ObservedContainer, name: str, endpoint: dict[str, Any], *, cause: str, needs: Iterable[int]) -> None:
        freed = [self.freed.get((name, address)) for address in fixed_in(endpoint)]
        also = [index for index in (self.created.get(name), *freed) if index is not None]
        container, renamed = self.renamed.get(there.id, (there.name, None))
        also += [] if renamed is None else [renamed]
        word = network_word(self.design, self.observed, name)
        words = f"connect {self._label(there)} to {word}{endpoint_words(endpoint, service=there.service)}"
        index = self.draft.add(
            Kind.CONNECT, f"service:{there.service}", words, cause=cause, impact=Impact.IN_PLACE,
            detail={"container": container, "network": name, "endpoint": endpoint}, needs=[*needs, *also],
        )  # fmt: skip
        self.joined.setdefault(there.id, []).append(index)

    def _free_addresses(self, changes: dict[str, list[WireChange]], kept: dict[str, ObservedContainer]) -> set[str]:
        """Disconnect holders of addresses that others are to have; gives the ids of kept ones that must get another after."""
        yielding: set[str] = set()
        for (name, address), (taker, label, new) in sorted(self._takers(changes).items()):
            for holder in self._attached(name):
                held = any(wire.network == name and address in held_by(wire) for wire in holder.endpoints)
                if not held or holder.id == taker:
                    continue
                if holder.id in self.removed:
                    self.freed[(name, address)] = self.replaced[holder.id]
                    continue
                cause = f"{label} takes its address {address}"
                if holder.id in kept and not any(one.network == name and one.leave for one in changes[holder.id]):
                    endpoint = wanted_endpoints(self.design, holder.service).get(name)
                    if endpoint is None or address in fixed_in(endpoint):
                        continue  # two services ask for one address: the engine will say so
                    change = WireChange(name, True, True, cause, endpoint)
                    changes[holder.id].append(change)
                    if new:
                        self._late[(name, holder.id)] = (holder, change, new)
                    yielding.add(holder.id)
                elif holder in self._left():
                    if name not in self._renewed:
                        self._note_held(holder, address, label=label)
                    continue
                self.freed[(name, address)] = self._disconnect(holder, name, cause=cause)
        return yielding

    def _note_held(self, holder: ObservedContainer, address: str, *, label: str) -> None:
        message = f"{label} asks for {address}, which {holder.name} has. This apply leaves {holder.name} alone."
        fix = f"Remove {holder.name} from the engine, or give {label} another address."
        self.draft.notes.append(Problem("address-held", message, fix=fix, subject=f"service:{label.partition(' ')[0]}"))

    def _takers(self, changes: dict[str, list[WireChange]]) -> dict[tuple[str, str], tuple[str, str, str]]:
        """(network, fixed address) → id and label of the container that is to get it; its name when it is made or started."""
        found: dict[tuple[str, str], tuple[str, str, str]] = {}
        for one in self.wanted:
            label = label_of(self.design, one.service, one.number)
            for name, endpoint in wanted_endpoints(self.design, one.service).items():
                kept = one.kept
                starts = kept is None or will_start(self.design, kept)
                joins = kept is None or starts or any(change.join and change.network == name for change in changes[kept.id])
                taker = (one.there.id if one.there else "", label, one.name if starts else "")
                found |= {(name, address): taker for address in fixed_in(endpoint) if joins}
        return found

    def clear(self) -> None:
        """Remove the networks that nothing uses any more."""
        for network in self._obsolete():
            if network.name not in self._gone:
                if left := left_note(self.observed, network):
                    self._note(left)
                else:
                    self._remove(network, cause="the design does not use it")
