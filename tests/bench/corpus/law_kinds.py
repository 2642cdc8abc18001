"""Every kind of edit, at every place of a file where it applies, and the lines that it may touch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.bench.corpus.law_lines import Lines, Path
from topology.core.design import Design
from topology.core.edit import (
    AddLink,
    AddNetwork,
    AddService,
    AddVolume,
    Attach,
    Detach,
    Edit,
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

Raw = dict[str, Any]
_REFERENCES = ("depends_on", "links", "volumes_from", "network_mode", "ipc", "pid", "uts", "cgroup", "extends")


@dataclass(frozen=True)
class File:
    """One file of the corpus, read."""

    text: str
    raw: Raw
    design: Design
    lines: Lines

    @property
    def services(self) -> dict[str, Raw]:
        return {name: keys for name, keys in (self.raw.get("services") or {}).items() if isinstance(keys, dict)}

    def section(self, name: str) -> Raw:
        found = self.raw.get(name)
        return found if isinstance(found, dict) else {}


def names(written: Any) -> list[str]:
    return [str(one) for one in written] if isinstance(written, list | dict) else []


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _each(make: Callable[[File, str, Raw], Iterator[Edit]]) -> Callable[[File], Iterator[Edit]]:
    def made(file: File) -> Iterator[Edit]:
        for name, keys in file.services.items():
            if name in file.design.services:
                yield from make(file, name, keys)

    return made


def _of(section: str, make: Callable[[str], Edit]) -> Callable[[File], Iterator[Edit]]:
    return lambda file: (make(name) for name in file.section(section))


def _join(file: File, name: str, _: Raw) -> Iterator[Edit]:
    on = {one.network for one in file.design.services[name].attachments}
    yield from (Attach(name, network) for network in file.section("networks") if network not in on)


def _joined(make: Callable[[str, str], Edit]) -> Callable[[File, str, Raw], Iterator[Edit]]:
    return lambda file, name, _: (make(name, one.network) for one in file.design.services[name].attachments)


def _link(file: File, name: str, keys: Raw) -> Iterator[Edit]:
    if isinstance(keys.get("links") or [], list):
        yield from (AddLink(name, other, "added-alias") for other in file.services if other != name)


def _unlink(file: File, name: str, _: Raw) -> Iterator[Edit]:
    yield from (RemoveLink(name, one.target, one.alias) for one in file.design.services[name].links)


def _variables(keys: Raw) -> list[str]:
    return [one.partition("=")[0] for one in names(keys.get("environment"))]


def _ports(keys: Raw) -> list[Any] | None:
    written = keys.get("ports") or []
    return written if isinstance(written, list) else None


def _add_port(_: File, name: str, keys: Raw) -> Iterator[Edit]:
    if (ports := _ports(keys)) is not None:
        yield SetValue(("services", name, "ports"), [*ports, "22022:22"])


def _drop_port(_: File, name: str, keys: Raw) -> Iterator[Edit]:
    for gone in range(len(ports := _ports(keys) or [])):
        yield SetValue(("services", name, "ports"), [port for index, port in enumerate(ports) if index != gone])


def _mount(_: File, name: str, keys: Raw) -> Iterator[Edit]:
    if isinstance(keys.get("volumes") or [], list):
        yield SetValue(("services", name, "volumes"), [*(keys.get("volumes") or []), "./added:/var/added"])


def _depend(file: File, name: str, keys: Raw) -> Iterator[Edit]:
    written = keys.get("depends_on")
    for other in file.services:
        if other == name or other in (written or ()):
            continue
        if isinstance(written, dict):
            yield SetValue(("services", name, "depends_on", other), {"condition": "service_healthy"})
        elif isinstance(written, list | None):
            yield SetValue(("services", name, "depends_on"), [*(written or []), other])


_HEALTH = {"test": ["CMD", "true"], "interval": "7s", "retries": 4}

KINDS: dict[str, Callable[[File], Iterator[Edit]]] = {
    "add service": lambda _: iter([AddService("added-service", {"image": "nginx:1.27", "ports": ["18080:80"]})]),
    "remove service": _of("services", RemoveService),
    "rename service": _of("services", lambda name: RenameService(name, "renamed-service")),
    "add network": lambda _: iter([AddNetwork("added-net", {}), AddNetwork("added-net", {"driver": "bridge", "internal": True})]),
    "remove network": _of("networks", RemoveNetwork),
    "rename network": _of("networks", lambda name: RenameNetwork(name, "renamed-net")),
    "join network": _each(_join),
    "leave network": _each(_joined(Detach)),
    "add alias": _each(_joined(lambda name, network: Attach(name, network, aliases=("added-alias", "second")))),
    "set static IP": _each(_joined(lambda name, network: Attach(name, network, ipv4="10.99.0.17"))),
    "set network mode": _each(lambda file, name, keys: iter([SetNetworkMode(name, "host")])),
    "add link": _each(_link),
    "remove link": _each(_unlink),
    "add variable": _each(
        lambda file, name, keys: (SetEnvironment(name, "ADDED_BY_TEST", value) for value in ("12:30", "a: b # c", "two\nlines"))
    ),
    "change variable": _each(lambda file, name, keys: (SetEnvironment(name, one, "changed: yes") for one in _variables(keys))),
    "remove variable": _each(lambda file, name, keys: (SetEnvironment(name, one, None) for one in _variables(keys))),
    "add port": _each(_add_port),
    "remove port": _each(_drop_port),
    "change image": _each(
        lambda file, name, keys: iter([SetValue(("services", name, "image"), "registry.example:5000/team/app:2.1")])
    ),
    "add volume": lambda _: iter([AddVolume("added-data", {})]),
    "remove volume": _of("volumes", RemoveVolume),
    "rename volume": _of("volumes", lambda name: RenameVolume(name, "renamed-data")),
    "mount": _each(_mount),
    "set healthcheck": _each(lambda file, name, keys: iter([SetValue(("services", name, "healthcheck"), _HEALTH)])),
    "add depends_on": _each(_depend),
    "rename config or secret": lambda file: (
        RenameEntry(part, name, "renamed-entry") for part in ("configs", "secrets") for name in file.section(part)
    ),
    "remove config or secret": lambda file: (
        RemoveEntry(part, name) for part in ("configs", "secrets") for name in file.section(part)
    ),
}


def touched(file: File, edit: Any) -> set[int]:
    """The lines (from 0) of the keys that an edit touches."""
    lines = file.lines
    match edit:
        case AddService() | AddNetwork() | AddVolume():
            return lines.header((_SECTION[type(edit)],))
        case RemoveService():
            found = lines.whole(("services", edit.name))
            found |= lines.header(("services",)) if len(file.section("services")) == 1 else set()
            return found.union(*(_references(file, name, edit.name, whole=True) for name in file.services))
        case RenameService():
            found = lines.key(("services", edit.name))
            return found.union(*(_references(file, name, edit.name, whole=False) for name in file.services))
        case RemoveNetwork() | RemoveVolume() | RemoveEntry():
            return _removed_entry(file, edit)
        case RenameNetwork() | RenameVolume() | RenameEntry():
            return _renamed_entry(file, edit)
        case Attach() | Detach() | SetNetworkMode():
            return _membership(file, edit)
        case AddLink():
            return lines.holder(("services", edit.service, "links"))
        case RemoveLink():
            return _list_items(
                file, ("services", edit.service, "links"), lambda one: _link_of(one) == (edit.target, edit.alias)
            ) | (
                _list_items(
                    file, ("services", edit.service, "external_links"), lambda one: _link_of(one) == (edit.target, edit.alias)
                )
            )
        case SetEnvironment():
            return _variable(file, edit)
        case SetValue():
            return _set(file, edit)
    raise AssertionError(edit)


_SECTION = {
    AddService: "services", AddNetwork: "networks", AddVolume: "volumes", RemoveNetwork: "networks", RemoveVolume: "volumes",
    RenameNetwork: "networks", RenameVolume: "volumes",
}  # fmt: skip


def _link_of(item: Any) -> tuple[str, str]:
    target, _, alias = re.sub(r"\$\{\w+\}", "", str(item)).partition(":")
    return target, alias or target


def _value(file: File, path: Path) -> Any:
    value: Any = file.raw
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _list_items(file: File, path: Path, hit: Callable[[Any], bool], *, whole: bool = True) -> set[int]:
    """The lines of a list's items or a map's pairs that are meant; the whole key where all are."""
    written = _value(file, path)
    entries: list[tuple[Any, Any]] = list(enumerate(written)) if isinstance(written, list) else []
    entries = [(key, key) for key in written] if isinstance(written, dict) else entries
    meant = [step for step, item in entries if hit(item)]
    if whole and meant and len(meant) == len(entries):
        return _with_holder(file, path)
    reach = file.lines.whole if whole or isinstance(written, list) else file.lines.key
    return set().union(*(reach((*path, step)) for step in meant)) if meant else set()


def _with_holder(file: File, path: Path) -> set[int]:
    """A key, and the line of what held nothing else and is empty without it."""
    alone = len(_value(file, path[:-1]) or ()) == 1
    return file.lines.whole(path) | (file.lines.header(path[:-1]) if alone else set())


def _references(file: File, service: str, name: str, *, whole: bool) -> set[int]:
    found: set[int] = set()
    for key in ("depends_on", "links", "volumes_from"):
        found |= _list_items(file, ("services", service, key), lambda one: str(one).partition(":")[0] == name, whole=whole)
    for key in ("network_mode", "ipc", "pid", "uts", "cgroup"):
        if _value(file, ("services", service, key)) == f"service:{name}":
            found |= _with_holder(file, ("services", service, key))
    extends = _value(file, ("services", service, "extends"))
    if extends == name or (isinstance(extends, dict) and extends.get("service") == name and "file" not in extends):
        found |= file.lines.whole(("services", service, "extends"))
    contexts = ("services", service, "build", "additional_contexts")
    if f"service:{name}" in str(_value(file, contexts)):
        found |= file.lines.whole(contexts)
    return found


def _used(item: Any, part: str) -> str | None:
    if isinstance(item, dict):
        return str(item.get("source")) if part != "volumes" or item.get("type", "volume") == "volume" else None
    return str(item).partition(":")[0] if part == "volumes" else str(item)


def _uses(file: File, part: str, name: str, *, whole: bool) -> set[int]:
    found: set[int] = set()
    for service in file.services:
        for path in (("services", service, part), ("services", service, "build", part)):
            found |= _list_items(file, path, lambda one: _used(one, part) == name, whole=whole)
    return found


def _removed_entry(file: File, edit: Any) -> set[int]:
    part = edit.section if isinstance(edit, RemoveEntry) else _SECTION[type(edit)]
    found = file.lines.whole((part,)) if len(file.section(part)) == 1 else file.lines.whole((part, edit.name))
    return found | _uses(file, part, edit.name, whole=True)


def _renamed_entry(file: File, edit: Any) -> set[int]:
    part = edit.section if isinstance(edit, RenameEntry) else _SECTION[type(edit)]
    found = file.lines.key((part, edit.name)) | _uses(file, part, edit.name, whole=False)
    if isinstance(edit, RenameNetwork) and edit.name == "default":  # who is on it by default has to name it from now on
        found = found.union(*(file.lines.header(("services", name)) for name in file.section("services")))
    return found


def _membership(file: File, edit: Any) -> set[int]:
    path = ("services", edit.service, "networks")
    mode = file.lines.whole(("services", edit.service, "network_mode"))
    written = _value(file, path)
    if isinstance(edit, SetNetworkMode):
        return file.lines.whole(path) | mode | file.lines.header(path[:2])
    if isinstance(edit, Detach):
        return _list_items(file, path, lambda one: one == edit.network) | (file.lines.header(path[:2]) if not written else set())
    if isinstance(written, list) and (edit.aliases or edit.ipv4):
        return file.lines.whole(path) | mode
    if isinstance(written, dict) and edit.network in written:
        return file.lines.whole((*path, edit.network)) | mode
    return file.lines.holder(path) | mode


def _variable(file: File, edit: SetEnvironment) -> set[int]:
    path = ("services", edit.service, "environment")
    written = _value(file, path)
    if edit.variable not in [one.partition("=")[0] for one in names(written)]:
        return file.lines.holder(path)
    return _list_items(file, path, lambda one: str(one).partition("=")[0] == edit.variable, whole=edit.value is None) | (
        file.lines.whole((*path, edit.variable))
    )


def _set(file: File, edit: SetValue) -> set[int]:
    path = edit.path[:3]
    old = _value(file, path)
    if isinstance(edit.value, list) and isinstance(old, list) and _value(file, (*path[:2], "extends")):
        return file.lines.key(path) | _set_items(file, edit, path, old)  # the key's line may get or lose a tag
    if isinstance(edit.value, list) and isinstance(old, list):
        return _set_items(file, edit, path, old)
    if len(edit.path) > 3:
        return file.lines.whole(edit.path) or file.lines.holder(path)
    return file.lines.whole(path) or file.lines.holder(path)


def _set_items(file: File, edit: SetValue, path: Path, old: list[Any]) -> set[int]:
    gone = [index for index, item in enumerate(old) if item not in edit.value]
    if not gone and len(edit.value) >= len(old):
        return file.lines.header(path)
    gone = gone or list(range(len(old)))  # one of two equal ones
    return _with_holder(file, path) if not edit.value else set().union(*(file.lines.whole((*path, one)) for one in gone))
