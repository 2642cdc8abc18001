"""`python -m tests.bench.corpus [PART…]`: one table for each part, with the time it took."""

from __future__ import annotations

import sys
import time
from importlib import import_module
from importlib.util import find_spec

PARTS = ("export", "accept", "config", "forms", "mixed", "hashes", "law", "conversion", "speed")


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in PARTS]:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in names or PARTS:
        if find_spec(f"tests.bench.corpus.{name}") is None:
            continue
        started = time.perf_counter()
        text = import_module(f"tests.bench.corpus.{name}").table()
        print(f"{text}\n    ({name}: {time.perf_counter() - started:.1f} s)\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
