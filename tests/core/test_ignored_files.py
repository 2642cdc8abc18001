"""What a `.dockerignore` leaves in; each case as `docker build` of 28.2.2 sent the files to an engine."""

from __future__ import annotations

import time

import pytest

from topology.core.ignored_files import BadPattern, left_in

FILES = (
    ".env", "a/.env", "a/b/.env", "a/b/c.txt", "a/b.txt", "x.md", "README.md", "docs/x.md", "foo", "foobar", "foo.bar", "src/a.py",
    "src/deep/er/b.py", "t1", "t2", "tz", "w[x]/y", "build/out/1", "build/keep/2",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (".env", [".env"]),
        ("**/.env", [".env", "a/.env", "a/b/.env"]),
        ("*.md\n!README.md", ["x.md"]),
        ("**/*.md\n!**/README.md", ["docs/x.md", "x.md"]),
        ("foo*", ["foo", "foo.bar", "foobar"]),
        ("/foo", ["foo"]),
        ("foo/", ["foo"]),
        ("a/../foo", ["foo"]),
        ("a/*.txt", ["a/b.txt"]),
        ("a/b", ["a/b/.env", "a/b/c.txt"]),
        ("src/**/*.py", ["src/a.py", "src/deep/er/b.py"]),
        ("**/er", ["src/deep/er/b.py"]),
        ("t[12]", ["t1", "t2"]),
        ("t[^12]", ["tz"]),
        ("t?", ["t1", "t2", "tz"]),
        ("w\\[x\\]", ["w[x]/y"]),
        ("# t1\n\n  t2  \n", ["t2"]),
        ("build\n!build/keep", ["build/out/1"]),
        ("foo.b?r", ["foo.bar"]),
        ("!foo", []),
        ("/", []),
        (".", []),
        ("..", []),
        ("**", list(FILES)),
        ("*\n!src/a.py", [one for one in FILES if one != "src/a.py"]),
    ],
)
def test_it_keeps_out_what_the_reference_tool_keeps_out(text: str, gone: list[str]) -> None:
    assert sorted(set(FILES) - left_in(FILES, text)) == sorted(gone)


@pytest.mark.parametrize("text", ["[", "a[b", "x\\", "!", "t\\1", "[z-a]", "a\n" * 1001, "a" * 30_001])
def test_a_pattern_that_nothing_reads_is_told(text: str) -> None:
    with pytest.raises(BadPattern):
        left_in(FILES, text)


def test_no_pattern_takes_long() -> None:
    began = time.monotonic()
    left_in(["/".join(["a" * 20] * 12)] * 1 + [f"{'a' * 250}{number}" for number in range(99)], "*a" * 14_000 + "b")
    left_in([f"{'a/' * 120}{number}" for number in range(100)], "**/a/" * 5_000 + "b")
    assert time.monotonic() - began < 10
