"""Which containers stacks took in as they were, and looks at engines as the browser sees them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from topology import wire
from topology.compose.read import Reading
from topology.core.problems import Problem
from topology.models import AdoptedContainer, Look, Stack
from topology.store.graphs import picture, problem_view
from topology.store.readings import good_design, problems_of, reading_of


def adopted_of(stack_id: UUID) -> dict[str, str]:
    """Container id → service, of one stack."""
    return dict(AdoptedContainer.objects.filter(stack_id=stack_id).values_list("container_id", "service"))


def adopted_on(engine_id: UUID) -> dict[str, dict[str, str]]:
    """Project → container id → service, of all stacks of an engine."""
    found: dict[str, dict[str, str]] = {}
    rows = AdoptedContainer.objects.filter(engine_id=engine_id).values_list("stack__project", "container_id", "service")
    for project, container_id, service in rows:
        found.setdefault(project, {})[container_id] = service
    return found


def look_view(look: Look) -> wire.LookView:
    """A survey leaves out what belongs to stacks by now."""
    answer: dict[str, Any] = look.answer if look.state == "ready" else {}
    known = set(Stack.objects.filter(engine_id=look.engine_id).values_list("project", flat=True))
    taken = set(AdoptedContainer.objects.filter(engine_id=look.engine_id).values_list("container_id", flat=True))
    return wire.LookView(
        id=str(look.pk),
        kind=look.kind,  # type: ignore[arg-type]
        state=look.state,  # type: ignore[arg-type]
        error=look.error,
        fix=look.fix,
        projects=[wire.SurveyedProjectView(**one) for one in answer.get("projects", ()) if one["name"] not in known],
        containers=[wire.SurveyedContainerView(**one) for one in answer.get("containers", ()) if one["id"] not in taken],
        found=_found(answer) if "text" in answer else None,
    )


def _found(answer: dict[str, Any]) -> wire.FoundView:
    text, project = answer["text"], answer["project"]
    reading: Reading = reading_of(text, project=project)
    problems: tuple[Problem, ...] = problems_of(text, project=project)
    design = good_design(text, project=project)
    return wire.FoundView(
        project=project,
        text=text,
        notes=answer["notes"],
        operations=answer["operations"],
        services=list((reading.raw or {}).get("services") or {}),
        networks=[key for key, network in design.networks.items() if not network.implicit],
        volumes=list(design.volumes),
        problems=[problem_view(one) for one in problems],
        picture=picture(design, {}, states={}),
    )
