"""Image names: their grammar, and which mean one image. Source: github.com/distribution/reference, regexp.go, normalize.go."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = re.compile(rf"^(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$")
_COMPONENT = re.compile(r"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$")
_TAG = re.compile(r"^\w[\w.-]{0,127}$", re.ASCII)
_DIGEST = re.compile(r"^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$")
_MAX_NAME = 255


def image_problem(image: str) -> str | None:
    """Why this cannot be an image's name, as the end of a sentence; None when it can."""
    if image != image.strip() or any(char.isspace() for char in image):
        return "has a space in it"
    rest, at, digest = image.partition("@")
    if at and not _DIGEST.match(digest):
        return "has no valid digest behind the `@` (sha256: and 64 hexadecimal digits)"
    name, tag = _split_tag(rest)
    if tag is not None and not _TAG.match(tag):
        return "has an empty tag behind the `:`" if not tag else f"has the tag `{tag[:40]}`, which is not one"
    return _name_problem(name)


def registry_host(name: str) -> str:
    """A registry's host as images name it, from an address of it: without scheme and path. Docker Hub is docker.io."""
    host = name.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0]
    return "docker.io" if host in ("index.docker.io", "registry-1.docker.io", "hub.docker.com") else host


def full_tag(image: str) -> str:
    """An image's name with the defaults written out: "nginx" and "docker.io/library/nginx:latest" are one."""
    name = image.removeprefix("docker.io/").removeprefix("index.docker.io/").removeprefix("library/")
    last = name.rpartition("/")[2]
    return name if ":" in last or "@" in name else f"{name}:latest"


def local_image(images: Mapping[str, str], image: str) -> str:
    """The id of an image by name among the local ones, "" when it is not there. A name with tag and digest goes by digest."""
    wanted = full_tag(image)
    if image in images:
        return images[image]
    if "@" in wanted:
        name, _, digest = wanted.partition("@")
        wanted = f"{_split_tag(name)[0]}@{digest}"
    return next((identity for tag, identity in sorted(images.items()) if full_tag(tag) == wanted), "")


def _split_tag(text: str) -> tuple[str, str | None]:
    name, colon, tag = text.rpartition(":")
    return (name, tag) if colon and "/" not in tag else (text, None)


def _name_problem(name: str) -> str | None:
    if not name:
        return "has no name before the tag"
    if len(name) > _MAX_NAME:
        return f"is longer than {_MAX_NAME} characters"
    if re.fullmatch(r"[a-f0-9]{64}", name):
        return "looks like an image's id, which cannot be a name"
    first, slash, path = name.partition("/")
    is_domain = bool(slash) and ("." in first or ":" in first or first == "localhost" or first != first.lower())
    if is_domain and not _DOMAIN.match(first):
        return f"names the registry `{first[:60]}`, which is no host name"
    for component in (path if is_domain else name).split("/"):
        if not _COMPONENT.match(component):
            if component != component.lower() and _COMPONENT.match(component.lower()):
                return "has capital letters; image names are lower-case"
            return f"has `{component[:40]}` in it, which is not of the form letters, digits and single `.`, `_`, `-` between" \
                if component else "has an empty part between slashes"  # fmt: skip
    return None
