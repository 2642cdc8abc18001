"""`stack projects` and `stack adopt`: what runs on the engine and is no stack, and making it one, from this very process."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from topology import wire
from topology.actions.adopt_look import make_look, read_look
from topology.actions.adopt_reconstruct import take_look
from topology.actions.adopt_stack import adopt_stack
from topology.actions.authorize import Actor, require_administrator
from topology.actions.ensure_engine import ensure_engine
from topology.engine.connect import open_engine
from topology.management.operator import OPERATOR, home_team


def list_adoptable(actor: Actor) -> wire.LookView:
    """What is on the engine and belongs to no stack."""
    return _look(trusted(actor), wire.LookRequest(kind="survey"))


def print_adoptable(found: wire.LookView) -> None:
    for project in found.projects:
        services = ", ".join(one.name for one in project.services)
        print(f"{project.name}  project  {project.running}/{project.total} running  {services}")
    for one in found.containers:
        print(f"{one.name}  container  {one.state}  {one.image}  {' '.join(one.ports)}".rstrip())
    if not found.projects and not found.containers:
        print("Nothing is on the engine that is no stack already.", file=sys.stderr)


def adopt(actor: Actor, options: dict[str, Any]) -> tuple[wire.Adopted, wire.FoundView]:
    """The new stack, and what was found. Raises Declined, EngineError and CommandError."""
    actor = trusted(actor)
    chosen, project = options["container"], options["project"]
    if bool(chosen) == bool(project):
        raise CommandError("Name a project, or containers with --container NAME.", returncode=2)
    name = options["name"] or project or chosen[0]
    asked = wire.LookRequest(
        kind="containers" if chosen else "project", project=project, containers=_ids(actor, chosen) if chosen else [], name=name
    )
    found = _look(actor, asked)
    assert found.found is not None, "a look that is ready has found something"
    team = home_team(actor, options["team"])
    return adopt_stack(actor, look_id=UUID(found.id), team_id=team.pk, name=name), found.found


def _ids(actor: Actor, names: list[str]) -> list[str]:
    """Containers by their ids: a name may be another's by the time of the look."""
    require_administrator(actor, action="ask_look", subject="engine")
    with closing(open_engine(ensure_engine().url)) as engine:
        known = {one.name: one.id for one in engine.survey().containers}
    missing = [name for name in names if name not in known and name not in known.values()]
    if missing:
        raise CommandError(f"There is no container {', '.join(missing)} that belongs to no project. See ./netyard stack projects.")
    return [known.get(name, name) for name in names]


def _look(actor: Actor, asked: wire.LookRequest) -> wire.LookView:
    require_administrator(actor, action="ask_look", subject="engine")
    look = make_look(actor, ensure_engine(), asked=asked, ask_worker=False)
    take_look(str(look.pk), actor=actor)
    view = read_look(actor, look_id=look.pk)
    if view.state == "failed":
        raise CommandError(f"{view.error} {view.fix}".strip())
    return view


def trusted(actor: Actor) -> Actor:
    """Where nobody has been set up yet, whoever runs the command looks after the engine."""
    return replace(actor, is_administrator=True) if actor.username == OPERATOR else actor
