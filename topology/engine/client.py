"""HTTP to one Docker engine: raw JSON in and out, over the SDK's transports (unix, tcp, tls, ssh).

The SDK's own methods drop or reword parts of a payload (`links=` on a user-defined network, for one), so only its low-level
client is used, and bodies are sent exactly as given. Safe for several threads: each call borrows a client of its own.
"""

from __future__ import annotations

import json
import queue
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import MappingProxyType
from typing import Any, Protocol

from docker import APIClient
from docker.tls import TLSConfig
from docker.transport import UnixHTTPAdapter

from topology.engine.credentials import configured_header
from topology.engine.errors import Refused
from topology.engine.failures import error_from_answer, reaching
from topology.engine.logins import Login, all_logins, login_for, registry_of
from topology.engine.ssh import SshAdapter
from topology.engine.stream import ByteStream, ResponseStream

CALL_TIMEOUT_S = 30.0
OLDEST_API, NEWEST_API = "1.40", "1.51"  # what the shapes in `translate` were checked against

Params = Mapping[str, str | int | float]
Headers = Mapping[str, str]


class Client(Protocol):
    """What the rest of this package asks of an engine's HTTP. Paths start with "/" and have their names quoted."""

    address: str

    api_version: str  # "1.41": the newest that both sides know

    def get(self, path: str, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> Any: ...

    def post(self, path: str, body: Any = None, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> Any: ...

    def put(self, path: str, body: bytes, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> None:
        """Send a tar archive."""
        ...

    def delete(self, path: str, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> None: ...

    def stream(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        body: bytes | Mapping[str, Any] | None = None,
        timeout_s: float = CALL_TIMEOUT_S,
    ) -> ByteStream:
        """Open an answer that goes on; what it reads is bytes, the timeout is for its beginning only."""
        ...

    def registry_headers(self, image: str) -> dict[str, str]:
        """The credentials for the registry of `image`, as headers: those given, else this machine's Docker configuration's."""
        ...

    def login_headers(self) -> dict[str, str]:
        """All credentials that were given, as headers of a build; nothing where there are none."""
        ...

    def close(self) -> None: ...


class _OneSocketPool(UnixHTTPAdapter):  # type: ignore[misc]
    """The SDK keeps a pool for each URL, so idle connections pile up; here all calls share one."""

    def get_connection(self, url: str, proxies: Any = None) -> Any:
        return super().get_connection("http+docker://localhost", proxies)


class HttpClient:
    """The Protocol above for a real engine. Opening it asks for the version once and keeps to one that both know."""

    def __init__(
        self, url: str, *, tls: TLSConfig | None = None, timeout_s: float = CALL_TIMEOUT_S,
        logins: Mapping[str, Login] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """`logins`: a registry's host → name and password, which count before this machine's Docker configuration."""
        self.address = url
        self._logins = dict(logins)
        self._tls = tls
        self._timeout_s = timeout_s
        self._idle: queue.LifoQueue[APIClient] = queue.LifoQueue()
        self._closed = threading.Event()
        self.api_version = OLDEST_API
        with ExitStack() as unless_opened:
            unless_opened.callback(self.close)
            with reaching(url):
                self.api_version = _negotiate(self._ask_version())
            unless_opened.pop_all()

    def get(self, path: str, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> Any:
        return self._call("GET", path, params=params, timeout_s=timeout_s)

    def post(self, path: str, body: Any = None, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> Any:
        return self._call("POST", path, params=params, body=body, timeout_s=timeout_s)

    def put(self, path: str, body: bytes, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> None:
        self._call("PUT", path, params=params, body=body, timeout_s=timeout_s)

    def delete(self, path: str, *, params: Params | None = None, timeout_s: float = CALL_TIMEOUT_S) -> None:
        self._call("DELETE", path, params=params, timeout_s=timeout_s)

    def stream(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Headers | None = None,
        body: bytes | Mapping[str, Any] | None = None,
        timeout_s: float = CALL_TIMEOUT_S,
    ) -> ByteStream:
        with reaching(self.address), ExitStack() as unless_open:
            api = self._make()  # its own client: the connection lives as long as the stream
            unless_open.callback(api.close)
            data, kind = _encoded(body)
            response = api.request(
                method, self._url(api, path), params=params, headers=kind | dict(headers or {}), data=data, stream=True,
                timeout=(10, timeout_s),
            )  # fmt: skip
            if response.status_code >= 400:
                raise error_from_answer(response.status_code, _message(response.text))
            opened = ResponseStream(response, address=self.address, release=api.close)
            unless_open.pop_all()
            return opened

    def login_headers(self) -> dict[str, str]:
        return all_logins(self._logins)

    def registry_headers(self, image: str) -> dict[str, str]:
        if given := login_for(image, self._logins):
            return given
        with reaching(self.address), self._borrow() as api:
            header = configured_header(api, registry_of(image))
        return {"X-Registry-Auth": header} if header else {}

    def close(self) -> None:
        self._closed.set()
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _call(self, method: str, path: str, *, params: Params | None, timeout_s: float, body: Any = None) -> Any:
        data, headers = _encoded(body)
        if method == "POST":
            headers = {"Content-Type": "application/json"}
        with reaching(self.address), self._borrow() as api:
            response = api.request(
                method, self._url(api, path), params=params, data=data, headers=headers, timeout=(min(10.0, timeout_s), timeout_s)
            )
            text = response.text
            if response.status_code >= 400:
                raise error_from_answer(response.status_code, _message(text))
            return json.loads(text) if text.strip() and "json" in response.headers.get("Content-Type", "") else {}

    def _url(self, api: APIClient, path: str) -> str:
        return f"{api.base_url}/v{self.api_version}{path}"

    @contextmanager
    def _borrow(self) -> Iterator[APIClient]:
        try:
            api = self._idle.get_nowait()
        except queue.Empty:
            api = self._make()
        try:
            yield api
        finally:
            if self._closed.is_set():
                api.close()
            else:
                self._idle.put(api)

    def _make(self) -> APIClient:
        over_ssh = self.address.startswith("ssh://")
        address = "unix:///ssh" if over_ssh else self.address  # nothing is opened yet
        api = APIClient(base_url=address, version=self.api_version, timeout=self._timeout_s, tls=self._tls or False)
        # else REQUESTS_CA_BUNDLE would outdo the engine's own authority, and HTTP_PROXY get the engine's calls
        api.trust_env = False
        if over_ssh:
            api.mount("http+docker://", SshAdapter(self.address, self._timeout_s))
        elif self.address.startswith(("unix:", "http+unix:")):
            # `address` may have one, two or three slashes after the scheme
            path = re.sub(r"^[a-z+]*:/*", "/", self.address)
            api.mount("http+docker://", _OneSocketPool(f"http+unix://{path}", self._timeout_s))
        return api

    def _ask_version(self) -> dict[str, Any]:
        with self._borrow() as api:
            response = api.get(f"{api.base_url}/version", timeout=(5.0, 10.0))
            if response.status_code >= 400:
                raise error_from_answer(response.status_code, _message(response.text))
            answer: dict[str, Any] = response.json()
            return answer


def _encoded(body: Any) -> tuple[bytes | str | None, dict[str, str]]:
    """A body as it is sent, and its type: bytes are a tar archive, anything else is JSON."""
    if isinstance(body, bytes):
        return body, {"Content-Type": "application/x-tar"}
    return (None, {}) if body is None else (json.dumps(body), {"Content-Type": "application/json"})


def _negotiate(version: Mapping[str, Any]) -> str:
    """The newest API version that both sides know. Engine 20.10 speaks 1.41, 29 asks for at least 1.44."""
    newest, oldest = str(version.get("ApiVersion", "")), str(version.get("MinAPIVersion") or "1.24")
    if not re.fullmatch(r"\d+\.\d+", newest):
        raise Refused("What answers there is no Docker engine: it names no API version.", fix="Check the engine's address.")
    if _number(newest) < _number(OLDEST_API):
        raise Refused(f"The engine speaks API {newest}; Netyard needs {OLDEST_API}.", fix="Update the engine to 20.10 or newer.")
    chosen = min(newest, NEWEST_API, key=_number)
    return max(chosen, oldest, key=_number)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _message(text: str) -> str:
    """The engine's words in an error's body: {"message": …}, or plain text from old ones and from proxies."""
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text
