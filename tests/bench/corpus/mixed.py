"""Projects put together at random from the recorded forms, printed and hashed by us and by the tool: nothing may differ.

`python -m tests.bench.corpus.mixed [SEED [PROJECTS]]`; `layers` 2 lays a second file over the first.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.corpus.forms import ENVIRONMENT, VECTORS, recorded
from tests.bench.corpus.projects import Disk, differences, run_tool
from topology.compose.canonical import config, json_text, resolved
from topology.compose.compose_hash import service_hash
from topology.compose.project import Project, resolve
from topology.compose.sources import SourceFile

PROJECTS = 60
_ONLY_FIRST = ("depends_on", "links", "volumes_from", "pid", "ipc")  # of service `a`, or there would be cycles
_LEFT_OUT = ("image", "extends", "network_mode", "x-foo")
_NETWORKS = ("", "{internal: 'true', enable_ipv6: true, ipam: {driver: x}}", "{external: true}", "{x-a: 1, external: false}",
             "{ipam: {config: [{subnet: 10.0.0.0/24}]}, labels: [a, b=1], driver_opts: {x: 1, y: z}}")  # fmt: skip
_VOLUMES = (
    "",
    "{external: true, name: q}",
    "{driver: local, driver_opts: {o: bind, device: ./x}}",
    "{labels: {a: 1}, name: '${V}x'}",
)
_SECRETS = ("{file: ./s}", "{external: true}", "{file: ../x, name: foo, labels: {a: b}}")
_CONFIGS = ("{content: '$V$$'}", "{file: /x}", "{environment: V, template_driver: golang}")


@dataclass(slots=True)
class Outcome:
    """What came of a run: projects that the tool took, those that we print otherwise (text and differences), hashes."""

    taken: int = 0
    refused: int = 0
    differing: list[tuple[str, list[str]]] = field(default_factory=list)
    hashes: int = 0
    equal_hashes: int = 0


def outcome(*, seed: int, projects: int, layers: int = 1, but: Mapping[str, str] | None = None) -> Outcome:
    """`but`: forms that are left out, because they come out otherwise by themselves."""
    choice = random.Random(seed)
    forms: dict[str, list[str]] = {}
    for form, answer in recorded().items():
        key = form.partition(":")[0]
        if not isinstance(answer, str) and form not in (but or {}) and key not in _LEFT_OUT:
            forms.setdefault(key, []).append(form)
    found = Outcome()
    with tempfile.TemporaryDirectory(prefix="nyt-mixed-") as name:
        folder = Path(name)
        for env_file in ("e.env", "f.env"):
            (folder / env_file).write_text((VECTORS / env_file).read_text("utf-8"))
        for _ in range(projects):
            _compare(found, folder, [text(choice, forms, over=layer > 0) for layer in range(layers)], choice)
    return found


def text(choice: random.Random, forms: dict[str, list[str]], *, over: bool = False) -> str:
    """One file of three services with up to nine keys each."""
    lines = ["name: r", "services:"]
    for name in ("a", "b", "b2"):
        keys = [key for key in choice.sample(sorted(forms), choice.randint(1, 9)) if name == "a" or key not in _ONLY_FIRST]
        if "deploy" in keys:  # what is said in both places must be the same
            keys = [key for key in keys if key not in ("scale", "cpus", "mem_limit", "mem_reservation", "pids_limit")]
        image = [] if over else ["    image: x"]
        lines += [f"  {name}:", *image, *(f"    {choice.choice(forms[key])}" for key in keys)]
        if over and not keys:
            lines[-1] += " {}"
    if not over:
        lines += [f"networks: {{a: {choice.choice(_NETWORKS)}, b: {{name: bb}}}}"]
        lines += [f"volumes: {{v: {choice.choice(_VOLUMES)}, a: {{driver_opts: {{x: 1}}}}}}"]
        lines += [f"secrets: {{s: {choice.choice(_SECRETS)}, b: {{environment: V}}}}", f"configs: {{c: {choice.choice(_CONFIGS)}}}"]
    return "\n".join(lines) + "\n"


def _compare(found: Outcome, folder: Path, texts: list[str], choice: random.Random) -> None:
    paths = [folder / f"c{number}.yaml" for number in range(len(texts))]
    for path, content in zip(paths, texts, strict=True):
        path.write_text(content, "utf-8")
    profiles = choice.choice(([], ["p"], ["*"]))
    options = [part for path in paths for part in ("-f", str(path))] + [part for one in profiles for part in ("--profile", one)]
    printed = run_tool([*options, "config", "--format", "json"], environment=ENVIRONMENT)
    if printed.returncode:
        found.refused += 1
        return
    found.taken += 1
    project = _project(paths, profiles)
    differs = differences(config(project), json.loads(printed.stdout))
    if differs or json_text(config(project)) != printed.stdout.rstrip("\n"):
        found.differing.append(("---\n".join(texts), differs or ["the order of keys"]))
    hashes = run_tool([*options, "config", "--hash", "*"], environment=ENVIRONMENT).stdout.splitlines()
    ours = {name: service_hash(service) for name, service in resolved(project)["services"].items()}
    for name, digest in (line.split(" ") for line in hashes if line):
        if not project.tree["services"][name].get("env_file"):  # see hashes.ENV_FILE
            found.hashes += 1
            found.equal_hashes += ours.get(name) == digest


def _project(paths: list[Path], profiles: list[str]) -> Project:
    files = [SourceFile(str(path), path.read_text("utf-8"), path.name) for path in paths]
    return resolve(files, sources=Disk(), directory=str(paths[0].parent), environment=ENVIRONMENT, profiles=profiles)


def table() -> str:
    from tests.compose.test_canonical import KNOWN_FORMS

    lines = ["projects mixed at random from the forms, next to what the tool prints for each"]
    for layers in (1, 2):
        found = outcome(seed=1, projects=PROJECTS, layers=layers, but=KNOWN_FORMS)
        lines.append(
            f"    {layers} file{'s' * (layers > 1)}: the same bytes {found.taken - len(found.differing)} of {found.taken}, "
            f"hashes {found.equal_hashes} of {found.hashes}; refused by the tool {found.refused}"
        )
        lines += [f"        {differs[0]}" for _, differs in found.differing]
    return "\n".join(lines)


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    for layers in (1, 2):
        result = outcome(seed=asked[0] if asked else 1, projects=asked[1] if len(asked) > 1 else PROJECTS, layers=layers)
        print(layers, result.taken, result.refused, result.hashes, result.equal_hashes)
        for content, differs in result.differing:
            print(content, *differs, sep="\n")
