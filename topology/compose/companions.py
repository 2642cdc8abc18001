"""Which files the texts of a stack name: what has to come along when a Compose file is brought in.

Followed: `.env`, `include`, `extends`, `env_file`, `label_file`, files of configs and secrets, and local build contexts, from the
main text, the overrides and every Compose file that those name. Files that are bind-mounted are the engine's own and not named.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topology.compose.document import parse
from topology.compose.dotenv import read_dotenv
from topology.compose.forms import mapping, texts
from topology.compose.interpolate import Interpolation
from topology.compose.legacy import legacy_services
from topology.compose.plain import to_plain
from topology.core.bundle import Bundle, clean_path

MOST_FOLLOWED = 200
ENV, COMPOSE, OVERRIDE, CONFIG, SECRET, CONTEXT = "env", "compose", "override", "config", "secret", "context"


@dataclass(frozen=True, slots=True)
class Need:
    """A file by its path from the stack's folder ("/…" or "../…" where it stands outside), its role, and where it is named.

    A `context` is a folder. What is not `required` may be missing (`.env`, `env_file` with `required: false`).
    """

    path: str
    role: str
    named_in: str = ""
    required: bool = True


def needs_of(bundle: Bundle) -> list[Need]:
    """Every file that is named, by path, in the order of the first naming; those at hand are looked into."""
    found: dict[str, Need] = {need.path: need for need in [Need(".env", ENV, required=False)]}
    variables = read_dotenv(bundle.files.get(".env", ""), variables={})
    known = {name: value for name, value in variables.items() if value is not None}
    open_files = [("", bundle.text, ""), *((path, bundle.files.get(path, ""), "") for path in bundle.overrides)]
    found |= {path: Need(path, OVERRIDE) for path in bundle.overrides}
    seen = {bundle.name, *bundle.overrides}
    while open_files and len(seen) < MOST_FOLLOWED:
        name, text, folder = open_files.pop(0)
        for need, below in _named_in(text, name, folder, known):
            found.setdefault(need.path, need)
            if need.role == COMPOSE and need.path in bundle.files and need.path not in seen:
                seen.add(need.path)
                open_files.append((need.path, bundle.files[need.path], below))
    found.pop(bundle.name, None)
    return list(found.values())


def is_found(need: Need, bundle: Bundle) -> bool:
    """Whether a named file is among the companions; a context, whether anything of it is."""
    if need.role != CONTEXT:
        return need.path in bundle.files
    return any(need.path in ("", ".") or path.startswith(f"{need.path}/") for path in bundle.files)


def roles_of(bundle: Bundle) -> dict[str, str]:
    """What each companion is for; "other" where nothing names it."""
    needs = needs_of(bundle)
    named = {need.path: need.role for need in needs}
    contexts = [need.path for need in needs if need.role == CONTEXT]

    def role(path: str) -> str:
        if path in bundle.overrides:
            return OVERRIDE
        if path in named:
            return named[path]
        return CONTEXT if any(one in ("", ".") or path.startswith(f"{one}/") for one in contexts) else "other"

    return {path: role(path) for path in bundle.files}


def _named_in(text: str, name: str, folder: str, variables: Mapping[str, str]) -> Iterator[tuple[Need, str]]:
    """What one Compose text names, with the folder that paths in the named file start from."""
    document = parse(text)
    plain, _ = to_plain(document) if document.root is not None else ({}, [])
    data = Interpolation(variables).fill(plain) if isinstance(plain, dict) else {}
    yield from _included(data, name, folder)
    services = mapping(data.get("services")) or {key: data[key] for key in legacy_services(data)}
    for service in services.values():
        yield from _of_service(mapping(service), name, folder)
    for section, role in (("configs", CONFIG), ("secrets", SECRET)):
        for spec in mapping(data.get(section)).values():
            if isinstance(file := mapping(spec).get("file"), str):
                yield _need(file, role, name, folder)


def _of_service(service: Mapping[str, Any], name: str, folder: str) -> Iterator[tuple[Need, str]]:
    base = mapping(service.get("extends")).get("file")
    if isinstance(base, str):
        yield _need(base, COMPOSE, name, folder)
    for key in ("env_file", "label_file"):
        for item in _items(service.get(key)):
            path = item.get("path") if isinstance(item, dict) else item
            if isinstance(path, str):
                required = not isinstance(item, dict) or item.get("required") is not False
                yield _need(path, ENV, name, folder, required=required)
    build = service.get("build")
    context = build if isinstance(build, str) else mapping(build).get("context", "." if isinstance(build, dict) else None)
    if isinstance(context, str) and not is_remote(context) and not ("dockerfile_inline" in mapping(build) and context == "."):
        yield _need(context, CONTEXT, name, folder)


def is_remote(context: str) -> bool:
    """Whether a build context is fetched from elsewhere: a URL or a Git address."""
    return "://" in context or context.startswith(("git@", "github.com/")) or context == "-"


def _included(data: Mapping[str, Any], name: str, folder: str) -> Iterator[tuple[Need, str]]:
    for item in _items(data.get("include")):
        long = mapping(item)
        paths = texts(long.get("path")) if long else texts(item)
        if not paths:
            continue
        given = long.get("project_directory")
        below = clean_path(posixpath.join(folder, given)) if isinstance(given, str) else None
        for path in paths:
            need, own = _need(path, COMPOSE, name, folder)
            yield need, own if below is None else below
        env_files = texts(long.get("env_file"))
        for path in env_files:
            yield _need(path, ENV, name, folder)
        if not env_files:
            top = posixpath.dirname(clean_path(posixpath.join(folder, paths[0]))) if below is None else below
            yield _need("/".join([top, ".env"]) if top else ".env", ENV, name, "", required=False)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _need(path: str, role: str, name: str, folder: str, *, required: bool = True) -> tuple[Need, str]:
    clean = clean_path(path if path.startswith(("/", "~")) else posixpath.join(folder, path)) or "."
    return Need(clean, role, name, required), posixpath.dirname(clean)
