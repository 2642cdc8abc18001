"""All pasted containers together → services, networks and volumes: names, and the ties between lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from topology.compose.run_line.container import Container
from topology.compose.run_line.service import ordered
from topology.core.problems import Problem

Raw = dict[str, Any]

DEFAULT = "default"  # the project's own network


@dataclass
class Assembly:
    """The file as it grows. `created` and `made` are the networks and volumes that the paste makes, by their engine names."""

    containers: list[Container]
    created: dict[str, Raw] = field(default_factory=dict)
    made: dict[str, Raw] = field(default_factory=dict)
    bridge: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    services: dict[str, Raw] = field(default_factory=dict)
    comments: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name: dict[str, str] = {}  # a container's name → its service
        self._names: list[str] = []
        for container in self.containers:
            self._names.append(self._service_name(container))
        self._network_keys = self._keys(
            {name: None for one in self.containers for name in one.networks if name != DEFAULT} | dict.fromkeys(self.created)
        )
        self._on_bridge = self._bridge_containers()

    def assemble(self) -> Raw:
        """The whole file's value."""
        for name, container in zip(self._names, self.containers, strict=True):
            self._say(name, container)
            self.services[name] = ordered(self._service(container))
            self.comments[name] = container.comments
        file: Raw = {"services": self.services}
        if networks := self._networks():
            file["networks"] = networks
        if volumes := self._volumes():
            file["volumes"] = volumes
        return file

    def _service_name(self, container: Container) -> str:
        """From the container's name, else its image; with -2, -3 … where it is taken."""
        wanted = key_of(container.name) or key_of(re.split(r"[:@]", container.image.rpartition("/")[2])[0]) or "service"
        name, number = wanted, 1
        while name in self._names:
            number += 1
            name = f"{wanted}-{number}"
        if container.name and container.name in self.by_name:
            self.problems.append(
                Problem("name-twice", f"The name `{container.name}` stands on two lines; an engine gives it once.",
                        fix="Change one of the two names.", line=container.word.line, column=container.word.column)
            )  # fmt: skip
        elif container.name:
            self.by_name[container.name] = name
        return name

    def _say(self, name: str, container: Container) -> None:
        self.notes += [f"`{name}`: {note}" for note in container.notes]
        for problem in container.problems:
            self.problems.append(problem if problem.subject else _of(problem, name))

    def _service(self, container: Container) -> Raw:
        keys = dict(container.keys)
        for key in ("pid", "ipc"):
            if str(keys.get(key, "")).startswith("container:"):
                keys[key] = self._shared(keys[key])
        if container.mode:
            keys["network_mode"] = self._shared(container.mode)
        elif container.networks:
            keys["networks"] = self._attachments(container)
        elif id(container) in self._on_bridge:
            keys["network_mode"] = "bridge"
        elif container.plain:
            keys["networks"] = {DEFAULT: container.plain}
        for link in container.links:
            target, _, alias = link.partition(":")
            service = self.by_name.get(target)
            written = f"{service or target}:{alias or target}" if alias or service not in (None, target) else target
            keys.setdefault("links" if service else "external_links", []).append(written)
        if any(one.endswith(":ro") for one in container.volumes_from):
            self.notes.append(
                "Compose 2.26 mounts what `volumes_from` brings as writable, whatever `:ro` says: name the volumes instead."
            )
        if container.volumes_from:
            keys["volumes_from"] = [self._from(one) for one in container.volumes_from]
        return keys

    def _shared(self, value: str) -> str:
        """`container:NAME` as `service:NAME` where that container is in the paste."""
        target = value.partition(":")[2]
        return f"service:{self.by_name[target]}" if target in self.by_name else value

    def _from(self, text: str) -> str:
        target, colon, mode = text.partition(":")
        return self.by_name.get(target, f"container:{target}") + colon + mode

    def _attachments(self, container: Container) -> Any:
        found = {self._network_keys.get(name, name): attachment for name, attachment in container.networks.items()}
        if len(found) == 1 or any(found.values()):
            return {key: attachment or None for key, attachment in found.items()} if any(found.values()) else list(found)
        return list(found)

    def _bridge_containers(self) -> set[int]:
        """The containers on docker0: all with no network (`bridge`), else those that share links with one that asked for it."""
        free = [one for one in self.containers if not one.mode and not one.networks and not one.plain]
        if self.bridge:
            return {id(one) for one in free}
        return self._tied_to([one for one in self.containers if one.mode == "bridge"], free)

    def _tied_to(self, there: list[Container], free: list[Container]) -> set[int]:
        """Those of `free` that links join, in either direction and through others, with one of `there`."""
        named = {one.name: one for one in self.containers if one.name}
        partners: dict[int, list[Container]] = {}
        for one in self.containers:
            for link in one.links:
                if (target := named.get(link.partition(":")[0])) is not None:
                    partners.setdefault(id(one), []).append(target)
                    partners.setdefault(id(target), []).append(one)
        movable, found, waiting = {id(one) for one in free}, set[int](), list(there)
        while waiting:
            for partner in partners.get(id(waiting.pop()), ()):
                if id(partner) in movable and id(partner) not in found:
                    found.add(id(partner))
                    waiting.append(partner)
        return found

    def _networks(self) -> Raw:
        found: Raw = {}
        for name, key in self._network_keys.items():
            if name in self.created:
                found[key] = {"name": name, **self.created[name]}
            else:
                found[key] = {"external": True} if key == name else {"name": name, "external": True}
        return found

    def _volumes(self) -> Raw:
        used: Raw = {}
        for container in self.containers:
            for name, own in container.volumes.items():
                used[name] = {**used.get(name, {}), **own}
        return {name: {"name": name, **used.get(name, {}), **self.made.get(name, {})} for name in [*self.made, *used]}

    def _keys(self, names: Raw) -> dict[str, str]:
        """Each network's key in the file: its name, made fit; `default` is taken by the project's own."""
        keys: dict[str, str] = {}
        for name in names:
            wanted = key_of(name) or "network"
            key, number = (f"{wanted}-1" if wanted == DEFAULT else wanted), 1
            while key in keys.values():
                number += 1
                key = f"{wanted}-{number}"
            keys[name] = key
        return keys


def _of(problem: Problem, service: str) -> Problem:
    return Problem(problem.code, problem.message, fix=problem.fix, subject=f"service:{service}", line=problem.line,
                   column=problem.column, severity=problem.severity)  # fmt: skip


def key_of(name: str) -> str:
    """A name as a key of a Compose file: letters, digits, `.`, `_` and `-`; "" where nothing is left."""
    return re.sub(r"[^a-zA-Z0-9._-]+", "-", name).strip("-._")
