"""What Compose refuses although its schema lets it through, and that stands within one entry: contradictions of keys.

Seen with the reference tool, 2.26. What entries say about each other is `core.check`'s to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from topology.compose.connections import NAMESPACES, read_depends_on
from topology.compose.forms import mapping, pairs, texts
from topology.compose.plain import Path, subject_of
from topology.compose.units import as_text, number, size_bytes
from topology.core.problems import Problem


def contradictions(tree: Mapping[str, Any], *, profiles: tuple[str, ...]) -> Iterator[Problem]:
    """Every such contradiction in a merged tree; those of services only where their profiles are on, as in the tool."""
    services = mapping(tree.get("services"))
    for name, keys in services.items():
        yield from _hosts(("services", name), mapping(keys))
        if is_active(mapping(keys), profiles):
            yield from _build(("services", name), mapping(keys))
            yield from _limits(("services", name), mapping(keys))
            yield from _build_secrets(("services", name), mapping(keys), mapping(tree.get("secrets")))
            yield from _build_contexts(("services", name), mapping(keys), services)
            yield from _asleep(name, mapping(keys), services, profiles)
    for section in ("networks", "volumes", "configs", "secrets"):
        for key, spec in mapping(tree.get(section)).items():
            yield from _external((section, key), mapping(spec))


def is_active(keys: Mapping[str, Any], profiles: tuple[str, ...]) -> bool:
    """Whether a service runs under these profiles: it names none, or one of them, or all are on (`*`)."""
    named = texts(keys.get("profiles"))
    return not named or "*" in profiles or any(one in profiles for one in named)


def _problem(code: str, message: str, fix: str, path: Path) -> Problem:
    return Problem(code, message, fix=fix, subject=subject_of(path), path=path)


def _external(path: Path, spec: Mapping[str, Any]) -> Iterator[Problem]:
    external = spec.get("external")
    if isinstance(external, dict) and external.get("name") and spec.get("name") and external["name"] != spec["name"]:
        message = f"`{path[1]}` has two names: `name` and `external.name`."
        yield _problem("name-twice", message, "Keep `name` only.", (*path, "name"))
    if path[0] == "volumes" and external not in (None, False):
        others = [key for key in spec if key not in ("name", "external") and not key.startswith("x-")]
        if others:
            message = f"`{path[1]}` is made by somebody else (`external`), so `{others[0]}` has no meaning for it."
            yield _problem("external-conflict", message, "Remove one of the two.", (*path, others[0]))


def _build(path: Path, keys: Mapping[str, Any]) -> Iterator[Problem]:
    build = mapping(keys.get("build"))
    if build.get("dockerfile") and build.get("dockerfile_inline"):
        message = f"`{path[1]}` has a `dockerfile` and a `dockerfile_inline`."
        yield _problem("dockerfile-twice", message, "Keep one of the two.", (*path, "build", "dockerfile_inline"))
    platform, platforms = as_text(keys.get("platform")), texts(build.get("platforms"))
    if platform and platforms and platform not in platforms:
        message = f"`{path[1]}` runs on {platform}, for which it is not built."
        yield _problem("platform-not-built", message, f"Add {platform} to `build.platforms`.", (*path, "platform"))


def _build_secrets(path: Path, keys: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Problem]:
    written = mapping(keys.get("build")).get("secrets")
    for index, item in enumerate(written if isinstance(written, list) else ()):
        name = as_text(item.get("source") if isinstance(item, dict) else item)
        if name not in known:
            message = f"`{path[1]}` is built with the secret `{name[:60]}`, which does not exist."
            fix = "Add it under `secrets`, or take the reference away."
            yield _problem("secret-unknown", message, fix, (*path, "build", "secrets", index))


def _build_contexts(path: Path, keys: Mapping[str, Any], services: Mapping[str, Any]) -> Iterator[Problem]:
    contexts = pairs(mapping(keys.get("build")).get("additional_contexts"))
    for name, source in contexts.items():
        kind, _, target = (source or "").partition(":")
        if kind == "service" and target not in services:
            message = f"`{path[1]}` is built with the image of `{target[:60]}`, but there is no such service."
            yield _problem("context-unknown", message, "Name a service that exists.", (*path, "build", "additional_contexts", name))


def _limits(path: Path, keys: Mapping[str, Any]) -> Iterator[Problem]:
    """A limit of the service's own beside `deploy.resources`: where that mapping is written, its silence counts as no limit."""
    resources = mapping(mapping(keys.get("deploy")).get("resources"))
    for key, kind, name, read in _TWINS:
        other = resources.get(kind)
        if keys.get(key) is None or not isinstance(other, dict):
            continue
        if read(keys[key]) != (read(other.get(name)) if other.get(name) is not None else 0):
            message = f"`{path[1]}` sets `{key}` and, differently, `deploy.resources.{kind}`."
            yield _problem("limit-twice", message, f"Write the same under both, or remove `{key}`.", (*path, key))


_TWINS: tuple[tuple[str, str, str, Callable[[Any], float | None]], ...] = (
    ("cpus", "limits", "cpus", number),
    ("mem_limit", "limits", "memory", size_bytes),
    ("pids_limit", "limits", "pids", number),
    ("mem_reservation", "reservations", "memory", size_bytes),
)


def _hosts(path: Path, keys: Mapping[str, Any]) -> Iterator[Problem]:
    written = keys.get("extra_hosts")
    for index, item in enumerate(written if isinstance(written, list) else ()):
        text = as_text(item)
        if "=" not in text and ":" not in text:
            message = f"`{text[:60]}` names a host without its address."
            yield _problem("bad-host", message, 'Write "name:address".', (*path, "extra_hosts", index))


def _asleep(name: str, keys: Mapping[str, Any], services: Mapping[str, Any], profiles: tuple[str, ...]) -> Iterator[Problem]:
    """Services that it depends on, but that no active profile starts."""
    for one in read_depends_on(keys):
        if one.required and one.service in services and not is_active(mapping(services[one.service]), profiles):
            message = f"`{name}` depends on `{one.service}`, which only its profiles start, and none of them is on."
            fix = f"Take the dependency away, or give `{name}` the same `profiles`."
            below = _implied_by(keys, one.service) if one.implied else ("depends_on", one.service)
            yield _problem("dependency-asleep", message, fix, ("services", name, *below))


def _implied_by(keys: Mapping[str, Any], target: str) -> Path:
    """The key that makes a service depend on another."""
    for key in ("links", "volumes_from"):
        for index, item in enumerate(texts(keys.get(key))):
            if item.partition(":")[0] == target:
                return key, index
    return next(((key,) for key in NAMESPACES if as_text(keys.get(key)) == f"service:{target}"), ())
