"""What mounts ask for: paths of the host, the engine's socket and files, and volumes that are such in disguise."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from topology.core.policy_ask import Ask

SOCKETS = (
    "/var/run/docker.sock", "/run/docker.sock", "/var/run/containerd/containerd.sock", "/run/containerd/containerd.sock",
    "/run/podman/podman.sock", "/var/run/podman/podman.sock", "/run/crio/crio.sock", "/var/run/crio/crio.sock",
)  # fmt: skip
SOCKET_NAMES = frozenset({"docker.sock", "containerd.sock", "podman.sock", "crio.sock", "docker.pid", "dockerd.sock"})
ENGINE_FOLDERS = ("/var/lib/docker", "/var/lib/containerd", "/etc/docker", "/run/docker", "/var/run/docker")


def mount_asks(host: Mapping[str, Any], *, own: Collection[str]) -> Iterator[Ask]:
    for bind in host.get("Binds") or ():
        yield from path_asks(str(bind).partition(":")[0])
    for mount in host.get("Mounts") or ():
        if mount.get("Type") == "bind" or mount.get("Type") == "npipe":
            yield from path_asks(str(mount.get("Source") or ""), always=True)
        elif mount.get("Type") == "volume":
            yield from path_asks(str(mount.get("Source") or ""))
        elif mount.get("Type") not in ("tmpfs", "image", None):
            yield Ask("bind_mounts", "mount-type", f"a mount of the type {mount['Type']}")
        driver = (mount.get("VolumeOptions") or {}).get("DriverConfig") or {}
        yield from volume_asks(str(driver.get("Name") or "local"), driver.get("Options") or {})
    if (driver_name := str(host.get("VolumeDriver") or "")) not in ("", "local"):
        yield Ask("bind_mounts", "volume-driver", f"volumes of the driver {driver_name[:40]}")
    for source in host.get("VolumesFrom") or ():
        name = str(source).partition(":")[0]
        if name not in own:
            yield Ask("bind_mounts", "foreign-container", f"the volumes of {name}, a container of another stack")


def path_asks(source: str, *, always: bool = False) -> Iterator[Ask]:
    """A mount's source: a path of the host, unless it is a plain volume name."""
    if not always and not source.startswith(("/", ".", "~", "\\")) and "/" not in source and "\\" not in source:
        return
    path = "/" + posixpath.normpath("/" + source.replace("\\", "/")).lstrip("/")
    inside = any(path == folder or path.startswith(f"{folder}/") for folder in ENGINE_FOLDERS)
    if path.rpartition("/")[2] in SOCKET_NAMES or path in SOCKETS:
        yield Ask("engine_socket", "engine-socket", f"the engine's socket, {source}")
        return
    parent = path.rstrip("/") + "/"
    if inside or any(known.startswith(parent) for known in (*SOCKETS, *ENGINE_FOLDERS)) or path.startswith("/proc"):
        yield Ask("engine_socket", "engine-socket", f"a bind mount of {source}, which holds the engine's own files")
    yield Ask("bind_mounts", "bind-mount", f"a bind mount of {source}")


def volume_asks(driver: str, options: Mapping[str, Any]) -> Iterator[Ask]:
    """A `local` volume is a mount that the host makes: of a path, a disk, a share or a file system of the kernel. What it may be
    without being asked is a tmpfs, or a plain folder of the engine's own. What another driver mounts is not known here."""
    if driver != "local":
        yield Ask("bind_mounts", "volume-driver", f"a volume of the driver {driver[:40]}")
        return
    given = {str(name).lower(): str(value) for name, value in options.items()}
    kind, device = given.get("type", "").strip().lower(), given.get("device", "")
    words = {word.strip().lower() for word in given.get("o", "").split(",")}
    plain = kind == "tmpfs" or not (given.keys() & {"type", "device", "o"})
    if not plain or words & {"bind", "rbind"}:
        yield from path_asks(device or "/", always=True)
