"""What an import would give, before anything is made."""

from __future__ import annotations

from topology import wire
from topology.actions.authorize import Actor, require_login
from topology.compose.examples import EXAMPLES
from topology.core.design import Design
from topology.core.slug import project_name
from topology.store.graphs import picture, problem_view
from topology.store.readings import good_design, problems_of, reading_of


def check_compose(actor: Actor, *, text: str, name: str = "stack") -> wire.Checked:
    require_login(actor)
    project = project_name(name, taken=())
    design = reading_of(text, project=project).design
    shown = design or Design(project=project)
    return wire.Checked(
        valid=design is not None,
        services=list(shown.services),
        networks=[key for key, network in shown.networks.items() if not network.implicit],
        volumes=list(shown.volumes),
        problems=[problem_view(problem) for problem in problems_of(text, project=project)],
        picture=picture(shown, {}),
    )


def list_examples(actor: Actor) -> list[wire.Example]:
    require_login(actor)
    return [
        wire.Example(
            id=one.id, title=one.title, teaches=one.teaches, text=one.text,
            picture=picture(good_design(one.text, project=project_name(one.id, taken=())), {}),
        )
        for one in EXAMPLES
    ]  # fmt: skip
