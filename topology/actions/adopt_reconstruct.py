"""Takes a look that was asked for: the worker's part, which reaches the engine. Nothing on it is changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from topology.actions.authorize import Actor
from topology.compose.reconstructed import reconstructed_text
from topology.core.labels import PROJECT
from topology.core.planner import plan_apply
from topology.core.problems import Severity
from topology.core.reconstruct import Found, labels_of, reconstruct
from topology.engine.connect import open_engine
from topology.engine.errors import EngineError
from topology.engine.port import Engine
from topology.models import Look
from topology.store.readings import design_of

Answer = dict[str, Any]


def take_look(look_id: str, *, connect: Callable[[str], Engine] = open_engine, actor: Actor | None = None) -> None:
    """Look, and keep the answer. A look that was taken already, or whose asker is no administrator any more, is left.

    `actor` is the one who asks where they are there themselves, at a terminal.
    """
    look = Look.objects.select_related("engine").filter(pk=look_id, state="looking").exclude(kind="keep").first()
    if look is None or not (actor or Actor.by_id(look.by_id)).is_administrator:
        return
    try:
        with contextlib.closing(connect(look.engine.url)) as engine:
            look.answer = _survey(engine) if look.kind == "survey" else _told_again(engine, look.asked)
        look.state = "ready"
        if "error" in look.answer:
            look.state, look.error, look.fix = "failed", look.answer["error"], look.answer["fix"]
    except EngineError as error:
        look.state, look.error, look.fix = "failed", error.message, error.fix
    look.save(update_fields=["state", "answer", "error", "fix"])


def _survey(engine: Engine) -> Answer:
    found = engine.survey()
    projects = [
        {**asdict(one), "running": one.running, "total": one.containers,
         "services": [asdict(service) for service in one.services]}
        for one in found.projects
    ]  # fmt: skip
    return {"projects": projects, "containers": [asdict(one) for one in found.containers]}


def _told_again(engine: Engine, asked: Mapping[str, Any]) -> Answer:
    """The Compose text, and what an apply of it would do to what it was made from."""
    project, chosen = str(asked["project"]), tuple(asked.get("containers") or ())
    found = engine.look(containers=chosen) if chosen else engine.look(project=project)
    if problem := _cannot(found, chosen):
        return problem
    made = reconstruct(found, project=project)
    names = [str(one["Name"]).lstrip("/") for one in found.containers]
    text = reconstructed_text(made, of=f"the containers {', '.join(names)}" if chosen else f"the running project {project}")
    adopted = dict(made.services) if chosen else {}
    design = design_of(text, project=project)
    assert design is not None, "a reconstruction can be read"
    plan = plan_apply(design, engine.observe(project, adopted=adopted))
    blocked = [note.message for note in plan.notes if note.severity is Severity.ERROR]
    return {
        "project": project, "text": text, "notes": [*made.notes, *blocked], "adopted": adopted, "origin": made.origin,
        "operations": [f"{one.summary} ({one.cause})" for one in plan.operations],
    }  # fmt: skip


def _cannot(found: Found, chosen: tuple[str, ...]) -> Answer | None:
    if not found.containers:
        what = "The chosen containers are not there any more." if chosen else "The project has no containers any more."
        return {"error": what, "fix": "Look again at what is on the engine."}
    owned = sorted(str(one["Name"]).lstrip("/") for one in found.containers if labels_of(one).get(PROJECT))
    if chosen and owned:
        projects = sorted({labels_of(one).get(PROJECT, "") for one in found.containers} - {""})
        return {"error": f"{', '.join(owned)} belongs to the project {', '.join(projects)}.", "fix": "Adopt the whole project."}
    return None
