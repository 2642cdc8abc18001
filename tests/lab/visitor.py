"""A person at a running site, over plain HTTP and WebSocket, as their browser would: cookies, CSRF token, own Origin."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

PASSWORD = "correct horse battery"


class Visitor:
    """`get` and `post` of the HTTP interface; `watch` a stack's socket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = httpx.Client(base_url=address, timeout=60, trust_env=False)

    def set_up(self, link: str, *, username: str) -> None:
        """Make the first administrator with the link that `prepare` printed."""
        page, token = link.split("#")
        assert self.http.get(page.removeprefix(self.address)).status_code == 200
        self._form("/setup/", token=token, username=username, password=PASSWORD, team_name="Lab")

    def log_in(self, *, username: str) -> None:
        assert self.http.get("/login/").status_code == 200
        self._form("/login/", username=username, password=PASSWORD, next="/")

    def _form(self, path: str, **fields: str) -> None:
        token = self.http.cookies["csrftoken"]
        answer = self.http.post(path, data={**fields, "csrfmiddlewaretoken": token}, headers={"Origin": self.address})
        assert answer.status_code == 302, f"{path}: {answer.status_code}\n{re.sub('<[^>]+>', ' ', answer.text)[-800:]}"

    def get(self, path: str) -> Any:
        answer = self.http.get(path)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text[:800]}"
        return answer.json()

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"X-CSRFToken": self.http.cookies["csrftoken"], "Origin": self.address}
        return self.http.request(method, path, json=body, headers=headers)

    def post(self, path: str, body: Any) -> Any:
        answer = self.send("POST", path, body)
        assert answer.status_code in (200, 201, 202), f"POST {path}: {answer.status_code} {answer.text[:1500]}"
        return answer.json()

    def edit(self, stack_id: str, *, op_id: str, **edit: Any) -> Any:
        return self.post(f"/api/stacks/{stack_id}/edits", {"op_id": op_id, "edit": edit})

    def run(self, stack_id: str, kind: str, **options: Any) -> dict[str, Any]:
        """Plan, request, and wait for the end."""
        digest = self.get(f"/api/stacks/{stack_id}/plan?kind=apply")["digest"] if kind == "apply" else ""
        return self.ended(self.post(f"/api/stacks/{stack_id}/runs", {"kind": kind, "digest": digest, **options})["id"])

    def ended(self, run_id: str, *, within_s: float = 90) -> dict[str, Any]:
        deadline = time.monotonic() + within_s
        while (run := self.get(f"/api/runs/{run_id}"))["state"] in ("queued", "running", "cancelling"):
            assert time.monotonic() < deadline, f"the run does not end: {run}"
            time.sleep(0.1)
        return dict(run)

    @contextmanager
    def watch(self, stack_id: str) -> Iterator[Watch]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        address = self.address.replace("http", "ws", 1) + f"/ws/stacks/{stack_id}/"
        with connect(address, origin=self.address, additional_headers={"Cookie": cookies}, proxy=None) as socket:  # type: ignore[arg-type]
            yield Watch(socket)


@dataclass
class Watch:
    """What a socket has said so far."""

    socket: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)

    def until(self, wanted: Callable[[dict[str, Any]], object], *, within_s: float = 60, what: str = "") -> dict[str, Any]:
        """The next message that is wanted."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                message = json.loads(self.socket.recv(timeout=max(0.01, deadline - time.monotonic())))
            except TimeoutError:
                raise AssertionError(f"not heard within {within_s} s: {what}; {[one['type'] for one in self.heard]}") from None
            self.heard.append(message)
            if wanted(message):
                return dict(message)
