"""What a reader of a plan must know that no operation says: what is left alone, what is not carried, what stands in the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from topology.core.design import Design, Service
from topology.core.differences import full_tag
from topology.core.observed import Observed
from topology.core.order import needs_of
from topology.core.payload import image_of
from topology.core.payload_host import CARRIED
from topology.core.plan_removals import is_orphan
from topology.core.problems import Problem, Severity

# Keys of no matter to an engine, or read into the records by `compose.read`.
SILENT = frozenset({"annotations", "attach", "deploy", "develop", "extends", "label_file", "env_file"})


def apply_notes(
    design: Design, observed: Observed, *, enabled: Collection[str], cycle: list[str], remove_orphans: bool
) -> Iterator[Problem]:
    """Every note of an apply that does not depend on what is going to be done."""
    if cycle:
        message = f"These services wait for each other: {', '.join(cycle)}."
        yield Problem("dependency-cycle", message, fix="Take one of their depends_on, links or shared namespaces away.")
    if not remove_orphans:
        yield from _orphans(design, observed)
    for name in sorted(design.services):
        spec = design.services[name]
        if name not in enabled:
            message = f"{name} belongs to the profile {', '.join(spec.profiles)} and is left as it is."
            yield _warning("profile", message, spec=spec, fix="Take its profiles away to have it started.")
            continue
        yield from _disabled_needs(design, spec, enabled=enabled)
        yield from _not_carried(spec)
        yield from _relative_binds(spec)
        yield from _found(design, observed, spec)


def _orphans(design: Design, observed: Observed) -> Iterator[Problem]:
    for container in observed.containers:
        if is_orphan(design, container):
            message = (
                f"{container.name} belongs to this stack, but the design has no service {container.service}. It is left alone."
            )
            yield Problem(
                "orphan", message, fix="Apply with `remove orphans` to remove it.", subject=f"service:{container.service}",
                severity=Severity.WARNING,
            )  # fmt: skip


def _disabled_needs(design: Design, spec: Service, *, enabled: Collection[str]) -> Iterator[Problem]:
    for name, need in needs_of(design, spec.name).items():
        if name not in enabled and need.required:
            message = f"{spec.name} needs {name}, which belongs to a profile and is not started."
            fix = f"Take the profiles of {name} away, or the dependency."
            yield Problem("dependency-disabled", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)


def _not_carried(spec: Service) -> Iterator[Problem]:
    for key in sorted(spec.other):
        if key not in SILENT and key not in CARRIED and not key.startswith("x-"):
            message = f"`{key}` of {spec.name} stays in the file, but is not carried to the engine yet."
            yield _warning("key-not-carried", message, spec=spec, fix=f"Start {spec.name} with Compose if it needs `{key}`.")


def _relative_binds(spec: Service) -> Iterator[Problem]:
    for mount in spec.mounts:
        if mount.kind == "bind" and not re.match(r"/|[A-Za-z]:[\\/]", mount.source or ""):
            message = f"{spec.name} mounts {mount.source}, a path beside the file. The engine has no such folder."
            fix = "Write the whole path on the engine's host, or use a volume."
            yield Problem("bind-relative", message, fix=fix, subject=f"service:{spec.name}", line=spec.line)


def _found(design: Design, observed: Observed, spec: Service) -> Iterator[Problem]:
    """What is to be said of containers that are there."""
    for container in observed.by_service().get(spec.name, []):
        if not container.config_hash and full_tag(container.image) == full_tag(image_of(design, spec.name)):
            message = f"{container.name} was made by another tool. It is kept; only its image and its wires are compared."
            yield _warning("made-elsewhere", message, spec=spec, fix="Remove it to have it made anew as designed.")
        if container.state == "paused":
            yield _warning("paused", f"{container.name} is paused and is left so.", spec=spec, fix="Unpause or restart it.")


def _warning(code: str, message: str, *, spec: Service, fix: str) -> Problem:
    return Problem(code, message, fix=fix, subject=f"service:{spec.name}", line=spec.line, severity=Severity.WARNING)
