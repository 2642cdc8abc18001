"""What is not as it was applied: somebody changed it by hand, or another tool did.

Compared is the design as it was last applied with what runs, so that an edit nobody has applied yet is no drift. Of a container
that Netyard made, what is fixed at creation cannot have been changed; of one that another tool made in its place it can.
Crashes are no drift: nobody wanted them. A stop that was asked for outside is one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from topology.core.design import Design, Service
from topology.core.differences import LIMIT_NAMES, PASSING, as_compose_made, choose, label_of, will_start
from topology.core.drift_wires import wire_drift
from topology.core.image_name import full_tag
from topology.core.labels import CONFIG, PROJECT
from topology.core.likeness import likeness
from topology.core.observed import Observed, ObservedContainer, ObservedNetwork, is_nameless
from topology.core.payload import container_payload, image_of
from topology.core.payload_host import restart_policy
from topology.core.payload_limits import limits
from topology.core.payload_network import WIRED, wanted_mode
from topology.core.scale import wanted_numbers

KINDS = ("missing", "extra", "changed", "stopped")
Bearers = Mapping[str, ObservedContainer]  # by name
SIZES = frozenset({"Memory", "MemoryReservation", "MemorySwap"})
KEY_WORDS = {"environment": "variable", "labels": "label", "volumes": "mount", "ports": "port", "sysctls": "sysctl"}


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference. `subject` is the object on the canvas ("service:web", "network:front", "volume:data"), `container` the
    one concerned by name, `part` what of it (a Compose key, with the name of the entry behind a dot), `words` what it is now, to
    stand behind the subject: "connected to tools"."""

    subject: str
    kind: str
    part: str
    words: str
    container: str = ""

    @property
    def id(self) -> str:
        """The same difference has the same id, however it goes on to differ."""
        return f"{self.subject}|{self.container}|{self.part}"


def drift(design: Design, observed: Observed, *, stopped: Collection[str] = ()) -> tuple[Drift, ...]:
    """Every difference, sorted by subject. `stopped` are the services that Netyard itself was asked to stop."""
    found = [
        *_services(design, observed, stopped=stopped),
        *_extras(design, observed),
        *_networks(design, observed),
        *_volumes(design, observed),
    ]
    return tuple(sorted(set(found), key=lambda one: (one.subject, one.container, one.part)))


def in_both(applied: Collection[Drift], drawn: Collection[Drift]) -> tuple[Drift, ...]:
    """Those of the applied design that the design as it is drawn now does not say either: the others were kept already."""
    still = {one.id for one in drawn}
    return tuple(one for one in applied if one.id in still)


# --- services -----------------------------------------------------------------------------------------------------------------


def _services(design: Design, observed: Observed, *, stopped: Collection[str]) -> Iterator[Drift]:
    by_service = observed.by_service()
    bearers = {one.name: one for one in observed.containers}
    numbers = wanted_numbers(design, observed)
    for name, spec in sorted(design.services.items()):
        if spec.profiles:
            continue
        for number in numbers[name]:
            wanted = design.container_name(name, number)
            there = choose([one for one in by_service.get(name, []) if one.number == number], design, name=wanted)
            if there is None:
                words = f"{label_of(design, name, number)} has no container any more"
                yield Drift(f"service:{name}", "missing", "container", words, wanted)
            else:
                yield from _container(design, observed, there, spec=spec, bearers=bearers, stopped=stopped)


def _container(
    design: Design, observed: Observed, there: ObservedContainer, *, spec: Service, bearers: Bearers, stopped: Collection[str]
) -> Iterator[Drift]:
    subject, wanted = f"service:{spec.name}", design.container_name(spec.name, there.number)

    def changed(part: str, words: str) -> Drift:
        return Drift(subject, "changed", part, words, wanted)

    if there.name != wanted and not there.name.endswith(PASSING):
        yield changed("container_name", f"renamed to {there.name}")
    if not there.labels.get(CONFIG):
        yield from (changed(part, words) for part, words in _made_anew(design, there, spec=spec, bearers=bearers))
    if wanted_mode(spec) in WIRED and there.network_mode != "host" and not there.network_mode.startswith("container:"):
        yield from (changed(part, words) for part, words in wire_drift(design, observed, there))
    yield from (changed(part, words) for part, words in _limits(there, spec=spec))
    if there.stop_asked and will_start(design, there) and spec.name not in stopped:
        yield Drift(subject, "stopped", "state", "stopped", wanted)


def _made_anew(design: Design, there: ObservedContainer, *, spec: Service, bearers: Bearers) -> Iterator[tuple[str, str]]:
    """What differs of a container that another tool made, by the parts that can be compared."""
    image = image_of(design, spec.name)
    if there.image and full_tag(there.image) != full_tag(image):
        yield "image", f"made from {there.image} instead of {image}"
    mode = wanted_mode(spec)
    fixed = there.network_mode == "host" or there.network_mode.startswith("container:")
    if there.network_mode and (fixed if mode in WIRED else (mode == "host") != (there.network_mode == "host")):
        yield "network_mode", f"on the network of {'the host' if there.network_mode == 'host' else 'another container'}"
    if there.parts is None or as_compose_made(design, there, service=spec.name, bearers=bearers):
        return
    body = container_payload(design, spec.name, there.number)
    wanted = likeness(body, body["HostConfig"])
    for key in sorted(key for key, value in wanted.items() if there.parts.get(key) != value):
        yield key, _key_words(key, there=key in there.parts)


def _key_words(key: str, *, there: bool) -> str:
    word, _, name = key.partition(".")
    what = f"{KEY_WORDS.get(word, word)} {name}" if name else word.replace("_", " ")
    return f"another {what}" if there else f"without {what}"


def _limits(there: ObservedContainer, *, spec: Service) -> Iterator[tuple[str, str]]:
    policy, now = spec.restart or "no", there.restart_policy or "no"
    if restart_policy(policy) != restart_policy(now):
        yield "restart", f"restart policy {now} instead of {policy}"
    wanted = limits(spec)
    for name, word in LIMIT_NAMES.items():
        value = (there.limits or {}).get(name)
        if there.limits is not None and value != wanted.get(name):
            yield name, f"{word} {_amount(name, value)} instead of {_amount(name, wanted.get(name))}"


def _amount(name: str, value: object) -> str:
    if not value:
        return "none"
    if name in SIZES and isinstance(value, int) and value > 0:
        return f"{value / 1024**2:g} MiB"
    return f"{value / 1_000_000_000:g} cores" if name == "NanoCpus" and isinstance(value, int) else str(value)


def _extras(design: Design, observed: Observed) -> Iterator[Drift]:
    numbers = wanted_numbers(design, observed)
    for one in observed.containers:
        spec = design.services.get(one.service)
        if one.oneoff or one.state == "removing" or one.name.endswith(PASSING):
            continue
        if spec is None:
            words = f"its container {one.name} bears this stack's labels, and the design has no such service"
            yield Drift(f"service:{one.service}", "extra", "container", words, one.name)
        elif not spec.profiles and one.number not in numbers[one.service]:
            yield Drift(
                f"service:{one.service}", "extra", "scale", f"{one.name} is one more than the {spec.scale} designed", one.name
            )


def _wanted(design: Design) -> list[Service]:
    """The services of which an apply makes containers; what no other uses was never made."""
    return [spec for spec in design.services.values() if not spec.profiles and spec.scale > 0]


# --- networks and volumes -----------------------------------------------------------------------------------------------------


def _networks(design: Design, observed: Observed) -> Iterator[Drift]:
    used = {wire.network for spec in _wanted(design) for wire in spec.attachments}
    there = {one.name: one for one in observed.networks}
    for key in sorted(used & design.networks.keys()):
        name = design.network_name(key)
        found = there.get(name)
        if found is None:
            yield Drift(f"network:{key}", "missing", "network", f"{name} is not on the engine any more")
        elif not design.networks[key].external and found.labels.get(PROJECT) == design.project and not found.labels.get(CONFIG):
            yield from (Drift(f"network:{key}", "changed", part, words) for part, words in _settings(design, found, key=key))


def _settings(design: Design, there: ObservedNetwork, *, key: str) -> Iterator[tuple[str, str]]:
    network = design.networks[key]
    subnets = [pool.subnet for pool in network.pools if pool.subnet]
    if (there.driver or "bridge") != (network.driver or "bridge"):
        yield "driver", f"driver {there.driver} instead of {network.driver or 'bridge'}"
    if subnets and sorted(subnets) != sorted(there.subnets):
        yield "ipam", f"subnet {', '.join(there.subnets)} instead of {', '.join(subnets)}"
    flags = (("internal", there.internal, network.internal), ("attachable", there.attachable, network.attachable),
             ("enable_ipv6", there.enable_ipv6, network.enable_ipv6))  # fmt: skip
    for word, now, wanted in flags:
        if now != wanted:
            yield word, f"{word} is {'on' if now else 'off'}"


def _volumes(design: Design, observed: Observed) -> Iterator[Drift]:
    there = {one.name for one in observed.volumes} | set(observed.external_volumes)
    mounts = (mount for spec in _wanted(design) for mount in spec.mounts)
    for key in sorted({mount.source or "" for mount in mounts if mount.kind == "volume"} & design.volumes.keys()):
        name = design.volume_name(key)
        if name not in there and not is_nameless(name):
            yield Drift(f"volume:{key}", "missing", "volume", f"{name} is not on the engine any more, nor what was in it")
