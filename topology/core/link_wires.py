"""Links on user networks: on which of a container's networks one is missing or too much.

The engine keeps a link with an endpoint, and only leaving and joining changes it. A link gives a name to a container on the same
network, so one on any network that both are on is enough, and one on a network that the other is not on means nothing:
no connection is broken for those. Compose writes every link on every network. Where there is a choice, the network that is last by
name is joined anew: an engine takes the first for the way out, with all connections from and to the outside.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from topology.core.design import Design
from topology.core.observed import Endpoint, Observed, ObservedContainer
from topology.core.payload_network import wanted_endpoints


@dataclass(frozen=True, slots=True)
class LinkChanges:
    """Engine's network name → the links, as "container:alias", that are to come to the endpoint there, and those that are to go."""

    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def cause(self, network: str) -> str:
        """Why the endpoint has to be made anew, in words; "" when it need not."""
        if missing := self.missing.get(network):
            return f"the link to {', '.join(map(link_words, missing))} is new"
        if extra := self.extra.get(network):
            return f"the link to {', '.join(map(link_words, extra))} goes"
        return ""


def link_changes(
    design: Design, observed: Observed, there: ObservedContainer, *, joined: Collection[str] = frozenset()
) -> LinkChanges:
    """The changes of one container. Networks in `joined` are joined anew in any case and get their links with that."""
    wanted = {name: set(endpoint.get("Links", ())) for name, endpoint in wanted_endpoints(design, there.service).items()}
    now = {one.network: one for one in there.endpoints if one.network in wanted and one.network not in {*joined, "bridge"}}
    missing: dict[str, set[str]] = {}
    for link in sorted(set().union(*wanted.values())):
        homes = sorted(name for name, links in wanted.items() if link in links)
        lacking = [name for name in homes if name in now and link not in now[name].links]
        if _is_inside(design, there.service, link):  # of others it is not known on which network they are
            lacking = [] if len(lacking) < len(homes) else sorted(lacking, key=lambda name: (name in missing, name))[-1:]
        for name in lacking:
            missing.setdefault(name, set()).add(link)
    extra = {
        name: {link for link in _asked(endpoint, there) - wanted[name] if _means_something(link, name, design, observed)}
        for name, endpoint in now.items()
    }
    return LinkChanges(_sorted(missing), _sorted(extra))


def _is_inside(design: Design, service: str, link: str) -> bool:
    """Whether a wanted link is to a container of the design."""
    targets = {one.target for one in design.services[service].links if not one.external and one.target in design.services}
    return link.partition(":")[0] in {design.container_name(target) for target in targets}


def _asked(endpoint: Endpoint, there: ObservedContainer) -> set[str]:
    return set(without_compose_names(endpoint.links, project=there.project))


def _sorted(found: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(links)) for name, links in sorted(found.items()) if links}


def _means_something(link: str, network: str, design: Design, observed: Observed) -> bool:
    """Whether a link's target is on the network. One that is not known may be there, unless it was a container of this project."""
    target = link.partition(":")[0]
    found = [one.endpoints for one in observed.containers if one.name == target]
    on = {wire.network for endpoints in found for wire in endpoints}
    designed = [name for name in design.services if design.container_name(name) == target]
    on |= {network for name in designed for network in wanted_endpoints(design, name)}
    known = found or designed or target.startswith(f"{design.project}-")
    return network in on if known else True


def link_words(link: str) -> str:
    """A link in words: "p-db-1 as cache"."""
    target, _, alias = link.partition(":")
    return f"{target} as {alias}"


def without_compose_names(links: Iterable[str], *, project: str) -> list[str]:
    """The links that were asked for. Compose adds to each the service's own names with the number of the one that links:
    "p-db-1:p-db-2" and "p-db-1:db-2"; where the target bears a name of its own, "database:p-db-1" and "database:db-1"."""
    all_of = set(links)
    return sorted(link for link in all_of if not _by_its_own_name(link, all_of, project=project))


def _by_its_own_name(link: str, links: Collection[str], *, project: str) -> bool:
    target, _, alias = link.partition(":")
    stem, short = re.sub(r"-\d+$", "", target), re.sub(r"-\d+$", "", alias)
    if short == alias:
        return False
    named = bool(project) and (alias.startswith(f"{project}-") or f"{target}:{project}-{alias}" in links)
    return named or stem == short or stem.endswith(f"-{short}")
