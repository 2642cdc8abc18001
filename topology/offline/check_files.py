"""`compose check FILE…`: what is wrong with a project, and who refuses it: Compose itself, or the engine and Netyard."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from topology.compose.read import read_project
from topology.compose.verdict import compose_refuses
from topology.core.problems import Problem, Severity
from topology.offline.outputs import has_errors, print_json, print_problems, problem_line, problem_record
from topology.offline.project_options import Opened, add_project_arguments, open_project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_project_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print the verdict and the problems as JSON")


def run(options: argparse.Namespace) -> int:
    """The problems on standard output, errors first by who refuses. 1 when there is an error of either."""
    opened = open_project(options)
    if isinstance(opened, Problem):
        if options.json:
            print_json({"project": "", "compose_accepts": False, "problems": [problem_record(opened)]})
        else:
            print_problems([opened], file=opened.file)
        return 1
    reading = read_project(opened.project)
    problems, refuses = reading.checked(), refused_by_compose(opened, set(reading.problems))
    if options.json:
        records = [{**problem_record(one), "compose_refuses": refuses(old)} for one, old in _pairs(opened, problems)]
        accepts = not any(map(refuses, problems))
        print_json({"project": opened.project.name, "compose_accepts": accepts, "problems": records})
    else:
        _print(opened, problems, refuses)
    return int(has_errors(problems))


def refused_by_compose(opened: Opened, read: set[Problem]) -> Callable[[Problem], bool]:
    """Whether Compose itself refuses because of a problem; `read` are those that reading found."""
    return lambda problem: compose_refuses(problem, opened.project, read=problem in read)


def _pairs(opened: Opened, problems: list[Problem]) -> list[tuple[Problem, Problem]]:
    return list(zip(opened.shown(problems), problems, strict=True))


def _print(opened: Opened, problems: list[Problem], refuses: Callable[[Problem], bool]) -> None:
    errors = [one for one in problems if one.severity is Severity.ERROR]
    groups = (
        ("Compose refuses this:", [one for one in errors if refuses(one)]),
        ("Compose takes this, the engine or Netyard does not:", [one for one in errors if not refuses(one)]),
        ("To look at:", [one for one in problems if one.severity is Severity.WARNING]),
    )
    for title, members in groups:
        if members:
            print(title)
        for one in opened.shown(members):
            print(problem_line(one, file=opened.file))
    print(_summary(opened, problems, refused=any(map(refuses, errors)), errors=len(errors)))


def _summary(opened: Opened, problems: list[Problem], *, refused: bool, errors: int) -> str:
    services = opened.project.tree.get("services")
    count = len(services) if isinstance(services, dict) else 0
    warnings = len(problems) - errors
    verdict = "Compose refuses it" if refused else "Compose accepts it"
    return f"{opened.project.name}: {_many(count, 'service')}, {_many(errors, 'error')}, {_many(warnings, 'warning')}. {verdict}."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
