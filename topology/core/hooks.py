"""Commands that a service runs in its containers after they start and before they stop (`post_start`, `pre_stop`)."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from topology.core.design import Service

TIMEOUT_S = 600.0  # of one command: long enough for a migration, and a hung one ends


def hooks_of(spec: Service | None, when: str) -> list[dict[str, Any]]:
    """The commands as RUN_COMMAND's detail without its container, in the file's order. `when`: "post_start" or "pre_stop"."""
    written = spec.other.get(when) if spec is not None else None
    found = []
    for one in written if isinstance(written, list) else ():
        if isinstance(one, Mapping) and (command := _command(one.get("command"))):
            found.append({
                "command": command, "user": str(one.get("user") or ""), "working_dir": str(one.get("working_dir") or ""),
                "environment": _environment(one.get("environment")), "privileged": str(one.get("privileged")).lower() == "true",
                "timeout_s": TIMEOUT_S,
            })  # fmt: skip
    return found


def _command(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    try:
        return shlex.split(str(value or ""))
    except ValueError:  # a quote that is never closed: the shell is to say so
        return ["sh", "-c", str(value)]


def _environment(value: Any) -> list[str]:
    """As the engine takes it; a name alone takes the container's variable away."""
    if isinstance(value, Mapping):
        return [str(name) if item is None else f"{name}={item}" for name, item in value.items()]
    return [str(item) for item in value] if isinstance(value, list) else []
