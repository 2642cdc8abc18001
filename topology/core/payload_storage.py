"""What a container mounts: volumes, folders of the host, memory, images, and configs and secrets that are files of the host."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from topology.core.design import Design, Mount, Service
from topology.core.payload_limits import size_bytes
from topology.core.resources import binds_of

RECURSIVE = {
    "disabled": {"NonRecursive": True}, "writable": {"ReadOnlyNonRecursive": True}, "readonly": {"ReadOnlyForceRecursive": True},
}  # fmt: skip


def storage(design: Design, spec: Service) -> dict[str, Any]:
    """Mounts, except what only the older Binds can say: a bind that makes its folder, and SELinux labels."""
    binds, mounts = [], []
    for mount in spec.mounts:
        if mount.kind == "bind" and not mount.options.get("recursive") and _is_plain(mount):
            binds.append(_bind(mount))
        else:
            mounts.append(_mount(design, mount))
    mounts += [{"Type": "bind", "Source": one.host_path, "Target": one.target, "ReadOnly": True} for one in binds_of(design, spec)]
    body: dict[str, Any] = {}
    if binds:
        body["Binds"] = binds
    if mounts:
        body["Mounts"] = mounts
    if spec.tmpfs:
        body["Tmpfs"] = {path: options for path, _, options in (text.partition(":") for text in spec.tmpfs)}
    if spec.volumes_from:
        body["VolumesFrom"] = [_volumes_from(design, text) for text in spec.volumes_from]
    return body


def keep_volumes(host: dict[str, Any], nameless: Mapping[str, str], *, declared: Collection[str]) -> None:
    """Mount volumes without a name (target → the engine's name) again, where the design writes one without a name for the target,
    or nothing and the image has `declared` it. As Compose does (2.26.1): one that was taken out of the file is left behind."""
    mounts = [dict(mount) for mount in host.get("Mounts") or ()]
    taken = {str(mount.get("Target")) for mount in mounts if mount.get("Source") or mount.get("Type") != "volume"}
    taken |= {str(bind).split(":")[1] for bind in host.get("Binds") or ()} | set(host.get("Tmpfs") or ())
    for target, name in sorted(nameless.items()):
        if target in taken:
            continue
        same = next((mount for mount in mounts if mount.get("Target") == target), None)
        if same is not None:
            same["Source"] = name
        elif target in declared:
            mounts.append({"Type": "volume", "Source": name, "Target": target})
    if mounts:
        host["Mounts"] = mounts


def _is_plain(mount: Mount) -> bool:
    return bool(mount.options.get("create_host_path", True) or mount.options.get("selinux"))


def _bind(mount: Mount) -> str:
    options = ["ro" if mount.read_only else "rw"]
    options += [str(mount.options[key]) for key in ("selinux", "propagation") if mount.options.get(key)]
    return f"{mount.source}:{mount.target}:{','.join(options)}"


def _mount(design: Design, mount: Mount) -> dict[str, Any]:
    body: dict[str, Any] = {"Type": mount.kind, "Target": mount.target}
    if mount.source:
        named = mount.kind == "volume" and mount.source in design.volumes
        body["Source"] = design.volume_name(mount.source) if named else mount.source
    if mount.read_only:
        body["ReadOnly"] = True
    name, options = {
        "bind": ("BindOptions", _bind_options), "volume": ("VolumeOptions", _volume_options),
        "tmpfs": ("TmpfsOptions", _memory_options), "image": ("ImageOptions", _image_options),
    }.get(mount.kind, ("", _image_options))  # fmt: skip
    if name and (found := {key: value for key, value in options(mount.options).items() if value not in (None, "", False, {})}):
        body[name] = found
    return body


def _bind_options(options: Mapping[str, Any]) -> dict[str, Any]:
    body = {"Propagation": options.get("propagation")} | RECURSIVE.get(str(options.get("recursive")), {})
    if options.get("recursive") and options.get("create_host_path", True):
        body["CreateMountpoint"] = True
    return body


def _volume_options(options: Mapping[str, Any]) -> dict[str, Any]:
    labels = options.get("labels") or {}
    pairs = labels.items() if isinstance(labels, Mapping) else (str(item).partition("=")[::2] for item in labels)
    return {
        "NoCopy": options.get("nocopy"), "Subpath": options.get("subpath"),
        "Labels": {str(name): str(value) for name, value in pairs},
    }  # fmt: skip


def _memory_options(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"SizeBytes": size_bytes(options.get("size")), "Mode": _mode(options.get("mode"))}


def _image_options(options: Mapping[str, Any]) -> dict[str, Any]:
    return {"Subpath": options.get("subpath")}


def _volumes_from(design: Design, text: str) -> str:
    """ "service[:ro]" or "container:name[:ro]" as "container[:ro]"."""
    parts = text.split(":")
    if parts[0] == "container":
        return ":".join(parts[1:])
    name = design.container_name(parts[0]) if parts[0] in design.services else parts[0]
    return ":".join([name, *parts[1:]])


def _mode(value: Any) -> int | None:
    """A file mode: a number as it is, text as octal."""
    if isinstance(value, int):
        return value
    return int(value, 8) if isinstance(value, str) and re.fullmatch(r"0?o?[0-7]{3,4}", value) else None
