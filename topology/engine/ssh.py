"""An engine behind ssh: the machine's own `ssh` runs `docker system dial-stdio` there, one process for each connection.

The SDK's way over pipes has no time limit, and what waits in it cannot be stopped. Here ssh talks over one end of a pair of
sockets, so that time limits, `shutdown` and pools are those of any socket. Nobody is there to answer a question of ssh's.
"""

from __future__ import annotations

import socket
import subprocess
from typing import Any
from urllib.parse import urlsplit

from docker.transport import UnixHTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

from topology.engine.errors import EngineUnreachable

OPTIONS = ("BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=15", "ServerAliveCountMax=3")


class SshAdapter(UnixHTTPAdapter):  # type: ignore[misc]
    """To be mounted where the SDK's own adapter is. `address` is ssh://[user@]host[:port]."""

    def __init__(self, address: str, timeout_s: float) -> None:
        super().__init__("http+unix:///ssh", timeout_s)
        self._connections = _Pool(address, timeout_s)

    def get_connection(self, url: str, proxies: Any = None) -> Any:
        return self._connections

    def close(self) -> None:
        super().close()
        self._connections.close()


class _Pool(HTTPConnectionPool):
    def __init__(self, address: str, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._address = address

    def _new_conn(self) -> Any:
        return _Connection(self._address)


class _Connection(HTTPConnection):
    def __init__(self, address: str) -> None:
        super().__init__("localhost")
        self._address = address

    def connect(self) -> None:
        self.sock = _Tunnel(self._address)
        self.sock.settimeout(self.timeout)


class _Tunnel(socket.socket):
    """Our end of the pair; the process goes with it."""

    def __init__(self, address: str) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                end = theirs.fileno()
                self._process = subprocess.Popen(_command(address), stdin=end, stdout=end, start_new_session=True)
            except OSError as error:
                ours.close()
                raise EngineUnreachable(
                    f"{address} cannot be reached: the program ssh cannot be run ({error.strerror}).",
                    fix="Install OpenSSH's client on the machine that runs Netyard.",
                ) from error
        super().__init__(fileno=ours.detach())

    def shutdown(self, how: int, /) -> None:
        self._process.terminate()
        super().shutdown(how)

    def _real_close(self, *given: Any) -> None:
        """What `close` does once nothing reads from it any more."""
        super()._real_close(*given)  # type: ignore[misc]
        self._process.kill()
        self._process.wait()


def _command(address: str) -> list[str]:
    to = urlsplit(address)
    words = ["ssh", "-T", *(word for option in OPTIONS for word in ("-o", option))]
    words += ["-l", to.username] if to.username else []
    words += ["-p", str(to.port)] if to.port else []
    return [*words, "--", to.hostname or "", "docker system dial-stdio"]
