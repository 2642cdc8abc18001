"""Volumes that are mounted and not there yet. A volume that is there is never changed and never removed by an apply."""

from __future__ import annotations

from topology.core.design import Design
from topology.core.draft import Draft
from topology.core.observed import Observed
from topology.core.payload import volume_payload
from topology.core.plan import Impact, Kind
from topology.core.problems import Problem, Severity


def plan_volumes(draft: Draft, design: Design, observed: Observed, *, services: list[str]) -> dict[str, int]:
    """Add the creations; gives the volume's key → index."""
    mounts = (mount for service in services for mount in design.services[service].mounts)
    keys = sorted({mount.source or "" for mount in mounts if mount.kind == "volume"} & design.volumes.keys())
    there = {volume.name: volume for volume in observed.volumes}
    created: dict[str, int] = {}
    for key in keys:
        volume, name = design.volumes[key], design.volume_name(key)
        known = name in there or name in observed.external_volumes
        if volume.external:
            if not known:
                draft.notes.append(_missing(name, key=key, line=volume.line))
        elif not known:
            since = observed.half_made.get(name)
            created[key] = draft.add(
                Kind.CREATE_VOLUME, f"volume:{key}", f"create volume {name}", impact=Impact.NEW,
                cause="it is not there" if since is None else "the engine was killed while it made it",
                detail={"payload": volume_payload(design, key)} | ({} if since is None else {"half_made_since": since}),
            )  # fmt: skip
        elif name not in there:
            draft.notes.append(_foreign(name, key=key, line=volume.line))
        elif _differs(design, there[name].driver, dict(there[name].options), key=key):
            draft.notes.append(_kept(name, key=key, line=volume.line))
    return created


def _differs(design: Design, driver: str, options: dict[str, str], *, key: str) -> bool:
    volume = design.volumes[key]
    wanted = {name: str(value) for name, value in volume.driver_opts.items()}
    return (volume.driver or "local") != (driver or "local") or wanted != options


def _missing(name: str, *, key: str, line: int) -> Problem:
    fix = f"Create {name} on the engine, or take away `external`."
    return Problem(
        "volume-missing", f"The external volume {name} is not on the engine.", fix=fix, subject=f"volume:{key}", line=line
    )


def _foreign(name: str, *, key: str, line: int) -> Problem:
    fix = "Mark it `external`, or give yours another name."
    message = f"There is a volume {name} that this stack did not make. It is used as it is, with its data."
    return Problem("volume-foreign", message, fix=fix, subject=f"volume:{key}", line=line, severity=Severity.WARNING)


def _kept(name: str, *, key: str, line: int) -> Problem:
    fix = "Give it another name to have a new one, or remove it yourself when its data may go."
    message = f"The volume {name} was made with another driver or other options. It is left as it is, with its data."
    return Problem("volume-differs", message, fix=fix, subject=f"volume:{key}", line=line, severity=Severity.WARNING)
