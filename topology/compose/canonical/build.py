"""`build` and `develop` of a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.compose.canonical.fields import OMIT, Around, Record, flag, kept_text, listed, mapped, size, text, texts
from topology.compose.canonical.mounts import references
from topology.compose.canonical.paths import build_context, file
from topology.compose.canonical.values import build_arguments, command, hosts, limit, options, variables
from topology.compose.forms import labels
from topology.compose.units import as_text


def _contexts(value: Any, around: Around) -> Any:
    return mapped(build_context)(labels(value), around)


def _ssh(value: Any, around: Around) -> Any:
    """Keys of the agent: "default", or "name=path"."""
    if isinstance(value, Mapping):
        return [f"{key}={as_text(path)}" if path else key for key, path in value.items()] or OMIT
    return texts(value, around)


_BUILD = Record((
    ("context", build_context), ("dockerfile", text), ("dockerfile_inline", text), ("entitlements", texts),
    ("args", build_arguments), ("ssh", _ssh), ("labels", options), ("cache_from", texts), ("cache_to", texts), ("no_cache", flag),
    ("no_cache_filter", texts),
    ("additional_contexts", _contexts), ("pull", flag), ("extra_hosts", hosts), ("isolation", text), ("network", text),
    ("target", text), ("secrets", references("")), ("shm_size", size), ("tags", texts), ("ulimits", mapped(limit)),
    ("platforms", texts), ("privileged", flag), ("provenance", text), ("sbom", text),
))  # fmt: skip


def build(value: Any, around: Around) -> Any:
    """How an image is built: the folder and the Dockerfile are always named."""
    if value is None:
        return OMIT
    one = dict(value) if isinstance(value, Mapping) else {"context": as_text(value)}
    one["context"] = one.get("context") or "."
    if one.get("dockerfile") is None and one.get("dockerfile_inline") is None:
        one["dockerfile"] = "Dockerfile"
    return _BUILD.of(one, around)


HOOK = Record(
    (
        ("command", command), ("image", text), ("user", text), ("privileged", flag), ("working_dir", text),
        ("environment", variables), ("per_replica", flag),
    ),
    always={"command": None},
)  # fmt: skip
_TRIGGER = Record(
    (
        ("path", file), ("action", kept_text), ("target", text), ("exec", HOOK), ("include", texts), ("ignore", texts),
        ("initial_sync", flag),
    ),
    always={"path": "", "action": "", "exec": {"command": None}},
)  # fmt: skip
develop = Record((("watch", listed(_TRIGGER)),))
