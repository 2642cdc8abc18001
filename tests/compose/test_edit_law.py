"""The edit law over real files: an edit changes only the lines of the keys it touches, says what was meant, and can be undone.

For every file of the corpus a seeded sample of the edit kinds is made. (a) Every line outside the touched places stays, in
order; (b) reading again gives the intended value, here worked out independently; (c) the inverse restores the bytes.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from topology.compose.document import MappingNode, SequenceNode, parse
from topology.compose.values import Values, same
from topology.compose.write import Applied, apply
from topology.core.edit import (
    AddLink,
    AddNetwork,
    AddService,
    AddVolume,
    Attach,
    Detach,
    Edit,
    RemoveLink,
    RemoveNetwork,
    RemoveService,
    RemoveValue,
    RemoveVolume,
    RenameNetwork,
    RenameService,
    RenameVolume,
    SetEnvironment,
    SetNetworkMode,
    SetValue,
)
from topology.core.problems import Problem

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
EDITS_PER_FILE = int(os.environ.get("NETYARD_LAW_EDITS", "6"))

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not on this machine")


def _files() -> list[Path]:
    rows = json.loads((CORPUS / "manifest.json").read_text())
    return sorted({CORPUS / row["file"] for row in rows})


def _value(text: str) -> Any:
    return Values().of(parse(text.removeprefix("\ufeff")).root)


Maker = Callable[[random.Random, dict[str, Any], str], Edit | None]


def _pick(rng: random.Random, found: Any) -> Any:
    listed = list(found)
    return rng.choice(listed) if listed else None


def _names(written: Any) -> list[str]:
    return [str(one) for one in written] if isinstance(written, list | dict) else []


def _networks_of(raw: dict[str, Any]) -> list[str]:
    return _names(raw.get("networks"))


def _leave(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    network = _pick(rng, _names(raw["services"][name].get("networks")))
    return Detach(name, network) if network else None


def _join(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    network = _pick(rng, _networks_of(raw))
    return Attach(name, network) if network else None


def _alias(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    network = _pick(rng, _names(raw["services"][name].get("networks")))
    return Attach(name, network or "default", aliases=("added-alias", "second"))


def _static(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    network = _pick(rng, _names(raw["services"][name].get("networks")))
    return Attach(name, network or "default", ipv4="10.99.0.17")


def _drop_link(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    links = raw["services"][name].get("links")
    link = _pick(rng, links) if isinstance(links, list) else None
    if link is None:
        return None
    target, _, alias = str(link).partition(":")
    return RemoveLink(name, target, alias or target)


def _variable(rng: random.Random, raw: dict[str, Any], name: str) -> str | None:
    found = _pick(rng, _names(raw["services"][name].get("environment")))
    return found.partition("=")[0] if found else None


def _change_variable(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    variable = _variable(rng, raw, name)
    return SetEnvironment(name, variable, rng.choice(["changed", "yes", "a: b # c", ""])) if variable else None


def _drop_variable(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    variable = _variable(rng, raw, name)
    return SetEnvironment(name, variable, None) if variable else None


def _ports(raw: dict[str, Any], name: str) -> list[Any] | None:
    written = raw["services"][name].get("ports") or []
    return written if isinstance(written, list) else None


def _add_port(_: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    ports = _ports(raw, name)
    return None if ports is None else SetValue(("services", name, "ports"), [*ports, "22022:22"])


def _drop_port(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    ports = _ports(raw, name)
    if not ports:
        return None
    gone = rng.randrange(len(ports))
    return SetValue(("services", name, "ports"), [port for index, port in enumerate(ports) if index != gone])


def _mount(_: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    mounts = raw["services"][name].get("volumes") or []
    return SetValue(("services", name, "volumes"), [*mounts, "added-data:/var/added"]) if isinstance(mounts, list) else None


def _depend(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    other = _pick(rng, [one for one in raw["services"] if one != name])
    written = raw["services"][name].get("depends_on")
    if other is None or other in (written or ()):
        return None
    if isinstance(written, dict):
        return SetValue(("services", name, "depends_on", other), {"condition": "service_healthy"})
    return SetValue(("services", name, "depends_on"), [*(written or []), other])


def _link(rng: random.Random, raw: dict[str, Any], name: str) -> Edit | None:
    other = _pick(rng, [one for one in raw["services"] if one != name])
    return AddLink(name, other, "added-alias") if other else None


MAKERS: dict[str, Maker] = {
    "add service": lambda rng, raw, name: AddService("added-service", {"image": "nginx:1.27", "ports": ["18080:80"]}),
    "remove service": lambda rng, raw, name: RemoveService(name),
    "rename service": lambda rng, raw, name: RenameService(name, "renamed-service"),
    "add network": lambda rng, raw, name: AddNetwork("added-net", rng.choice([{}, {"driver": "bridge", "internal": True}])),
    "remove network": lambda rng, raw, name: (found := _pick(rng, _networks_of(raw))) and RemoveNetwork(found),
    "rename network": lambda rng, raw, name: (found := _pick(rng, _networks_of(raw))) and RenameNetwork(found, "renamed-net"),
    "join network": _join,
    "leave network": _leave,
    "alias": _alias,
    "static address": _static,
    "network mode": lambda rng, raw, name: SetNetworkMode(name, "host"),
    "add link": _link,
    "remove link": _drop_link,
    "add variable": lambda rng, raw, name: SetEnvironment(
        name, "ADDED_BY_TEST", rng.choice(["yes", "12:30", "plain", "two\nlines"])
    ),
    "change variable": _change_variable,
    "remove variable": _drop_variable,
    "add port": _add_port,
    "remove port": _drop_port,
    "change image": lambda rng, raw, name: SetValue(("services", name, "image"), "registry.example:5000/team/app:2.1"),
    "add volume": lambda rng, raw, name: AddVolume("added-data", {}),
    "remove volume": lambda rng, raw, name: (found := _pick(rng, _names(raw.get("volumes")))) and RemoveVolume(found),
    "rename volume": lambda rng, raw, name: (
        (found := _pick(rng, _names(raw.get("volumes")))) and RenameVolume(found, "renamed-data")
    ),
    "mount volume": _mount,
    "healthcheck": lambda rng, raw, name: SetValue(
        ("services", name, "healthcheck"), {"test": ["CMD", "true"], "interval": "7s", "retries": 4}
    ),
    "depends on": _depend,
}


def _cases(text: str, raw: dict[str, Any], rng: random.Random, count: int) -> Iterator[tuple[str, Edit]]:
    services = [name for name, keys in raw["services"].items() if isinstance(keys, dict)]
    if not services:
        return
    made = 0
    for kind in rng.sample(sorted(MAKERS), len(MAKERS)):
        edit = MAKERS[kind](rng, raw, rng.choice(services))
        if edit:
            yield kind, edit
            made += 1
        if made >= count:
            return


def _refers(edit: Edit) -> tuple[str, ...]:
    """The words that a changed line must be near: everything else has to stay."""
    return tuple(str(value) for name in ("name", "service", "to", "network") if (value := getattr(edit, name, "")))


def _touched_lines(text: str, edit: Edit) -> set[int]:
    """The lines (from 0) that an edit may change: those of its own keys, found by PyYAML's own tree, not by the writer."""
    document = parse(text)
    lines: set[int] = set()

    def add(node: Any, key: Any = None) -> None:
        start = (key or node).start_mark.line
        stop = node.end_mark.line if node.end_mark.line > start else start + 1
        lines.update(range(start, max(stop, start + 1) + (0 if node.end_mark.column == 0 else 1)))

    def at(*path: str) -> None:
        parent = document.at(path[:-1])
        for key, value in parent.value if isinstance(parent, MappingNode) else ():
            if key.value == path[-1]:
                add(value, key)

    services = document.at(("services",))
    everywhere = [key.value for key, _ in services.value] if isinstance(services, MappingNode) else []
    if isinstance(edit, RemoveService | RenameService):
        if isinstance(edit, RemoveService):
            at("services", edit.name)
        else:
            lines.update(key.start_mark.line for key, _ in services.value if key.value == edit.name)
        for name in everywhere:
            for key in ("depends_on", "links", "volumes_from", "network_mode", "extends", "ipc", "pid"):
                at("services", name, key)
    elif isinstance(edit, RemoveNetwork | RenameNetwork | RemoveVolume | RenameVolume):
        section = "networks" if isinstance(edit, RemoveNetwork | RenameNetwork) else "volumes"
        at(section, edit.name)
        found = document.at((section,))
        if isinstance(found, MappingNode) and len(found.value) == 1:
            at(section)
        for name in everywhere:
            at("services", name, section)
    elif isinstance(edit, Attach | Detach | SetNetworkMode):
        at("services", edit.service, "networks")
        at("services", edit.service, "network_mode")
    elif isinstance(edit, AddLink | RemoveLink):
        at("services", edit.service, "links")
    elif isinstance(edit, SetEnvironment):
        at("services", edit.service, "environment")
    elif isinstance(edit, SetValue):
        at(*(str(step) for step in edit.path))
        if edit.path[-1] not in ("ports", "image"):
            at(*(str(step) for step in edit.path[:-1])) if len(edit.path) > 3 else None
    return lines


def _law_broken(text: str, edit: Edit, applied: Applied) -> str | None:
    old, new = text.splitlines(keepends=True), applied.text.splitlines(keepends=True)
    back = apply(applied.text, applied.inverse)
    if isinstance(back, Problem) or back.text != text:
        return "the inverse does not restore the bytes"
    touched = _touched_lines(text.removeprefix("\ufeff"), edit)
    may_change = touched | _flow_lines(text) | {number for number, line in enumerate(old) if _may_change(line)}
    rest = iter(new)
    return next((f"changed: {line!r}" for number, line in enumerate(old) if number not in may_change and line not in rest), None)


def _may_change(line: str) -> bool:
    """Lines whose bytes an edit may change though they are not of its keys."""
    bare = line.strip()
    if not bare or not line.endswith("\n"):
        return True  # blank lines between entries; the last line, when it gets a successor
    empty = bare.endswith(("{}", "[]", ":", "null", "~")) or ": {}" in bare
    return empty or ": *" in bare or bare.startswith("- *")  # gets its first child; gets its own copy


def _flow_lines(text: str) -> set[int]:
    """Lines that are part of a flow collection: one line holds many keys there."""
    lines: set[int] = set()
    stack = [parse(text.removeprefix("\ufeff")).root]
    while stack:
        node = stack.pop()
        if isinstance(node, MappingNode | SequenceNode):
            if node.flow_style:
                lines.update(range(node.start_mark.line, node.end_mark.line + 1))
            stack.extend(one for pair in node.value for one in (pair if isinstance(pair, tuple) else (pair,)))
    return lines


def _go_yaml_value(text: str) -> Any:
    """The value as another reader (PyYAML's own constructor) sees it, all scalars as text."""
    return yaml.load(text.removeprefix("\ufeff"), Loader=_TextLoader)


class _TextLoader(yaml.CBaseLoader):
    """Every scalar as text; merge keys stay keys."""


def _others_unchanged(before: Any, after: Any, edit: Edit) -> str | None:
    """Services that the edit neither names nor touches by reference have the same value as another reader sees it."""
    mine = {getattr(edit, name, None) for name in ("name", "service", "to")} | (
        {edit.path[1]} if isinstance(edit, SetValue) else set()
    )
    if isinstance(edit, RemoveService | RenameService | RemoveNetwork | RenameNetwork | RemoveVolume | RenameVolume):
        return None
    for name, keys in (before.get("services") or {}).items():
        if name not in mine and not same(keys, (after.get("services") or {}).get(name)):
            return f"service {name} changed"
    for section in set(before) - {"services", "networks", "volumes"}:
        if not same(before[section], after.get(section)):
            return f"{section} changed"
    return None


def _missed(edit: Edit, after: Any) -> str | None:
    """What the edit meant, said again without the writer's code, on the new text's values."""
    services, networks, volumes = (after.get(name) or {} for name in ("services", "networks", "volumes"))
    keys = services.get(getattr(edit, "service", None)) or {}
    written = keys.get("environment") or {}
    pairs = [str(one).partition("=") for one in written] if isinstance(written, list) else []
    variables = {one[0]: one[2] for one in pairs} if pairs else written
    on = keys.get("networks") or ()
    links = [(*str(one).split(":"), str(one))[:2] for one in keys.get("links") or ()]
    settings = on.get(edit.network) if isinstance(edit, Attach) and isinstance(on, dict) else None
    holds = {
        AddService: lambda: services[edit.name] == edit.keys,
        RemoveService: lambda: edit.name not in services and edit.name not in _references(services),
        RenameService: lambda: edit.to in services and edit.name not in services and edit.name not in _references(services),
        AddNetwork: lambda: (networks[edit.name] or {}) == edit.keys,
        RemoveNetwork: lambda: edit.name not in networks and edit.name not in _joined(services),
        RenameNetwork: lambda: edit.to in networks and edit.name not in networks and edit.name not in _joined(services),
        AddVolume: lambda: edit.name in volumes,
        RemoveVolume: lambda: edit.name not in volumes and edit.name not in _mounted(services),
        RenameVolume: lambda: edit.to in volumes and edit.name not in volumes and edit.name not in _mounted(services),
        Attach: lambda: (
            (edit.network in on or (edit.network == "default" and not on))
            and "network_mode" not in keys
            and (edit.ipv4 is None or settings["ipv4_address"] == edit.ipv4)
            and (edit.aliases is None or settings["aliases"] == list(edit.aliases))
        ),
        Detach: lambda: edit.network not in on,
        SetNetworkMode: lambda: keys["network_mode"] == edit.mode and not on,
        AddLink: lambda: (edit.target, edit.alias) in links,
        RemoveLink: lambda: (edit.target, edit.alias) not in links,
        SetEnvironment: lambda: (
            (edit.variable in variables) == (edit.value is not None)
            and (edit.value is None or str(variables[edit.variable]) == edit.value)
        ),
        SetValue: lambda: same(_at(after, edit.path) or [], edit.value),
    }[type(edit)]()
    return None if holds else "the new text does not say what was meant"


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step] if isinstance(step, int) else (value or {}).get(step)
    return value


def _references(services: dict[str, Any]) -> set[str]:
    """Every service that another one names."""
    found: set[str] = set()
    for keys in services.values():
        for key in ("depends_on", "links", "volumes_from"):
            found |= {name.partition(":")[0] for name in _names((keys or {}).get(key))}
        for key in ("network_mode", "pid", "ipc"):
            kind, _, name = str((keys or {}).get(key)).partition(":")
            found |= {name} if kind == "service" else set()
    return found


def _joined(services: dict[str, Any]) -> set[str]:
    return {name for keys in services.values() for name in _names((keys or {}).get("networks"))}


def _mounted(services: dict[str, Any]) -> set[str]:
    mounts = [one for keys in services.values() for one in (keys or {}).get("volumes") or ()]
    return {one.partition(":")[0] for one in mounts if isinstance(one, str) and ":" in one}


def test_an_edit_touches_only_its_lines_over_the_corpus() -> None:
    tried: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    broken: list[str] = []
    for file in _files():
        try:
            text = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        raw = _value(text)
        if not isinstance(raw, dict) or not isinstance(raw.get("services"), dict):
            continue
        rng = random.Random(str(file.relative_to(CORPUS)))
        for kind, edit in _cases(text, raw, rng, EDITS_PER_FILE):
            tried[kind] += 1
            applied = apply(text, edit)
            if isinstance(applied, Problem):
                refused[f"{kind}: {applied.code}"] += 1
                if applied.code == "edit-not-possible":
                    refused[f"    {file.relative_to(CORPUS)}: {edit}: {applied.message}"] += 1
                continue
            fault = _law_broken(text, edit, applied)
            fault = fault or _others_unchanged(_go_yaml_value(text), _go_yaml_value(applied.text), edit)
            fault = fault or _missed(edit, _value(applied.text))
            if fault:
                broken.append(f"{file.relative_to(CORPUS)}: {edit}: {fault}")
    turned_away = sum(count for why, count in refused.items() if why[0] != " ")
    print(f"\n{sum(tried.values())} edits of {len(tried)} kinds; {turned_away} refused; {len(broken)} violations")
    for why, count in sorted(refused.items()):
        print(f"  {count} {why}")
    assert not broken, "\n".join(broken[:40])
    assert len(tried) >= 15


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for step, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, step)
        yield from _paths(item, (*path, step))


_VALUES: tuple[Any, ...] = (
    "x", "a: b", "", None, True, 12, 1.5, [], {}, ["a", "b"], {"k": "v"}, {"k": ["a", {"b": "c\nd\n"}], "z": None},
    [{"a": 1, "b": [1, 2]}, "s"], "two\nlines\n", [["n"], []],
)  # fmt: skip


def _any_edit(rng: random.Random, raw: dict[str, Any]) -> Edit:
    path = rng.choice(list(_paths(raw)))
    old = _at(raw, path)
    if rng.random() < 0.4:
        return RemoveValue(path)
    if isinstance(old, list) and rng.random() < 0.7:
        return SetValue(path, rng.sample([*old, rng.choice(_VALUES)], rng.randint(1, len(old) + 1)))
    if isinstance(old, dict) and rng.random() < 0.7:
        return SetValue(path, {**{key: value for key, value in old.items() if rng.random() < 0.8}, "fresh": rng.choice(_VALUES)})
    return SetValue(path, rng.choice(_VALUES))


def test_any_value_at_any_path_says_exactly_what_was_meant() -> None:
    """Four edits on end for a file, of any shape: no crash, the value is there, the bytes come back."""
    done: Counter[str] = Counter()
    for file in _files():
        text = file.read_bytes().decode(errors="replace")
        rng = random.Random(str(file.relative_to(CORPUS)))
        for _ in range(4):
            raw = _value(text)
            if not isinstance(raw, dict) or not raw:
                break
            edit = _any_edit(rng, raw)
            new = apply(text, edit)
            done["refused" if isinstance(new, Problem) else "done"] += 1
            if isinstance(new, Problem):
                continue
            back = apply(new.text, new.inverse)
            assert isinstance(back, Applied)
            assert back.text == text, (file, edit)
            if isinstance(edit, SetValue):
                assert same(_at(_value(new.text), edit.path), edit.value), (file, edit)
            text = new.text
    print(f"\n{done['done']} done, {done['refused']} refused")
    assert done["refused"] * 50 < done["done"]
