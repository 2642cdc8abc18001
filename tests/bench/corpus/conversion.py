"""Every file of the first form in the corpus, converted, and what the reference tool says of it.

A file is copied with its whole folder; files of the first form beside it (targets of `extends`) are converted too. Variables that
have no value get one, as for the corpus's other files.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.compose.corpus import FOLDER, rows
from tests.lab.compose import compose_command
from topology.compose.convert import Converted, convert
from topology.compose.document import parse
from topology.compose.values import Values

DUMMIES = {"HOST_PORT": "8001", "IMAGE": "busybox"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `state` is "accepted", "refused" or "refused as before" (version 1 refused it too).

    `differs` is what the tool reads otherwise than version 1 did.
    """

    file: str
    state: str
    reason: str = ""
    differs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def legacy_rows() -> list[dict[str, Any]]:
    return [row for row in rows() if row["features"].get("legacy_v1")]


def outcome(row: dict[str, Any], *, bridge: bool = False) -> Outcome:
    """Convert one file and ask the tool."""
    with tempfile.TemporaryDirectory(prefix="nyt-conversion-") as name:
        folder = Path(name) / "project"
        source = FOLDER / row["file"]
        shutil.copytree(source.parent, folder, ignore=_only_small)
        converted = _convert_file(folder / source.name, bridge=bridge)
        if not isinstance(converted, Converted):
            return Outcome(row["file"], "refused", str(converted))
        for other in folder.glob("*.y*ml"):
            if other.name != source.name:
                _convert_file(other, bridge=bridge)
        _stand_ins(folder, converted.text)
        raw = Values().of(parse(source.read_text("utf-8").removeprefix("\ufeff")).root)
        done = _config(folder / source.name)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1]
        return Outcome(row["file"], "refused as before" if refused_before(raw, source) else "refused", reason, (), converted.notes)
    model = json.loads(done.stdout.replace("$$", "$"))
    return Outcome(row["file"], "accepted", "", tuple(differences(raw, model)), converted.notes)


def _only_small(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.startswith("_")]


def _convert_file(path: Path, *, bridge: bool) -> Converted | Any:
    converted = convert(path.read_text("utf-8"), bridge=bridge)
    if isinstance(converted, Converted):
        path.write_text(converted.text, "utf-8")
    return converted


def _stand_ins(folder: Path, text: str) -> None:
    """Files for `env_file` that the repository keeps out of git."""
    for services in (yaml.safe_load(text).get("services") or {}).values():
        named = (services or {}).get("env_file") or []
        for one in [named] if isinstance(named, str) else named:
            if isinstance(one, str) and not (folder / one).exists():
                (folder / one).write_text("")


def _config(path: Path) -> subprocess.CompletedProcess[str]:
    names = set(re.findall(r"\$\{?([A-Za-z_]\w*)", path.read_text("utf-8")))
    known = (path.parent / ".env").read_text("utf-8") if (path.parent / ".env").exists() else ""
    values = {name: DUMMIES.get(name, "dummy") for name in names if f"{name}=" not in known}
    command = [*compose_command(), "-p", "corpus", "-f", str(path), "config", "--format", "json"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/root", **values}
    return subprocess.run(command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=60)


def refused_before(raw: dict[str, Any], source: Path) -> str:
    """Why version 1 refused the file itself: a chain of `extends` that is a circle or ends nowhere."""
    for name in raw:
        seen: set[tuple[str, str]] = set()
        path, here, service = source, raw, name
        while True:
            if (str(path), service) in seen:
                return "extends in a circle"
            seen.add((str(path), service))
            if not isinstance(here.get(service), dict):
                return f"extends `{service}`, which is not there"
            extends = here[service].get("extends")
            if extends is None:
                break
            extends = {"service": extends} if isinstance(extends, str) else extends
            if extends.get("file"):
                path = path.parent / extends["file"]
                here = Values().of(parse(path.read_text("utf-8")).root) if path.exists() else {}
            service = extends["service"]
    return ""


def differences(raw: dict[str, Any], model: dict[str, Any]) -> list[str]:
    """What the tool reads otherwise than version 1 did, per service: image, command, environment, ports, volumes, links.

    Services that extend another are compared in what they say themselves. Values with variables are left to the tool.
    """
    found: list[str] = []
    services = model["services"]
    for name, keys in raw.items():
        if not isinstance(keys, dict) or not ({"image", "build", "extends"} & set(keys)):
            continue
        if name not in services:
            found.append(f"{name} is missing")
            continue
        for key, check in _CHECKS.items():
            if key in keys and "$" not in json.dumps(keys[key]) and not check(keys[key], services[name].get(_NAMES.get(key, key))):
                found.append(f"{name}.{key}: {keys[key]!r} became {services[name].get(_NAMES.get(key, key))!r}")
    return found


_NAMES = {"net": "network_mode"}


def _environment(old: Any, new: Any) -> bool:
    pairs = [one.partition("=") for one in old] if isinstance(old, list) else None
    wanted = {name: value for name, _, value in pairs} if pairs is not None else {k: _text(v) for k, v in old.items()}
    return all((new or {}).get(name) == value or value in ("", None) for name, value in wanted.items())


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value if value is not None else "")


def _ports(old: Any, new: Any) -> bool:
    shown = set()
    for port in new or []:
        host = f"{port['host_ip']}:" if port.get("host_ip") else ""
        published = f"{port['published']}:" if port.get("published") else ""
        protocol = "/udp" if port["protocol"] == "udp" else ""
        shown.add(f"{host}{published}{port['target']}{protocol}")
    return {str(one) for one in old} == shown


def _volumes(old: Any, new: Any) -> bool:
    shown = [(mount.get("source", "").rstrip("/").rpartition("/")[2], posixpath.normpath(mount["target"])) for mount in new or []]
    return [_mount(one) for one in old] == shown


def _mount(text: str) -> tuple[str, str]:
    source, _, rest = text.rpartition(":") if text.count(":") < 2 else (*text.split(":")[:1], "", text.split(":")[1])
    source = "project" if source == "." else source.rstrip("/").rpartition("/")[2]
    return source, posixpath.normpath(rest)


def _links(old: Any, new: Any) -> bool:
    return set(old) <= set(new or [])


def _command(old: Any, new: Any) -> bool:
    return (" ".join(new or []) if isinstance(new, list) else str(new)).replace('"', "").replace("'", "").split() == (
        " ".join(old) if isinstance(old, list) else str(old)
    ).replace('"', "").replace("'", "").replace("\\", "").split()


def _network(old: Any, new: Any) -> bool:
    return old == new or str(old).replace("container:", "service:") == new


_CHECKS: dict[str, Any] = {
    "image": lambda old, new: old == new,
    "command": _command,
    "environment": _environment,
    "ports": _ports,
    "volumes": _volumes,
    "links": _links,
    "net": _network,
    "restart": lambda old, new: old == new,
}


def table() -> str:
    """The outcome over all files, in both ways, and every file that is not simply accepted by name."""
    lines = ["Conversion of the first form: corpus files accepted by the reference tool", ""]
    for bridge in (False, True):
        found = [outcome(row, bridge=bridge) for row in legacy_rows()]
        count = {state: sum(one.state == state for one in found) for state in ("accepted", "refused as before", "refused")}
        same = sum(one.state == "accepted" and not one.differs for one in found)
        lines.append(
            f"{'docker0 kept' if bridge else 'own network':12}  files {len(found)}  accepted {count['accepted']}  "
            f"mean the same {same}  refused by version 1 too {count['refused as before']}  refused {count['refused']}"
        )
        lines += [f"    {one.state}: {one.file.removeprefix('files/')}: {one.reason}" for one in found if one.state != "accepted"]
        lines += [f"    differs: {one.file.removeprefix('files/')}: {what}" for one in found for what in one.differs]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
