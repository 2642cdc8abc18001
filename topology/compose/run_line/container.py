"""One pasted container: its name, image, keys, and the ties to other lines as they were written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from topology.compose.run_line import mounts
from topology.compose.run_line.flags import ALIASES, FLAGS, SHORT
from topology.compose.run_line.options import Option, Options, Table, read_options
from topology.compose.run_line.service import Keys, read_keys
from topology.compose.run_line.words import Word
from topology.core.problems import Problem

Raw = dict[str, Any]

RUN = Table(FLAGS, SHORT, ALIASES)
MODES = frozenset({"host", "none", "bridge", "default"})
_FIELDS = {"alias": "aliases", "ip": "ipv4_address", "ip6": "ipv6_address", "link-local-ip": "link_local_ips",
           "mac-address": "mac_address", "mac": "mac_address", "gw-priority": "gw_priority", "priority": "priority"}  # fmt: skip
_LISTS = frozenset({"aliases", "link_local_ips"})


@dataclass
class Container:
    """A container as pasted. `mode` is its network mode ("" for none named), `networks` what it joins, by the network's name."""

    image: str
    name: str
    word: Word
    keys: Raw
    mode: str = ""
    networks: dict[str, Raw] = field(default_factory=dict)
    plain: Raw = field(default_factory=dict)  # addresses and aliases with no network named
    links: list[str] = field(default_factory=list)
    volumes_from: list[str] = field(default_factory=list)
    volumes: dict[str, Raw] = field(default_factory=dict)
    comments: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_container(words: list[Word], *, at: Word) -> Container | list[Problem]:
    """The words behind `docker run`; problems alone where there is no image. `at` is the word `run`."""
    options = read_options(words, RUN)
    if not options.rest:
        missing = Problem("image-missing", "This line names no image.", fix="Write the image behind the flags.", line=at.line,
                          column=at.column)  # fmt: skip
        return [*options.problems, missing]
    found = read_keys(options)
    image, *command = options.rest
    keys: Raw = {"image": image.text, **found.keys}
    if command:
        keys["command"] = [word.text for word in command]
    name = options.value("name").removeprefix("/")
    if name:
        keys["container_name"] = name
    container = Container(image.text, name, at, keys, volumes=found.volumes, notes=found.notes)
    container.links = [one.value for one in options.values("link")]
    container.volumes_from = [value for one in options.values("volumes-from") for value in one.value.split(",") if value]
    _networks(options, container, found)
    container.problems = [*options.problems, *found.problems]
    return container


def _networks(options: Options, container: Container, found: Keys) -> None:
    for option in options.values("network"):
        name, attachment = read_network(option, found)
        if name in MODES or name.startswith(("container:", "ns:", "slirp4netns", "pasta", "private")):
            container.mode = _mode(name, option, found)
        elif name:
            container.networks[name] = {**container.networks.get(name, {}), **attachment}
    container.plain = _plain(options)
    if container.networks and container.plain:
        first = next(iter(container.networks))
        container.networks[first] = {**container.networks[first], **container.plain}
        container.plain = {}


def _mode(name: str, option: Option, found: Keys) -> str:
    if name in MODES or name.startswith("container:"):
        return "bridge" if name == "default" else name
    found.notes.append(f"`--network {option.value}` is a mode of podman only; the service is on a network as usual.")
    return ""


def _plain(options: Options) -> Raw:
    """What `--ip`, `--network-alias` and the like say about the first network."""
    plain: Raw = {}
    if aliases := [one.value for one in options.values("network-alias")]:
        plain["aliases"] = aliases
    for flag, key in (("ip", "ipv4_address"), ("ip6", "ipv6_address")):
        if value := options.value(flag):
            plain[key] = value
    if local := [one.value for one in options.values("link-local-ip")]:
        plain["link_local_ips"] = local
    return plain


def read_network(option: Option, found: Keys) -> tuple[str, Raw]:
    """`NAME`, `name=NAME,alias=…,ip=…` (docker) or `NAME:alias=…,ip=…` (podman) as the name and what holds on that network."""
    text = option.value
    if text.startswith("container:") or "=" not in text.replace("${", ""):
        return text, {}
    head, colon, rest = text.partition(":")
    name, given = (head, rest) if colon and "=" not in head else ("", text)
    attachment: Raw = {}
    for key, value in mounts.fields(given):
        if key == "name":
            name = value
        elif key == "driver-opt":
            one, _, setting = value.partition("=")
            attachment.setdefault("driver_opts", {})[one] = setting
        elif (place := _FIELDS.get(key)) in _LISTS:
            attachment.setdefault(place, []).append(value)
        elif place:
            attachment[place] = value
        else:
            found.refuse(option, f"`{key}` is no field of it", fix="Use name, alias, ip, ip6, mac-address or driver-opt.")
    return name, attachment
