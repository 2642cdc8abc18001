"""Logins at image registries, as the engine takes them: base64 of JSON in a header of the call."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docker import auth

from topology.core.image_name import registry_host
from topology.engine.errors import EngineError, EngineTimeout, EngineUnreachable, Refused

if TYPE_CHECKING:
    from topology.engine.client import Client  # which takes its headers from here

LOGIN_TIMEOUT_S = 20.0
# A registry's no, in the words of engines 20.10 to 29: not a port or a host that is named so, and not a file's permissions.
_NO = re.compile(
    r"\bunauthorized(?=[:,\s]|$)|status:? 40[13]\b|\b40[13] (?:Unauthorized|Forbidden)|incorrect username or password"
    r"|(?<!permission )\bdenied\b(?![\w.-]*[.:/]\w)",
    re.IGNORECASE,
)
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
    login = next((one for name, one in logins.items() if registry_host(name) == registry), None)
    return {"X-Registry-Auth": _encoded(_body(registry, login))} if login else {}


def all_logins(logins: Mapping[str, Login]) -> dict[str, str]:
    """X-Registry-Config for a build, whose base images may be anywhere."""
    bodies = {_address(registry_host(name)): _body(registry_host(name), one) for name, one in sorted(logins.items())}
    return {"X-Registry-Config": _encoded(bodies)} if bodies else {}


def check_login(client: Client, registry: str, login: Login) -> None:
    """Let the engine log in at the registry; returns when it was let in. Raises Refused when the registry said no, another
    EngineError when nobody could ask it. Source: Engine API, POST /auth."""
    try:
        client.post("/auth", _body(registry_host(registry), login), timeout_s=LOGIN_TIMEOUT_S)
    except (EngineUnreachable, EngineTimeout):
        raise
    except EngineError as error:
        if _NO.search(error.message):
            fix = "Check the name and the secret. Many registries want an access token in place of the password."
            raise Refused(f"{registry} refused this name and secret.", fix=fix) from error
        if isinstance(error, Refused):  # by the engine, or by what stands before it: the registry was not asked
            raise EngineError(error.message, fix=error.fix) from error
        raise


def _address(registry: str) -> str:
    return HUB if registry == "docker.io" else registry


def _body(registry: str, login: Login) -> dict[str, str]:
    return {"username": login.username, "password": login.password, "serveraddress": _address(registry)}


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
