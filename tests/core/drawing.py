"""Topologies drawn as short text, one object a line, for tests.

    web nginx on front(www 10.0.0.5 fd00::5) back; ports 8080:80; needs db healthy; link db:database
    db redis on back; mount data:/data; mode bridge; scale 2; env A=1; restart always; name x; memory 64; profile dev
    net front 10.0.0.0/24 internal external driver=overlay
    vol data external

A service with neither `on` nor `mode` is on the default network, as in Compose.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from topology.core.design import Attachment, Dependency, Design, Healthcheck, Link, Mount, Network, Pool, Port, Service, Volume

CONDITIONS = {"healthy": "service_healthy", "completed": "service_completed_successfully"}


def draw(text: str, *, project: str = "p") -> Design:
    services: dict[str, Service] = {}
    networks: dict[str, Network] = {}
    volumes: dict[str, Volume] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        kind, _, rest = line.partition(" ")
        if kind == "net":
            network = _network(rest)
            networks[network.key] = network
        elif kind == "vol":
            words = rest.split()
            opts = dict(word.split("=", 1) for word in words[1:] if "=" in word)
            volumes[words[0]] = Volume(words[0], external="external" in words, driver_opts=opts)
        else:
            service = _service(line)
            services[service.name] = service
    for service in services.values():
        for wire in service.attachments:
            networks.setdefault(wire.network, Network(wire.network, implicit=wire.implicit))
        for mount in service.mounts:
            if mount.kind == "volume" and mount.source:
                volumes.setdefault(mount.source, Volume(mount.source))
    return Design(project, services, networks, volumes)


def _network(text: str) -> Network:
    words = text.split()
    pools = tuple(Pool(subnet=word) for word in words[1:] if "/" in word)
    named = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    return Network(
        words[0], name=named.get("name"), driver=named.get("driver"), internal="internal" in words,
        external="external" in words, attachable="attachable" in words, pools=pools,
    )  # fmt: skip


def _service(line: str) -> Service:
    head, *clauses = [part.strip() for part in line.split(";")]
    head, _, on = head.partition(" on ")
    name, _, image = head.strip().partition(" ")
    service = Service(name, image=image.strip() or None)
    if on:
        service = replace(service, attachments=tuple(_attachment(*found) for found in re.findall(r"([\w@-]+)(?:\(([^)]*)\))?", on)))
    for clause in clauses:
        word, _, rest = clause.partition(" ")
        service = replace(service, **_clause(service, word, rest.strip()))
    if service.network_mode is None and not service.attachments:
        service = replace(service, attachments=(Attachment("default", implicit=True),))
    return service


def _attachment(network: str, inside: str) -> Attachment:
    words = inside.split()
    addresses = [word for word in words if re.fullmatch(r"[\d.]+|[\da-f]*::[\da-f]*", word)]
    mac = next((word for word in words if re.fullmatch(r"(\w\w:){5}\w\w", word)), None)
    priority = next((int(word[1:]) for word in words if re.fullmatch(r"!\d+", word)), 0)
    aliases = tuple(word for word in words if word not in addresses and word != mac and not word.startswith("!"))
    ipv4, ipv6 = (next((one for one in addresses if (":" in one) is six), None) for six in (False, True))
    return Attachment(network, aliases=aliases, ipv4=ipv4, ipv6=ipv6, mac=mac, priority=priority)


def _clause(service: Service, word: str, rest: str) -> dict[str, Any]:
    words = rest.split()
    if word == "ports":
        pairs = [item.partition("/")[0].split(":") for item in words]
        return {"ports": tuple(Port(int(pair[-1]), pair[0] if len(pair) > 1 else None) for pair in pairs)}
    if word == "needs":
        condition = next((CONDITIONS[item] for item in words if item in CONDITIONS), "service_started")
        need = Dependency(words[0], condition, restart="restart" in words, required="optional" not in words)
        return {"depends_on": (*service.depends_on, need)}
    if word == "link":
        target, _, alias = rest.partition(":")
        return {"links": (*service.links, Link(target, alias or target))}
    if word == "mount":
        source, _, target = rest.rpartition(":")
        kind = "bind" if source.startswith(("/", ".")) else "volume"
        return {"mounts": (*service.mounts, Mount(kind, target, source or None))}
    if word == "env":
        return {"environment": {**service.environment, **dict(item.split("=", 1) for item in words)}}
    if word == "check":
        return {"healthcheck": Healthcheck(test=("CMD", "true"), interval_s=1, timeout_s=1, retries=3)}
    plain = {
        "mode": ("network_mode", rest), "restart": ("restart", rest), "name": ("container_name", rest),
        "cmd": ("command", tuple(words)), "profile": ("profiles", tuple(words)), "build": ("build", {"context": "."}),
        "policy": ("pull_policy", rest), "pid": ("pid", rest),
        "from": ("volumes_from", tuple(words)), "label": ("labels", dict(item.split("=") for item in words if "=" in item)),
    }  # fmt: skip
    if word in plain:
        return dict([plain[word]])
    if word in ("scale", "memory", "cpus", "grace"):
        fields = {"scale": ("scale", 1), "memory": ("mem_limit_bytes", 1024**2), "cpus": ("cpus", 1)}
        fields["grace"] = ("stop_grace_period_s", 1)
        field, factor = fields[word]
        return {field: (float(rest) if word == "cpus" else int(rest)) * factor}
    if word == "other":
        return {"other": {**service.other, rest.partition("=")[0]: rest.partition("=")[2]}}
    raise AssertionError(f"no such clause: {word}")
