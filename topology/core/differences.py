"""What is wanted against what is there, container by container: kept, made, or made anew, and why.

A container is made anew only for what the engine fixes at creation. Wires, addresses, aliases, names, restart policy and limits
change on the container that is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from topology.core.design import Design, Service
from topology.core.draft import is_up
from topology.core.fingerprint import changed_keys, config_hash
from topology.core.image_name import full_tag, local_image
from topology.core.joined_hash import joined_hash, replacements
from topology.core.labels import COMPOSE_HASH, KEYS
from topology.core.likeness import differing, likeness
from topology.core.observed import Observed, ObservedContainer
from topology.core.one_shots import completed, one_shots
from topology.core.order import bonds
from topology.core.payload import container_payload, image_of
from topology.core.payload_host import restart_policy
from topology.core.payload_limits import limits
from topology.core.payload_network import WIRED, bridge_links, is_network_name, join_target, wanted_mode
from topology.core.scale import wanted_numbers

LOST_START = "the engine went away while it was started"  # as an `error` of a container, by what a run noted
NEXT = ".next"  # ends the name of a container that is to take another's place
OLD = ".old"  # ends the name of one whose place is taken, until the new one has stayed up
PASSING = (NEXT, OLD)
LIMIT_NAMES = {
    "Memory": "memory limit", "MemoryReservation": "memory reservation", "NanoCpus": "CPU limit", "CpuShares": "CPU shares",
    "CpusetCpus": "CPU set", "PidsLimit": "process limit", "MemorySwap": "swap limit", "CpuPeriod": "CPU period",
    "CpuQuota": "CPU quota",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One container that the design asks for, beside the one that is there. `remake` says why it must be made anew, "" not."""

    service: str
    number: int
    name: str
    there: ObservedContainer | None = None
    remake: str = ""

    @property
    def kept(self) -> ObservedContainer | None:
        """The container that stays, if one does."""
        return None if self.remake else self.there

    @property
    def made(self) -> bool:
        return self.kept is None


def label_of(design: Design, service: str, number: int) -> str:
    """A container in words: its service, with the number where there are several."""
    spec = design.services.get(service)
    return f"{service} {number}" if number > 1 or (spec is not None and spec.scale > 1) else service


def wanted_containers(design: Design, observed: Observed, *, order: list[str]) -> list[Wanted]:
    """Every container that is wanted, in start order. A service is made anew when one it is tied to at creation is."""
    found: list[Wanted] = []
    made: set[str] = set()
    bearers = {one.name: one for one in observed.containers}
    by_service = observed.by_service()
    numbers = wanted_numbers(design, observed)
    for service in order:
        for number in numbers[service]:
            name = design.container_name(service, number)
            candidates = [one for one in by_service.get(service, []) if one.number == number]
            there, remake = choose(candidates, design, name=name), ""
            while there and (remake := remake_cause(design, observed, there, service=service, made=made, bearers=bearers)):
                if there.started_at or not there.name.endswith(NEXT):
                    break
                candidates.remove(there)  # half made by an apply that broke off, and of no use any more
                there, remake = choose(candidates, design, name=name), ""
            bearers |= {name: there} if there else {}
            found.append(Wanted(service, number, name, there, remake))
            if found[-1].made:
                made.add(service)
    return found


def lasting(containers: Iterable[ObservedContainer]) -> list[ObservedContainer]:
    """Without those that are on their way in or out while another of their service and number is there."""
    found = list(containers)
    settled = {(one.service, one.number) for one in found if not one.name.endswith(PASSING)}
    return [one for one in found if not one.name.endswith(PASSING) or (one.service, one.number) not in settled]


def choose(candidates: list[ObservedContainer], design: Design, *, name: str) -> ObservedContainer | None:
    """Which of several containers of one number stays: one made as designed now, then the one that bears the name.

    Several are there only when an apply broke off between making the new one and removing the old.
    """
    if not candidates:
        return None
    wanted = config_hash(design, candidates[0].service)
    return min(candidates, key=lambda one: (one.config_hash != wanted, one.name != name, not is_up(one), one.id))


def remake_cause(
    design: Design,
    observed: Observed,
    there: ObservedContainer,
    *,
    service: str,
    made: set[str],
    bearers: Mapping[str, ObservedContainer],
) -> str:
    """Why a container cannot stay, in words; "" when it can. `made` are services that are made (anew) before it.

    `bearers` has a container's name → the one that bears it in the end: after an apply that broke off, a successor under
    another name may be there.
    """
    spec = design.services[service]
    return (
        _dead(there)
        or _start_lost(there)
        or _image_differs(design, observed, there, service=service)
        or _fixed_differs(design, there, service=service, bearers=bearers)
        or _namespace_differs(design, there, spec=spec, made=made, bearers=bearers)
        or _bridge_link_differs(design, there, spec=spec, made=made, bearers=bearers)
        or _limit_lifted(there, spec=spec)
    )


def _dead(there: ObservedContainer) -> str:
    return "it is dead: the engine could not remove it" if there.state == "dead" else ""


def _start_lost(there: ObservedContainer) -> str:
    lost = there.error == LOST_START or cannot_start_again(there.error)
    return "the engine was killed while it started it" if lost and not is_up(there) else ""


def cannot_start_again(error: str) -> bool:
    """Whether an engine says that it will never start a container: it was killed in the middle of a start, and says "task ID:
    already exists" ever after (20.10)."""
    return re.match(r"task \w+: already exists", error) is not None


def _fixed_differs(design: Design, there: ObservedContainer, *, service: str, bearers: Mapping[str, ObservedContainer]) -> str:
    """Our hash decides of what Netyard made, Compose's of what Compose made. A container of which neither says that it is as
    designed, and that another tool made, is compared part by part: its hash covers wires as well, which change in place."""
    if there.config_hash:
        if there.config_hash == config_hash(design, service):
            return ""
        keys = changed_keys(design, service, label=there.labels.get(KEYS, ""))
        return f"{_and(keys)} changed" if keys else "its configuration changed"
    if as_compose_made(design, there, service=service, bearers=bearers) or there.parts is None:
        return ""
    body = container_payload(design, service, there.number)
    keys = differing(likeness(body, body["HostConfig"]), there.parts)
    return f"{_and(keys)} changed" if keys else ""


def as_compose_made(design: Design, there: ObservedContainer, *, service: str, bearers: Mapping[str, ObservedContainer]) -> bool:
    """Whether Compose made it from the service as it is designed now. `bearers`: name → container."""
    spec = design.services[service]
    wanted = spec.hash
    if spec.hash_text:
        joined = replacements(design, spec)
        wanted = joined_hash(spec.hash_text, joined, {name: bearers[name].id for *_, name in joined if name in bearers})
    return bool(wanted) and there.labels.get(COMPOSE_HASH) == wanted


def _image_differs(design: Design, observed: Observed, there: ObservedContainer, *, service: str) -> str:
    wanted = image_of(design, service)
    if not there.config_hash and there.image and full_tag(there.image) != full_tag(wanted):
        return f"image changed from {there.image} to {wanted}"
    local = local_image(observed.images, wanted)
    same_name = full_tag(there.image) == full_tag(wanted)
    return f"{wanted} means another image now" if same_name and local and there.image_id and local != there.image_id else ""


def _namespace_differs(
    design: Design, there: ObservedContainer, *, spec: Service, made: set[str], bearers: Mapping[str, ObservedContainer]
) -> str:
    for bond in reversed(bonds(design, spec)):
        if bond.service in made:
            return f"it shares the {bond.what} of {bond.service}, which is made anew"
        bearer = bearers.get(bond.name)
        if bearer is not None and 0 < there.created_at < bearer.created_at:
            return f"it shares the {bond.what} of {bond.service}, which was made after it"
    mode = wanted_mode(spec)
    now = there.network_mode
    if not now or mode in WIRED:
        fixed = now == "host" or now.startswith("container:")
        return "it leaves a network shared at creation" if fixed else ""
    if mode == "host":
        return "" if now == "host" else "it moves to the host's network"
    if is_network_name(spec.network_mode or ""):
        return "" if now == mode else f"it moves to the network {mode}"
    wanted = join_target(design, spec.network_mode or "")
    joined = now.removeprefix("container:")
    bearer = bearers.get(wanted)
    if not now.startswith("container:") or (bearer is not None and joined not in (bearer.id, wanted)):
        return f"it is to share the network of {wanted}"
    return ""


def _bridge_link_differs(
    design: Design, there: ObservedContainer, *, spec: Service, made: set[str], bearers: Mapping[str, ObservedContainer]
) -> str:
    """On the default bridge the engine writes links at creation: into /etc/hosts and the environment. It can only remove one."""
    wanted = bridge_links(design, spec.name)
    for link in wanted:
        if link not in there.links:
            target, _, alias = link.partition(":")
            return f"a link on the default bridge is made at creation: {target} as {alias}"
    targets = sorted({link.target for link in spec.links if not link.external}) if wanted else []
    for target in targets:
        if target in made:
            return f"it is linked on the default bridge to {target}, which is made anew"
    names = {link.partition(":")[0] for link in wanted}
    newer = [one.service for name, one in bearers.items() if name in names and there.created_at < one.created_at]
    return (
        f"it is linked on the default bridge to {sorted(newer)[0]}, which was made after it" if newer and there.created_at else ""
    )


def _limit_lifted(there: ObservedContainer, *, spec: Service) -> str:
    wanted = limits(spec)
    lifted = [LIMIT_NAMES[name] for name in LIMIT_NAMES if (there.limits or {}).get(name) and name not in wanted]
    lifted = [word for word in lifted if word not in (LIMIT_NAMES[name] for name in _liftable(there, spec=spec))]
    return f"the engine cannot lift the {_and(lifted)} in place" if lifted else ""


def _liftable(there: ObservedContainer, *, spec: Service) -> dict[str, int]:
    """Limits to be lifted that the engine lifts in place: HostConfig's name → the value that says so."""
    wanted, now = limits(spec), there.limits or {}
    values = {"PidsLimit": -1, "CpuQuota": -1} | ({"MemorySwap": wanted["Memory"] * 2} if "Memory" in wanted else {})
    return {name: value for name, value in values.items() if now.get(name) and name not in wanted}


def update_of(there: ObservedContainer, *, spec: Service) -> tuple[dict[str, Any], str]:
    """The body of POST /containers/X/update and what it changes in words; empty when nothing differs."""
    body: dict[str, Any] = {}
    words: list[str] = []
    policy = restart_policy(spec.restart)
    if policy != restart_policy(there.restart_policy or None):
        body["RestartPolicy"] = policy
        words.append(f"restart policy {spec.restart or 'no'}")
    wanted = limits(spec)
    for name, value in wanted.items():
        if there.limits is not None and there.limits.get(name) != value:
            body[name] = value
            words.append(f"{LIMIT_NAMES[name]} {_amount(name, value)}")
    for name, value in _liftable(there, spec=spec).items():
        body[name] = value
        words.append(f"no {LIMIT_NAMES[name]}")
    if "Memory" in body:  # the engine refuses a limit above the swap limit that it set itself, at twice the memory
        body["MemorySwap"] = wanted.get("MemorySwap") or body["Memory"] * 2
    return body, _and(words)


def _amount(name: str, value: Any) -> str:
    if name.startswith("Memory") and value > 0:
        return f"{value / 1024**2:g} MiB"
    return f"{value / 1_000_000_000:g} cores" if name == "NanoCpus" else str(value)


def will_start(design: Design, there: ObservedContainer) -> bool:
    """Whether an apply starts a container that stays: it is stopped, and not because it has done what it is there for."""
    return there.state in ("created", "exited") and not (completed(there) and one_shots(design).is_done(there))


def _and(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
