"""People of a running site without a browser: joined by invitation over HTTP, and handed to a browser window by their cookies."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.lab.visitor import PASSWORD, Visitor


def join(owner: Visitor, *, username: str, role: str) -> Visitor:
    """A new person in the owner's first team, logged in."""
    team = owner.get("/api/me")["teams"][0]["id"]
    token = owner.post(f"/api/teams/{team}/invitations", {"role": role})["token"]
    visitor = Visitor(owner.address)
    assert visitor.http.get("/join/").status_code == 200
    visitor._form("/join/", token=token, way="new", username=username, password=PASSWORD)
    return visitor


def login_of(visitor: Visitor) -> dict[str, Any]:
    """The visitor's cookies as a browser context's storage state."""
    domain = urlsplit(visitor.address).hostname
    kept = {"domain": domain, "path": "/", "expires": -1, "httpOnly": False, "secure": False, "sameSite": "Lax"}
    return {"cookies": [{"name": name, "value": value, **kept} for name, value in visitor.http.cookies.items()], "origins": []}


def make_stack(owner: Visitor, name: str, text: str) -> str:
    """A stack of the owner's first team; gives its id."""
    team = owner.get("/api/me")["teams"][0]["id"]
    return str(owner.post("/api/stacks", {"team_id": team, "name": name, "text": text})["id"])


def text_of(visitor: Visitor, stack: str) -> str:
    """The Compose text, exactly."""
    return visitor.http.get(f"/api/stacks/{stack}/export").content.decode()
