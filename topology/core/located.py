"""Where a stack's Compose file lies on the engine's host, as far as Compose's labels tell: paths beside the file mean that folder.

A text that came in over the browser lies nowhere: then such a path has no meaning, and a plan says so. What Compose made from the
same file knows its folder, so that the stack goes on with the same mounts and with the same hashes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace

from topology.core.design import Design, Mount, Resource, Service
from topology.core.labels import WORKING_DIR
from topology.core.observed import Observed

_WHOLE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\|~")


def folder_of(observed: Observed) -> str:
    """The absolute POSIX path that all containers which name a folder agree on; "" where there is none."""
    found = {one.labels.get(WORKING_DIR, "") for one in observed.containers if not one.oneoff} - {""}
    only = found.pop() if len(found) == 1 else ""
    return posixpath.normpath(only) if only.startswith("/") else ""


def located(design: Design, folder: str) -> Design:
    """The design with its relative paths of the host as whole ones. Files that the stack has itself stay the stack's."""
    if not folder:
        return design
    return replace(
        design,
        services={name: _service(spec, folder) for name, spec in design.services.items()},
        configs=_resources(design.configs, design.files, folder),
        secrets=_resources(design.secrets, design.files, folder),
        folder=folder,
    )


def _service(spec: Service, folder: str) -> Service:
    mounts = tuple(_mount(one, folder) for one in spec.mounts)
    return spec if mounts == spec.mounts else replace(spec, mounts=mounts)


def _mount(mount: Mount, folder: str) -> Mount:
    """An empty source, such as a variable without a value, is the folder itself, as in Compose."""
    source = mount.source or "."
    if mount.kind != "bind" or _WHOLE.match(source):
        return mount
    return replace(mount, source=posixpath.normpath(posixpath.join(folder, source)))


def _resources(found: Mapping[str, Resource], files: Mapping[str, str], folder: str) -> dict[str, Resource]:
    def whole(one: Resource) -> Resource:
        path = one.file or ""
        if not path or _WHOLE.match(path) or posixpath.normpath(path) in files:
            return one
        return replace(one, file=posixpath.normpath(posixpath.join(folder, path)))

    return {key: whole(one) for key, one in found.items()}
