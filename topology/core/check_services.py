"""One service at a time: its name, its image, its container's name, its restart policy, its mounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from topology.core.design import Design, Service
from topology.core.image_name import image_problem
from topology.core.labels import RESERVED_PREFIXES
from topology.core.problems import Problem, Severity

_PROJECT = re.compile(r"^[a-z0-9][a-z0-9_-]*$")
_NAME = re.compile(r"^[a-zA-Z0-9._-]+$")
_WHOLE_ID = re.compile(r"^[0-9a-f]{64}$")
_CONTAINER = re.compile(r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")
_RESTART = re.compile(r"^(?:no|always|unless-stopped|on-failure(?::[0-9]{1,6})?)$")


def check_services(design: Design) -> Iterator[Problem]:
    if not _PROJECT.match(design.project):
        yield Problem(
            "project-name",
            f"`{design.project[:80]}` cannot be the project's name.",
            fix="Use lower-case letters, digits, `-` and `_`, the first a letter or digit.",
        )
    yield from _names(design)
    yield from _container_names(design)
    for service in design.services.values():
        yield from _image(service)
        yield from _restart(service)
        yield from _mounts(service)
        yield from _labels(service)


def _names(design: Design) -> Iterator[Problem]:
    sections = (
        ("services", "service"),
        ("networks", "network"),
        ("volumes", "volume"),
        ("configs", "config"),
        ("secrets", "secret"),
    )
    for section, kind in sections:
        for name in getattr(design, section):
            if not _NAME.match(name):
                yield Problem(
                    "bad-name",
                    f"`{name}` cannot be a {kind}'s name.",
                    fix="Use letters, digits, `.`, `_` and `-` only.",
                    subject=f"{kind}:{name}",
                    path=(section, name),
                )


def _problem(service: Service, code: str, message: str, fix: str, *path: str | int, severity: Severity = Severity.ERROR) -> Problem:
    place = ("services", service.name, *path)
    return Problem(code, message, fix=fix, subject=f"service:{service.name}", path=place, severity=severity)


def _image(service: Service) -> Iterator[Problem]:
    if service.image is None:
        if service.build is None and "provider" not in service.other and "extends" not in service.other:
            yield _problem(
                service,
                "no-image",
                f"`{service.name}` has neither an image nor a build.",
                "Give it an `image`, such as nginx:alpine.",
            )
    elif why := image_problem(service.image):
        yield _problem(
            service,
            "bad-image-name",
            f"`{service.image[:80]}` is no image name: it {why}.",
            "Write [registry/]name[:tag], such as nginx:alpine or ghcr.io/owner/app:1.2.",
            "image",
        )


def _container_names(design: Design) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for service in design.services.values():
        name = service.container_name
        if name is None:
            continue
        if not _CONTAINER.match(name):
            yield _problem(
                service,
                "bad-container-name",
                f"`{name[:80]}` cannot be a container's name.",
                "Use at least two letters, digits, `_`, `.` or `-`, the first a letter or digit.",
                "container_name",
            )
        if _WHOLE_ID.match(name):  # an engine looks for an id before it looks for a name: every call would go to that one
            yield _problem(
                service,
                "container-name-id",
                f"`{name}` cannot be a container's name: it is written as a container's id.",
                "Use a name of fewer than 64 characters, or with a letter after f.",
                "container_name",
            )
        if service.scale > 1:
            yield _problem(
                service,
                "container-name-with-scale",
                f"`{service.name}` runs {service.scale} times, but only one container can be called `{name}`.",
                "Remove `container_name`, or run it once.",
                "container_name",
            )
        if name in owners:
            yield _problem(
                service,
                "container-name-twice",
                f"The container name `{name}` is also that of `{owners[name]}`.",
                "Give one of them another name.",
                "container_name",
            )
        owners.setdefault(name, service.name)
    yield from _generated_names(design, owners)


def _generated_names(design: Design, owners: dict[str, str]) -> Iterator[Problem]:
    for service in design.services.values() if owners else ():
        if service.container_name is None:
            for number in range(1, min(service.scale, 1000) + 1):
                if owner := owners.get(design.container_name(service.name, number)):
                    yield _problem(
                        design.services[owner],
                        "container-name-twice",
                        f"`{design.container_name(service.name, number)}` is the name that `{service.name}` gets by itself.",
                        "Choose another `container_name`.",
                        "container_name",
                    )


def _restart(service: Service) -> Iterator[Problem]:
    if service.restart is None or _RESTART.match(service.restart):
        return
    deploy = service.other.get("deploy")
    deployed = isinstance(deploy, Mapping) and isinstance(deploy.get("restart_policy"), Mapping)
    fix = "Use no, always, unless-stopped, on-failure or on-failure:5."
    if deployed:
        fix = "Use none, any, always, unless-stopped or on-failure."
    path = ("deploy", "restart_policy", "condition") if deployed else ("restart",)
    yield _problem(service, "bad-restart", f"`{service.restart[:40]}` is no restart policy.", fix, *path)


def _mounts(service: Service) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, mount in enumerate(service.mounts):
        target = mount.target.rstrip("/") or "/"
        if target in seen:
            yield _problem(
                service,
                "mount-target-twice",
                f"`{service.name}` mounts two volumes at `{mount.target}`.",
                "Mount one of them elsewhere.",
                "volumes",
                index,
            )
        if not mount.target.startswith("/") and not re.match(r"^[A-Za-z]:[\\/]", mount.target):
            yield _problem(
                service,
                "mount-target-relative",
                f"`{mount.target[:80]}` is no path inside a container: it must start with `/`.",
                "Write the whole path.",
                "volumes",
                index,
            )
        if target == "/":  # "invalid specification: destination can't be '/'"
            fix = "Mount it at a folder, such as /data."
            yield _problem(service, "mount-target-root", "No volume can be mounted at `/`.", fix, "volumes", index)
        seen.add(target)


def _labels(service: Service) -> Iterator[Problem]:
    for label in service.labels:
        if label.startswith(RESERVED_PREFIXES):
            yield _problem(
                service,
                "label-reserved",
                f"The label `{label}` is written by Compose or Netyard themselves; yours is lost.",
                "Use a name of your own.",
                "labels",
                label,
                severity=Severity.WARNING,
            )
