"""Configs and secrets of a service: which files stand where in its containers, and where their contents come from.

An absolute `file` is a file of the engine's host and is mounted, as Compose mounts it. All else (content, environment, a file
beside the Compose file) is copied into the container before it starts, because an engine may be another machine.
Source: Compose Specification, 08-configs.md, 09-secrets.md and "configs", "secrets" of a service.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topology.core.design import Design, Resource, Service

SECTIONS = ("configs", "secrets")
READABLE = 0o444


@dataclass(frozen=True, slots=True)
class ResourceFile:
    """One config or secret in a container. `host_path` is set where it is mounted, `text` where it is copied; with neither
    nobody knows its content, and `missing` says why."""

    section: str
    key: str
    target: str
    uid: int = 0
    gid: int = 0
    mode: int = READABLE
    host_path: str = ""
    text: str | None = None
    missing: str = ""
    fix: str = ""


def files_of(design: Design, spec: Service) -> list[ResourceFile]:
    """Every config and secret of a service, sorted by target."""
    return sorted(_files(design, spec), key=lambda one: (one.target, one.section, one.key))


def binds_of(design: Design, spec: Service) -> list[ResourceFile]:
    """Those that are mounted from the engine's host."""
    return [one for one in files_of(design, spec) if one.host_path]


def copies_of(design: Design, spec: Service) -> list[ResourceFile]:
    """Those that are copied into the container before it starts."""
    return [one for one in files_of(design, spec) if one.text is not None]


def _files(design: Design, spec: Service) -> Iterator[ResourceFile]:
    for section in SECTIONS:
        for item in spec.other.get(section) or ():
            written = item if isinstance(item, Mapping) else {"source": item}
            key = str(written.get("source") or "")
            resources = design.configs if section == "configs" else design.secrets
            yield _file(design, section, key, written, resources.get(key))


def _file(design: Design, section: str, key: str, written: Mapping[str, Any], resource: Resource | None) -> ResourceFile:
    folder = "/" if section == "configs" else "/run/secrets/"
    target = str(written.get("target") or key)
    where: dict[str, Any] = {
        "target": posixpath.normpath(target if target.startswith("/") else folder + target),
        "uid": _number(written.get("uid")), "gid": _number(written.get("gid")), "mode": _mode(written.get("mode")),
    }  # fmt: skip
    return ResourceFile(section, key, **where, **_source(design, section, key, resource))


def _source(design: Design, section: str, key: str, resource: Resource | None) -> dict[str, Any]:
    what = section.removesuffix("s")
    if resource is None:
        return {"missing": f"the {what} {key} is nowhere defined", "fix": f"Define {key} under {section}."}
    if resource.external:
        fix = f"Give {key} a file, content or environment here: a plain engine keeps no {section} of its own."
        return {"missing": f"the {what} {key} is external, which only a Swarm has", "fix": fix}
    if resource.content is not None:
        return {"text": resource.content}
    if resource.environment:
        if resource.value is not None:
            return {"text": resource.value}
        fix = f"Set {resource.environment} in the stack's .env file."
        return {"missing": f"the {what} {key} comes from the variable {resource.environment}, which is not set", "fix": fix}
    path = resource.file or ""
    if path.startswith("/") or re.match(r"[A-Za-z]:[\\/]", path):
        return {"host_path": path}
    text = design.files.get(posixpath.normpath(path))
    if text is not None:
        return {"text": text}
    fix = f"Bring {path} in with the stack, or write its whole path on the engine's host."
    return {"missing": f"the {what} {key} comes from {path or 'nowhere'}, which this stack does not have", "fix": fix}


def _number(value: Any) -> int:
    return int(value) if re.fullmatch(r"\d+", str(value)) else 0


def _mode(value: Any) -> int:
    """A number is a mode as it is (YAML reads 0440 as octal); text is octal."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(str(value).removeprefix("0o"), 8) if re.fullmatch(r"(0o)?[0-7]{3,5}", str(value)) else READABLE
