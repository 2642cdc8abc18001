"""`compose edit FILE EDIT.json|-`: apply edits to a file, and to those it includes or extends where an edit says so.

The new text goes to standard output, what else there is to know to standard error. The format of edits: docs/edits.md.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from topology.compose.patch import split_lines
from topology.compose.write import Applied, apply
from topology.compose.write_files import beside, named_files
from topology.core.edit import Edit, Several
from topology.core.edit_json import from_json, to_json
from topology.core.problems import Problem
from topology.offline.disk import DiskSources
from topology.offline.inputs import read_text
from topology.offline.outputs import print_json, print_problems, problem_record
from topology.offline.written import write_all

MOST_FILES = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a Compose file, or - for standard input")
    parser.add_argument("edit", metavar="EDIT.json", help="one edit or a list of edits as JSON; - for standard input")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--in-place", action="store_true", help="write the file (and companions that change) instead of printing it")
    form.add_argument("--diff", action="store_true", help="print what changes as a unified diff")
    form.add_argument("--json", action="store_true", help="print text, changed companions, notes, inverse and problems as JSON")


def run(options: argparse.Namespace) -> int:
    if options.file == "-" and (options.edit == "-" or options.in_place):
        print("compose edit: standard input can be the file or the edit, and is never written in place", file=sys.stderr)
        return 2
    text, edit = read_text(options.file), _read_edit(options.edit)
    if isinstance(text, Problem):
        return _refused(text, options, file=options.file)
    if isinstance(edit, Problem):
        return _refused(edit, options, file=options.edit)
    folder = Path(options.file).parent if options.file != "-" else Path()
    files = _companions(text, folder)
    done = apply(text, edit, files=files)
    if isinstance(done, Problem):
        return _refused(done, options, file=options.file)
    if options.in_place:
        changed = {Path(options.file): done.text} if done.text != text else {}
        refused = write_all(changed | {folder / path: one for path, one in done.files.items()})
        if refused:
            return _refused(refused, options, file=options.file)
    _print(done, text, files, options)
    return 0


def _read_edit(name: str) -> Edit | Problem:
    text = read_text(name)
    if isinstance(text, Problem):
        return text
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        return Problem("edit-not-json", f"The edit is not JSON: {error}.", fix="Give one edit, or a list of edits.", line=line,
                       column=getattr(error, "colno", 0))  # fmt: skip
    if not isinstance(value, list):
        return from_json(value)
    return from_json({"kind": Several.kind, "edits": value})


def _companions(text: str, folder: Path) -> dict[str, str]:
    """The files that the text includes or extends, and those that they do, as far as they can be read."""
    found: dict[str, str] = {}
    disk = DiskSources(["/"])
    waiting = [("", text)]
    while waiting and len(found) < MOST_FILES:
        name, one = waiting.pop(0)
        for path in (beside(name, said) for said in named_files(one)):
            if path in found or "$" in path:
                continue
            read = disk.text(os.path.abspath(folder / path))  # noqa: PTH100
            if isinstance(read, str):
                found[path] = read
                waiting.append((path, read))
    return found


def _refused(problem: Problem, options: argparse.Namespace, *, file: str) -> int:
    if options.json:
        print_json({"problems": [problem_record(problem)]})
    else:
        print_problems([problem], file=file)
    return 1


def _print(done: Applied, text: str, files: dict[str, str], options: argparse.Namespace) -> None:
    if options.json:
        print_json({
            "text": done.text, "files": dict(sorted(done.files.items())), "notes": list(done.notes),
            "inverse": to_json(done.inverse), "problems": [],
        })  # fmt: skip
        return
    for note in done.notes:
        print(f"note: {note}", file=sys.stderr)
    if options.diff:
        sys.stdout.writelines(_diff(text, done.text, options.file))
        for path, changed in sorted(done.files.items()):
            sys.stdout.writelines(_diff(files[path], changed, path))
    elif not options.in_place:
        for path in sorted(done.files):
            print(f"note: {path} changes too; see it with --diff or --json, write both with --in-place", file=sys.stderr)
        sys.stdout.flush()
        sys.stdout.buffer.write(done.text.encode("utf-8"))  # line ends as they are


def _diff(old: str, new: str, name: str) -> Iterator[str]:
    for line in unified_diff(split_lines(old), split_lines(new), f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
