"""Logins at image registries, as the engine takes them: base64 of JSON in a header of the call."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from docker import auth

HUB = "https://index.docker.io/v1/"


@dataclass(frozen=True, slots=True)
class Login:
    """A name and password (or access token) at one registry. Never shown."""

    username: str
    password: str = field(repr=False)


def registry_of(image: str) -> str:
    """The registry's host of an image's name; Docker Hub's is docker.io."""
    return str(auth.resolve_repository_name(image)[0])


def login_for(image: str, logins: Mapping[str, Login]) -> dict[str, str]:
    """X-Registry-Auth for the registry of `image`, nothing where there is no login for it."""
    registry = registry_of(image)
    login = next((one for name, one in logins.items() if _host(name) == registry), None)
    return {"X-Registry-Auth": _encoded(_body(registry, login))} if login else {}


def all_logins(logins: Mapping[str, Login]) -> dict[str, str]:
    """X-Registry-Config for a build, whose base images may be anywhere."""
    bodies = {_address(_host(name)): _body(_host(name), one) for name, one in sorted(logins.items())}
    return {"X-Registry-Config": _encoded(bodies)} if bodies else {}


def _host(name: str) -> str:
    host = name.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return "docker.io" if host in ("index.docker.io", "registry-1.docker.io", "hub.docker.com") else host


def _address(registry: str) -> str:
    return HUB if registry == "docker.io" else registry


def _body(registry: str, login: Login) -> dict[str, str]:
    return {"username": login.username, "password": login.password, "serveraddress": _address(registry)}


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
