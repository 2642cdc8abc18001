"""What runs, as the Compose file that would have made it: services, networks and volumes out of the engine's own words.

Nothing is written that the image says by itself, that the engine fills in, or that Compose adds. So the file is short, and a plan
made from it against the same containers has nothing to do. What no engine keeps (build, profiles, where a variable came from)
cannot come back; `UNKNOWABLE` names it.
Source: GET /containers/X/json, /images/X/json, /networks, /volumes (API 1.41 and later).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from topology.core.labels import CONFIG_FILES, NUMBER, ONEOFF, PROJECT, SERVICE
from topology.core.likeness import likeness
from topology.core.reconstruct_host import host_keys
from topology.core.reconstruct_process import process_keys
from topology.core.reconstruct_sections import network_section, volume_section
from topology.core.reconstruct_wires import Neighbours, wire_keys

Json = Mapping[str, Any]

UNKNOWABLE = (
    "build", "profiles", "develop", "extends", "include", "x- keys", "comments, anchors and variables",
    "env_file (its variables stand under environment)", "pull_policy", "platform",
    "depends_on of what another tool made, and `required`",
    "configs and secrets that were copied in (mounted ones are binds)", "deploy except replicas and resources",
    "post_start and pre_stop", "attach", "priorities of networks other than the first", "networks and volumes that nothing made",
    "MAC addresses of running containers on engines from 28 on, which make them at random",
    "what is written just as the image or the engine has it anyway",
)  # fmt: skip

_ORDER = (
    "image", "container_name", "hostname", "domainname", "scale", "restart", "entrypoint", "command", "user", "working_dir",
    "ports", "expose", "environment", "labels", "volumes", "volumes_from", "tmpfs", "networks", "network_mode", "links",
    "external_links", "depends_on", "healthcheck",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """The engine's answers about some containers, as they came: `images` by id, all `networks` and `volumes`, `names` of all of
    the engine's containers by id, and its `info`."""

    containers: tuple[Json, ...]
    images: Mapping[str, Json] = field(default_factory=dict)
    networks: tuple[Json, ...] = ()
    volumes: tuple[Json, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)  # image's name → id
    info: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """`file` is the Compose file's value, in the order to be written. `services` has container id → service; `notes` say what
    could not be told, or differs between containers of one service; `origin` names the files that Compose read."""

    file: dict[str, Any]
    services: Mapping[str, str]
    notes: tuple[str, ...] = ()
    origin: str = ""


def reconstruct(found: Found, *, project: str) -> Reconstruction:
    """The file of a whole project, or of containers that belong to none: those are services by their own names."""
    groups = _grouped(found, project=project)
    services_of = {one["Id"]: name for name, group in groups.items() for one in group}
    names = {one["Id"]: _name(one) for one in found.containers}
    near = Neighbours(
        project=project, services=services_of, names={**found.names, **names}, by_name={name: key for key, name in names.items()},
        networks={one["Name"]: one for one in found.networks}, version=str(found.info.get("ServerVersion") or ""),
    )  # fmt: skip
    notes: list[str] = []
    services = {name: _service(name, group, near=near, found=found, notes=notes) for name, group in groups.items()}
    file: dict[str, Any] = {"name": project, "services": {name: escaped(keys) for name, keys in services.items()}}
    if networks := network_section(found.networks, found.containers, project=project, info=found.info):
        file["networks"] = escaped(networks)
    if volumes := volume_section(found.volumes, found.containers, project=project):
        file["volumes"] = escaped(volumes)
    return Reconstruction(file, services_of, tuple(dict.fromkeys(notes)), _origin(found, project=project))


def escaped(value: Any) -> Any:
    """A value in which Compose puts no variable in: each `$` of a text is doubled. Keys are not read for variables."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Mapping):
        return {key: escaped(item) for key, item in value.items()}
    return [escaped(item) for item in value] if isinstance(value, list) else value


def labels_of(container: Json) -> Mapping[str, str]:
    found: Mapping[str, str] = (container.get("Config") or {}).get("Labels") or {}
    return found


def _name(container: Json) -> str:
    return str(container["Name"]).lstrip("/")


def _grouped(found: Found, *, project: str) -> dict[str, list[Json]]:
    """Service → its containers by number, services by name. What `compose run` made is no part of the file."""
    groups: dict[str, list[Json]] = {}
    for one in found.containers:
        labels = labels_of(one)
        if labels.get(ONEOFF, "").lower() == "true":
            continue
        mine = labels.get(PROJECT) == project and labels.get(SERVICE)
        groups.setdefault(labels[SERVICE] if mine else _name(one), []).append(one)
    return {name: sorted(group, key=_number) for name, group in sorted(groups.items())}


def _number(container: Json) -> tuple[int, str]:
    text = labels_of(container).get(NUMBER, "")
    return (int(text) if text.isdigit() else 1), str(container["Id"])


def _service(name: str, group: list[Json], *, near: Neighbours, found: Found, notes: list[str]) -> dict[str, Any]:
    """One service, told by its first container."""
    first = group[0]
    image = found.images.get(str(first.get("Image")), {})
    keys: dict[str, Any] = {}
    keys |= process_keys(first, image, info=found.info)
    keys |= host_keys(first, image, near=near, volumes=found.volumes, info=found.info, notes=notes)
    keys |= wire_keys(first, keys, service=name, near=near)
    if len(group) > 1:
        keys["scale"] = len(group)
        _compare(name, group, notes=notes)
    if any(_name(one) != f"{near.project}-{name}-{_number(one)[0]}" for one in group):
        if len(group) == 1:
            keys["container_name"] = _name(first)
        else:
            notes.append(
                f"The containers of {name} bear other names than {near.project}-{name}-1 and so on; an apply renames them."
            )
    if [_number(one)[0] for one in group] != list(range(1, len(group) + 1)):
        notes.append(f"The containers of {name} are not numbered from 1 on; an apply makes new ones for the numbers that lack.")
    tag, identity = str((first.get("Config") or {}).get("Image") or ""), str(first.get("Image") or "")
    if found.tags.get(tag, identity) != identity:
        notes.append(f"{tag} means another image now than the one that {name} was made from; an apply makes it anew.")
    ranks = {key: rank for rank, key in enumerate(_ORDER)}
    return {key: keys[key] for key in sorted(keys, key=lambda one: (ranks.get(one, len(ranks)), one))}


def _compare(name: str, group: list[Json], *, notes: list[str]) -> None:
    looks = [likeness(one.get("Config") or {}, one.get("HostConfig") or {}) for one in group]
    differing = sorted({
        key.partition(".")[0] for look in looks[1:] for key in look.keys() | looks[0].keys() if look.get(key) != looks[0].get(key)
    } - {"hostname"})  # fmt: skip
    if differing:
        notes.append(f"The containers of {name} differ in {', '.join(differing)}; the first one is written.")


def _origin(found: Found, *, project: str) -> str:
    files = {labels_of(one).get(CONFIG_FILES, "") for one in found.containers if labels_of(one).get(PROJECT) == project}
    return ", ".join(sorted(files - {""}))
