"""`compose config FILE…`: what a project means, printed as `docker compose config --format json` prints it."""

from __future__ import annotations

import argparse
import sys

from topology.compose.canonical import config, json_text, resolved, yaml_text
from topology.compose.compose_hash import service_hash
from topology.compose.project import Project
from topology.compose.read import read_project
from topology.compose.verdict import compose_refuses
from topology.core.problems import Problem, Severity
from topology.offline.outputs import print_problems
from topology.offline.project_options import Opened, add_project_arguments, open_project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_project_arguments(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--format", choices=("json", "yaml"), default="json", help="how it is written (default: json)")
    form.add_argument("--hash", metavar="SERVICES", help="print the hashes that Compose labels containers with, `*` for all")


def run(options: argparse.Namespace) -> int:
    """The project on standard output, problems on standard error. 1 when Compose would refuse it: then nothing is printed."""
    opened = open_project(options)
    if isinstance(opened, Problem):
        print_problems([opened], file=opened.file)
        return 1
    refused, warnings = _problems(opened)
    print_problems(opened.shown([*refused, *warnings]), file=opened.file)
    if refused:
        return 1
    if options.hash is not None:
        return _print_hashes(opened.project, options.hash)
    write = yaml_text if options.format == "yaml" else json_text
    print(write(config(opened.project)).rstrip("\n"))
    return 0


def _problems(opened: Opened) -> tuple[list[Problem], list[Problem]]:
    """What Compose refuses the project for, and what else reading has to say. Netyard's own rules are `check`'s to tell."""
    reading = read_project(opened.project)
    read = set(reading.problems)
    refused = [one for one in reading.checked() if compose_refuses(one, opened.project, read=one in read)]
    return refused, [one for one in reading.problems if one.severity is Severity.WARNING]


def _print_hashes(project: Project, names: str) -> int:
    """NAME and hash, a line each, sorted."""
    services = resolved(project)["services"]
    wanted = sorted(services) if names == "*" else sorted(name.strip() for name in names.split(","))
    if missing := [name for name in wanted if name not in services]:
        print(f"compose config: no such service: {', '.join(missing)}", file=sys.stderr)
        return 1
    for name in wanted:
        print(name, service_hash(services[name]))
    return 0
