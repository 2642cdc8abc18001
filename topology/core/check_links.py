"""Links: whether the client can reach what it links to. The numbers are rows of the reach table in the Docker facts:

1, 2 docker0 · 5–7 user-defined networks · 8 different bridges · 13 none · 14, 15 host · 16 shared network namespaces.
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.core.check_references import unknown
from topology.core.design import Design, Link, Service
from topology.core.problems import Problem, Severity

_ICC = "com.docker.network.bridge.enable_icc"


def check_links(design: Design) -> Iterator[Problem]:
    for client in design.services.values():
        places = {"links": 0, "external_links": 0}
        aliases: dict[str, str] = {}
        for link in client.links:
            key = "external_links" if link.external else "links"
            path = (key, places[key])
            places[key] += 1
            if aliases.setdefault(link.alias, link.target) != link.target:
                yield _problem(
                    client,
                    "link-alias-twice",
                    f"`{client.name}` links to `{aliases[link.alias]}` and to `{link.target}` under the same name `{link.alias}`.",
                    f'Give one of them another alias: "{link.target}:another".',
                    path,
                )
            if not link.external:
                yield from _check(design, client, link, path)


def _problem(
    client: Service, code: str, message: str, fix: str, path: tuple[str | int, ...], severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(
        code, message, fix=fix, subject=f"service:{client.name}", path=("services", client.name, *path), severity=severity
    )


def _check(design: Design, client: Service, link: Link, path: tuple[str | int, ...]) -> Iterator[Problem]:
    server = design.services.get(link.target)
    if server is None:
        yield unknown(client, "link-unknown", "service", link.target, design.services, *path)
    elif server.name == client.name:
        yield _problem(client, "link-self", f"`{client.name}` links to itself.", "Use `localhost`; take the link away.", path)
    elif found := _client_mode(client, link) or _server_mode(client, server, link) or _apart(client, server, link):
        yield _problem(client, *found, path)
    elif client.network_mode is None:
        yield from _silenced(design, client, server, path)


Found = tuple[str, str, str]


def _client_mode(client: Service, link: Link) -> Found | None:
    if client.mode == "host":
        return (
            "link-from-host",
            f"`{client.name}` is in host mode, where the engine allows no links: it has the host's own names, not `{link.alias}`.",
            f"Publish a port of `{link.target}` and use localhost, or put `{client.name}` on a network.",
        )
    if client.mode == "none":
        return (
            "link-from-none",
            f"`{client.name}` has no network at all, so it reaches nothing.",
            f"Put `{client.name}` on a network that `{link.target}` is on.",
        )
    if client.mode in ("service", "container"):
        owner = str(client.network_mode).partition(":")[2]
        return (
            "link-from-shared",
            f"`{client.name}` uses the network of `{owner}`, so it has that one's names only, "
            "and the engine refuses a link of its own.",
            f"Draw the link from `{owner}`.",
        )
    return None


def _server_mode(client: Service, server: Service, link: Link) -> Found | None:
    if server.mode == "host":
        return (
            "link-to-host",
            f"`{server.name}` is in host mode and has no address on a Docker network: "
            "it is reached through the host's gateway only.",
            f'Give `{client.name}` `extra_hosts: ["{link.alias}:host-gateway"]` instead of the link.',
        )
    if server.mode == "none":
        return (
            "link-to-none",
            f"`{server.name}` has no network at all, so nothing reaches it.",
            f"Put `{server.name}` on a network that `{client.name}` is on.",
        )
    if server.mode in ("service", "container"):
        owner = str(server.network_mode).partition(":")[2]
        return (
            "link-to-shared",
            f"`{server.name}` has no address of its own: it answers at the address of `{owner}`.",
            f"Link to `{owner}` instead" + (f': "{owner}:{link.alias}".' if server.mode == "service" else "."),
        )
    return None


def _apart(client: Service, server: Service, link: Link) -> Found | None:
    """Rows 1 to 8: both on docker0, or at least one network in common."""
    if client.mode == "bridge" and server.mode == "bridge":
        return None
    if client.mode != "networks" or server.mode != "networks":
        on, off = (client, server) if client.mode != "networks" else (server, client)
        where = "docker0 (the default bridge)" if on.mode == "bridge" else f"`{on.network_mode}`"
        return (
            "link-across-docker0",
            f"`{on.name}` is on {where} and `{off.name}` is on {_names(off)}: traffic between different bridges "
            f"is dropped, and no name is known across, so `{link.alias}` is not reached.",
            "Put both on docker0 (`network_mode: bridge`), or both on one network.",
        )
    if _shared(client, server):
        return None
    return (
        "link-no-shared-network",
        f"`{client.name}` is on {_names(client)} and `{server.name}` on {_names(server)}: they share no network, and traffic "
        f"between different bridges is dropped, so `{link.alias}` is not reached.",
        f"Put `{client.name}` on {_names(server, joined=' or ')}, or `{server.name}` on {_names(client, joined=' or ')}.",
    )


def _shared(client: Service, server: Service) -> list[str]:
    other = {one.network for one in server.attachments}
    return [one.network for one in client.attachments if one.network in other]


def _names(service: Service, *, joined: str = " and ") -> str:
    return joined.join(f"`{one.network}`" for one in service.attachments) or "no network"


def _silenced(design: Design, client: Service, server: Service, path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Row 6: a network with enable_icc=false resolves names and drops the traffic all the same."""
    networks = [design.networks[key] for key in _shared(client, server) if key in design.networks]
    if networks and all(str(network.driver_opts.get(_ICC, "")).lower() == "false" for network in networks):
        yield _problem(
            client,
            "link-icc-off",
            f"`{networks[0].key}` has {_ICC} off: `{server.name}` is found by name, but every connection times out.",
            "Remove that option from the network.",
            path,
            Severity.WARNING,
        )
