"""The sections beside `services`: networks, volumes, configs, secrets and models, each with its name, if it is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from topology.compose.canonical.fields import Around, Record, flag, integer, kept_flag, listed, text, texts
from topology.compose.canonical.paths import host_path
from topology.compose.canonical.values import options
from topology.compose.units import as_text, truth

_POOL = Record((("subnet", text), ("gateway", text), ("ip_range", text), ("aux_addresses", options)))
_NETWORK = Record(
    (
        ("name", text), ("driver", text), ("driver_opts", options), ("ipam", Record((("driver", text), ("config", listed(_POOL))))),
        ("external", flag), ("internal", flag), ("attachable", flag), ("labels", options), ("enable_ipv4", kept_flag),
        ("enable_ipv6", kept_flag),
    ),
    always={"ipam": {}},
)  # fmt: skip
_VOLUME = Record((("name", text), ("driver", text), ("driver_opts", options), ("external", flag), ("labels", options)))
_RESOURCE = Record((
    ("name", text), ("file", host_path), ("environment", text), ("content", text), ("external", flag), ("labels", options),
    ("driver", text), ("driver_opts", options), ("template_driver", text),
))  # fmt: skip
_MODEL = Record((("name", text), ("model", text), ("context_size", integer), ("runtime_flags", texts)))
_RECORDS = {"models": _MODEL, "configs": _RESOURCE, "networks": _NETWORK, "secrets": _RESOURCE, "volumes": _VOLUME}


def sections(tree: Mapping[str, Any], services: Mapping[str, Any], *, project: str, around: Around) -> dict[str, Any]:
    """The sections by name; one that is empty is left out."""
    found: dict[str, Any] = {}
    for section, used in _used(services).items():
        written = tree.get(section)
        written = written if isinstance(written, Mapping) else {}
        if section == "networks" and "default" in used and "default" not in written:
            written = {**written, "default": None}
        entries = {
            key: _RECORDS[section].of(_named(section, key, written[key], project, around), around)
            for key in sorted(used & written.keys())
        }
        if entries:
            found[section] = entries
    return found


def _used(services: Mapping[str, Any]) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {section: set() for section in sorted(_RECORDS)}
    for one in services.values():
        used["networks"] |= set(one.get("networks", ()))
        used["models"] |= set(one.get("models", ()))
        used["configs"] |= {as_text(item.get("source")) for item in one.get("configs", ())}
        secrets = [*one.get("secrets", ()), *one.get("build", {}).get("secrets", ())]
        used["secrets"] |= {as_text(item.get("source")) for item in secrets}
        used["volumes"] |= {as_text(item.get("source")) for item in one.get("volumes", ()) if item.get("type") == "volume"}
    return used


def _named(section: str, key: str, value: Any, project: str, around: Around) -> dict[str, Any]:
    one = dict(value) if isinstance(value, Mapping) else {}
    external = one.get("external")
    if isinstance(external, Mapping):
        one |= {"external": True, "name": one.get("name") or external.get("name")}
    is_external = truth(one.get("external")) is True
    if one.get("name") is None:
        one["name"] = key if is_external else f"{project}_{key}"
    if section == "volumes":
        one = _local(one, around)
    return one


def _local(volume: dict[str, Any], around: Around) -> dict[str, Any]:
    """A bind mount in a volume's clothes: its device is a path."""
    opts = volume.get("driver_opts")
    if volume.get("driver") == "local" and isinstance(opts, Mapping) and opts.get("o") == "bind" and "device" in opts:
        return volume | {"driver_opts": dict(opts) | {"device": host_path(opts["device"], around)}}
    return volume
