"""What an edit says of a design's records, and nothing else: worked out on the records, without any of the writer's code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from topology.core.design import DEFAULT_NETWORK, Attachment, Dependency, Design, Link, Network, Service
from topology.core.edit import (
    AddLink,
    AddNetwork,
    AddService,
    AddVolume,
    Attach,
    Detach,
    RemoveEntry,
    RemoveLink,
    RemoveNetwork,
    RemoveService,
    RemoveVolume,
    RenameEntry,
    RenameNetwork,
    RenameService,
    RenameVolume,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
)

ReadOne = Callable[[str, str, Any], Any]  # (section, name, keys) → its record, read by itself
_MODES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def intended(design: Design, edit: Any, read_one: ReadOne) -> Design:
    """The design after an edit."""
    new = _BY_KIND[type(edit)](design, edit, read_one)
    return _finished(new)


def _finished(design: Design) -> Design:
    """Implied dependencies, and the implicit default network, follow from the rest."""
    services = {name: _with_implied(service) for name, service in design.services.items()}
    networks = {key: one for key, one in design.networks.items() if not one.implicit}
    if DEFAULT_NETWORK not in networks and any(_on(service, DEFAULT_NETWORK) for service in services.values()):
        networks[DEFAULT_NETWORK] = Network(DEFAULT_NETWORK, implicit=True)
    return replace(design, services=services, networks=networks)


def _with_implied(service: Service) -> Service:
    found = {one.service: one for one in service.depends_on if not one.implied}
    for link in service.links:
        if not link.external:
            found.setdefault(link.target, Dependency(link.target, restart=True, implied=True))
    for key in _MODES:
        kind, _, name = str(getattr(service, key)).partition(":")
        if kind == "service":
            found.setdefault(name, Dependency(name, restart=True, implied=True))
    for source in service.volumes_from:
        if not source.startswith("container:"):
            name = source.partition(":")[0]
            found.setdefault(name, Dependency(name, implied=True))
    return replace(service, depends_on=tuple(found.values()))


def _on(service: Service, network: str) -> bool:
    return any(one.network == network for one in service.attachments)


def _at_least_default(service: Service) -> Service:
    if service.attachments or service.network_mode is not None or "provider" in service.other:
        return service
    return replace(service, attachments=(Attachment(DEFAULT_NETWORK, implicit=True),))


def _each(design: Design, change: Callable[[Service], Service]) -> Design:
    return replace(design, services={name: change(service) for name, service in design.services.items()})


def _one(design: Design, name: str, **changes: Any) -> Design:
    return replace(design, services={**design.services, name: replace(design.services[name], **changes)})


def _add(section: str) -> Callable[..., Design]:
    def add(design: Design, edit: Any, read_one: ReadOne) -> Design:
        return replace(design, **{section: {**getattr(design, section), edit.name: read_one(section, edit.name, edit.keys)}})

    return add


def _remove_service(design: Design, edit: RemoveService, _: ReadOne) -> Design:
    left = {name: service for name, service in design.services.items() if name != edit.name}

    def forget(service: Service) -> Service:
        modes = {key: None for key in _MODES if getattr(service, key) == f"service:{edit.name}"}
        new = replace(
            service,
            depends_on=tuple(one for one in service.depends_on if one.service != edit.name),
            links=tuple(one for one in service.links if one.external or one.target != edit.name),
            volumes_from=tuple(one for one in service.volumes_from if one.partition(":")[0] != edit.name),
            build=_contexts(service.build, edit.name, None),
            **modes,
        )
        return _at_least_default(new)

    return _each(replace(design, services=left), forget)


def _contexts(build: Mapping[str, Any] | None, name: str, to: str | None) -> Any:
    written = (build or {}).get("additional_contexts")
    if not isinstance(written, dict) or f"service:{name}" not in written.values():
        return build
    rest = {
        key: f"service:{to}" if one == f"service:{name}" else one for key, one in written.items() if to or one != f"service:{name}"
    }
    return {**{key: one for key, one in (build or {}).items() if key != "additional_contexts"}, "additional_contexts": rest}


def _rename_service(design: Design, edit: RenameService, _: ReadOne) -> Design:
    def new_name(name: str) -> str:
        return edit.to if name == edit.name else name

    def follow(service: Service) -> Service:
        sources = [one if one.startswith("container:") else one.partition(":") for one in service.volumes_from]
        return replace(
            service,
            name=new_name(service.name),
            depends_on=tuple(replace(one, service=new_name(one.service)) for one in service.depends_on),
            links=tuple(one if one.external else replace(one, target=new_name(one.target)) for one in service.links),
            volumes_from=tuple(one if isinstance(one, str) else new_name(one[0]) + one[1] + one[2] for one in sources),
            build=_contexts(service.build, edit.name, edit.to),
            **{key: f"service:{edit.to}" for key in _MODES if getattr(service, key) == f"service:{edit.name}"},
        )

    followed = _each(design, follow)
    return replace(followed, services={new_name(name): service for name, service in followed.services.items()})


def _remove_network(design: Design, edit: RemoveNetwork, _: ReadOne) -> Design:
    def leave(service: Service) -> Service:
        if not any(one.network == edit.name and not one.implicit for one in service.attachments):
            return service
        left = tuple(one for one in service.attachments if one.network != edit.name)
        return _at_least_default(replace(service, attachments=left))

    return _each(replace(design, networks={key: one for key, one in design.networks.items() if key != edit.name}), leave)


def _rename_network(design: Design, edit: RenameNetwork, _: ReadOne) -> Design:
    networks = {
        edit.to if key == edit.name else key: replace(one, key=edit.to) if key == edit.name else one
        for key, one in design.networks.items()
    }

    def follow(service: Service) -> Service:
        attachments = tuple(
            replace(one, network=edit.to, implicit=False) if one.network == edit.name else one for one in service.attachments
        )
        return replace(service, attachments=attachments)

    return _each(replace(design, networks=networks), follow)


def _remove_volume(design: Design, edit: RemoveVolume, _: ReadOne) -> Design:
    left = {key: one for key, one in design.volumes.items() if key != edit.name}
    return _each(
        replace(design, volumes=left),
        lambda service: replace(
            service, mounts=tuple(one for one in service.mounts if one.kind != "volume" or one.source != edit.name)
        ),
    )


def _rename_volume(design: Design, edit: RenameVolume, _: ReadOne) -> Design:
    volumes = {
        edit.to if key == edit.name else key: replace(one, key=edit.to) if key == edit.name else one
        for key, one in design.volumes.items()
    }

    def follow(service: Service) -> Service:
        mounts = tuple(
            replace(one, source=edit.to) if one.kind == "volume" and one.source == edit.name else one for one in service.mounts
        )
        return replace(service, mounts=mounts)

    return _each(replace(design, volumes=volumes), follow)


def _attach(design: Design, edit: Attach, _: ReadOne) -> Design:
    service = design.services[edit.service]
    said = {
        key: value
        for key, value in {"aliases": edit.aliases, "ipv4": edit.ipv4, "ipv6": edit.ipv6, "mac": edit.mac}.items()
        if value is not None
    }
    old = next((one for one in service.attachments if one.network == edit.network), None)
    if old is not None and old.implicit and not said:
        return design
    alone = edit.network == DEFAULT_NETWORK and not said and not service.attachments  # back from a mode: nothing is written
    new = replace(old or Attachment(edit.network), implicit=alone, **said)
    rest = tuple(one for one in service.attachments if one.network != edit.network and not one.implicit)
    return _one(design, edit.service, attachments=(*rest, new), network_mode=None)


def _detach(design: Design, edit: Detach, _: ReadOne) -> Design:
    service = design.services[edit.service]
    left = tuple(one for one in service.attachments if one.network != edit.network)
    if left:
        return _one(design, edit.service, attachments=left)
    if edit.network == DEFAULT_NETWORK:
        return _one(design, edit.service, attachments=(), network_mode="none")
    return _one(design, edit.service, attachments=(Attachment(DEFAULT_NETWORK, implicit=True),))


def _set_mode(design: Design, edit: SetNetworkMode, _: ReadOne) -> Design:
    return _one(design, edit.service, attachments=(), network_mode=edit.mode)


def _add_link(design: Design, edit: AddLink, _: ReadOne) -> Design:
    return _one(design, edit.service, links=(*design.services[edit.service].links, Link(edit.target, edit.alias)))


def _remove_link(design: Design, edit: RemoveLink, _: ReadOne) -> Design:
    links = design.services[edit.service].links
    internal = any((one.target, one.alias) == (edit.target, edit.alias) and not one.external for one in links)
    left = tuple(one for one in links if (one.target, one.alias) != (edit.target, edit.alias) or one.external is internal)
    return _one(design, edit.service, links=left)


def _set_variable(design: Design, edit: SetEnvironment, _: ReadOne) -> Design:
    old = design.services[edit.service].environment
    rest = {name: value for name, value in old.items() if name != edit.variable}
    return _one(design, edit.service, environment=rest if edit.value is None else {**rest, edit.variable: edit.value})


# Which field of a service's record a key makes.
FIELD = {
    "ports": "ports", "image": "image", "volumes": "mounts", "healthcheck": "healthcheck", "depends_on": "depends_on",
    "restart": "restart", "command": "command", "labels": "labels",
}  # fmt: skip


def _set_value(design: Design, edit: SetValue, read_one: ReadOne) -> Design:
    name, key = str(edit.path[1]), str(edit.path[2])
    value = edit.value
    for step in reversed(edit.path[3:]):
        value = {step: value}
    record = read_one("services", name, {"image": "x", key: value})
    new = getattr(record, FIELD[key])
    if len(edit.path) > 3:  # one dependency beside the others
        old = design.services[name].depends_on
        new = (*(one for one in old if one.service != edit.path[3]), *new)
    return _one(design, name, **{FIELD[key]: new})


def _rename_entry(design: Design, edit: RenameEntry, _: ReadOne) -> Design:
    found = getattr(design, edit.section)
    renamed = {
        edit.to if key == edit.name else key: replace(one, key=edit.to) if key == edit.name else one for key, one in found.items()
    }
    return _each(replace(design, **{edit.section: renamed}), lambda one: _with_uses(one, edit.section, edit.name, edit.to))


def _remove_entry(design: Design, edit: RemoveEntry, _: ReadOne) -> Design:
    left = {key: one for key, one in getattr(design, edit.section).items() if key != edit.name}
    return _each(replace(design, **{edit.section: left}), lambda one: _with_uses(one, edit.section, edit.name, None))


def _with_uses(service: Service, section: str, name: str, to: str | None) -> Service:
    """The file in the container keeps its name, whatever the entry is called."""
    changes: dict[str, Any] = {}
    if section in service.other:
        uses = _new_uses(service.other[section], section, name, to)
        rest = {key: value for key, value in service.other.items() if key != section}
        changes["other"] = rest | ({section: uses} if uses else {})
    if section == "secrets" and service.build and section in service.build:
        uses = _new_uses(service.build[section], section, name, to)
        rest = {key: value for key, value in service.build.items() if key != section}
        changes["build"] = rest | ({section: uses} if uses else {})
    return replace(service, **changes)


def _new_uses(written: Iterable[Any], section: str, name: str, to: str | None) -> list[Any]:
    uses = []
    for use in written:
        if (use if isinstance(use, str) else use.get("source")) != name:
            uses.append(use)
        elif to:
            said = use if isinstance(use, dict) else {}
            uses.append({**said, "source": to, "target": said.get("target", f"/{name}" if section == "configs" else name)})
    return uses


_BY_KIND: Mapping[type, Callable[..., Design]] = {
    AddService: _add("services"), RemoveService: _remove_service, RenameService: _rename_service,
    AddNetwork: _add("networks"), RemoveNetwork: _remove_network, RenameNetwork: _rename_network,
    AddVolume: _add("volumes"), RemoveVolume: _remove_volume, RenameVolume: _rename_volume,
    Attach: _attach, Detach: _detach, SetNetworkMode: _set_mode, AddLink: _add_link, RemoveLink: _remove_link,
    SetEnvironment: _set_variable, SetValue: _set_value, RenameEntry: _rename_entry, RemoveEntry: _remove_entry,
}  # fmt: skip

_ORDERED = {"command", "entrypoint", "test"}


def difference(left: Any, right: Any, *, path: str = "", skip: frozenset[str] = frozenset(), fields_off: Iterable[str] = ()) -> str:
    """The first place at which two records differ, "" where they agree; lines and the order of sets do not count."""
    if path.startswith("services.") and path.removeprefix("services.") in skip:
        return ""
    if is_dataclass(left) and type(left) is type(right):
        for one in fields(left):
            if one.name in ("line", *fields_off) or not one.compare:
                continue
            mine, other = getattr(left, one.name), getattr(right, one.name)
            at = f"{path}.{one.name}".lstrip(".")
            if found := difference(mine, other, path=at, skip=skip, fields_off=fields_off):
                return found
        return ""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in sorted({*left, *right}, key=str):
            at = f"{path}.{key}".lstrip(".")
            if path == "services" and key in skip:
                continue
            if path.endswith(".other") and not left.get(key) and not right.get(key):
                continue  # an empty list or none
            if key not in left or key not in right:
                return f"{at} is only {'meant' if key in left else 'there'}"
            if found := difference(left[key], right[key], path=at, skip=skip, fields_off=fields_off):
                return found
        return ""
    if isinstance(left, tuple) and isinstance(right, tuple) and path.rpartition(".")[2] not in _ORDERED:
        left, right = sorted(map(_shown, left)), sorted(map(_shown, right))
    return "" if left == right else f"{path}: meant {left!r}, is {right!r}"[:600]


def _shown(value: Any) -> str:
    """A record as text, the same for equal ones."""
    if is_dataclass(value):
        return str([(one.name, _shown(getattr(value, one.name))) for one in fields(value) if one.compare and one.name != "line"])
    if isinstance(value, Mapping):
        return str(sorted((str(key), _shown(item)) for key, item in value.items()))
    return str([_shown(one) for one in value]) if isinstance(value, tuple | list) else repr(value)
