"""`compose convert FILE`: a file of the first format in the current one. The file itself is not touched."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from difflib import unified_diff

from topology.compose.convert import Converted, convert
from topology.compose.read import read
from topology.core.problems import Problem
from topology.offline.inputs import read_text
from topology.offline.outputs import has_errors, print_json, print_notes, print_problems, problem_record

_PROJECT = "stack"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file to convert, `-` for standard input")
    parser.add_argument("--bridge", action="store_true", help="keep the services on docker0, where version 1 had them")
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--diff", action="store_true", help="print what changes instead of the new text")
    output.add_argument("--json", action="store_true", help="print text, notes and problems as JSON")


def run(options: argparse.Namespace) -> int:
    """The new text on standard output; notes and what is still wrong with it on standard error. 1 when an error is left."""
    text = read_text(options.file)
    converted = text if isinstance(text, Problem) else convert(text, bridge=options.bridge)
    if isinstance(converted, Problem) or isinstance(text, Problem):
        assert isinstance(converted, Problem)
        return _refused(converted, options)
    problems = read(converted.text, project=_PROJECT).checked()
    if options.json:
        print_json({"text": converted.text, "notes": list(converted.notes), "problems": [problem_record(one) for one in problems]})
    else:
        _print(text, converted, options)
        print_problems(problems, file=options.file)
    return int(has_errors(problems))


def _refused(problem: Problem, options: argparse.Namespace) -> int:
    if options.json:
        print_json({"text": "", "notes": [], "problems": [problem_record(problem)]})
    else:
        print_problems([problem], file=options.file)
    return 1


def _print(text: str, converted: Converted, options: argparse.Namespace) -> None:
    print_notes(converted.notes)
    if options.diff:
        print("".join(_diff(text, converted.text, options.file)), end="")
    else:
        print(converted.text, end="")


def _diff(old: str, new: str, name: str) -> Iterator[str]:
    for line in unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), name, f"{name} (converted)"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
