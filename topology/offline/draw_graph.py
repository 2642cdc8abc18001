"""`compose graph FILE…`: a project's graph, as records for programs or as a picture."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from topology.compose.read import read_project
from topology.core.design import Design
from topology.core.picture import picture_svg
from topology.core.picture_records import graph_records
from topology.core.problems import Problem
from topology.offline.outputs import has_errors, print_problems, problem_record
from topology.offline.project_options import add_project_arguments, open_project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_project_arguments(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print records (the default); docs/graph.md describes them")
    form.add_argument("--svg", action="store_true", help="print a picture")
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="the picture's colours")
    parser.add_argument("-o", dest="out", metavar="OUT", help="write to this file instead of standard output")


def run(options: argparse.Namespace) -> int:
    """A file with errors is drawn as far as it can be read; 1 when there are errors, which go to standard error."""
    opened = open_project(options)
    if isinstance(opened, Problem):
        print_problems([opened], file=opened.file)
        return 1
    reading = read_project(opened.project)
    problems = reading.checked()
    shown = opened.shown(problems)
    print_problems(shown if options.svg else [], file=opened.file)
    if reading.design is None:
        print_problems([] if options.svg else shown, file=opened.file)
        return 1
    written = _written(reading.design, problems, shown, svg=options.svg, theme=options.theme)
    if refused := _put(written, options.out):
        print_problems([refused], file=options.out)
        return 1
    return int(has_errors(problems))


def _written(design: Design, problems: Sequence[Problem], shown: Sequence[Problem], *, svg: bool, theme: str) -> str:
    if svg:
        return picture_svg(design, theme=theme, problems=problems)
    records = {**graph_records(design), "problems": [problem_record(one) for one in shown]}
    return json.dumps(records, indent=2, ensure_ascii=False) + "\n"


def _put(text: str, out: str | None) -> Problem | None:
    if out is None or out == "-":
        sys.stdout.write(text)
        return None
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        return Problem("file-not-written", f"`{out}` cannot be written: {error.strerror}.", fix="Name a file in a folder of yours.")
    return None
