"""Who of the corpus is accepted and refused, next to the reference tool's verdict, and whether refusals stand at the right line.

.venv/bin/python -m tests.bench.corpus accept
"""

from __future__ import annotations

from tests.compose.test_accept import COMPLAINTS, NOT_AS_RECORDED, is_newer, lines_of, verdicts


def table() -> str:
    taken, refused, legacy, newer, apart, unlike, placed, asked = 0, 0, 0, [], [], [], 0, 0
    for row, project, found in verdicts():
        name, reason = row["file"].removeprefix("files/"), row["reason"] or ""
        if name.endswith(NOT_AS_RECORDED):
            apart.append(name)
        elif "legacy v1" in reason:
            legacy += bool(found)
        elif bool(found) != row["valid"]:
            taken, refused = taken + (row["valid"] is True), refused + (row["valid"] is False)
        elif is_newer(row["file"]):
            newer.append(f"{name}: {is_newer(row['file'])}")
        else:
            unlike.append(name)
        if row["file"] in COMPLAINTS and found:
            first, last = lines_of(project, COMPLAINTS[row["file"]])
            asked += 1
            placed += any(first <= one.line <= last for one in found)
    rows = [
        ("accepted, as Compose does", f"{taken}"),
        ("refused, as Compose does", f"{refused}"),
        ("refused as version 1 (offered for conversion)", f"{legacy} of 80"),
        ("refused at the entry that Compose names", f"{placed} of {asked}"),
        ("verdict differs", f"{len(unlike)}"),
    ]
    lines = ["accept: the reading's verdict next to Compose 2.26.1's", *(f"    {what:<48}{figure}" for what, figure in rows)]
    lines += [f"    differs: {name}" for name in unlike]
    lines += [f"    accepted, its key is newer: {name}" for name in newer]
    lines += [f"    apart, Compose refuses it with what the corpus holds: {name}" for name in apart]
    return "\n".join(lines)
