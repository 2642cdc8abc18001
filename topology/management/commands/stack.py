"""`./netyard stack …`: the browser's actions for scripts, whether or not `up` is running.

Runs are carried out in this process unless a worker is faster; plans are made from a fresh look at the engine. Exit codes: 0 done,
1 failed, 2 wrong usage. Results go to stdout, everything else to stderr.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from topology import announce
from topology.actions.create_stack import create_stack
from topology.actions.declined import Declined
from topology.actions.delete_stack import delete_stack
from topology.actions.preview_plan import make_preview
from topology.actions.read_stack import export_stack, list_stacks, status_of
from topology.core.access import Right
from topology.engine.errors import EngineError
from topology.management.adopting import adopt, list_adoptable, print_adoptable
from topology.management.bringing import read_bundle, write_bundle
from topology.management.operator import home_team, look_afresh, named_stack, operator, prepare_database
from topology.management.progress import carry_out
from topology.store.drifts import load_drift
from topology.store.graphs import problem_view


class Command(BaseCommand):
    help = "Lists, imports, plans, applies and takes down stacks."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        common = CommandParser(add_help=False)
        common.add_argument("--json", action="store_true", help="print the result as JSON")
        common.add_argument("--as", dest="user", default="", metavar="USER", help="act as this person")
        actions = parser.add_subparsers(dest="action", required=True, metavar="list|import|…|delete|projects|adopt")

        def add(name: str, text: str, *, named: bool = True) -> argparse.ArgumentParser:
            made = actions.add_parser(name, help=text, parents=[common])
            if named:
                made.add_argument("name", help="the stack's name")
            return made

        add("list", "every stack you can see", named=False)
        importing = add("import", "make a stack from Compose files and what they name (- reads standard input)", named=False)
        importing.add_argument("file", metavar="FILE|FOLDER", nargs="+", help="the main file; further ones are merged over it")
        importing.add_argument("--name", required=True)
        importing.add_argument("--team", default="", help="the team it belongs to; your first one by default")
        exporting = add("export", "print the Compose text, byte for byte; or write all files")
        exporting.add_argument("-o", "--output", default="", metavar="FOLDER|FILE.zip", help="write all of its files")
        add("show", "what is drawn, what runs, and what is wrong")
        planning = add("plan", "what an apply would do")
        planning.add_argument("--remove-orphans", action="store_true")
        applying = add("apply", "make the engine agree with the design")
        applying.add_argument("--wait", action="store_true", help="wait for the end (always so; for scripts that say it)")
        applying.add_argument("--remove-orphans", action="store_true", help="remove containers of services that are gone")
        down = add("down", "remove the stack's containers and networks")
        down.add_argument("--volumes", action="store_true", help="and its volumes, with what is in them")
        down.add_argument("--remove-orphans", action="store_true", help="and containers of services that are gone")
        add("delete", "forget a stack that has nothing left on its engine")
        add("projects", "what runs on the engine and is no stack yet", named=False)
        adopting = add("adopt", "make a stack of what runs, without touching it", named=False)
        adopting.add_argument("project", nargs="?", default="", metavar="PROJECT", help="a Compose project on the engine")
        adopting.add_argument("--container", nargs="+", default=[], metavar="NAME", help="containers that belong to no project")
        adopting.add_argument("--name", default="", help="the stack's name; by default the project's")
        adopting.add_argument("--team", default="", help="the team it belongs to; your first one by default")

    def handle(self, *args: Any, **options: Any) -> None:
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        )
        self.json = options["json"]
        prepare_database()
        try:
            self.actor, self.note = operator(options["user"])
            if self.note:
                print(self.note, file=sys.stderr)
            code = getattr(self, f"do_{options['action']}")(options) or 0
        except Declined as declined:
            raise CommandError(_sentence(declined)) from declined
        except EngineError as error:
            raise CommandError(f"{error.message} {error.fix}".strip()) from error
        finally:
            announce.flush(timeout_s=0.5)
        if code:
            sys.exit(code)

    # --- one verb each --------------------------------------------------------------------------------------------------------

    def do_list(self, _options: dict[str, Any]) -> None:
        cards = list_stacks(self.actor)
        if self.json:
            self._print([card.model_dump(mode="json", exclude={"picture"}) for card in cards])
            return
        width = max((len(card.name) for card in cards), default=0)
        for card in sorted(cards, key=lambda one: one.name):
            unapplied = "" if card.version == card.applied_version else f"  version {card.version} not applied"
            print(f"{card.name:<{width}}  {card.state:<14}  {card.running}/{card.wanted} running  {card.team_name}{unapplied}")
        if not cards:
            print("There are no stacks yet: ./netyard stack import FILE --name NAME", file=sys.stderr)

    def do_import(self, options: dict[str, Any]) -> None:
        bundle, notes = read_bundle(options["file"])
        team = home_team(self.actor, options["team"])
        view = create_stack(self.actor, team_id=team.pk, name=options["name"], text=bundle.text, files=bundle.files,
                            overrides=bundle.overrides, file_name=bundle.name)  # fmt: skip
        if self.json:
            self._print(view.model_dump(mode="json", exclude={"text": True, "files": {"__all__": {"text"}}}))
            return
        files = f", {_count(view.files, 'companion file')}" if view.files else ""
        print(f"Imported {view.name}: {_count(view.graph.services, 'service')}, {_count(view.graph.networks, 'network')}{files}.")
        for note in notes:
            print(note, file=sys.stderr)
        self._print_problems(view.problems)

    def do_export(self, options: dict[str, Any]) -> None:
        stack = named_stack(self.actor, options["name"], Right.LOOK, action="export_stack")
        _, bundle = export_stack(self.actor, stack_id=stack.pk)
        if options["output"]:
            sentence = write_bundle(bundle, options["output"])
            print(sentence, file=sys.stderr)
        elif self.json:
            files = {"files": dict(bundle.files), "overrides": list(bundle.overrides)} if bundle.files else {}
            self._print({"name": stack.name, "text": bundle.text, **files})
        else:
            sys.stdout.buffer.write(bundle.text.encode())
            sys.stdout.buffer.flush()
            if bundle.files:
                print(f"It has {_count(list(bundle.files), 'companion file')} as well: -o FOLDER writes them.", file=sys.stderr)

    def do_show(self, options: dict[str, Any]) -> None:
        stack = named_stack(self.actor, options["name"], Right.LOOK, action="read_stack")
        try:
            look_afresh(stack)
        except EngineError as error:
            print(f"Not up to date: {error.message}", file=sys.stderr)
        card = next(card for card in list_stacks(self.actor) if card.id == str(stack.pk))
        status = status_of(stack)
        if self.json:
            facts = card.model_dump(mode="json", exclude={"picture"})
            self._print({**facts, "project": stack.project, "status": status.model_dump(mode="json")})
            return
        versions = f"version {card.version} (applied: {card.applied_version})"
        print(f"{stack.name}: {card.state}, {card.running}/{card.wanted} running, {versions}")
        for one in status.containers:
            state = f"{one.state} ({one.exit_code})" if one.state == "exited" else f"{one.state} {one.health}".strip()
            where = " ".join(f"{end.network_key or end.network}={end.ipv4}" for end in one.endpoints if end.ipv4)
            print(f"  {one.name}  {state}  {where}  {' '.join(one.ports)}".rstrip())
        for drift in load_drift(stack.pk):
            print(f"  {drift.subject.partition(':')[2]} was changed outside of Netyard: {drift.words}")

    def do_plan(self, options: dict[str, Any]) -> int:
        stack = named_stack(self.actor, options["name"], Right.LOOK, action="read_plan")
        look_afresh(stack)
        preview = make_preview(stack, kind="apply", remove_orphans=options["remove_orphans"])
        shown = [problem_view(one) for one in (*preview.problems, *preview.refused)]
        if self.json:
            operations = [
                {key: value for key, value in one.to_json().items() if key != "detail"} for one in preview.plan.operations
            ]
            problems = [one.model_dump(mode="json") for one in shown]
            notes = [problem_view(one).model_dump(mode="json") for one in preview.plan.notes]
            self._print({"digest": preview.plan.digest, "operations": operations, "problems": problems, "notes": notes})
        else:
            print(preview.plan.as_text(), end="")
            self._print_problems([*shown, *map(problem_view, preview.plan.notes)])
        return 1 if preview.stops else 0

    def do_apply(self, options: dict[str, Any]) -> int:
        return self._run(options, kind="apply", remove_orphans=options["remove_orphans"])

    def do_down(self, options: dict[str, Any]) -> int:
        return self._run(options, kind="down", remove_volumes=options["volumes"], remove_orphans=options["remove_orphans"])

    def do_delete(self, options: dict[str, Any]) -> None:
        stack = named_stack(self.actor, options["name"], Right.MANAGE, action="delete_stack")
        try:
            look_afresh(stack)
        except EngineError as error:
            print(f"Not up to date: {error.message}", file=sys.stderr)
        delete_stack(self.actor, stack_id=stack.pk)
        if self.json:
            self._print({"deleted": str(stack.pk)})
        else:
            print(f"Deleted {stack.name}.")

    def do_projects(self, _options: dict[str, Any]) -> None:
        found = list_adoptable(self.actor)
        if self.json:
            self._print(found.model_dump(mode="json", include={"projects", "containers"}))
        else:
            print_adoptable(found)

    def do_adopt(self, options: dict[str, Any]) -> None:
        made, found = adopt(self.actor, options)
        if self.json:
            self._print({**made.model_dump(mode="json"), **found.model_dump(mode="json", exclude={"picture", "text"})})
            return
        parts = f"{_count(found.services, 'service')}, {_count(found.networks, 'network')}"
        print(f"Adopted {made.name}: {parts}. Nothing was touched.")
        print("An apply has nothing to do." if not made.operations else f"An apply would do {_count(found.operations, 'thing')}:")
        for line in [*found.operations, *found.notes]:
            print(f"  {line}", file=sys.stderr)
        self._print_problems(found.problems)

    # --- printing ---------------------------------------------------------------------------------------------------------------

    def _run(self, options: dict[str, Any], *, kind: str, remove_orphans: bool = False, remove_volumes: bool = False) -> int:
        stack = named_stack(self.actor, options["name"], Right.DEPLOY, action="request_run")
        look_afresh(stack)
        view = carry_out(
            self.actor, stack, kind=kind, remove_orphans=remove_orphans, remove_volumes=remove_volumes, quiet=self.json
        )
        if self.json:
            self._print(view.model_dump(mode="json"))
        elif view.state == "done":
            print("Done." if view.steps else "Nothing to do.")
        else:
            print(f"{view.state.capitalize()}: {view.error} {view.fix}".rstrip(), file=sys.stderr)
        return 0 if view.state == "done" else 1

    def _print(self, value: Any) -> None:
        print(json.dumps(value, indent=2, ensure_ascii=False))

    def _print_problems(self, problems: list[Any]) -> None:
        for one in problems:
            place = f" ({one.file + ', ' if one.file else ''}line {one.line})" if one.line else ""
            print(f"{one.severity}: {one.message}{place} {one.fix}".rstrip(), file=sys.stderr)


def _sentence(declined: Declined) -> str:
    problems = "".join(
        f"\n  {one.message}{f' (line {one.line})' if one.line else ''} {one.fix}".rstrip()
        for one in declined.problems
        if one.message != declined.message
    )
    return f"{declined.message} {declined.fix}".rstrip() + problems


def _count(things: list[Any], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
