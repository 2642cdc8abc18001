"""How long reading and editing take: run it by hand on a quiet machine. Ends with 1 where a limit is passed.

.venv/bin/python -m tests.bench.compose_speed
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from tests.compose.corpus import rows, text_of
from tests.compose.test_read import HOSTILE
from tests.lab.compose import compose_command
from topology.compose.document import parse
from topology.compose.read import read
from topology.compose.values import Values
from topology.compose.write import Applied, apply
from topology.core.edit import (
    AddService,
    Edit,
    RemoveNetwork,
    RemoveService,
    RenameNetwork,
    RenameService,
    SetEnvironment,
    SetValue,
)

READ_57_S = 0.04
EDIT_S = 0.05
HOSTILE_S = 10.0

SERVICE = """  s{n}:
    image: nginx:{n}
    ports: ["{p}:80"]
    environment: {{A: "${{X:-1}}", {variables}}}
    volumes: [data:/a:ro]
    networks: {{front: {{aliases: [w{n}]}}}}
    depends_on: {{s0: {{condition: service_started}}}}
    healthcheck: {{test: curl localhost, interval: 5s}}
"""


def cpu_s(work: Callable[[], Any], *, times: int = 5) -> float:
    """CPU time of one call, the best of some, as other work shares the machine."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def text_of_services(count: int) -> str:
    variables = ", ".join(f'V{number}: "{number}"' for number in range(15))
    others = "".join(SERVICE.format(n=n, p=9000 + n, variables=variables) for n in range(1, count))
    return f"services:\n  s0: {{image: redis, networks: [front]}}\n{others}networks:\n  front: {{}}\nvolumes: {{data: {{}}}}\n"


def text_of_57() -> str:
    return text_of_services(57)


def extended(text: str) -> str:
    """The same services, each extending the first, and one anchor merged into all: the writer's dearest forms."""
    heirs = text.replace("    image: nginx", "    extends: s0\n    <<: *shared\n    image: nginx")
    return "x-shared: &shared\n  labels: {a: b}\n" + heirs.replace(
        "s0: {image: redis", "s0: {restart: always, image: redis"
    ).replace("    depends_on: {s0: {condition: service_started}}\n", "")


def tool_s(text: str) -> float:
    """Wall time of the reference tool's `config` of the text, the best of three."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        found = []
        for _ in range(3):
            start = time.perf_counter()
            command = [*compose_command(), "-p", "p", "-f", file.name, "config", "--quiet"]
            subprocess.run(command, check=True, capture_output=True)
            found.append(time.perf_counter() - start)
    return min(found)


def edits_of(text: str) -> list[Edit]:
    raw = Values().of(parse(text.removeprefix("\ufeff")).root)
    services = list(raw["services"])
    name, network = services[len(services) // 2], max(raw.get("networks") or {}, default=None)
    found: list[Edit] = [
        SetValue(("services", name, "image"), "x"),
        SetEnvironment(name, "ADDED", "1"),
        AddService("added", {"image": "x"}),
        RemoveService(name),
        RenameService(name, "renamed"),
        RemoveService(services[0]),
        RenameService(services[0], "renamed"),
    ]
    return found + ([RenameNetwork(network, "renamed"), RemoveNetwork(network)] if network else [])


def main() -> int:
    slow = 0

    def say(what: str, took_s: float, *, limit_s: float | None) -> None:
        nonlocal slow
        slow += limit_s is not None and took_s > limit_s
        limit = "         " if limit_s is None else f"of {limit_s * 1000:6.0f}"
        sys.stdout.write(f"{took_s * 1000:8.1f} ms {limit}  {what}\n")

    texts: dict[str, tuple[str, float | None]] = {
        "57 services": (text_of_services(57), EDIT_S),
        "57 services that extend and merge": (extended(text_of_services(57)), EDIT_S),
        "500 services": (text_of_services(500), None),
    }
    if found := [text_of(row) for row in rows()]:
        texts["the corpus' largest file"] = (max((one for one in found if read(one, project="p").design), key=len), EDIT_S)
    for what, (text, limit_s) in texts.items():
        took_s = cpu_s(lambda text=text: read(text, project="p").checked(), times=3)
        say(f"read and check {what}", took_s, limit_s=READ_57_S if limit_s else None)
        tool = tool_s(text) if "corpus" not in what else 0.0
        if tool:
            sys.stdout.write(f"{tool * 1000:8.1f} ms            `docker compose config`; reading takes {took_s / tool:.2f} of it\n")
        worst_s = 0.0
        for edit in edits_of(text):
            assert isinstance(apply(text, edit), Applied)
            edit_s = cpu_s(lambda text=text, edit=edit: apply(text, edit), times=3)
            worst_s = max(worst_s, edit_s)
            say(f"{type(edit).__name__} in {what}", edit_s, limit_s=limit_s)
        if tool:
            sys.stdout.write(f"                        the slowest edit takes {worst_s / tool:.2f} of `docker compose config`\n")
    for code, text in HOSTILE.items():
        say(f"turn down {code}", cpu_s(lambda text=text: read(text, project="p").checked(), times=1), limit_s=HOSTILE_S)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
