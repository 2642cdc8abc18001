"""Logins of this machine's own Docker configuration. Some are kept by helper programs, docker-credential-NAME, which may ask a
person, a keychain or the network, and hang: each has its time."""

from __future__ import annotations

import subprocess
from typing import Any

from docker import APIClient, auth
from docker.credentials import Store
from docker.credentials.errors import StoreError, process_store_error
from docker.credentials.utils import create_environment_dict
from docker.errors import DockerException

from topology.engine.errors import EngineTimeout, Refused

HELPER_TIMEOUT_S = 20.0
FIX = (
    "Mend that program or take it out of credsStore and credHelpers in the Docker configuration of the user that runs Netyard, or "
    "keep the registry's login for this engine."
)


def configured_header(api: APIClient, registry: str) -> str:
    """X-Registry-Auth for a registry's host, "" where the configuration has no login for it."""
    if api._auth_configs.is_empty:
        api._auth_configs = auth.load_config(credstore_env=api.credstore_env)
    configs = api._auth_configs
    if name := configs.get_credential_store(registry):
        configs._stores[name] = _Helper(name, environment=api.credstore_env)
    try:
        login = configs.resolve_authconfig(registry)
    except (DockerException, OSError, ValueError, KeyError) as error:
        raise Refused(f"This machine's Docker configuration gave no login for {registry}: {error}", fix=FIX) from error
    header: bytes = auth.encode_header(login) if login else b""
    return header.decode()


class _Helper(Store):  # type: ignore[misc]
    """The SDK's, which waits for ever."""

    def _execute(self, subcmd: str, data_input: bytes | None) -> Any:
        if self.exe is None:
            raise StoreError(f"{self.program} is not installed")
        environment = create_environment_dict(self.environment)
        try:
            done = subprocess.run(
                [self.exe, subcmd], input=data_input, env=environment, stdout=subprocess.PIPE, timeout=HELPER_TIMEOUT_S, check=True
            )
        except subprocess.CalledProcessError as error:
            raise process_store_error(error, self.program) from error
        except subprocess.TimeoutExpired as error:
            raise EngineTimeout(f"{self.program} gave no login within {HELPER_TIMEOUT_S:.0f} s.", fix=FIX) from error
        return done.stdout
