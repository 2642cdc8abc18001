"""How long reading and editing take: run it by hand on a quiet machine. Ends with 1 where a limit is passed.

.venv/bin/python -m tests.bench.compose_speed
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from tests.compose.corpus import rows, text_of
from tests.compose.test_read import HOSTILE
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

READ_57_S = 0.1
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


def text_of_57() -> str:
    variables = ", ".join(f'V{number}: "{number}"' for number in range(15))
    others = "".join(SERVICE.format(n=n, p=9000 + n, variables=variables) for n in range(1, 57))
    return f"services:\n  s0: {{image: redis, networks: [front]}}\n{others}networks:\n  front: {{}}\nvolumes: {{data: {{}}}}\n"


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
    big = text_of_57()
    slow = 0

    def say(what: str, took_s: float, *, limit_s: float) -> None:
        nonlocal slow
        slow += took_s > limit_s
        sys.stdout.write(f"{took_s * 1000:8.1f} ms of {limit_s * 1000:6.0f}  {what}\n")

    say("read and check 57 services", cpu_s(lambda: read(big, project="p").checked()), limit_s=READ_57_S)
    texts = {"57 services": big}
    if found := [text_of(row) for row in rows()]:
        texts["the corpus' largest file"] = max((one for one in found if read(one, project="p").design), key=len)
    for what, text in texts.items():
        for edit in edits_of(text):
            assert isinstance(apply(text, edit), Applied)
            say(f"{type(edit).__name__} in {what}", cpu_s(lambda text=text, edit=edit: apply(text, edit)), limit_s=EDIT_S)
    for code, text in HOSTILE.items():
        say(f"turn down {code}", cpu_s(lambda text=text: read(text, project="p").checked(), times=1), limit_s=HOSTILE_S)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
