"""What stands in the way of a network that is to be made, made anew or removed, as notes: said before anything is touched.

Containers of other stacks are counted, never named: who reads a plan may not be allowed to know them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from topology.core.design import Design, Network, Service
from topology.core.labels import NETWORK, PROJECT
from topology.core.observed import Observed, ObservedNetwork
from topology.core.payload_network import is_network_name
from topology.core.problems import Problem, Severity
from topology.core.subnets import overlap


def found_note(design: Design, there: ObservedNetwork | None, *, key: str) -> Problem | None:
    """Of a network that the design uses: an external one that is missing, or one of its name that this stack did not make."""
    network, name = design.networks[key], design.network_name(key)
    if there is None and network.external:
        fix = f"Create {name} on the engine, or take away `external`."
        message = f"The external network {name} is not on the engine."
        return Problem("network-missing", message, fix=fix, subject=f"network:{key}", line=network.line)
    if there is not None and not network.external and there.labels.get(PROJECT) != design.project:
        message = f"There is a network {name} that this stack did not make. It is used as it is."
        fix = "Mark it `external`, or give yours another name."
        return Problem("network-foreign", message, fix=fix, subject=f"network:{key}", line=network.line, severity=Severity.WARNING)
    return None


def overlap_note(network: Network, name: str, staying: Iterable[ObservedNetwork]) -> Problem | None:
    """Subnets that networks which stay have already: the engine would refuse them after other things had been done."""
    subnets = subnets_of(network)
    for other in sorted(staying, key=lambda one: one.name):
        if "overlay" not in (network.driver, other.driver) and other.name != name and overlap(subnets, other.subnets):
            message = f"The subnet {', '.join(subnets)} of {network.key} overlaps with that of the network {other.name}."
            fix = "Choose another subnet, leave the choice to the engine, or remove the other network."
            return Problem("subnet-taken", message, fix=fix, subject=f"network:{network.key}", line=network.line)
    return None


def in_use(observed: Observed, network: ObservedNetwork) -> str:
    """How many containers outside this stack are on a network, in words; "" for none."""
    count = observed.foreign_endpoints.get(network.id, 0)
    return f"{count} container{'s' if count > 1 else ''} outside this stack {'are' if count > 1 else 'is'} on it" if count else ""


def in_use_note(design: Design, observed: Observed, network: ObservedNetwork, *, key: str, cause: str) -> Problem | None:
    """Of a network that has to go, though others are on it: the engine would refuse after this stack was taken off it."""
    if not (words := in_use(observed, network)):
        return None
    kept = key in design.networks and design.network_name(key) == network.name
    what = "has to be made anew" if kept else "has to go"
    fix = f"leave {key} as it was, or write a new one under another key" if kept else "or choose another subnet for the new one"
    return Problem(
        "network-in-use", f"The network {network.name} {what} ({cause}), and {words}.", subject=f"network:{key}",
        fix=f"Take {'it' if words.startswith('1 ') else 'them'} off {network.name} first, {fix}.",
        line=design.networks[key].line if kept else 0,
    )  # fmt: skip


def left_note(observed: Observed, network: ObservedNetwork) -> Problem | None:
    """Of a network that nothing of this stack uses any more: with others on it, it is left to them, as Compose leaves it."""
    if not (words := in_use(observed, network)):
        return None
    return Problem(
        "network-left", f"The network {network.name} is left as it is: {words}.", severity=Severity.WARNING,
        fix="It goes with the next apply or down after they have left it.",
        subject=f"network:{network.labels.get(NETWORK, network.name)}",
    )  # fmt: skip


def mode_note(spec: Service, *, known: Collection[str]) -> Problem | None:
    """Of a `network_mode` that names no network there is or will be: an engine takes it for an id or the beginning of one, and so
    for whatever network has that."""
    mode = spec.network_mode or ""
    if not is_network_name(mode) or mode in known:
        return None
    return Problem(
        "network-missing", f"`{mode[:60]}`, the network_mode of {spec.name}, is the name of no network on the engine.",
        fix="Write the network's whole name, or declare it under `networks` and put the service on it.",
        subject=f"service:{spec.name}", path=("services", spec.name, "network_mode"), line=spec.line,
    )  # fmt: skip


def subnets_of(network: Network) -> list[str]:
    """The subnets that are written."""
    return [pool.subnet for pool in network.pools if pool.subnet]
