"""How problems are printed: a line each for people, JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from topology.core.problems import Problem, Severity


def problem_record(problem: Problem) -> dict[str, Any]:
    """The problem as a JSON object: severity, code, file, line, column, path, subject, message, fix."""
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "path": list(problem.path),
        "subject": problem.subject,
        "message": problem.message,
        "fix": problem.fix,
    }


def problem_line(problem: Problem, *, file: str) -> str:
    """`compose.yaml:12:7: error: … [code]`, the fix on the next line. `file` stands in where the problem names none."""
    place = f"{problem.file or file}:{problem.line}:{problem.column}" if problem.line else problem.file or file
    fix = f"\n    {problem.fix}" if problem.fix else ""
    return f"{place}: {problem.severity.value}: {problem.message} [{problem.code}]{fix}"


def print_problems(problems: Iterable[Problem], *, file: str) -> None:
    """To standard error, so that standard output holds only what was asked for."""
    for problem in problems:
        print(problem_line(problem, file=file), file=sys.stderr)


def print_notes(notes: Iterable[str]) -> None:
    """To standard error, a line each."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def has_errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)
