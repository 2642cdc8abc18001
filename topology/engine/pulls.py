"""Pulling an image: one share for all of its layers, and the engine's word for what it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from topology.engine.client import Client
from topology.engine.errors import Cancelled, NotFound
from topology.engine.failures import error_from_answer
from topology.engine.stream import ByteStream, json_lines, open_unless
from topology.engine.translate import seconds

STALLED_S = 300.0  # a registry that sends nothing for so long has hung
DOWNLOAD_SHARE = 0.7  # of a layer's way; the rest is unpacking
SHOWN_LAYERS = 3  # of those under way, in one line
DONE = {"Pull complete", "Already exists"}
REACHED = {"Download complete": DOWNLOAD_SHARE, "Verifying Checksum": DOWNLOAD_SHARE} | dict.fromkeys(DONE, 1.0)


class PullProgress:
    """Folds the lines of a pull into a line for people and a share from 0 to 1 (None until the layers are known)."""

    def __init__(self) -> None:
        self._layers: dict[str, float] = {}
        self._busy: dict[str, str] = {}  # layer → what is done with it now

    def fold(self, raw: Mapping[str, Any]) -> tuple[str, float | None]:
        status, layer = str(raw.get("status") or ""), str(raw.get("id") or "")
        detail = raw.get("progressDetail") or {}
        done = detail["current"] / detail["total"] if detail.get("total") and detail.get("current") is not None else 0.0
        if status in ("Pulling fs layer", "Waiting"):
            self._layers.setdefault(layer, 0.0)
        elif status == "Downloading":
            self._advance(layer, min(done, 1.0) * DOWNLOAD_SHARE, doing=f"downloading{_amount(detail)}")
        elif status == "Extracting":
            self._advance(layer, DOWNLOAD_SHARE + min(done, 1.0) * (1 - DOWNLOAD_SHARE), doing=f"unpacking{_amount(detail)}")
        elif status in REACHED:
            self._advance(layer, REACHED[status])
        if not self._layers:
            return status, None
        ready = sum(1 for share in self._layers.values() if share >= 1)
        busy = "".join(f"; {one} {doing}" for one, doing in list(self._busy.items())[:SHOWN_LAYERS])
        return f"{ready} of {len(self._layers)} layers{busy}", sum(self._layers.values()) / len(self._layers)

    def _advance(self, layer: str, share: float, *, doing: str = "") -> None:
        if doing:
            self._busy[layer] = doing
        else:
            self._busy.pop(layer, None)
        self._layers[layer] = max(share, self._layers.get(layer, 0.0))  # a share never goes back


def _amount(detail: Mapping[str, Any]) -> str:
    """Where a layer is, in megabytes."""
    if not detail.get("total"):
        return ""
    return f" {(detail.get('current') or 0) / 1e6:.1f} of {detail['total'] / 1e6:.1f} MB"


def pull_image(
    client: Client, image: str, *, platform: str, progress: Callable[[str, float | None], None], cancelled: Callable[[], bool],
    max_age_s: float | None = None,
) -> str:  # fmt: skip
    """Pull `image` (name, name:tag or name@digest); gives its id. Closing the stream makes the engine give up the pull.

    With `max_age_s` nothing is done for an image that the engine got or tagged within that time.
    """
    if max_age_s is not None and (known := _young(client, image, max_age_s=max_age_s, progress=progress)):
        return known
    name, tag = split_reference(image)
    params = {"fromImage": name, "tag": tag} | ({"platform": platform} if platform else {})

    def opening() -> ByteStream:
        headers = client.registry_headers(name)  # which may ask a program of this machine
        return client.stream("POST", "/images/create", params=params, headers=headers, timeout_s=STALLED_S)

    stream = open_unless(cancelled, opening=opening)
    if stream is None:
        raise Cancelled(f"The pull of {image} was cancelled.")
    folded, said = PullProgress(), ("", -1.0)
    try:
        for raw in json_lines(stream, stop=cancelled, idle_timeout_s=STALLED_S):
            if raw.get("error"):
                raise error_from_answer(0, str(raw["error"]))
            line, share = folded.fold(raw)
            if (line, round(share or 0, 2)) != said:
                progress(line, share)
                said = (line, round(share or 0, 2))
    finally:
        stream.close()
    if cancelled():
        raise Cancelled(f"The pull of {image} was cancelled.")
    return str(_look(client, image).get("Id", ""))


def _look(client: Client, image: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = client.get(f"/images/{quote(image, safe='/:@')}/json")
    except NotFound:
        return {}
    return found


def _young(client: Client, image: str, *, max_age_s: float, progress: Callable[[str, float | None], None]) -> str:
    """The id of an image that is younger, "" otherwise. The engine keeps when a tag was last set."""
    found = _look(client, image)
    tagged_at = seconds((found.get("Metadata") or {}).get("LastTagTime"))
    age_s = time.time() - tagged_at
    if not tagged_at or age_s > max_age_s:
        return ""
    progress(f"it is {age_s / 3600:.0f} hours old: no need to pull", 1.0)
    return str(found.get("Id", ""))


def split_reference(image: str) -> tuple[str, str]:
    """ "name:tag" as name and tag, "name@sha256:…" as name and digest; no tag means latest. A port is no tag."""
    if "@" in image:
        name, _, digest = image.partition("@")
        return name, digest
    head, _, last = image.rpartition("/")
    last, _, tag = last.partition(":")
    return (f"{head}/{last}" if head else last), tag or "latest"
