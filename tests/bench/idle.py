"""What a running Netyard takes when nobody watches: `python -m tests.bench.idle DATA [SECONDS]`, for the data folder of an `up`.

Prints resident and proportional memory in MB and CPU in per cent of a core, for each process and in all.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int, key: str) -> float:
    name = "status" if key == "VmRSS" else "smaps_rollup"
    line = next(line for line in Path(f"/proc/{pid}/{name}").read_text().splitlines() if line.startswith(f"{key}:"))
    return int(line.split()[1]) / 1024


def main(data: Path, seconds: float) -> None:
    state = json.loads((data / "up.json").read_text())
    pids = {"supervisor": state["pid"], **{name: child["pid"] for name, child in state["children"].items()}}
    before = {name: cpu_s(pid) for name, pid in pids.items()}
    time.sleep(seconds)
    total = [0.0, 0.0, 0.0]
    for name, pid in pids.items():
        row = [memory_mb(pid, "VmRSS"), memory_mb(pid, "Pss"), (cpu_s(pid) - before[name]) / seconds * 100]
        total = [a + b for a, b in zip(total, row, strict=True)]
        print(f"{name:<11} {row[0]:6.0f} MB resident {row[1]:6.0f} MB proportional {row[2]:6.2f} % of a core")
    print(f"{'in all':<11} {total[0]:6.0f} MB resident {total[1]:6.0f} MB proportional {total[2]:6.2f} % of a core")


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 30.0)
