"""`python -m topology.offline compose COMMAND …`; what each command does stands in its own file."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

# command → (its file, what it does). A file is imported only when its command is asked for.
_COMMANDS = {
    "check": ("check_files", "name what is wrong in Compose files, with file, line, column, code and fix"),
    "config": ("print_config", "print what the files mean, as `docker compose config --format json` does"),
    "edit": ("edit_file", "apply an edit to a file and print the new text"),
    "graph": ("draw_graph", "print the graph of a file as records (--json) or as a picture (--svg)"),
    "convert": ("convert_file", "turn a file without `services:` (the first form) into the current form"),
    "run-to-compose": ("read_run_lines", "turn `docker run …` lines into a Compose file"),
}


def main(arguments: list[str]) -> int:
    """Exit codes: 0 done; 1 the input has errors, which are printed; 2 the command line is wrong."""
    parser = argparse.ArgumentParser(prog="netyard compose", description="Read, check, edit and draw Compose files.")
    if not arguments or arguments[0] != "compose":
        parser.error("the first word must be `compose`")
    rest = arguments[1:]
    named = rest[0] if rest and rest[0] in _COMMANDS else None
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, text) in _COMMANDS.items():
        command = parsers.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        if name == named:
            module = import_module(f"topology.offline.{_COMMANDS[name][0]}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    options = parser.parse_args(rest)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # `… | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
