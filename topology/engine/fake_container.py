"""One container of the in-memory engine, in the Engine API's shapes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NEVER = "0001-01-01T00:00:00Z"

Raw = dict[str, Any]


@dataclass(slots=True)
class FakeContainer:
    """`raw` is what GET /containers/X/json answers; `output` is (time, stream number, bytes) of its log."""

    raw: Raw
    output: list[tuple[str, int, bytes]] = field(default_factory=list)
    checked_at: float = 0.0
    files: dict[str, tuple[bytes, int, int, int]] = field(default_factory=dict)  # path → bytes, user id, group id, mode

    @property
    def state(self) -> Raw:
        state: Raw = self.raw["State"]
        return state

    @property
    def name(self) -> str:
        return str(self.raw["Name"]).lstrip("/")

    @property
    def networks(self) -> dict[str, Raw]:
        networks: dict[str, Raw] = self.raw["NetworkSettings"]["Networks"]
        return networks

    @property
    def runs(self) -> bool:
        return bool(self.state["Running"])


def new_container(name: str, payload: Mapping[str, Any], *, id: str, image_id: str) -> FakeContainer:
    config = {key: value for key, value in payload.items() if key not in ("HostConfig", "NetworkingConfig")}
    host = dict(payload.get("HostConfig") or {})
    host.setdefault("NetworkMode", "default")
    host["Links"] = [_host_link(link, name) for link in host.get("Links") or ()]
    config |= {"Labels": dict(config.get("Labels") or {}), "Hostname": config.get("Hostname") or id[:12]}
    state = {
        "Status": "created", "Running": False, "Pid": 0, "ExitCode": 0, "OOMKilled": False, "Error": "", "StartedAt": NEVER,
        "FinishedAt": NEVER,
    }  # fmt: skip
    return FakeContainer({
        "Id": id, "Name": f"/{name}", "Created": now(), "Image": image_id, "RestartCount": 0, "State": state, "Config": config,
        "HostConfig": host, "Mounts": [], "NetworkSettings": {"Ports": {}, "Networks": {}},
    })  # fmt: skip


def new_endpoint(config: Mapping[str, Any]) -> Raw:
    return {
        "IPAMConfig": config.get("IPAMConfig"), "Links": config.get("Links"), "DriverOpts": config.get("DriverOpts"),
        "Aliases": list(config.get("Aliases") or []),
        "NetworkID": "", "EndpointID": "", "IPAddress": "", "Gateway": "", "MacAddress": "", "GlobalIPv6Address": "",
    }  # fmt: skip


def _host_link(link: str, name: str) -> str:
    target, _, alias = link.partition(":")
    return f"/{target}:/{name}/{alias or target}"


def volume_mounts(host: Mapping[str, Any], *, id: str) -> list[Raw]:
    """What is mounted; a volume that was asked for without a name gets one of 64 hex digits."""
    asked = [(one.get("Source") or "", one["Target"]) for one in host.get("Mounts") or () if one.get("Type") == "volume"]
    asked += [(bind.split(":")[0], bind.split(":")[1]) for bind in host.get("Binds") or () if not bind.startswith("/")]
    return [{"Type": "volume", "Name": name or made_id(id, target), "Destination": target} for name, target in asked]


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def made_id(*words: str) -> str:
    return hashlib.sha256("/".join(words).encode()).hexdigest()
