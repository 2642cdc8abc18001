"""Every corpus file brought in through the HTTP interface with the companions it names, and exported again: the same bytes?

Files that Compose refuses come in too: they are kept as they are and shown with their problems. Companions outside of the main
file's folder (`../x`) cannot be part of a stack; they are counted.

.venv/bin/python -m tests.bench.corpus export
"""

from __future__ import annotations

import io
import os
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.compose.corpus import FOLDER, rows
from topology.compose.companions import CONTEXT, needs_of
from topology.core.bundle import Bundle, path_problem

ROUNDS = 5


def files_named(main: Path) -> tuple[dict[str, str], int]:
    """The companions that a file on disk names, by path, and how many named ones stand outside of its folder."""
    found: dict[str, str] = {}
    outside: set[str] = set()
    text = main.read_bytes().decode()
    for _ in range(ROUNDS):
        before = len(found)
        for need in needs_of(Bundle(text, found, name=main.name)):
            if need.role == CONTEXT:
                continue
            if path_problem(need.path):
                outside.add(need.path)
            elif (path := main.parent / need.path).is_file():
                found[need.path] = path.read_bytes().decode()
        if len(found) == before:
            break
    return found, len(outside)


def round_trip(client: Any, *, team_id: str, row: dict[str, Any]) -> tuple[str, Counter[str]]:
    """What came back differently ("" for nothing), and what there is to count."""
    main = FOLDER / row["file"]
    files, outside = files_named(main)
    body = {
        "team_id": team_id,
        "name": row["file"][-80:],
        "text": main.read_bytes().decode(),
        "files": files,
        "file_name": main.name,
    }
    made = client.post("/api/stacks", body, content_type="application/json")
    if made.status_code != 201:
        return f"{row['file']}: {made.status_code} {made.content[:200]!r}", Counter()
    stack = made.json()
    answer = client.get(f"/api/stacks/{stack['id']}/export")
    back = {main.name: answer.content}
    if files:
        packed = zipfile.ZipFile(io.BytesIO(answer.content))
        back = {name: packed.read(name) for name in packed.namelist()}
    wanted = {main.name: main.read_bytes()} | {path: (main.parent / path).read_bytes() for path in files}
    count = Counter({
        "companions": len(files), "with companions": bool(files), "named outside of the folder": outside,
        "kept although they cannot be read": not stack["valid"],
    })  # fmt: skip
    return "" if back == wanted else f"{row['file']}: {sorted(path for path in wanted if back.get(path) != wanted[path])}", count


def table() -> str:
    """The figures, over a database of its own that is thrown away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from topology import announce
    from topology.models import Membership, Team

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    announce._post = lambda *_, **__: None  # type: ignore[assignment]  # nobody listens
    try:
        user = get_user_model().objects.create_user("corpus")
        team = Team.objects.create(name="Corpus")
        Membership.objects.create(team=team, user=user, role="owner")
        client = Client()
        client.force_login(user)
        results = [round_trip(client, team_id=str(team.pk), row=row) for row in rows()]
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    bad = [difference for difference, _ in results if difference]
    counts: Counter[str] = sum((count for _, count in results), Counter())
    lines = [f"Brought in and exported, byte for byte: {len(results) - len(bad)} of {len(results)}"]
    lines += [f"    {name}: {number}" for name, number in sorted(counts.items())]
    return "\n".join([*lines, *(f"    {one}" for one in bad)])
