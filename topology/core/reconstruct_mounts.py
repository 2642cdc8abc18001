"""What a container mounts, as `volumes` and `tmpfs` of a Compose service. Volumes of the project go by their key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.core.labels import PROJECT, VOLUME
from topology.core.observed import is_nameless
from topology.core.reconstruct_units import size

Json = Mapping[str, Any]
RECURSIVE = {"NonRecursive": "disabled", "ReadOnlyNonRecursive": "writable", "ReadOnlyForceRecursive": "readonly"}
PLAIN_OPTIONS = frozenset({"rw", "z", "Z", "ro", "nocopy", "", "rprivate"})


def volume_keys(volumes: tuple[Json, ...], containers: tuple[Json, ...], *, project: str) -> dict[str, str]:
    """The engine's name of a volume → its key in the file: Compose's own where it is the project's, else its name."""
    there = {str(one["Name"]): one for one in volumes}
    used = {name for one in containers for name in _named(one)}
    mine = {name: one for name, one in there.items() if _owner(one) == project}
    keys = {name: str((one.get("Labels") or {}).get(VOLUME) or name) for name, one in mine.items() if not is_nameless(name)}
    return keys | {name: name for name in sorted(used - keys.keys())}


def mount_keys(container: Json, image: Json, *, project: str, volumes: tuple[Json, ...]) -> dict[str, Any]:
    host = container.get("HostConfig") or {}
    named = volume_keys(volumes, (container,), project=project)
    found = [*(_bind(str(text), named) for text in host.get("Binds") or ())]
    memory: list[str] = []
    for mount in host.get("Mounts") or ():
        found.append(_mount(mount, named))
    taken = {str(text).split(":")[1] if ":" in str(text) else str(text) for text in host.get("Binds") or ()}
    taken |= {str(one.get("Target")) for one in host.get("Mounts") or ()}
    of_image = (image.get("Config") or {}).get("Volumes") or {}
    anonymous = (container.get("Config") or {}).get("Volumes") or {}
    found += [target for target in sorted(anonymous) if target not in of_image and target not in taken]
    for path, options in sorted((host.get("Tmpfs") or {}).items()):
        memory.append(f"{path}:{options}" if options else path)
    keys: dict[str, Any] = {"volumes": sorted(found, key=_target)} if found else {}
    return keys | ({"tmpfs": memory} if memory else {})


def _owner(volume: Json) -> str:
    return str((volume.get("Labels") or {}).get(PROJECT) or "")


def _named(container: Json) -> Iterator[str]:
    """The volumes that a container was asked to mount by name."""
    host = container.get("HostConfig") or {}
    for text in host.get("Binds") or ():
        source, sign, _ = str(text).partition(":")
        if sign and not source.startswith("/") and not is_nameless(source):
            yield source
    for mount in host.get("Mounts") or ():
        if mount.get("Type") == "volume" and not is_nameless(str(mount.get("Source") or "")):
            yield str(mount["Source"])


def _target(entry: Any) -> str:
    if isinstance(entry, dict):
        return str(entry["target"])
    parts = str(entry).split(":")
    return parts[1] if len(parts) > 1 else parts[0]


def _bind(text: str, named: Mapping[str, str]) -> Any:
    """A `Binds` entry; Compose writes one for a bind that makes its folder, and for a plain named volume."""
    source, _, after = text.partition(":")
    target, _, words = after.partition(":")
    options = words.split(",") if words else []
    if not target or is_nameless(source):
        return target or source
    if propagation := [one for one in options if one not in PLAIN_OPTIONS]:
        found: dict[str, Any] = {"type": "bind", "source": source, "target": target}
        found |= {"read_only": True} if "ro" in options else {}
        bind: dict[str, Any] = {"propagation": propagation[0], "create_host_path": True}
        return found | {"bind": bind | ({"selinux": mark} if (mark := _mark(options)) else {})}
    ending = ",".join(one for one in options if one in ("ro", "z", "Z", "nocopy"))
    return f"{named.get(source, source)}:{target}" + (f":{ending}" if ending else "")


def _mark(options: list[str]) -> str:
    return next((one for one in options if one in ("z", "Z")), "")


def _mount(mount: Json, named: Mapping[str, str]) -> Any:
    """A `Mounts` entry in the long form, or short where nothing is said that the short form has not."""
    kind, target, source = str(mount.get("Type")), str(mount.get("Target")), str(mount.get("Source") or "")
    found: dict[str, Any] = {"type": kind, "target": target}
    if kind == "volume":
        if is_nameless(source):
            source = ""
        options = _volume_options(mount.get("VolumeOptions") or {})
        if not options:
            ending = ":ro" if mount.get("ReadOnly") else ""
            return f"{named.get(source, source)}:{target}{ending}" if source else target
        found |= {"source": named.get(source, source)} if source else {}
    elif source:
        found["source"] = source
    found |= {"read_only": True} if mount.get("ReadOnly") else {}
    if kind == "bind":
        return found | {"bind": _bind_options(mount.get("BindOptions") or {})}
    if kind == "tmpfs":
        options = _memory_options(mount.get("TmpfsOptions") or {})
    elif kind == "image":
        below = (mount.get("ImageOptions") or {}).get("Subpath")
        options = {"subpath": below} if below else {}
    return found | ({kind: options} if kind in ("volume", "tmpfs", "image") and options else {})


def _volume_options(options: Json) -> dict[str, Any]:
    found: dict[str, Any] = {"nocopy": True} if options.get("NoCopy") else {}
    found |= {"subpath": options["Subpath"]} if options.get("Subpath") else {}
    labels = {name: str(value) for name, value in sorted((options.get("Labels") or {}).items())}
    return found | ({"labels": labels} if labels else {})


def _bind_options(options: Json) -> dict[str, Any]:
    """What is read-only all the way down has to be `rprivate` in words, which else goes without saying."""
    found: dict[str, Any] = {"create_host_path": bool(options.get("CreateMountpoint"))}
    propagation = options.get("Propagation")
    if propagation and (propagation != "rprivate" or options.get("ReadOnlyForceRecursive")):
        found["propagation"] = propagation
    return found | next(({"recursive": word} for name, word in RECURSIVE.items() if options.get(name)), {})


def _memory_options(options: Json) -> dict[str, Any]:
    found: dict[str, Any] = {"size": size(options["SizeBytes"])} if options.get("SizeBytes") else {}
    return found | ({"mode": options["Mode"]} if options.get("Mode") else {})


def unsaid(container: Json) -> Iterator[str]:
    """What a mount was made with and a Compose file cannot say, as notes."""
    for mount in (container.get("HostConfig") or {}).get("Mounts") or ():
        where = f"{str(container['Name']).lstrip('/')} mounts {mount.get('Target')}"
        if (mount.get("VolumeOptions") or {}).get("DriverConfig"):
            yield f"{where} with driver options of its own; Compose has them on the volume only, so they are left out."
        if (mount.get("TmpfsOptions") or {}).get("Options"):
            yield f"{where} with mount options such as exec; Compose has no such key, so they are left out."
