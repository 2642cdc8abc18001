"""What spoilt files cost: run it by hand. Ends with 1 when one raises, takes too long, or takes too much memory.

.venv/bin/python -m tests.bench.fuzz [--count 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator

from tests.compose.corpus import files_of, rows, text_of
from topology.compose.project import resolve
from topology.compose.read import read, read_project
from topology.compose.sources import MemorySources, SourceFile

LONGEST_S = 5.0
MOST_MB = 600
TOKENS = (
    "\n", "  ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "<<: *a", "<<: [*a, *a]", "!!int x", "!reset ", "!override ", "null",
    "~", "'", '"', "$", "${", "${A:-", "}", "\t", "#", "|\n", ">-\n", "0x", "1e999", ".nan", "-1", "services:", "  web:\n",
    "include: [compose.yaml]\n", "extends: web", "extends: {file: compose.yaml, service: web}", "\x00", "\ud800", "\ufeff",
    "\u2028", "? ", "---\n", "...\n", "%YAML 1.1\n", "9" * 5000, "external: {name: 1}", "ipam: {config: [~]}", "links: ['::']",
    "test: []", "ports: ['1-65535:1-65535']", "2020-01-01", "1_000.5", "=", "\\", "ports: !reset []",
)  # fmt: skip


def mutated(texts: list[str], random_: random.Random) -> str:
    """One file of the corpus with one to eight changes: of a token, a line, a letter, or with lines of another file."""
    text = random_.choice(texts)
    for _ in range(random_.choice((1, 1, 1, 2, 3, 8))):
        text = random_.choice(_CHANGES)(text, texts, random_)
    return text


def _token(text: str, texts: list[str], random_: random.Random) -> str:
    at = random_.randint(0, len(text))
    return text[:at] + random_.choice(TOKENS) + text[at + random_.choice((0, 0, 1, 5, 40)) :]


def _letter(text: str, texts: list[str], random_: random.Random) -> str:
    at = random_.randint(0, len(text))
    return text[:at] + chr(random_.choice((random_.randint(0, 127), random_.randint(128, 0x10FFFF)))) + text[at + 1 :]


def _lines(text: str, texts: list[str], random_: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = random_.randint(0, len(lines))
    other = random_.choice(texts).splitlines(keepends=True)
    start = random_.randint(0, len(other))
    added = random_.choice(([], other[start : start + random_.randint(1, 10)], lines[at : at + random_.randint(1, 5)] * 3))
    return "".join([*lines[:at], *added, *lines[at + random_.choice((0, 0, 1, 3)) :]])


def _indent(text: str, texts: list[str], random_: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at = random_.randrange(len(lines))
    lines[at] = random_.choice(("  ", " ", "\t", "    ")) + lines[at] if random_.random() < 0.5 else lines[at].lstrip(" ")
    return "".join(lines)


def _cut(text: str, texts: list[str], random_: random.Random) -> str:
    return text[: random_.randint(0, len(text))]


_CHANGES: tuple[Callable[[str, list[str], random.Random], str], ...] = (_token, _token, _letter, _lines, _lines, _indent, _cut)


def take(text: str, files: dict[str, str]) -> tuple[float, bool]:
    """Seconds of CPU that a text takes (read, checked, its problems placed), and whether a design came of it."""
    begun = time.process_time()
    reading = read(text, project="p", environment={"A": "1"}, files={**files, "compose.yaml": text})
    for problem in reading.checked():
        assert problem.line > 0 and problem.message and problem.fix, problem
    return time.process_time() - begun, reading.design is not None


def hostile() -> Iterator[tuple[str, Callable[[], object]]]:
    """What someone could send on purpose."""

    def reading(text: str) -> Callable[[], object]:
        return lambda: read(text, project="p").checked()

    service = "services:\n  a:\n    image: x\n"
    yield "10 MB of one service's variables", reading(service + "    environment:\n" + "      A: b\n" * 900_000)
    yield "2 MB of services", reading("services:\n" + "".join(f"  s{n}: {{image: x}}\n" for n in range(95_000)))
    yield "100,000 open brackets", reading("a: " + "[" * 100_000)
    yield "10,000 open mappings", reading("".join(" " * n + "a:\n" for n in range(1_500)))
    yield (
        "aliases of aliases",
        reading(
            "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9))
        ),
    )
    yield "NUL and half of a surrogate", reading(service + "    user: 'a\x00b\ud800'\n")
    yield (
        "1,000 services that extend one another",
        reading(
            "services:\n  s0: {image: x, environment: {"
            + ", ".join(f"V{n}: '1'" for n in range(200))
            + "}}\n"
            + "".join(f"  s{n}: {{extends: s{n - 1}}}\n" for n in range(1, 900))
        ),
    )
    yield "files that include each other twice, 30 deep", _includes(depth=30, times=2)
    yield (
        "a file that extends and includes itself",
        reading("include: [compose.yaml]\nservices: {a: {extends: {file: compose.yaml, service: a}}}"),
    )
    yield (
        "20,000 ports on addresses of their own",
        reading(service + "    ports: [" + ", ".join(f"'10.{n >> 8}.{n & 255}.1:80:80'" for n in range(15_000)) + "]\n"),
    )
    yield (
        "20,000 subnets",
        reading(
            "services: {}\nnetworks:\n  n:\n    ipam:\n      config:\n"
            + "".join(f"        - subnet: 10.{n >> 8}.{n & 255}.0/24\n" for n in range(11_000))
        ),
    )
    yield "100,000 unknown keys", reading(service + "".join(f"    k{n}: 1\n" for n in range(25_000)))
    yield "a template of 500,000 braces", reading("services: {a: {image: '" + "${A:-{" * 100_000 + "'}}")


def _includes(*, depth: int, times: int) -> Callable[[], object]:
    texts = {f"/p/f{n}.yml": f"include: [{', '.join([f'f{n + 1}.yml'] * times)}]\nservices: {{}}\n" for n in range(depth)}
    texts[f"/p/f{depth}.yml"] = "services: {a: {image: x}}\n"
    first = SourceFile("/p/f0.yml", texts["/p/f0.yml"])
    sources = MemorySources(texts)
    return lambda: read_project(resolve([first], sources=sources, directory="/p", environment={})).checked()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random_ = random.Random(options.seed)
    texts, files = [text_of(row) for row in rows()], [files_of(row) for row in rows()[::10]]
    at_start, slowest, total, designs = peak_mb(), (0.0, ""), 0.0, 0
    for _ in range(options.count):
        text = mutated(texts, random_)
        took_s, has_design = take(text, random_.choice(files))
        designs += has_design
        total += took_s
        slowest = max(slowest, (took_s, text))
    mean_s = total / options.count
    print(f"{options.count} spoilt files, {designs} of them still a design: none raised; worst {slowest[0] * 1000:.0f} ms, "
          f"mean {mean_s * 1000:.1f} ms, {peak_mb() - at_start:.0f} MB more at the peak")  # fmt: skip
    late = slowest[0] > LONGEST_S
    for what, work in hostile():
        begun = time.process_time()
        work()
        took_s = time.process_time() - begun
        late = late or took_s > LONGEST_S
        print(f"{took_s * 1000:8.0f} ms, peak {peak_mb():4.0f} MB  {what}", flush=True)
    return int(late or peak_mb() > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
