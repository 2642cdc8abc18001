"""Tar archives made in memory: files put into a container, and the context of a build."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Mapping
from typing import Any

from topology.engine.client import Client
from topology.engine.found import container_path

COPY_TIMEOUT_S = 120.0
SCRIPT, PLAIN = 0o755, 0o644


def copy_files(client: Client, container: str, files: Iterable[Mapping[str, Any]], contents: Mapping[str, str]) -> str:
    """Put texts into a container, over what stands there: path, owner and mode as each of `files` says."""
    entries = [(one["path"].lstrip("/"), contents[one["path"]], one["uid"], one["gid"], one["mode"]) for one in files]
    path = f"{container_path(client, container)}/archive"
    client.put(path, archive(entries), params={"path": "/", "noOverwriteDirNonDir": "true"}, timeout_s=COPY_TIMEOUT_S)
    return ""


def context(contents: Mapping[str, str]) -> bytes:
    """A build's context. A script, a text that begins with `#!`, can be run; nothing else tells what a text is."""
    return archive((path, text, 0, 0, SCRIPT if text.startswith("#!") else PLAIN) for path, text in sorted(contents.items()))


def archive(entries: Iterable[tuple[str, str, int, int, int]]) -> bytes:
    """(path, text, user id, group id, mode) each as a tar. Times are 0, so that the same files are the same bytes."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, text, uid, gid, mode in entries:
            data = text.encode("utf-8", "surrogateescape")
            member = tarfile.TarInfo(path)
            member.size, member.uid, member.gid, member.mode = len(data), uid, gid, mode
            tar.addfile(member, io.BytesIO(data))
    return made.getvalue()
