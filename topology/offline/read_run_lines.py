"""`compose run-to-compose 'docker run …'`: pasted lines as a Compose file."""

from __future__ import annotations

import argparse
import shlex
import sys

from topology.compose.read import read
from topology.compose.run_line.lines import read_run_lines
from topology.core.problems import Problem
from topology.offline.inputs import read_text
from topology.offline.outputs import has_errors, print_json, print_notes, print_problems, problem_record

_PROJECT = "stack"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "line",
        metavar="LINE",
        nargs=argparse.REMAINDER,
        help="the line, quoted or not; one argument with all lines; `-`: standard input",
    )
    parser.add_argument(
        "--bridge", action="store_true", help="keep containers that name no network on docker0, as `docker run` does"
    )
    parser.add_argument("--json", action="store_true", help="print text, notes and problems as JSON")


def run(options: argparse.Namespace) -> int:
    """The file on standard output, notes and problems on standard error. 1 when something of a line is not in the file."""
    if not options.line:
        print("compose run-to-compose: give a line such as 'docker run -d nginx', or - for standard input", file=sys.stderr)
        return 2
    text = _text_of(options)
    if isinstance(text, Problem):
        print_problems([text], file="-")
        return 1
    lines = read_run_lines(text, bridge=options.bridge)
    of_file = read(lines.text, project=_PROJECT).checked() if lines.text else []
    if options.json:
        problems = [problem_record(one) for one in (*lines.problems, *of_file)]
        print_json({"text": lines.text, "notes": list(lines.notes), "problems": problems})
    else:
        print_notes(lines.notes)
        print(lines.text, end="")
        print_problems(lines.problems, file="line")
        print_problems(of_file, file="compose.yaml")
    return int(has_errors([*lines.problems, *of_file]))


def _text_of(options: argparse.Namespace) -> str | Problem:
    """The lines that were given. A line whose words came one by one, because nobody quoted it, is quoted again.

    Behind a line that is one argument, this command's own options may stand too.
    """
    words: list[str] = list(options.line)
    if words[0] != "-" and not any(letter.isspace() for letter in words[0]):
        return shlex.join(words)
    for own in ("--json", "--bridge"):
        if own in words:
            words.remove(own)
            setattr(options, own[2:], True)
    return read_text("-") if words == ["-"] else "\n".join(words)
