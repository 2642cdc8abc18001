"""Images that are built: from a git URL, or from files that came with the stack, by the engine's own builder.

Options are kept under the Compose Specification's names in `BuildImage.detail`; `engine.builds` makes the call of them. What only a
session with a build client can do (secrets, ssh, several platforms, caches that are written) is not carried and named.
Source: Compose Specification, build.md.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from topology.core.design import Design, Service
from topology.core.ignored_files import BadPattern, left_in
from topology.core.labels import COMPOSE_VERSION, PROJECT, SERVICE, VERSION
from topology.core.payload_limits import size_bytes

INLINE = ".dockerfile-inline"
NOT_CARRIED = (
    "additional_contexts", "cache_to", "entitlements", "no_cache_filter", "privileged", "provenance", "sbom", "secrets", "ssh",
)  # fmt: skip
MODERN = re.compile(r"^#\s*syntax\s*=|--mount=|^(?:RUN|COPY)\b.*<<-?[\"']?\w|^(?:COPY|ADD)\s.*--(?:chmod|link|checksum)\b", re.M)


@dataclass(frozen=True, slots=True)
class Build:
    """What is to be built. `context` is the git URL, or the folder in words; `missing` says why it cannot be, "" when it can."""

    context: str
    options: Mapping[str, Any] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict, repr=False)
    missing: str = ""
    fix: str = ""


def build_of(design: Design, service: str) -> Build:
    """The build of a service that has one."""
    spec = design.services[service]
    written = spec.build or {}
    context = str(written.get("context") or ".")
    options = _options(design, spec, written)
    inline = str(written.get("dockerfile_inline") or "")
    if is_remote(context):
        if inline:
            return Build(context, missing="dockerfile_inline cannot be joined to a git context", fix="Put the Dockerfile there.")
        return Build(context, options | {"remote": context})
    contents = _inside(design, context)
    if inline:
        contents[INLINE] = inline
        options["dockerfile"] = INLINE
    name = posixpath.normpath(options["dockerfile"])
    if name not in contents:
        text = design.files.get(posixpath.normpath(posixpath.join(context, name)))
        if text is None:
            fix = f"Bring in the folder {context} with the stack, give a git URL as context, or build the image elsewhere."
            return Build(context, missing=f"{posixpath.normpath(posixpath.join(context, name))} is not among its files", fix=fix)
        contents[INLINE], options["dockerfile"] = text, INLINE
    try:
        contents = _without_ignored(contents, design.files, dockerfile=name, context=context, inline=bool(inline))
    except BadPattern as wrong:
        return Build(context, missing=f"its .dockerignore has {str(wrong)[:80]}, which nothing reads", fix="Mend that pattern.")
    if MODERN.search(contents[posixpath.normpath(options["dockerfile"])]):
        options["modern"] = True
    return Build(context, options, contents)


def left_out(spec: Service, *, modern: bool = False, api_version: str = "") -> list[str]:
    """The written keys of a build that the engine's builder is not told, sorted. `modern`: only BuildKit can build it, which on
    engines before 23 hears of no limits (measured on 20.10.24)."""
    found = [key for key in NOT_CARRIED if (spec.build or {}).get(key)]
    if modern and (spec.build or {}).get("ulimits") and api_version in ("1.40", "1.41"):
        found.append("ulimits")
    return [*found, "platforms"] if len((spec.build or {}).get("platforms") or ()) > 1 else found


def is_remote(context: str) -> bool:
    """Whether the engine fetches the context itself: a git repository or an archive on the web."""
    return bool(re.match(r"(?:https?|git|ssh)://|git@[\w.-]+:|github\.com/", context))


def _inside(design: Design, context: str) -> dict[str, str]:
    """The files of a folder, by their path below it."""
    folder = posixpath.normpath(context)
    if folder == ".":
        return dict(sorted(design.files.items()))
    return {path[len(folder) + 1 :]: text for path, text in sorted(design.files.items()) if path.startswith(f"{folder}/")}


def _without_ignored(
    contents: dict[str, str], files: Mapping[str, str], *, dockerfile: str, context: str, inline: bool
) -> dict[str, str]:
    """Without what the Dockerfile's own `.dockerignore`, else the folder's, keeps out. The Dockerfile is always sent, and so is
    `.dockerignore`: the builder takes them away itself."""
    beside = None if inline else files.get(posixpath.normpath(posixpath.join(context, f"{dockerfile}.dockerignore")))
    text = contents.get(".dockerignore") if beside is None else beside
    if text is None:
        return contents
    kept = left_in(contents, text) | {dockerfile, INLINE, ".dockerignore"}
    return {path: text for path, text in contents.items() if path in kept}


def _options(design: Design, spec: Service, written: Mapping[str, Any]) -> dict[str, Any]:
    platforms = written.get("platforms") or []
    labels = _pairs(written.get("labels")) | {PROJECT: design.project, SERVICE: spec.name, VERSION: COMPOSE_VERSION}
    options: dict[str, Any] = {
        "dockerfile": str(written.get("dockerfile") or "Dockerfile"), "args": _pairs(written.get("args")), "labels": labels,
        "platform": spec.platform or (str(platforms[0]) if len(platforms) == 1 else ""),
        "tags": [str(tag) for tag in written.get("tags") or ()],
        "cache_from": [str(one) for one in written.get("cache_from") or ()],
        "extra_hosts": list(_hosts(written.get("extra_hosts"))),
    }  # fmt: skip
    for key in ("target", "network", "isolation"):
        options[key] = str(written.get(key) or "")
    for key in ("no_cache", "pull"):
        options[key] = str(written.get(key)).lower() == "true"
    options["ulimits"] = _ulimits(written.get("ulimits"))
    options["shm_size"] = size_bytes(written.get("shm_size")) or 0
    return {key: value for key, value in options.items() if value}


def _ulimits(value: Any) -> dict[str, list[int]]:
    """Name → soft and hard; one number is both."""
    found: dict[str, list[int]] = {}
    for name, one in sorted(value.items()) if isinstance(value, Mapping) else ():
        both = (one.get("soft"), one.get("hard")) if isinstance(one, Mapping) else (one, one)
        if all(re.fullmatch(r"-?\d+", str(limit)) for limit in both):
            found[str(name)] = [int(str(limit)) for limit in both]
    return found


def _pairs(value: Any) -> dict[str, str]:
    """`A: 1`, or `- A=1`; a name without a value has nothing to take it from."""
    if isinstance(value, Mapping):
        return {str(name): str(item) for name, item in value.items() if item is not None}
    items = [str(item).partition("=") for item in value] if isinstance(value, list) else []
    return {name: item for name, sign, item in items if sign}


def _hosts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (f"{name}:{address}" for name, address in value.items())
    elif isinstance(value, list):
        yield from (str(item).replace("=", ":", 1) for item in value)
