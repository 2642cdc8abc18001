"""Looks at engines for people who may not be let near one: an administrator asks, a worker looks, the answer is read here.

Whoever adopts comes to rule over what runs, whosever it was. So both the look and the adoption are for engine administrators, and
each leaves an audit row.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from topology import queue, wire
from topology.actions.authorize import Actor, record, require_administrator
from topology.actions.declined import invalid, not_found
from topology.core.problems import Problem
from topology.core.slug import is_project, project_name
from topology.models import Engine, Look, Stack
from topology.store.adoptions import look_view

KEPT_FOR = timedelta(days=1)
CONTAINERS_AT_ONCE = 200


def ask_look(actor: Actor, *, engine_id: UUID, asked: wire.LookRequest) -> wire.LookView:
    """The look, to be read again until it is ready. Old ones are dropped."""
    require_administrator(actor, action="ask_look", subject=f"engine:{engine_id}")
    engine = Engine.objects.filter(pk=engine_id).first()
    if engine is None:
        raise not_found("engine")
    Look.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    look = make_look(actor, engine, asked=asked)
    return look_view(look)


def make_look(actor: Actor, engine: Engine, *, asked: wire.LookRequest, ask_worker: bool = True) -> Look:
    """The row, and a worker asked for it."""
    wanted = _wanted(engine, asked)
    with transaction.atomic():
        look = Look.objects.create(engine=engine, by_id=actor.user_id, kind=asked.kind, asked=wanted)
        if asked.kind != "survey":
            detail = {"kind": asked.kind, "project": wanted["project"], "containers": len(asked.containers)}
            record(actor, "ask_look", subject=f"engine:{engine.pk}", detail=detail)
        if ask_worker:
            transaction.on_commit(lambda: queue.enqueue(queue.TAKE_LOOK, str(look.pk)))
    return look


def read_look(actor: Actor, *, look_id: UUID) -> wire.LookView:
    """As it is by now."""
    require_administrator(actor, action="read_look", subject=f"look:{look_id}")
    return look_view(find_look(look_id))


def find_look(look_id: UUID) -> Look:
    found = Look.objects.select_related("engine").exclude(kind="keep").filter(pk=look_id).first()
    if found is None:
        raise not_found("look")
    return found


def _wanted(engine: Engine, asked: wire.LookRequest) -> dict[str, object]:
    """What the worker needs to know: the project, and for containers of none the project's name to be."""
    stacks = set(Stack.objects.filter(engine=engine).values_list("project", flat=True))
    if asked.kind == "project":
        if not is_project(asked.project):
            raise invalid(Problem("project-name", "This is no project's name.", fix="Choose one from the list."))
        if asked.project in stacks:
            raise invalid(Problem("project-is-a-stack", f"{asked.project} is a stack already.", fix="Open it from the list."))
        return {"project": asked.project}
    if asked.kind == "containers":
        if not 0 < len(asked.containers) <= CONTAINERS_AT_ONCE:
            problem = Problem("containers-missing", f"Choose 1 to {CONTAINERS_AT_ONCE} containers.", fix="Choose them in the list.")
            raise invalid(problem)
        taken = stacks | set((engine.facts or {}).get("projects", ()))
        return {"containers": asked.containers, "project": project_name(asked.name or "adopted", taken=taken)}
    return {}
